// JoinGroup: how a client becomes a member, and how a member takes part in a rebalance. Follows GroupCoordinator's
// handleJoinGroup, doUnknownJoinGroup and doJoinGroup, KIP-345 (static members) and KIP-394 (member ids first).
import { joined, reply, waitersFailed } from './answers.ts'
import { memberOrError } from './members.ts'
import { chooseProtocol, prepareRebalance } from './rebalance.ts'
import { groupRecord } from './records.ts'
import { asRequested, type JoinTurn, joinAgain } from './rejoin.ts'
import { groupRules } from './rules.ts'
import {
  andThen,
  createdGroup,
  findInstance,
  type GroupMember,
  type GroupStep,
  isPending,
  renewed,
  step,
  withMember,
} from './state.ts'
import { noSuchMember, refuse, waitingFor } from './turn.ts'

/** What a join must know besides its group. */
export type Admission = {
  readonly groupMaxSize: number
  /** The id that the next new member gets. */
  readonly freshMemberId: string
}

/**
 * Who: a client that wants to be a member.
 * When: it offers a protocol that every member offered last, and there is room; a group begins with its first join.
 * Then: a newcomer is told its member id and must come back with it, so that a lost answer leaves no ghost behind; one
 * with an instance id takes its old place, or a new one; a member does what its state says (rules.ts).
 * Source: `GroupCoordinator.handleJoinGroup`.
 */
export function joinGroup(turn: JoinTurn, admission: Admission): GroupStep {
  const { now, request } = turn
  if (request.protocols.length === 0) return refuse(turn, 'INCONSISTENT_GROUP_PROTOCOL')
  const isAbsent = turn.group.phase.state === 'Dead'
  if (isAbsent && request.memberId !== '') return noSuchMember(turn)
  const present = isAbsent ? { ...turn, group: createdGroup(request.groupId, now) } : turn
  if (!hasCommonProtocol(present)) return refuse(present, 'INCONSISTENT_GROUP_PROTOCOL')
  return request.memberId === '' ? joinAnew(present, admission) : joinAsMember(present)
}

/** Without a member id: rules 3 to 6 of the notes. */
function joinAnew(turn: JoinTurn, { groupMaxSize, freshMemberId }: Admission): GroupStep {
  const { now, group, requester, request } = turn
  const known = findInstance(group, request.groupInstanceId)
  if (known !== null) return replaceStaticMember(turn, known, freshMemberId)
  if (group.members.length + group.pending.length >= groupMaxSize) return refuse(turn, 'GROUP_MAX_SIZE_REACHED')
  if (request.groupInstanceId !== null) return addMember(turn, freshMemberId)
  const pending = [...group.pending, { memberId: freshMemberId, deadline: now + request.sessionTimeoutMs }]
  return step({ ...group, pending }, reply(requester, { ...request, memberId: freshMemberId }, 'MEMBER_ID_REQUIRED'))
}

/** With a member id: rule 7 of the notes. */
function joinAsMember(turn: JoinTurn): GroupStep {
  const { group, request } = turn
  if (request.groupInstanceId === null && isPending(group, request.memberId)) {
    const pending = group.pending.filter(({ memberId }) => memberId !== request.memberId)
    return addMember({ ...turn, group: { ...group, pending } }, request.memberId)
  }
  const member = memberOrError(group, request)
  return typeof member === 'string' ? refuse(turn, member) : groupRules[group.phase.state].JoinGroup(turn, member)
}

/** A new member joins last and waits until all have joined again. */
function addMember(turn: JoinTurn, memberId: string): GroupStep {
  const { now, group, requester, request } = turn
  const member: GroupMember = {
    memberId,
    groupInstanceId: request.groupInstanceId,
    client: requester.endpoint,
    sessionTimeoutMs: request.sessionTimeoutMs,
    rebalanceTimeoutMs: request.rebalanceTimeoutMs,
    protocols: request.protocols,
    assignment: [],
    waitingJoin: { ...waitingFor(turn), memberId: request.memberId },
    waitingSync: null,
    sessionDeadline: now + request.sessionTimeoutMs,
  }
  return prepareRebalance({ ...group, members: [...group.members, member] }, now)
}

/**
 * Who: a static member that was restarted, and so does not know its member id.
 * Then: it takes its place over under a new member id, and with it the assignment and the leadership; whoever still
 * waits under the old id is fenced. In a stable group, if the members would still choose the protocol that they have,
 * nobody else notices, not even that it subscribes to something else: that is what static membership is for.
 * Source: KIP-345, `GroupMetadataManager.updateStaticMemberThenRebalanceOrCompleteJoin`.
 */
function replaceStaticMember(turn: JoinTurn, old: GroupMember, memberId: string): GroupStep {
  const { now, group } = turn
  const renamed = { ...asRequested(turn, old), memberId, waitingJoin: null, waitingSync: null }
  const member = renewed(renamed, now)
  const leader = group.leader === old.memberId ? memberId : group.leader
  const replaced = withMember({ ...group, leader }, old.memberId, member)
  const fenced = step(replaced, ...waitersFailed(group.groupId, old, 'FENCED_INSTANCE_ID'))
  if (group.phase.state === 'Stable' && chooseProtocol(replaced.members) === group.protocolName) {
    return andThen(fenced, next =>
      step(
        next,
        { kind: 'write', purpose: null, records: [groupRecord(next, now)] },
        joined(next, member, waitingFor(turn), memberId === leader),
      ),
    )
  }
  const request = { ...turn.request, memberId }
  return andThen(fenced, next => joinAgain({ ...turn, request, group: next }, member))
}

/**
 * Whether some protocol of the request was offered by every member, by the requester too if it is one: it cannot leave
 * all names behind that it came with. Source: `ClassicGroup.supportsProtocols`.
 */
function hasCommonProtocol({ group, request }: JoinTurn): boolean {
  return request.protocols.some(({ name }) =>
    group.members.every(member => member.protocols.some(protocol => protocol.name === name)),
  )
}
