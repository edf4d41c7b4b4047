// JoinGroup. Follows `GroupCoordinator.scala` (`doNewMemberJoinGroup`, `doCurrentMemberJoinGroup`), KIP-345 for static
// members and KIP-394 for member ids; groups.md §2. That the group exists is seen to before.

import type { TopicPartition } from '../../model/vocabulary/choosing.ts'
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { GroupRequest, JoinProtocol } from '../../model/vocabulary/messages.ts'
import { byPartition } from '../order.ts'
import { type Effects, ignoreResult } from './effects.ts'
import type { Group, Member, Requester } from './group.ts'
import { lookWhetherAllHaveJoined, prepareRebalance } from './rebalance.ts'
import { groupRecord } from './records.ts'
import { bareAnswer, joined, joinedMembers, joinRefused, synced } from './responses.ts'
import { rules } from './states.ts'

type JoinGroup = GroupRequest & { readonly kind: 'JoinGroup' }

/** Lets a client into a group, now or when all have joined, or refuses it. */
export function joinGroup(effects: Effects, group: Group, requester: Requester, request: JoinGroup): void {
  const { memberId, groupInstanceId } = request
  const known = groupInstanceId === null ? undefined : group.memberOfInstance(groupInstanceId)
  const refuse = (error: ErrorName): void => effects.respond(requester, bareAnswer(request, error))

  const itself = group.member(memberId) ?? known
  if (group.size > 0 && !request.protocols.some(({ name }) => group.isOfferedByAll(name, itself))) {
    refuse('INCONSISTENT_GROUP_PROTOCOL')
    return
  }
  if (memberId === '') {
    if (known !== undefined) {
      replaceMember(effects, group, known, requester, request)
      return
    }
    if (group.size + group.pendingSize >= effects.groupMaxSize) {
      refuse('GROUP_MAX_SIZE_REACHED')
      return
    }
    const newMemberId = effects.newMemberId(requester.endpoint)
    if (groupInstanceId !== null) {
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

function addMember(effects: Effects, group: Group, memberId: string, requester: Requester, request: JoinGroup): void {
  const { groupInstanceId, sessionTimeoutMs, rebalanceTimeoutMs, protocols } = request
  const member: Member = {
    memberId,
    groupInstanceId,
    client: requester.endpoint,
    sessionTimeoutMs,
    rebalanceTimeoutMs,
    protocols,
    assignment: [],
    waitingJoin: null,
    waitingSync: null,
    sessionDeadline: effects.now() + sessionTimeoutMs,
  }
  group.add(member)
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
      update(effects, group, member, requester, request)
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
  update(effects, group, member, requester, request)
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
    effects.respond(sync.requester, synced(groupId, sync.correlationId, 'FENCED_INSTANCE_ID', []))
  }
  const before = chosenTopics(group, member.protocols)
  group.rename(member, effects.newMemberId(requester.endpoint))
  update(effects, group, member, requester, request)

  const after = chosenTopics(group, member.protocols)
  const isSame = before !== undefined && after !== undefined && sameTexts(before, after)
  if (rules[group.state].JoinInstance === 'unlessSameTopics' && isSame) {
    answerAtOnce(effects, group, member, requester, request, group.leader === member.memberId)
    effects.write(group, [groupRecord(group, effects.now())], ignoreResult)
    return
  }
  waitForJoin(group, member, requester, request, member.memberId)
  prepareRebalance(effects, group)
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

function update(effects: Effects, group: Group, member: Member, requester: Requester, request: JoinGroup): void {
  member.client = requester.endpoint
  member.sessionTimeoutMs = request.sessionTimeoutMs
  member.rebalanceTimeoutMs = request.rebalanceTimeoutMs
  group.setProtocols(member, request.protocols)
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

function chosenTopics(group: Group, protocols: readonly JoinProtocol[]): readonly string[] | undefined {
  return protocols.find(({ name }) => name === group.protocolName)?.topics
}

function sameProtocols(a: readonly JoinProtocol[], b: readonly JoinProtocol[]): boolean {
  return a === b || (a.length === b.length && a.every((protocol, index) => sameProtocol(protocol, b[index])))
}

function sameProtocol(a: JoinProtocol, b: JoinProtocol | undefined): boolean {
  if (b === undefined || a.name !== b.name || a.generationId !== b.generationId) return false
  return sameTexts(a.topics, b.topics) && samePartitions(a.owned, b.owned)
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index])
}

function samePartitions(a: readonly TopicPartition[], b: readonly TopicPartition[]): boolean {
  if (a.length !== b.length) return false
  return a.every((partition, index) => {
    const other = b[index]
    return other !== undefined && byPartition(partition, other) === 0
  })
}
