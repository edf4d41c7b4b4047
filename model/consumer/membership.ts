// What the coordinator's answers mean to a member. Follows AbstractCoordinator's response handlers and
// ConsumerCoordinator.onJoinComplete (KIP-345 static members, KIP-394 member ids first, KIP-429 cooperative rebalancing).
import { assign } from '../assignors/assign.ts'
import { isSamePartition } from '../producer/metadata.ts'
import type { Assignment, AssignorMember } from '../vocabulary/choosing.ts'
import type { ErrorName } from '../vocabulary/errors.ts'
import type { GroupResponse, MemberAssignment } from '../vocabulary/messages.ts'
import { ask, type ConsumerState, type ConsumerStep, positionsOf, quiet, retryingLater } from './state.ts'

type Of<K extends GroupResponse['kind']> = Extract<GroupResponse, { kind: K }>

/** Who: a member that asked to join. Then: it is in the generation, and asks for its share; the leader brings all shares. */
export function joinAnswered(state: ConsumerState, answer: Of<'JoinGroupResponse'>): ConsumerStep {
  if (state.membership !== 'joining' || state.session === null) return quiet(state)
  switch (answer.error) {
    case 'NONE':
      return joinedGeneration(state, answer)
    case 'MEMBER_ID_REQUIRED':
      return quiet({ ...state, memberId: answer.memberId, membership: 'unjoined' })
    case 'UNKNOWN_MEMBER_ID':
      return quiet({ ...state, memberId: '', membership: 'unjoined' })
    case 'REBALANCE_IN_PROGRESS':
      return quiet({ ...state, membership: 'unjoined' })
    default:
      return quiet(memberFailed(state, answer.error))
  }
}

/** Who: a member that asked for its share. Then: it has it, and begins or goes on to consume. */
export function syncAnswered(state: ConsumerState, answer: Of<'SyncGroupResponse'>): ConsumerStep {
  if (state.membership !== 'syncing') return quiet(state)
  return quiet(answer.error === 'NONE' ? withAssignment(state, answer) : generationFailed(state, answer.error))
}

/** Who: a member that said it lives. When: nothing of its membership changed since. Then: it learns whether it is one. */
export function heartbeatAnswered(state: ConsumerState, error: ErrorName): ConsumerState {
  return error === 'NONE' ? state : generationFailed(state, error)
}

/** What an error of a sync, heartbeat or commit says about the member. */
export function generationFailed(state: ConsumerState, error: ErrorName): ConsumerState {
  switch (error) {
    case 'REBALANCE_IN_PROGRESS':
      return { ...state, membership: 'unjoined' }
    case 'UNKNOWN_MEMBER_ID':
    case 'ILLEGAL_GENERATION':
      return { ...state, memberId: '', generationId: -1, membership: 'unjoined', positions: [] }
    default:
      return memberFailed(state, error)
  }
}

/** The coordinator is another, which must be found after the backoff; a join or sync that is under way went with it. */
export function coordinatorLost(state: ConsumerState): ConsumerState {
  const isJoining = state.membership === 'joining' || state.membership === 'syncing'
  return retryingLater({ ...state, coordinator: -1, membership: isJoining ? 'unjoined' : state.membership })
}

/** Another coordinator is looked for; every other error (FENCED_INSTANCE_ID above all) ends the membership for good. */
function memberFailed(state: ConsumerState, error: ErrorName): ConsumerState {
  if (error === 'NOT_COORDINATOR' || error === 'COORDINATOR_NOT_AVAILABLE') {
    return coordinatorLost({ ...state, membership: 'unjoined' })
  }
  return { ...state, membership: 'fenced', positions: [] }
}

function joinedGeneration(state: ConsumerState, answer: Of<'JoinGroupResponse'>): ConsumerStep {
  const { memberId, generationId, protocolName } = answer
  const groupInstanceId = state.session?.groupInstanceId ?? null
  const member: ConsumerState = { ...state, membership: 'syncing', memberId, generationId, protocolName }
  const assignments = answer.leader === memberId ? sharesOf(member, answer) : []
  return ask(member, state.coordinator, correlationId => ({
    kind: 'SyncGroup',
    correlationId,
    groupId: answer.groupId,
    memberId,
    groupInstanceId,
    generationId,
    assignments,
  }))
}

/** The leader's work: what everybody gets, from the topics that it knows. Source: `ConsumerCoordinator.onLeaderElected`. */
function sharesOf(
  { metadata, protocolName }: ConsumerState,
  { members }: Of<'JoinGroupResponse'>,
): readonly MemberAssignment[] {
  if (protocolName === null) return []
  const topics = [...new Set(metadata.map(({ topic }) => topic))].sort()
  const counts = topics.map(topic => ({ topic, count: metadata.filter(known => known.topic === topic).length }))
  const offers = members.map(
    ({ memberId, groupInstanceId, protocol }): AssignorMember => ({
      memberId,
      groupInstanceId,
      topics: protocol.topics,
      owned: protocol.owned,
      generationId: protocol.generationId,
    }),
  )
  const assignment: Assignment = assign(protocolName, offers, counts)
  return [...assignment].sort((a, b) => (a.memberId < b.memberId ? -1 : 1))
}

/**
 * Positions of partitions that the member keeps stay. A cooperative member that lost a partition has given it up by this
 * assignment, and joins again at once, so that it can be given to its new owner (KIP-429).
 */
function withAssignment(state: ConsumerState, { partitions }: Of<'SyncGroupResponse'>): ConsumerState {
  const positions = positionsOf(partitions, state.positions)
  const hasLost = state.positions.some(old => !positions.some(kept => isSamePartition(old, kept)))
  return {
    ...state,
    membership: state.protocolName === 'cooperative-sticky' && hasLost ? 'unjoined' : 'stable',
    nextHeartbeatAt: state.now + state.config.heartbeatIntervalMs,
    positions,
    committedOffsets: 'unasked',
  }
}
