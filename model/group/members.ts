// SyncGroup, Heartbeat and LeaveGroup, and the checks that a member's requests go through. Follows GroupCoordinator's
// handleSyncGroup, handleHeartbeat, handleLeaveGroup and validateGroupStatus (KIP-345 for the fencing).
import type { ErrorName } from '../vocabulary/errors.ts'
import type { GroupRequest, MemberAssignment } from '../vocabulary/messages.ts'
import type { Milliseconds } from '../vocabulary/units.ts'
import { reply, synced, waitersFailed } from './answers.ts'
import { completeWhenAllJoined, prepareRebalance } from './rebalance.ts'
import { groupRecord } from './records.ts'
import {
  andThen,
  findInstance,
  findMember,
  type Group,
  type GroupMember,
  type GroupStep,
  isPending,
  renewed,
  step,
  withMember,
  withoutMembers,
} from './state.ts'
import { refuse, type Turn, waitingFor } from './turn.ts'

type Of<K extends GroupRequest['kind']> = Extract<GroupRequest, { kind: K }>
type InGeneration = Of<'SyncGroup' | 'Heartbeat' | 'OffsetCommit'>

/** The member that a request is from, or why it is from none: a static member's older self is fenced. */
export function memberOrError(
  group: Group,
  { memberId, groupInstanceId }: Pick<Of<'LeaveGroup'>, 'memberId' | 'groupInstanceId'>,
): GroupMember | ErrorName {
  if (groupInstanceId !== null) {
    const holder = findInstance(group, groupInstanceId)
    if (holder === null) return 'UNKNOWN_MEMBER_ID'
    if (holder.memberId !== memberId) return 'FENCED_INSTANCE_ID'
  }
  return findMember(group, memberId) ?? 'UNKNOWN_MEMBER_ID'
}

/** Goes on with `rule` if the request is a member's and of the present generation. */
export function inGeneration<Request extends InGeneration>(
  turn: Turn<Request>,
  rule: (turn: Turn<Request>, member: GroupMember) => GroupStep,
): GroupStep {
  const member = memberOrError(turn.group, turn.request)
  if (typeof member === 'string') return refuse(turn, member)
  return turn.request.generationId === turn.group.generationId ? rule(turn, member) : refuse(turn, 'ILLEGAL_GENERATION')
}

/**
 * Who: somebody who has a member id, used or not.
 * Then: an id that was not used yet is forgotten, whatever instance id it comes with; a member leaves as its state says
 * (rules.ts). Source: `GroupMetadataManager.classicGroupLeaveToClassicGroup`.
 */
export function leaveGroup(
  turn: Turn<Of<'LeaveGroup'>>,
  rule: (turn: Turn<Of<'LeaveGroup'>>, member: GroupMember) => GroupStep,
): GroupStep {
  const { now, group, requester, request } = turn
  if (!isPending(group, request.memberId)) {
    const member = memberOrError(group, request)
    return typeof member === 'string' ? refuse(turn, member) : rule(turn, member)
  }
  const pending = group.pending.filter(({ memberId }) => memberId !== request.memberId)
  const forgotten = step({ ...group, pending }, reply(requester, request, 'NONE'))
  return andThen(forgotten, next => completeWhenAllJoined(next, now))
}

/** Who: a member of a group in a rebalance. Then: it must join again. */
export function rebalancing(turn: Turn): GroupStep {
  return refuse(turn, 'REBALANCE_IN_PROGRESS')
}

/**
 * Who: a member of a group whose assignment is awaited.
 * Then: it waits for its share (an older sync of it is forgotten). The leader's sync brings the shares, which are written
 * to the log first; another of the same generation, before that write completes, brings nothing.
 * Source: `GroupCoordinator.doSyncGroup`.
 */
export function syncCompleting(turn: Turn<Of<'SyncGroup'>>, member: GroupMember): GroupStep {
  const { now, request } = turn
  const waiting = renewed({ ...member, waitingSync: waitingFor(turn) }, now)
  const group = withMember(turn.group, member.memberId, waiting)
  if (group.phase.state !== 'CompletingRebalance' || group.phase.assigning || member.memberId !== group.leader) {
    return step(group)
  }
  const { groupId, generationId } = group
  const assigning: Group = { ...group, phase: { ...group.phase, assigning: true } }
  return step(assigning, {
    kind: 'write',
    purpose: { kind: 'sync', groupId, generationId, assignments: request.assignments },
    records: [groupRecord(withAssignments(group, request.assignments), now)],
  })
}

/** Who: a member of a stable group. Then: it gets its share at once. Source: `GroupCoordinator.doSyncGroup`. */
export function syncStable(turn: Turn<Of<'SyncGroup'>>, member: GroupMember): GroupStep {
  const group = withMember(turn.group, member.memberId, renewed(member, turn.now))
  return step(group, synced(group.groupId, waitingFor(turn), 'NONE', member.assignment))
}

/**
 * Who: a group whose leader's assignments were to be written.
 * When: it still awaits them, in the same generation.
 * Then: written: it is stable and everybody who waits gets its share; not written: they are told `error`, and join again.
 * Source: the callback of `GroupCoordinator.doSyncGroup`, `setAndPropagateAssignment`, `resetAndPropagateAssignmentError`.
 */
export function assignmentsWritten(
  group: Group,
  assignments: readonly MemberAssignment[],
  error: ErrorName,
  now: Milliseconds,
): GroupStep {
  const assigned = error === 'NONE' ? withAssignments(group, assignments) : group
  const answers = assigned.members.flatMap(({ waitingSync, assignment }) =>
    waitingSync === null ? [] : [synced(group.groupId, waitingSync, error, error === 'NONE' ? assignment : [])],
  )
  const members = assigned.members.map(member =>
    member.waitingSync === null ? member : { ...(error === 'NONE' ? renewed(member, now) : member), waitingSync: null },
  )
  if (error === 'NONE') return step({ ...assigned, phase: { state: 'Stable' }, members }, ...answers)
  return andThen(step({ ...assigned, members }, ...answers), next => prepareRebalance(next, now))
}

/** Who: a member of a group that is not preparing a rebalance. Then: its session goes on. */
export function heartbeat({ now, group, requester, request }: Turn<Of<'Heartbeat'>>, member: GroupMember): GroupStep {
  return step(withMember(group, member.memberId, renewed(member, now)), reply(requester, request, 'NONE'))
}

/** Who: a member of a group that prepares a rebalance. Then: its session goes on, and it learns that it must join again. */
export function rebalancingHeartbeat(
  { now, group, requester, request }: Turn<Of<'Heartbeat'>>,
  member: GroupMember,
): GroupStep {
  const beating = withMember(group, member.memberId, renewed(member, now))
  return step(beating, reply(requester, request, 'REBALANCE_IN_PROGRESS'))
}

/** Who: a member. Then: it is removed, whatever it waits for is refused, and the others share its partitions. */
export function leave({ now, group, requester, request }: Turn<Of<'LeaveGroup'>>, member: GroupMember): GroupStep {
  const gone = removed(group, member)
  const answered = { ...gone, actions: [...gone.actions, reply(requester, request, 'NONE')] }
  return andThen(answered, next => prepareRebalance(next, now))
}

/** Who: a member whose session ran out. Then: as if it had left. Source: `GroupCoordinator.onExpireHeartbeat`. */
export function sessionRanOut(group: Group, member: GroupMember, now: Milliseconds): GroupStep {
  return andThen(removed(group, member), next => prepareRebalance(next, now))
}

function removed(group: Group, member: GroupMember): GroupStep {
  const others = withoutMembers(group, ({ memberId }) => memberId === member.memberId)
  return step(others, ...waitersFailed(group.groupId, member, 'UNKNOWN_MEMBER_ID'))
}

/** Everybody has what the leader gave it, or nothing; strangers' shares are ignored, and the last of two shares counts. */
function withAssignments(group: Group, assignments: readonly MemberAssignment[]): Group {
  const shares = new Map(assignments.map(({ memberId, partitions }) => [memberId, partitions]))
  return {
    ...group,
    members: group.members.map(member => ({ ...member, assignment: shares.get(member.memberId) ?? [] })),
  }
}
