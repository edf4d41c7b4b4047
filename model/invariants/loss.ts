// Claims about loss in a cluster: L1, L2, L3, L4, L7, L8, F4. Each says why it matters; see docs/claims.md.
import type { Violation } from '../vocabulary/claims.ts'
import type { Endpoint, ReplicaObservation } from '../vocabulary/cluster.ts'
import type { GroupObservation } from '../vocabulary/groups.ts'
import type { LogRecord } from '../vocabulary/records.ts'
import type { Offset } from '../vocabulary/units.ts'
import { minInSync } from './contract.ts'
import type { History } from './history.ts'
import { emptyHistory, groupKey, historyOf, newlyCompleted, placeOf } from './history.ts'
import type { ClusterTransition, KnownRecord, PartitionHistory } from './known.ts'
import {
  currentLeaders,
  differFrom,
  isCompacted,
  isSame,
  lastOffsetByKey,
  partitionState,
  recordAt,
  recordsByOffset,
  replicasOf,
  sharedBatches,
} from './views.ts'

/** L1: a record that was acknowledged with `acks=all` is in every later leader's log. It is what acknowledging means. */
export function acknowledgedMeansKept(
  history: History,
  transition: ClusterTransition,
  before = emptyHistory,
): Violation | null {
  return firstMissing(history, transition, before, 'L1', entry => entry.acknowledged, 'was acknowledged')
}

/**
 * L3: a clean election never picks a replica that lacks a committed record, whoever wrote it: groups' offsets too, and
 * records that nobody was told about.
 */
export function completeCandidates(
  history: History,
  transition: ClusterTransition,
  before = emptyHistory,
): Violation | null {
  return firstMissing(history, transition, before, 'L3', entry => entry.committed, 'was committed')
}

/** F4: what a consumer has read stays readable at the same offset, until it is deleted or compacted away. */
export function readableStaysReadable(
  history: History,
  transition: ClusterTransition,
  before = emptyHistory,
): Violation | null {
  return firstMissing(history, transition, before, 'F4', entry => entry.processed, 'was read')
}

/**
 * L2: everything below a leader's high watermark is on every member of the decided in-sync set that is up and has not
 * lost anything since it joined. A member without it could be elected at any moment.
 */
export function strongInSyncSet(history: History, transition: ClusterTransition): Violation | null {
  if (isSame(transition, 'brokers') && isSame(transition, 'controller')) return null
  const { after } = transition
  for (const [key, { replica: leader }] of currentLeaders(after)) {
    const known = historyOf(history, leader.topic, leader.partition)
    if (known?.contract.holds !== true) continue
    const { crashes } = known.contract
    const members = partitionState(after.controller.image, leader.topic, leader.partition)?.inSyncReplicas ?? []
    for (const { brokerId, replica } of replicasOf(after, leader.topic, leader.partition)) {
      if (!members.includes(brokerId) || crashes.some(crash => crash.brokerId === brokerId)) continue
      if (replica.logEndOffset < leader.highWatermark) {
        return {
          claim: 'L2',
          sentence: `b${brokerId} is in sync for ${key} and ends at ${replica.logEndOffset}, below the high watermark ${leader.highWatermark}`,
        }
      }
    }
  }
  return null
}

/**
 * L4: an `acks=all` record is acknowledged only when at least `min.insync.replicas` replicas have it. Brokers that are
 * down or have lost data since get the benefit of the doubt.
 */
export function enoughReplicas(history: History, transition: ClusterTransition): Violation | null {
  for (const { producer, entry, batch } of newlyCompleted(history, transition)) {
    const { topic, partition, result } = entry
    if (batch.acks !== -1 || result.kind !== 'acknowledged') continue
    const known = historyOf(history, topic, partition)
    const state = partitionState(transition.after.controller.image, topic, partition)
    if (known?.contract.holds !== true || state === null) continue
    const { crashes } = known.contract
    const up = replicasOf(transition.after, topic, partition).filter(
      ({ brokerId }) => !crashes.some(crash => crash.brokerId === brokerId),
    )
    const end = result.offset + batch.records.length
    const holders = up.filter(({ replica }) => replica.logEndOffset >= end).length
    const doubtful = state.replicas.length - up.length
    if (holders + doubtful < minInSync(transition, state)) {
      return {
        claim: 'L4',
        sentence: `${producer}'s batch at offset ${result.offset} of ${topic}/${partition} was acknowledged with ${holders} replicas`,
      }
    }
  }
  return null
}

/**
 * L7: when members commit what they have processed, every record below a group's committed offset was processed by some
 * member. A gap here is a record that nobody will ever look at.
 */
export function atLeastOnce(history: History, transition: ClusterTransition, before = emptyHistory): Violation | null {
  if (isSame(transition, 'brokers')) return null
  for (const [name, broker] of Object.entries(transition.after.brokers)) {
    if (broker.status === 'down') continue
    for (const { groupId, offsets } of broker.groups) {
      if (history.groupsFromLatest.includes(groupId)) continue
      const offsetsBefore = committedBefore(transition, name, groupId)
      for (const committed of offsets) {
        const { topic, partition, offset } = committed
        const known = historyOf(history, topic, partition)
        if (known?.contract.holds !== true) continue
        // What one replica has compacted away already, another may still have.
        if (isCompacted(transition.after.controller.image, topic)) continue
        const leader = currentLeaders(transition.after).get(`${topic}/${partition}`)?.replica
        if (leader === undefined) continue
        const lookedAt = before.leaders.get(`${topic}/${partition}`)?.replica
        const isOld = lookedAt !== undefined && offsetsBefore.includes(committed)
        if (isOld && offset <= changedFrom(lookedAt, leader, false)) continue
        const skipped = firstUnprocessed(history, groupId, leader, offset)
        if (skipped !== null) {
          return {
            claim: 'L7',
            sentence: `group ${groupId} committed ${offset} for ${topic}/${partition}, but no member processed offset ${skipped}`,
          }
        }
      }
    }
  }
  return null
}

/**
 * L8: a batch that was reported as failed for a reason that promises its absence is in no leader's log. Seen only where
 * its values were sent once in the whole run.
 */
export function failedMeansAbsent(history: History, transition: ClusterTransition): Violation | null {
  for (const { producer, entry, batch } of newlyCompleted(history, transition)) {
    if (entry.result.kind !== 'failed') continue
    const leader = currentLeaders(transition.after).get(`${entry.topic}/${entry.partition}`)?.replica
    const first = batch.records[0]
    if (leader === undefined || first === undefined || timesSent(history, first) !== 1) continue
    const found = leader.batches.flatMap(({ records }) => records).find(record => isSameText(record, first))
    if (found !== undefined) {
      return {
        claim: 'L8',
        sentence: `${producer}'s batch failed with ${entry.result.error}, but is at offset ${found.offset} of ${entry.topic}/${entry.partition}`,
      }
    }
  }
  return null
}

/** Of promises that were made before, only those are looked at again which what changed in the leader's log may break. */
function firstMissing(
  history: History,
  transition: ClusterTransition,
  before: History,
  claim: string,
  promises: (entry: PartitionHistory) => readonly KnownRecord[],
  what: string,
): Violation | null {
  if (isSame(transition, 'brokers') && isSame(transition, 'producers') && isSame(transition, 'consumers')) return null
  for (const [key, { brokerId, replica }] of currentLeaders(transition.after)) {
    const known = historyOf(history, replica.topic, replica.partition)
    if (known?.contract.holds !== true) continue
    const compacted = isCompacted(transition.after.controller.image, replica.topic)
    const lookedAt = before.leaders.get(key)
    const from = lookedAt?.brokerId === brokerId ? changedFrom(lookedAt.replica, replica, compacted) : 0
    const old = historyOf(before, replica.topic, replica.partition)
    const promisedBefore = old === null ? [] : promises(old)
    const promised = promises(known)
    if (promised === promisedBefore && from === Number.POSITIVE_INFINITY) continue
    // What was promised before stands in the same order among what is promised now.
    let index = 0
    for (const record of promised) {
      const isOld = record === promisedBefore[index]
      if (isOld) index += 1
      if (isOld && record.offset < from) continue
      const found =
        from === 0 ? recordsByOffset(replica.batches).get(record.offset) : recordAt(replica.batches, record.offset)
      if (!isMissing(replica, record, found) || (compacted && wasSuperseded(replica, known, record))) continue
      return { claim, sentence: `offset ${record.offset} of ${key} ${what}, and b${brokerId} leads without it` }
    }
  }
  return null
}

/**
 * Promises below this offset are kept by a leader's log if they were kept by what it was before. In a compacted log any
 * batch that goes may have held what superseded an older record.
 */
function changedFrom(before: ReplicaObservation, now: ReplicaObservation, compacted: boolean): Offset {
  if (now.logStartOffset < before.logStartOffset) return 0
  const hasLost = compacted && sharedBatches(before.batches, now.batches) < before.batches.length
  return hasLost ? 0 : differFrom(before.batches, now.batches)
}

/** Deleted records are not missing. */
function isMissing(leader: ReplicaObservation, record: KnownRecord, found: LogRecord | undefined): boolean {
  return record.offset >= leader.logStartOffset && (found === undefined || !isSameText(found, record))
}

/**
 * In a compacted log a record may go when a later one has its key, and a tombstone when its time is over. The record that
 * superseded it may be a tombstone that is gone by now, so what was ever committed counts too.
 */
function wasSuperseded(leader: ReplicaObservation, known: PartitionHistory, record: KnownRecord): boolean {
  const { key, offset, value } = record
  if (recordsByOffset(leader.batches).has(offset) || key === null) return false
  if (value === null || (lastOffsetByKey(leader.batches).get(key) ?? -1) > offset) return true
  return known.committed.some(later => later.key === key && later.offset > offset)
}

/** What a group's coordinator said before that it had committed. */
function committedBefore(
  { before }: ClusterTransition,
  broker: Endpoint,
  groupId: string,
): GroupObservation['offsets'] {
  const known = before.brokers[broker]
  if (known === undefined || known.status === 'down') return []
  return known.groups.find(group => group.groupId === groupId)?.offsets ?? []
}

function firstUnprocessed(
  history: History,
  groupId: string,
  leader: ReplicaObservation,
  committed: number,
): number | null {
  const processed = history.processedByGroup[groupKey(groupId, leader.topic, leader.partition)] ?? []
  for (const { records } of leader.batches) {
    for (const { offset } of records) {
      if (offset >= committed) return null
      if (offset < leader.logStartOffset) continue
      if (processed[placeOf(processed, offset)] !== offset) return offset
    }
  }
  return null
}

function timesSent(history: History, record: { readonly key: string | null; readonly value: string | null }): number {
  return Object.values(history.sent)
    .flat()
    .flatMap(({ records }) => records)
    .filter(other => isSameText(other, record)).length
}

function isSameText(
  a: { readonly key: string | null; readonly value: string | null },
  b: { readonly key: string | null; readonly value: string | null },
): boolean {
  return a.key === b.key && a.value === b.value
}
