// What a member's own JoinGroup does in each state. Follows GroupCoordinator.doJoinGroup, updateMemberAndRebalance.
import type { TopicPartition } from '../vocabulary/choosing.ts'
import type { GroupRequest, JoinProtocol } from '../vocabulary/messages.ts'
import { joined } from './answers.ts'
import { prepareRebalance } from './rebalance.ts'
import { type GroupMember, type GroupStep, renewed, step, withMember } from './state.ts'
import { type Turn, waitingFor } from './turn.ts'

export type JoinTurn = Turn<Extract<GroupRequest, { kind: 'JoinGroup' }>>

/**
 * Who: a member of a group that prepares a rebalance.
 * Then: it is as its request says, and waits for the others.
 */
export function rejoinPreparing(turn: JoinTurn, member: GroupMember): GroupStep {
  return joinAgain(turn, member)
}

/**
 * Who: a member of a group whose assignment is awaited.
 * Then: if it offers what it offered before it has only missed its answer, which it gets again; else everybody joins
 * again.
 */
export function rejoinCompleting(turn: JoinTurn, member: GroupMember): GroupStep {
  if (!areSameProtocols(member.protocols, turn.request.protocols)) return joinAgain(turn, member)
  return answerAgain(turn, member, member.memberId === turn.group.leader)
}

/**
 * Who: a member of a stable group.
 * Then: the leader's join means that it wants to assign anew (its metadata changed), and a new offer changes the
 * assignment: everybody joins again. Otherwise it gets the present generation's answer.
 */
export function rejoinStable(turn: JoinTurn, member: GroupMember): GroupStep {
  const isLeader = member.memberId === turn.group.leader
  if (isLeader || !areSameProtocols(member.protocols, turn.request.protocols)) return joinAgain(turn, member)
  return answerAgain(turn, member, false)
}

/** The member is as its request says and waits until all have joined; an older join of it is forgotten. */
export function joinAgain(turn: JoinTurn, member: GroupMember): GroupStep {
  const { now, request, group } = turn
  const waitingJoin = { ...waitingFor(turn), memberId: request.memberId }
  const waiting = renewed({ ...asRequested(turn, member), waitingJoin }, now)
  return prepareRebalance(withMember(group, member.memberId, waiting), now)
}

/** The member with the client, the time-outs and the offer of its newest join. */
export function asRequested({ requester, request }: JoinTurn, member: GroupMember): GroupMember {
  return {
    ...member,
    client: requester.endpoint,
    sessionTimeoutMs: request.sessionTimeoutMs,
    rebalanceTimeoutMs: request.rebalanceTimeoutMs,
    protocols: request.protocols,
  }
}

function answerAgain(turn: JoinTurn, member: GroupMember, withMembers: boolean): GroupStep {
  const group = withMember(turn.group, member.memberId, renewed(member, turn.now))
  return step(group, joined(group, member, waitingFor(turn), withMembers))
}

function areSameProtocols(some: readonly JoinProtocol[], others: readonly JoinProtocol[]): boolean {
  return areSame(
    some,
    others,
    (a, b) =>
      a.name === b.name &&
      a.generationId === b.generationId &&
      areSame(a.topics, b.topics, (x, y) => x === y) &&
      areSame(a.owned, b.owned, isSamePartition),
  )
}

function isSamePartition(a: TopicPartition, b: TopicPartition): boolean {
  return a.topic === b.topic && a.partition === b.partition
}

/** Whether two lists hold the same things in the same order. */
function areSame<T>(some: readonly T[], others: readonly T[], isSame: (a: T, b: T) => boolean): boolean {
  if (some.length !== others.length) return false
  return some.every((one, index) => others.slice(index, index + 1).every(other => isSame(one, other)))
}
