// Moving a partition to other brokers while it is used: functions of values. Follows KIP-455 as
// `PartitionReassignmentReplicas` and `PartitionReassignmentRevert` do it; docs/protocol/cluster.md §5.5.
//
// While it goes on, the replicas are the target, in its order, and behind it those that will go. New ones catch up as
// any follower does; when all of them are in sync, those that go are left out.
import type { PartitionState } from '../../model/vocabulary/messages.ts'
import type { BrokerId } from '../../model/vocabulary/units.ts'
import type { Reassignment } from '../ports/decisions.ts'
import { changeInSyncReplicas, type ElectionRules, sameIds } from './partition-change.ts'

/** A partition's state together with the reassignment that it is in. */
export type Reassigned = { readonly state: PartitionState; readonly reassignment: Reassignment | null }

/** The partition on its way to `target`. One that was on its way elsewhere turns round. */
export function reassign(
  state: PartitionState,
  before: Reassignment | null,
  target: readonly BrokerId[],
  rules: ElectionRules,
): Reassigned {
  const settled = state.replicas.filter(id => !before?.adding.includes(id))
  const adding = target.filter(id => !settled.includes(id))
  const removing = state.replicas.filter(id => !target.includes(id))
  const onTheWay = withReplicas(state, [...target, ...removing], state.inSyncReplicas, rules)
  const reassignment = { adding, removing }
  const done = completed(onTheWay, reassignment, rules)
  return done === null ? { state: onTheWay, reassignment } : { state: done, reassignment: null }
}

/** The state when all that was brought in is in sync, and somebody who stays is; null until then. */
export function completed(
  state: PartitionState,
  reassignment: Reassignment,
  rules: ElectionRules,
): PartitionState | null {
  const { adding, removing } = reassignment
  const stays = (id: BrokerId): boolean => !removing.includes(id)
  const inSync = state.inSyncReplicas.filter(stays)
  if (inSync.length === 0 || adding.some(id => !inSync.includes(id))) return null
  return withReplicas(state, state.replicas.filter(stays), inSync, rules)
}

/** The state as if the reassignment had never begun; null when only what it brought in is in sync. */
export function reverted(state: PartitionState, { adding }: Reassignment, rules: ElectionRules): PartitionState | null {
  const stays = (id: BrokerId): boolean => !adding.includes(id)
  const inSync = state.inSyncReplicas.filter(stays)
  if (inSync.length === 0 && state.inSyncReplicas.length > 0) return null
  return withReplicas(state, state.replicas.filter(stays), inSync, rules)
}

/**
 * The state with these replicas and, among them, this in-sync set (ascending). When one is gone the leader epoch rises
 * even if the leader stays, so that its fetches are refused (`PartitionChangeBuilder`).
 */
function withReplicas(
  state: PartitionState,
  replicas: readonly BrokerId[],
  inSyncReplicas: readonly BrokerId[],
  rules: ElectionRules,
): PartitionState {
  if (sameIds(replicas, state.replicas) && sameIds(inSyncReplicas, state.inSyncReplicas)) return state
  const isReplica = (id: BrokerId): boolean => replicas.includes(id)
  const moved = changeInSyncReplicas(
    {
      ...state,
      replicas,
      inSyncReplicas: state.inSyncReplicas.filter(isReplica),
      eligibleLeaderReplicas: state.eligibleLeaderReplicas.filter(isReplica),
      // Nobody may be elected later who holds no replica any more.
      lastKnownLeader: isReplica(state.lastKnownLeader) ? state.lastKnownLeader : -1,
    },
    inSyncReplicas,
    rules,
  )
  const isOneGone = !state.replicas.every(isReplica)
  return {
    ...moved,
    leaderEpoch: isOneGone ? Math.max(moved.leaderEpoch, state.leaderEpoch + 1) : moved.leaderEpoch,
    partitionEpoch: state.partitionEpoch + 1,
  }
}
