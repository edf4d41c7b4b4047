// Claims about progress, after all faults are healed and time has passed: P1, P2, P3. They are looked at once, at the end
// of a run that ended that way.
import type { Violation } from '../vocabulary/claims.ts'
import type { ClusterObservation } from '../vocabulary/cluster.ts'
import { currentLeaders, partitionKey } from './views.ts'

/** The first promise of progress that a healed cluster does not keep, or null. */
export function progressMade(seen: ClusterObservation): Violation | null {
  return partitionsLead(seen) ?? groupsAreStable(seen) ?? sendsAreAnswered(seen)
}

/**
 * P1: every partition that has a replica which may lead has a leader, its high watermark reaches its end, and its
 * in-sync set is full again. Rotten batches stop replication, so a partition that has one is not looked at.
 */
export function partitionsLead(seen: ClusterObservation): Violation | null {
  const { image } = seen.controller
  const fenced = image.brokers.find(broker => broker.fenced)
  if (fenced !== undefined) return { claim: 'P1', sentence: `b${fenced.brokerId} is still fenced` }
  const leaders = currentLeaders(seen)
  for (const state of image.partitions) {
    const key = partitionKey(state.topic, state.partition)
    if (state.leader === -1 && state.inSyncReplicas.length + state.eligibleLeaderReplicas.length === 0) continue
    const leader = leaders.get(key)?.replica
    if (leader === undefined) return { claim: 'P1', sentence: `${key} has no leader` }
    if (leader.batches.some(batch => batch.corrupt)) continue
    if (state.inSyncReplicas.length < state.replicas.length) {
      return {
        claim: 'P1',
        sentence: `${key} is in sync on ${state.inSyncReplicas.length} of ${state.replicas.length} replicas`,
      }
    }
    if (leader.highWatermark < leader.logEndOffset) {
      return {
        claim: 'P1',
        sentence: `the high watermark of ${key} stays at ${leader.highWatermark}, its log ends at ${leader.logEndOffset}`,
      }
    }
  }
  return null
}

/** P2: each group with members becomes stable. */
export function groupsAreStable(seen: ClusterObservation): Violation | null {
  for (const broker of Object.values(seen.brokers)) {
    if (broker.status === 'down') continue
    for (const group of broker.groups) {
      if (group.state === 'Stable' || group.members.length === 0) continue
      return { claim: 'P2', sentence: `group ${group.groupId} is still ${group.state}` }
    }
  }
  return null
}

/** P3: every batch that an application sent is answered, one way or the other. */
export function sendsAreAnswered(seen: ClusterObservation): Violation | null {
  for (const [name, producer] of Object.entries(seen.producers)) {
    const waiting = producer.queues.reduce((sum, queue) => sum + queue.batches.length, producer.unassigned.length)
    if (waiting > 0) return { claim: 'P3', sentence: `${name} still waits for ${waiting} batches` }
  }
  return null
}
