// What an observer of a cluster remembers, in order to say later that a promise was broken. Nothing here is part of the
// protocol: it is what a careful user would write down. Claims: docs/claims.md.
import type { ClusterObservation, Endpoint, ReplicaObservation } from '../vocabulary/cluster.ts'
import type { Offset, PartitionIndex } from '../vocabulary/units.ts'
import { contractAfter } from './contract.ts'
import type { ClusterTransition, KnownRecord, PartitionHistory, SentBatch } from './known.ts'
import { currentLeaders, isSame, type PlacedReplica, partitionKey, replicasOf } from './views.ts'

export type GroupHistory = { readonly consumer: Endpoint; readonly groupId: string | null }

export type History = {
  /** By topic, then partition; made when first seen. */
  readonly partitions: readonly PartitionHistory[]
  /** Batches of each producer by number. */
  readonly sent: Readonly<Record<Endpoint, readonly SentBatch[]>>
  /** How each consumer was last opened. */
  readonly consumers: readonly GroupHistory[]
  /** Groups of which some member ever began at the end: it may have skipped what was there before. */
  readonly groupsFromLatest: readonly string[]
  /** What members of each group have processed: offsets, ascending, by `group topic partition`. */
  readonly processedByGroup: Readonly<Record<string, readonly Offset[]>>
  /**
   * The leaders that the claims were held against when they were last looked at, by partition. What has not changed since
   * need not be looked at again. None where leaders may have changed without a look.
   */
  readonly leaders: ReadonlyMap<string, PlacedReplica>
}

const noLeaders: ReadonlyMap<string, PlacedReplica> = new Map()

/** Nothing has been seen. */
export const emptyHistory: History = {
  partitions: [],
  sent: {},
  consumers: [],
  groupsFromLatest: [],
  processedByGroup: {},
  leaders: noLeaders,
}

/** What is remembered after an operation. The same object if there is nothing new. */
export function remember(history: History, transition: ClusterTransition): History {
  const sent = withSent(history, transition)
  const consumers = withConsumers(history, transition)
  const groupsFromLatest = withGroupsFromLatest(history, transition)
  const processedByGroup = withProcessedByGroup({ ...history, consumers }, transition)
  const partitions = withPartitions({ ...history, sent }, transition)
  const leaders = withLeaders(history, transition)
  const isOld =
    leaders === history.leaders &&
    sent === history.sent &&
    consumers === history.consumers &&
    groupsFromLatest === history.groupsFromLatest &&
    processedByGroup === history.processedByGroup &&
    partitions === history.partitions
  return isOld ? history : { sent, consumers, groupsFromLatest, processedByGroup, partitions, leaders }
}

export function historyOf(history: History, topic: string, partition: PartitionIndex): PartitionHistory | null {
  return history.partitions.find(entry => entry.topic === topic && entry.partition === partition) ?? null
}

function withSent(history: History, { before, operation, outcome }: ClusterTransition): History['sent'] {
  if (operation.kind !== 'send' || outcome.kind !== 'done') return history.sent
  const { producer, topic, records } = operation
  const acks = before.producers[producer]?.session?.acks ?? 0
  return { ...history.sent, [producer]: [...(history.sent[producer] ?? []), { topic, acks, records }] }
}

function withConsumers(history: History, { operation, outcome }: ClusterTransition): readonly GroupHistory[] {
  if (operation.kind !== 'openConsumer' || outcome.kind !== 'done') return history.consumers
  const { consumer, groupId } = operation
  const others = history.consumers.filter(entry => entry.consumer !== consumer)
  return [...others, { consumer, groupId }]
}

function withGroupsFromLatest(history: History, { operation, outcome }: ClusterTransition): readonly string[] {
  if (operation.kind !== 'openConsumer' || outcome.kind !== 'done') return history.groupsFromLatest
  const { groupId, reset } = operation
  const isKnown = groupId === null || reset === 'earliest' || history.groupsFromLatest.includes(groupId)
  return isKnown ? history.groupsFromLatest : [...history.groupsFromLatest, groupId]
}

function withLeaders(history: History, transition: ClusterTransition): History['leaders'] {
  if (!isSame(transition, 'brokers')) return currentLeaders(transition.after)
  // Most claims do not look when no broker changed, though the controller may have decided on another leader.
  return transition.before.controller.image === transition.after.controller.image ? history.leaders : noLeaders
}

function withProcessedByGroup(history: History, transition: ClusterTransition): History['processedByGroup'] {
  let { processedByGroup } = history
  for (const { consumer, record } of newlyProcessed(transition)) {
    const group = history.consumers.find(entry => entry.consumer === consumer)?.groupId
    if (group === undefined || group === null) continue
    const key = groupKey(group, record.topic, record.partition)
    const known = processedByGroup[key] ?? []
    const at = placeOf(known, record.offset)
    if (known[at] === record.offset) continue
    processedByGroup = { ...processedByGroup, [key]: known.toSpliced(at, 0, record.offset) }
  }
  return processedByGroup
}

/** Names a partition as one group has processed it. */
export function groupKey(group: string, topic: string, partition: PartitionIndex): string {
  return `${group} ${topic} ${partition}`
}

/** Where an offset stands among ascending offsets, or would stand. */
export function placeOf(offsets: readonly Offset[], offset: Offset): number {
  let low = 0
  let high = offsets.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((offsets[middle] ?? offset) < offset) low = middle + 1
    else high = middle
  }
  return low
}

type Processed = ClusterObservation['consumers'][string]['processed'][number]

/** What consumers processed in this operation. */
export function newlyProcessed({
  before,
  operation,
  after,
}: ClusterTransition): readonly { readonly consumer: Endpoint; readonly record: Processed }[] {
  if (before.consumers === after.consumers) return []
  const found: { consumer: Endpoint; record: Processed }[] = []
  for (const [consumer, state] of Object.entries(after.consumers)) {
    const known = before.consumers[consumer]
    if (state === known) continue
    const old = known?.processed ?? []
    if (state.processed === old) continue
    const isReopened = operation.kind === 'openConsumer' && operation.consumer === consumer
    for (const record of state.processed.slice(isReopened ? 0 : old.length)) found.push({ consumer, record })
  }
  return found
}

type Completed = ClusterObservation['producers'][string]['completed'][number]

/** Batches that were acknowledged in this operation, with what was sent in them. */
export function newlyCompleted(history: History, { before, after }: ClusterTransition) {
  if (before.producers === after.producers) return []
  const found: { producer: Endpoint; entry: Completed; batch: SentBatch }[] = []
  for (const [producer, { completed }] of Object.entries(after.producers)) {
    for (let i = before.producers[producer]?.completed.length ?? 0; i < completed.length; i += 1) {
      const entry = completed[i]
      const batch = entry === undefined ? undefined : history.sent[producer]?.[entry.batch]
      if (entry !== undefined && batch !== undefined) found.push({ producer, entry, batch })
    }
  }
  return found
}

function withPartitions(history: History, transition: ClusterTransition): readonly PartitionHistory[] {
  const { after } = transition
  const known = withNewPartitions(history.partitions, after)
  const processed = newlyProcessed(transition)
  const completed = newlyCompleted(history, transition)
  const partitions = known.map(entry => {
    const isMine = (of: { readonly topic: string; readonly partition: number }) =>
      of.topic === entry.topic && of.partition === entry.partition
    const contract = contractAfter(entry, transition)
    const led = isSame(transition, 'brokers') ? entry : withLeadership(entry, after)
    if (completed.length === 0 && processed.length === 0 && contract === entry.contract) return led
    const acknowledged = completed.filter(({ entry: of, batch }) => isMine(of) && batch.acks === -1).flatMap(promised)
    const read = processed.map(({ record }) => record).filter(isMine)
    if (contract === entry.contract && led === entry && acknowledged.length === 0 && read.length === 0) return entry
    return {
      ...led,
      contract,
      acknowledged: acknowledged.length === 0 ? entry.acknowledged : [...entry.acknowledged, ...acknowledged],
      processed: withRecords(entry.processed, read),
    }
  })
  return partitions.every((entry, i) => entry === history.partitions[i]) &&
    partitions.length === history.partitions.length
    ? history.partitions
    : partitions
}

function withNewPartitions(known: readonly PartitionHistory[], after: ClusterObservation): readonly PartitionHistory[] {
  const { partitions } = after.controller.image
  if (partitions.length === known.length) return known
  return partitions.map(
    ({ topic, partition }) =>
      known.find(entry => entry.topic === topic && entry.partition === partition) ?? {
        topic,
        partition,
        contract: { holds: true, crashes: [] },
        acknowledged: [],
        committed: [],
        highestWatermark: 0,
        processed: [],
        leaders: [],
      },
  )
}

/** The records of an acknowledged batch, at the offsets that the acknowledgement gave them. */
function promised({ entry, batch }: ReturnType<typeof newlyCompleted>[number]): readonly KnownRecord[] {
  const { result } = entry
  if (result.kind !== 'acknowledged' || result.offset < 0) return []
  return batch.records.map(({ key, value }, i) => ({ offset: result.offset + i, key, value }))
}

function withLeadership(entry: PartitionHistory, after: ClusterObservation): PartitionHistory {
  let { leaders } = entry
  for (const { brokerId, replica } of replicasOf(after, entry.topic, entry.partition)) {
    const { role, leaderEpoch } = replica
    if (role.kind !== 'leader') continue
    const isKnown = leaders.some(known => known.leaderEpoch === leaderEpoch && known.brokerId === brokerId)
    if (!isKnown) leaders = [...leaders, { brokerId, leaderEpoch }]
  }
  const current = currentLeaders(after).get(partitionKey(entry.topic, entry.partition))
  const highest =
    current === undefined ? entry.highestWatermark : Math.max(entry.highestWatermark, current.replica.highWatermark)
  if (leaders === entry.leaders && highest === entry.highestWatermark) return entry
  const committed =
    current === undefined || highest === entry.highestWatermark
      ? entry.committed
      : withRecords(entry.committed, recordsBetween(current.replica, entry.highestWatermark, highest))
  return { ...entry, leaders, highestWatermark: highest, committed }
}

function recordsBetween(replica: ReplicaObservation, from: Offset, to: Offset): readonly KnownRecord[] {
  return replica.batches
    .filter(({ lastOffset }) => lastOffset >= from)
    .flatMap(({ records }) => records.filter(({ offset }) => offset >= from && offset < to))
}

/** Records by offset; one that is known stays as it was first seen. */
function withRecords(known: readonly KnownRecord[], found: readonly KnownRecord[]): readonly KnownRecord[] {
  const last = known[known.length - 1]?.offset ?? -1
  const unknown = found.filter(({ offset }) => offset > last || !known.some(record => record.offset === offset))
  if (unknown.length === 0) return known
  return [...known, ...unknown.map(({ offset, key, value }) => ({ offset, key, value }))].sort(
    (a, b) => a.offset - b.offset,
  )
}
