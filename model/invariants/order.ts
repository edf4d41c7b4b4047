// Claims about order in a cluster: O1, O3, O4, O5, O6. Each says why it matters; see docs/claims.md.

import type { Violation } from '../vocabulary/claims.ts'
import type { ReplicaObservation } from '../vocabulary/cluster.ts'
import type { Batch } from '../vocabulary/records.ts'
import type { History } from './history.ts'
import { emptyHistory, historyOf, newlyProcessed } from './history.ts'
import type { ClusterTransition } from './known.ts'
import { allReplicas, currentLeaders, isCompacted, isSame, type PlacedReplica, sharedBatches } from './views.ts'

/**
 * O1: no two consumers ever see different records at one offset. If they did, an offset would name nothing, and every
 * count, join or resume by offset would be wrong.
 */
export function oneRecordPerOffset(history: History, transition: ClusterTransition): Violation | null {
  for (const { consumer, record } of newlyProcessed(transition)) {
    const known = historyOf(history, record.topic, record.partition)
    if (known?.contract.holds !== true) continue
    const first = known.processed.find(({ offset }) => offset === record.offset)
    if (first !== undefined && (first.key !== record.key || first.value !== record.value)) {
      return {
        claim: 'O1',
        sentence: `${consumer} read ${show(record)} at offset ${record.offset} of ${record.topic}/${record.partition}, where ${show(first)} was read before`,
      }
    }
  }
  return null
}

/**
 * O3: with idempotence the records of a session stand in the log in the order sent, none missing and none twice. A
 * retry that is taken twice doubles a payment; one that is taken early swaps a create and a delete.
 */
export function producerOrder(
  history: History,
  transition: ClusterTransition,
  lookedAt = emptyHistory,
): Violation | null {
  if (isSame(transition, 'brokers')) return null
  const before = currentLeaders(transition.before)
  for (const [key, { replica }] of currentLeaders(transition.after)) {
    if (before.get(key)?.replica.batches === replica.batches) continue
    if (historyOf(history, replica.topic, replica.partition)?.contract.holds !== true) continue
    if (isCompacted(transition.after.controller.image, replica.topic)) continue
    const known = lookedAt.leaders.get(key)?.replica.batches ?? []
    const broken = firstOutOfSequence(replica.batches, sharedBatches(known, replica.batches))
    if (broken !== null) {
      return {
        claim: 'O3',
        sentence: `producer ${broken.producerId} has sequence ${broken.baseSequence} at offset ${broken.baseOffset} of ${key}, out of order`,
      }
    }
  }
  return null
}

/**
 * O4: if two replicas hold a batch with the same offset and leader epoch, their logs agree on everything before it.
 * It is what lets a follower continue from its end by comparing one number.
 */
export function logsMatch(_: History, transition: ClusterTransition): Violation | null {
  if (isSame(transition, 'brokers')) return null
  const before = allReplicas(transition.before)
  for (const [key, placed] of allReplicas(transition.after)) {
    const topic = placed[0]?.replica.topic ?? ''
    if (isCompacted(transition.after.controller.image, topic)) continue
    const known = before.get(key)
    for (const a of placed) {
      for (const b of placed) {
        if (a.brokerId >= b.brokerId || (hadSameBatches(known, a) && hadSameBatches(known, b))) continue
        const offset = firstMismatch(a.replica, b.replica)
        if (offset !== null) {
          return {
            claim: 'O4',
            sentence: `b${a.brokerId} and b${b.brokerId} differ at offset ${offset} of ${key}, below a batch that both have`,
          }
        }
      }
    }
  }
  return null
}

/**
 * O5: leader epochs never fall with rising offset, and the epoch cache says of every batch the epoch that it has. A
 * cache that lies makes a follower truncate at the wrong place.
 */
export function epochsRise(_: History, transition: ClusterTransition): Violation | null {
  if (isSame(transition, 'brokers')) return null
  const before = allReplicas(transition.before)
  for (const [key, placed] of allReplicas(transition.after)) {
    for (const { brokerId, replica } of placed) {
      const known = before.get(key)?.find(placed => placed.brokerId === brokerId)?.replica
      if (known === replica) continue
      const isExtended = known !== undefined && known.epochs === replica.epochs
      const wrong = firstWrongEpoch(replica, isExtended ? sharedBatches(known.batches, replica.batches) : 0)
      if (wrong !== null) {
        return {
          claim: 'O5',
          sentence: `b${brokerId} has a batch of epoch ${wrong.leaderEpoch} at offset ${wrong.baseOffset} of ${key}, which its epoch cache does not say`,
        }
      }
    }
  }
  return null
}

/** O6: at most one broker ever leads in a given epoch of a partition. Two leaders would number records twice. */
export function oneLeaderAnEpoch(
  history: History,
  transition: ClusterTransition,
  lookedAt = emptyHistory,
): Violation | null {
  if (isSame(transition, 'brokers') || history.partitions === lookedAt.partitions) return null
  for (const { topic, partition, leaders } of history.partitions) {
    if (leaders === historyOf(lookedAt, topic, partition)?.leaders) continue
    for (const { leaderEpoch, brokerId } of leaders) {
      const other = leaders.find(known => known.leaderEpoch === leaderEpoch && known.brokerId !== brokerId)
      if (other !== undefined) {
        return {
          claim: 'O6',
          sentence: `b${brokerId} and b${other.brokerId} both led ${topic}/${partition} in epoch ${leaderEpoch}`,
        }
      }
    }
  }
  return null
}

/**
 * A session may begin anywhere (its first records may be deleted by now), but then it goes on by one. The batches before
 * `from` are in order.
 */
function firstOutOfSequence(batches: readonly Batch[], from: number): Batch | null {
  for (let i = from; i < batches.length; i += 1) {
    const batch = batches[i]
    if (batch === undefined || batch.producerId < 0) continue
    const previous = previousOfSession(batches, i, batch)
    if (previous !== null && sequenceAfter(previous) !== batch.baseSequence) return batch
  }
  return null
}

function previousOfSession(batches: readonly Batch[], index: number, { producerId, producerEpoch }: Batch) {
  for (let i = index - 1; i >= 0; i -= 1) {
    const other = batches[i]
    if (other?.producerId === producerId && other.producerEpoch === producerEpoch) return other
  }
  return null
}

function sequenceAfter({ baseSequence, baseOffset, lastOffset }: Batch): number {
  return (baseSequence + lastOffset - baseOffset + 1) % 2 ** 31
}

/** Below the last batch that both have, a batch that one has and the other has not, or has differently. */
function firstMismatch(a: ReplicaObservation, b: ReplicaObservation): number | null {
  const start = Math.max(
    a.logStartOffset,
    b.logStartOffset,
    a.batches[0]?.baseOffset ?? 0,
    b.batches[0]?.baseOffset ?? 0,
  )
  const inBoth = (batch: Batch) =>
    b.batches.some(other => other.baseOffset === batch.baseOffset && other.leaderEpoch === batch.leaderEpoch)
  let last = a.batches.length - 1
  while (last >= 0) {
    const batch = a.batches[last]
    if (batch !== undefined && inBoth(batch)) break
    last -= 1
  }
  const end = a.batches[last]?.lastOffset ?? -1
  const within = ({ baseOffset, lastOffset }: Batch) => baseOffset >= start && lastOffset <= end
  const left = a.batches.filter(within)
  const right = b.batches.filter(within)
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const one = left[i]
    const other = right[i]
    if (one === undefined || other === undefined) return (one ?? other)?.baseOffset ?? null
    if (!one.corrupt && !other.corrupt && !areSame(one, other)) return Math.min(one.baseOffset, other.baseOffset)
  }
  return null
}

function areSame(a: Batch, b: Batch): boolean {
  return (
    a === b ||
    (a.baseOffset === b.baseOffset &&
      a.lastOffset === b.lastOffset &&
      a.leaderEpoch === b.leaderEpoch &&
      a.producerId === b.producerId &&
      a.baseSequence === b.baseSequence &&
      a.records.length === b.records.length &&
      a.records.every((record, i) => record.key === b.records[i]?.key && record.value === b.records[i]?.value))
  )
}

/** The batches before `from` are as the epochs say. */
function firstWrongEpoch({ batches, epochs }: ReplicaObservation, from: number): Batch | null {
  let entry = -1
  let newest = batches[from - 1]?.leaderEpoch ?? -1
  for (let i = from; i < batches.length; i += 1) {
    const batch = batches[i]
    if (batch === undefined) continue
    while ((epochs[entry + 1]?.startOffset ?? Number.POSITIVE_INFINITY) <= batch.baseOffset) entry += 1
    const cached = epochs[entry]
    if (batch.leaderEpoch < newest) return batch
    if (cached !== undefined && cached.epoch !== batch.leaderEpoch) return batch
    newest = batch.leaderEpoch
  }
  return null
}

function hadSameBatches(before: readonly PlacedReplica[] | undefined, { brokerId, replica }: PlacedReplica): boolean {
  const known = before?.find(placed => placed.brokerId === brokerId)?.replica
  return known === replica || (known?.batches === replica.batches && known.logStartOffset === replica.logStartOffset)
}

function show({ key, value }: { readonly key: string | null; readonly value: string | null }): string {
  return JSON.stringify(key === null ? value : `${key}=${value}`)
}
