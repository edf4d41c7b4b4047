// JoinGroup. Follows `GroupCoordinator.scala` (`doNewMemberJoinGroup`, `doCurrentMemberJoinGroup`), KIP-345 for static
// members and KIP-394 for member ids; groups.md §2. That the group exists is seen to before.
import type { Milliseconds } from '../../model/vocabulary/units.ts'
import type { CoordinatorConfig } from './config.ts'
import { type Effects, ignoreResult } from './effects.ts'
import type { Group, Member, Requester } from './group.ts'
import type { GroupError, GroupRequest, JoinProtocol } from './messages.ts'
import { electProtocol, lookWhetherAllHaveJoined, prepareRebalance } from './rebalance.ts'
import { groupRecord } from './records.ts'
import { bareAnswer, joined, joinedMembers, joinRefused, noBytes, syncRefused } from './responses.ts'
import { rules } from './states.ts'
import { sameBytes } from './stored-payloads.ts'

type JoinGroup = GroupRequest & { readonly kind: 'JoinGroup' }

/** Lets a client into a group, now or when all have joined, or refuses it. */
export function joinGroup(effects: Effects, group: Group, requester: Requester, request: JoinGroup): void {
  const { memberId, groupInstanceId } = request
  const known = groupInstanceId === null ? undefined : group.memberOfInstance(groupInstanceId)
  const refuse = (error: GroupError): void => effects.respond(requester, bareAnswer(request, error))

  if (group.state !== 'Empty' && !hasCommonProtocol(group, request)) {
    refuse('INCONSISTENT_GROUP_PROTOCOL')
    return
  }
  if (memberId === '') {
    if (known !== undefined) {
      replaceMember(effects, group, known, requester, request)
      return
    }
    if (group.size + group.pendingSize >= effects.config.groupMaxSize) {
      refuse('GROUP_MAX_SIZE_REACHED')
      return
    }
    const newMemberId = effects.newMemberId(request.clientId, groupInstanceId)
    if (groupInstanceId !== null || !request.requiresKnownMemberId) {
      addMember(effects, group, newMemberId, requester, request)
      return
    }
    group.addPending(newMemberId, effects.now() + request.sessionTimeoutMs)
    const { groupId, correlationId } = request
    effects.respond(requester, joinRefused(groupId, correlationId, newMemberId, 'MEMBER_ID_REQUIRED'))
    return
  }
  if (groupInstanceId === null && group.takePending(memberId)) {
    addMember(effects, group, memberId, requester, request)
    return
  }
  if (groupInstanceId !== null) {
    if (known === undefined) {
      refuse('UNKNOWN_MEMBER_ID')
      return
    }
    if (known.memberId !== memberId) {
      refuse('FENCED_INSTANCE_ID')
      return
    }
  }
  const member = group.member(memberId)
  if (member === undefined) {
    refuse('UNKNOWN_MEMBER_ID')
    return
  }
  rejoin(effects, group, member, requester, request)
}

/** Whether a session may be as long, as far as there are limits. */
export function isSessionTimeoutAllowed(config: CoordinatorConfig, sessionTimeoutMs: Milliseconds): boolean {
  const { minSessionTimeoutMs = Number.NEGATIVE_INFINITY, maxSessionTimeoutMs = Number.POSITIVE_INFINITY } = config
  return sessionTimeoutMs >= minSessionTimeoutMs && sessionTimeoutMs <= maxSessionTimeoutMs
}

function addMember(effects: Effects, group: Group, memberId: string, requester: Requester, request: JoinGroup): void {
  const { groupInstanceId, clientId, clientHost, sessionTimeoutMs, rebalanceTimeoutMs } = request
  const member: Member = {
    memberId,
    groupInstanceId,
    clientId,
    clientHost,
    sessionTimeoutMs,
    rebalanceTimeoutMs,
    protocols: copied(request.protocols),
    assignment: noBytes,
    waitingJoin: null,
    waitingSync: null,
    sessionDeadline: effects.now() + sessionTimeoutMs,
  }
  if (group.size === 0) group.protocolType = request.protocolType
  group.add(member)
  group.newMemberAdded()
  waitForJoin(group, member, requester, request, request.memberId)
  prepareRebalance(effects, group)
}

function rejoin(effects: Effects, group: Group, member: Member, requester: Requester, request: JoinGroup): void {
  const isLeader = group.leader === member.memberId
  switch (rules[group.state].JoinGroup) {
    case 'refuse':
      effects.respond(requester, bareAnswer(request, 'UNKNOWN_MEMBER_ID'))
      return
    case 'wait':
      update(effects, group, member, request)
      waitForJoin(group, member, requester, request, request.memberId)
      lookWhetherAllHaveJoined(effects, group)
      return
    case 'unlessSame':
      if (sameProtocols(member.protocols, request.protocols)) {
        answerAtOnce(effects, group, member, requester, request, isLeader)
        return
      }
      break
    case 'unlessSameFollower':
      if (!isLeader && sameProtocols(member.protocols, request.protocols)) {
        answerAtOnce(effects, group, member, requester, request, false)
        return
      }
      break
  }
  update(effects, group, member, request)
  waitForJoin(group, member, requester, request, request.memberId)
  prepareRebalance(effects, group)
}

/** KIP-345: the process behind an instance id was started again; the one before is fenced. */
function replaceMember(effects: Effects, group: Group, member: Member, requester: Requester, request: JoinGroup): void {
  const { groupId } = group
  const join = group.takeJoin(member)
  if (join !== null) {
    const { correlationId, memberId } = join
    effects.respond(join.requester, joinRefused(groupId, correlationId, memberId, 'FENCED_INSTANCE_ID'))
  }
  const sync = group.takeSync(member)
  if (sync !== null) {
    effects.respond(sync.requester, syncRefused(groupId, sync.correlationId, 'FENCED_INSTANCE_ID'))
  }
  const leaderBefore = group.leader
  group.rename(member, effects.newMemberId(request.clientId, member.groupInstanceId))
  update(effects, group, member, request)

  if (rules[group.state].JoinInstance === 'unlessSameChoice' && electProtocol(group) === group.protocolName) {
    answerReplaced(effects, group, member, requester, request, leaderBefore)
    effects.write(group, [groupRecord(group, effects.now())], ignoreResult)
    return
  }
  waitForJoin(group, member, requester, request, member.memberId)
  prepareRebalance(effects, group)
}

/**
 * The assignment stays. A leader would make a new one, which nobody would take over: one that understands is told to skip
 * it (KIP-814), and any other gets to hear its id of before, so that it does not take itself for the leader.
 */
function answerReplaced(
  effects: Effects,
  group: Group,
  member: Member,
  requester: Requester,
  request: JoinGroup,
  leaderBefore: string | null,
): void {
  group.renewSession(member, effects.now())
  const isLeader = group.leader === member.memberId
  const skipAssignment = isLeader && request.supportsSkippingAssignment
  const answer = joined(group, member, request.correlationId, skipAssignment ? joinedMembers(group) : [])
  const leader = isLeader && !skipAssignment ? (leaderBefore ?? '') : answer.leader
  effects.respond(requester, { ...answer, leader, skipAssignment })
}

/** The present generation; `withMembers` for its leader. */
function answerAtOnce(
  effects: Effects,
  group: Group,
  member: Member,
  requester: Requester,
  request: JoinGroup,
  withMembers: boolean,
): void {
  group.renewSession(member, effects.now())
  const members = withMembers ? joinedMembers(group) : []
  effects.respond(requester, joined(group, member, request.correlationId, members))
}

function update(effects: Effects, group: Group, member: Member, request: JoinGroup): void {
  member.clientId = request.clientId
  member.clientHost = request.clientHost
  member.sessionTimeoutMs = request.sessionTimeoutMs
  member.rebalanceTimeoutMs = request.rebalanceTimeoutMs
  if (!sameProtocols(member.protocols, request.protocols)) group.setProtocols(member, copied(request.protocols))
  group.renewSession(member, effects.now())
}

/** An older join of the same member is forgotten: its client has given it up. */
function waitForJoin(
  group: Group,
  member: Member,
  requester: Requester,
  { correlationId }: JoinGroup,
  memberId: string,
): void {
  group.waitForJoin(member, { requester, correlationId, memberId })
}

/** Whether the group has this type, and every member, also the one that asks, last offered one of the names asked with. */
function hasCommonProtocol(group: Group, request: JoinGroup): boolean {
  if (group.protocolType !== request.protocolType) return false
  return request.protocols.some(({ name }) => group.isOfferedByAll(name))
}

/** The bytes of a request are whoever's it is: only copies stay. */
function copied(protocols: readonly JoinProtocol[]): readonly JoinProtocol[] {
  return protocols.map(({ name, metadata }) => ({ name, metadata: metadata.slice() }))
}

function sameProtocols(a: readonly JoinProtocol[], b: readonly JoinProtocol[]): boolean {
  return a === b || (a.length === b.length && a.every((protocol, index) => sameProtocol(protocol, b[index])))
}

function sameProtocol(a: JoinProtocol, b: JoinProtocol | undefined): boolean {
  return b !== undefined && a.name === b.name && sameBytes(a.metadata, b.metadata)
}
