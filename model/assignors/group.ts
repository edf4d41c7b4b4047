// A small group whose members keep what they were last given: scope `assignor`.
// Leaves out everything of the group protocol but the leader's assignment.
import { unreachable } from '../unreachable.ts'
import type {
  AssignorMember,
  AssignorObservation,
  AssignorOperation,
  AssignorOutcome,
  TopicPartition,
} from '../vocabulary/choosing.ts'
import { assign } from './assign.ts'
import { comparePartitions, compareText, isSamePartition } from './members.ts'

/** The group: members by id, topics by name. It is observed whole. */
export type AssignorState = AssignorObservation

/** An empty group before its first generation, and no topics. */
export function initialAssignor(): AssignorState {
  return { generationId: 0, topics: [], members: [] }
}

/** The group after an operation, and what it answered. Total; the same state object when nothing changed. */
export function stepAssignor(
  state: AssignorState,
  operation: AssignorOperation,
): { readonly state: AssignorState; readonly outcome: AssignorOutcome } {
  switch (operation.kind) {
    case 'join':
      return done(joined(state, operation))
    case 'leave':
      return done(left(state, operation.memberId))
    case 'setPartitionCount':
      return done(withPartitionCount(state, operation.topic, operation.count))
    case 'claim':
      return done(claimed(state, operation))
    case 'assign': {
      const assignment = assign(operation.assignor, state.members, state.topics)
      const generationId = state.generationId + 1
      const members = state.members.map(member => ({
        ...member,
        owned: assignment.find(({ memberId }) => memberId === member.memberId)?.partitions ?? [],
        generationId,
      }))
      return { state: { ...state, generationId, members }, outcome: { kind: 'assigned', assignment } }
    }
    default:
      return unreachable(operation)
  }
}

/** Everything about the group. */
export function observeAssignor(state: AssignorState): AssignorObservation {
  return state
}

/** A new member owns nothing yet; one that joins again keeps what it owns, also of topics that it gave up. */
function joined(state: AssignorState, operation: Extract<AssignorOperation, { kind: 'join' }>): AssignorState {
  const { memberId, groupInstanceId } = operation
  const topics = distinctTopics(operation.topics)
  const known = state.members.find(member => member.memberId === memberId)
  if (known === undefined) return withMember(state, { memberId, groupInstanceId, topics, owned: [], generationId: -1 })
  const isSame =
    known.groupInstanceId === groupInstanceId &&
    known.topics.length === topics.length &&
    known.topics.every((topic, index) => topic === topics[index])
  return isSame ? state : withMember(state, { ...known, groupInstanceId, topics })
}

function left(state: AssignorState, memberId: string): AssignorState {
  const members = state.members.filter(member => member.memberId !== memberId)
  return members.length === state.members.length ? state : { ...state, members }
}

/** A count of 0 deletes the topic. */
function withPartitionCount(state: AssignorState, topic: string, count: number): AssignorState {
  const known = state.topics.find(existing => existing.topic === topic)
  if ((known?.count ?? 0) === Math.max(0, count)) return state
  const others = state.topics.filter(existing => existing.topic !== topic)
  const topics = count > 0 ? others.concat({ topic, count }) : others
  return { ...state, topics: topics.toSorted((one, other) => compareText(one.topic, other.topic)) }
}

function claimed(state: AssignorState, operation: Extract<AssignorOperation, { kind: 'claim' }>): AssignorState {
  const { memberId, generationId } = operation
  const owned = distinctPartitions(operation.owned)
  const known = state.members.find(member => member.memberId === memberId)
  return known === undefined ? state : withMember(state, { ...known, owned, generationId })
}

function withMember(state: AssignorState, member: AssignorMember): AssignorState {
  const others = state.members.filter(other => other.memberId !== member.memberId)
  const members = others.concat(member).toSorted((one, other) => compareText(one.memberId, other.memberId))
  return { ...state, members }
}

function done(state: AssignorState): { readonly state: AssignorState; readonly outcome: AssignorOutcome } {
  return { state, outcome: { kind: 'done' } }
}

/** Sorted, each topic once. */
function distinctTopics(topics: readonly string[]): readonly string[] {
  return topics.toSorted(compareText).filter((topic, index, sorted) => topic !== sorted[index - 1])
}

/** Sorted, each partition once. */
function distinctPartitions(partitions: readonly TopicPartition[]): readonly TopicPartition[] {
  return partitions.toSorted(comparePartitions).filter((partition, index, sorted) => {
    const previous = sorted[index - 1]
    return previous === undefined || !isSamePartition(previous, partition)
  })
}
