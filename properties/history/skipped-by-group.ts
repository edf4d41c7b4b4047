// Skipped by the group: the group's members commit after processing, an offset is committed, and a record below it was
// given to none of them (L7). A consumer that is moved may pass over records; its group may not.
//
// Counted from the lowest record that the group was given. Nothing is said of partitions whose offsets somebody reset or
// in which a member was told to go on elsewhere.
import { allowed, type Findings } from './anomaly.ts'
import { judgeMissing } from './legal.ts'
import { isSuperseded, type LogIndex, type PartitionLog, partitionText } from './log-index.ts'
import { linesText, valueText } from './words.ts'

type Share = {
  readonly given: Uint8Array
  lowest: number
  committed: { readonly offset: number; readonly by: number } | null
  isMoved: boolean
}

export function findSkippedByGroups(index: LogIndex, findings: Findings): void {
  const { settings } = index.history
  for (const [group, shares] of sharesOfGroups(index)) {
    for (const [log, { given, lowest, committed, isMoved }] of shares) {
      if (committed === null || isMoved) continue
      for (let rank = lowest; rank < log.places.length; rank++) {
        const place = log.places[rank]
        const sight = place?.seen[0]
        if (place === undefined || place.offset >= committed.offset) break
        if (given[rank] === 1 || place.seen.length > 1 || sight === undefined) continue
        const judgement = settings.commitsAfterProcessing
          ? judgeMissing(settings, () => isSuperseded(log, sight.value))
          : allowed('commits do not wait for processing')
        findings.add('skipped-by-group', judgement, () => ({
          sentence: `${group} committed offset ${committed.offset} of ${partitionText(log)} (${linesText([committed.by])}), and none of its members was given ${valueText(sight.value.value)} at offset ${place.offset} (${linesText([sight.by])})`,
          place: { topic: log.topic, partition: log.partition, offsets: [place.offset] },
          operations: [committed.by, sight.by],
        }))
      }
    }
  }
}

function sharesOfGroups(index: LogIndex): ReadonlyMap<string, ReadonlyMap<PartitionLog, Share>> {
  const groups = new Map<string, Map<PartitionLog, Share>>()
  const groupOf = new Map<string, string>()
  const shareOf = (group: string, topic: string, partition: number): Share | null => {
    const log = index.logOf(topic, partition)
    if (log === null) return null
    const shares = groups.get(group) ?? new Map<PartitionLog, Share>()
    groups.set(group, shares)
    const share = shares.get(log) ?? {
      given: new Uint8Array(log.places.length),
      lowest: log.places.length,
      committed: null,
      isMoved: false,
    }
    shares.set(log, share)
    return share
  }
  for (const at of index.order) {
    const operation = index.history.operations[at]
    if (operation === undefined) continue
    if ('group' in operation && operation.group !== undefined) groupOf.set(operation.client, operation.group)
    const group = groupOf.get(operation.client)
    if (group === undefined) continue
    if (operation.kind === 'assign' || operation.kind === 'crash') groupOf.delete(operation.client)
    else if (operation.kind === 'poll') {
      for (const { topic, partition, offset } of operation.records) {
        const share = shareOf(group, topic, partition)
        const rank = index.logOf(topic, partition)?.placeAt.get(offset)?.rank
        if (share === null || rank === undefined) continue
        share.given[rank] = 1
        share.lowest = Math.min(share.lowest, rank)
      }
    } else if (operation.kind === 'commit' && operation.completed === 'ok') {
      for (const { topic, partition, offset } of operation.offsets) {
        const share = shareOf(group, topic, partition)
        if (share !== null && offset > (share.committed?.offset ?? -1)) share.committed = { offset, by: at }
      }
    } else if (operation.kind === 'seek' || operation.kind === 'resetOffsets') {
      for (const { topic, partition } of operation.kind === 'seek' ? [operation] : operation.offsets) {
        const share = shareOf(group, topic, partition)
        if (share !== null) share.isMoved = true
      }
    }
  }
  return groups
}
