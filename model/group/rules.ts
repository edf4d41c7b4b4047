// The group's state machine: what a member's request does in each state. The types make the table complete: a state or
// a kind of request that is missing does not compile. A join has come through the checks of join.ts before, the others
// through those of members.ts. Follows the `group.currentState match` blocks of GroupCoordinator.scala.
import type { GroupState } from '../vocabulary/groups.ts'
import type { GroupRequest } from '../vocabulary/messages.ts'
import { heartbeat, leave, rebalancing, rebalancingHeartbeat, syncCompleting, syncStable } from './members.ts'
import { acceptCommit, fetchOffsets } from './offsets.ts'
import { rejoinCompleting, rejoinPreparing, rejoinStable } from './rejoin.ts'
import type { GroupMember, GroupStep } from './state.ts'
import { noSuchMember, type Turn } from './turn.ts'

/** The kinds of request that a group answers. */
export type RequestKind = GroupRequest['kind']
export type RequestOf<K extends RequestKind> = Extract<GroupRequest, { kind: K }>

/** What a request does that came from a member; offsets are told to anybody. */
export type StateRules = {
  readonly [K in RequestKind]: K extends 'OffsetFetch'
    ? (turn: Turn<RequestOf<K>>) => GroupStep
    : (turn: Turn<RequestOf<K>>, member: GroupMember) => GroupStep
}

/**
 * The whole state machine. A group without members (Empty, Dead) has nobody who could ask, so that its rows answer
 * UNKNOWN_MEMBER_ID; what outsiders may do (join anew, commit to an Empty group) is in join.ts and offsets.ts.
 */
export const groupRules: Record<GroupState, StateRules> = {
  Dead: {
    JoinGroup: noSuchMember,
    SyncGroup: noSuchMember,
    Heartbeat: noSuchMember,
    LeaveGroup: noSuchMember,
    OffsetCommit: noSuchMember,
    OffsetFetch: fetchOffsets,
  },
  Empty: {
    JoinGroup: noSuchMember,
    SyncGroup: noSuchMember,
    Heartbeat: noSuchMember,
    LeaveGroup: noSuchMember,
    OffsetCommit: noSuchMember,
    OffsetFetch: fetchOffsets,
  },
  PreparingRebalance: {
    JoinGroup: rejoinPreparing,
    SyncGroup: rebalancing,
    Heartbeat: rebalancingHeartbeat,
    LeaveGroup: leave,
    OffsetCommit: acceptCommit,
    OffsetFetch: fetchOffsets,
  },
  CompletingRebalance: {
    JoinGroup: rejoinCompleting,
    SyncGroup: syncCompleting,
    Heartbeat: heartbeat,
    LeaveGroup: leave,
    OffsetCommit: rebalancing,
    OffsetFetch: fetchOffsets,
  },
  Stable: {
    JoinGroup: rejoinStable,
    SyncGroup: syncStable,
    Heartbeat: heartbeat,
    LeaveGroup: leave,
    OffsetCommit: acceptCommit,
    OffsetFetch: fetchOffsets,
  },
}
