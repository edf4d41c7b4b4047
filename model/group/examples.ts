// Requests and whole sequences for the tests of the coordinator.
import type { TopicPartition } from '../vocabulary/choosing.ts'
import type { GroupOperation, GroupOutcome, GroupScopeObservation, GroupSetup } from '../vocabulary/groups.ts'
import type { GroupRequest, GroupResponse, JoinProtocol, MemberAssignment } from '../vocabulary/messages.ts'
import { type GroupScopeState, initialGroupScope, observeGroupScope, stepGroupScope } from './scope.ts'

export const setup: GroupSetup = {
  scope: 'group',
  config: { offsetsRetentionMs: 10_000, offsetsRetentionCheckIntervalMs: 5_000, groupMaxSize: 3 },
}

type Joining = {
  readonly memberId?: string
  readonly groupInstanceId?: string
  readonly protocols?: readonly JoinProtocol[]
  readonly sessionTimeoutMs?: number
}
type Bare<R> = R extends unknown ? Omit<R, 'correlationId' | 'groupId'> : never

export function offer(name: JoinProtocol['name'], ...topics: readonly string[]): JoinProtocol {
  return { name, topics, owned: [], generationId: -1 }
}

export function join(client: string, joining: Joining = {}): GroupOperation {
  return request(client, {
    kind: 'JoinGroup',
    memberId: joining.memberId ?? '',
    groupInstanceId: joining.groupInstanceId ?? null,
    sessionTimeoutMs: joining.sessionTimeoutMs ?? 1_000,
    rebalanceTimeoutMs: 3_000,
    protocols: joining.protocols ?? [offer('range', 't')],
  })
}

export function sync(
  client: string,
  memberId: string,
  generationId: number,
  assignments: readonly MemberAssignment[] = [],
): GroupOperation {
  return request(client, { kind: 'SyncGroup', memberId, groupInstanceId: null, generationId, assignments })
}

export function heartbeat(client: string, memberId: string, generationId: number): GroupOperation {
  return request(client, { kind: 'Heartbeat', memberId, groupInstanceId: null, generationId })
}

export function leave(client: string, memberId: string): GroupOperation {
  return request(client, { kind: 'LeaveGroup', memberId, groupInstanceId: null })
}

export function commit(client: string, memberId: string, generationId: number, offset: number): GroupOperation {
  const offsets = [{ topic: 't', partition: 0, offset, leaderEpoch: -1, metadata: '' }]
  return request(client, { kind: 'OffsetCommit', memberId, groupInstanceId: null, generationId, offsets })
}

export function fetch(client: string): GroupOperation {
  return request(client, { kind: 'OffsetFetch', partitions: [partition(0)] })
}

export function partition(index: number): TopicPartition {
  return { topic: 't', partition: index }
}

/** A request to group g, correlation id 1. */
export function request(client: string, bare: Bare<GroupRequest>): GroupOperation {
  return { kind: 'request', client, request: { ...bare, correlationId: 1, groupId: 'g' } }
}

/** The state after some operations. */
export function after(...operations: readonly GroupOperation[]): GroupScopeState {
  let state = initialGroupScope(setup)
  for (const operation of operations) state = stepGroupScope(state, operation).state
  return state
}

/** The answers of the last of some operations, each with its client. */
export function answersOf(...operations: readonly GroupOperation[]): GroupOutcome['responses'] {
  const last = operations.slice(-1)
  const state = after(...operations.slice(0, -1))
  return last.flatMap(operation => stepGroupScope(state, operation).outcome.responses)
}

/** Who was answered which kind, with which error, as text. */
export function errorsOf(...operations: readonly GroupOperation[]): readonly string[] {
  return answersOf(...operations).map(({ client, response }) => `${client} ${kindOf(response)} ${response.error}`)
}

export function seen(...operations: readonly GroupOperation[]): GroupScopeObservation {
  return observeGroupScope(after(...operations))
}

/** Two members, c1 the leader, in generation 2, with t/0 and t/1; everything is replicated. */
export const stableGroup: readonly GroupOperation[] = [
  join('c1'),
  join('c1', { memberId: 'c1-1.1.1' }),
  join('c2'),
  join('c2', { memberId: 'c2-1.1.2' }),
  join('c1', { memberId: 'c1-1.1.1' }),
  sync('c1', 'c1-1.1.1', 2, [
    { memberId: 'c1-1.1.1', partitions: [partition(0)] },
    { memberId: 'c2-1.1.2', partitions: [partition(1)] },
  ]),
  sync('c2', 'c2-1.1.2', 2),
  { kind: 'replicated', count: 9 },
]

function kindOf(response: GroupResponse): string {
  return response.kind.replace('Response', '')
}
