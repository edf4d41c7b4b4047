// A consumer: the application's calls, answers, broken connections and time go in; requests come out. Follows
// KafkaConsumer with the classic group protocol.
import { findLeader } from '../producer/metadata.ts'
import type { ClientConfig, ConsumerSession } from '../vocabulary/clients.ts'
import type { RecordsValue, Request, Response } from '../vocabulary/messages.ts'
import type { BrokerId, Milliseconds } from '../vocabulary/units.ts'
import { coordinatorLost, generationFailed, heartbeatAnswered, joinAnswered, syncAnswered } from './membership.ts'
import { proceed } from './proceed.ts'
import { committedOffsetsTold, consumerLearned, fetched, offsetListed } from './reading.ts'
import {
  after,
  ask,
  type ConsumerState,
  type ConsumerStep,
  ignored,
  isAwaited,
  positionsOf,
  quiet,
  retryingLater,
} from './state.ts'

/** A consumer that is not open. */
export function closedConsumer(name: string, brokers: number, config: ClientConfig): ConsumerState {
  return {
    name,
    brokers,
    config,
    now: 0,
    session: null,
    failedAttempts: 0,
    nextCorrelationId: 1,
    membership: 'none',
    memberId: '',
    generationId: -1,
    protocolName: null,
    coordinator: -1,
    retryAt: null,
    nextHeartbeatAt: null,
    metadata: [],
    needsMetadata: false,
    positions: [],
    committedOffsets: 'unasked',
    processed: [],
    outstanding: [],
  }
}

/**
 * Who: an application.
 * Then: everything is forgotten but the clock; with a group it wants to join, on its own it has its partitions at once.
 * It does not apply in a group without topics or assignors, nor outside one without partitions.
 */
export function openConsumer(state: ConsumerState, session: ConsumerSession): ConsumerStep {
  const { groupId, topics, partitions, assignors } = session
  const isNothing = groupId === null ? partitions.length === 0 : topics.length === 0 || assignors.length === 0
  if (isNothing) return ignored(state)
  return proceed({
    ...closedConsumer(state.name, state.brokers, state.config),
    now: state.now,
    session,
    membership: groupId === null ? 'none' : 'unjoined',
    positions: groupId === null ? positionsOf(partitions, []) : [],
  })
}

/** Who: an application. Then: every partition that it may read and does not wait for is fetched, in partition order. */
export function pollConsumer(state: ConsumerState): ConsumerStep {
  if (state.session === null || (state.membership !== 'stable' && state.membership !== 'none')) return ignored(state)
  let step = ignored(state)
  for (const { topic, partition, offset } of state.positions) {
    const known = findLeader(state.metadata, { topic, partition })
    if (offset === -1 || known === null || isAwaited(state, 'Fetch', { topic, partition })) continue
    step = after(step, next =>
      ask(next, known.leader, correlationId => ({
        kind: 'Fetch',
        correlationId,
        topic,
        partition,
        replicaId: -1,
        replicaEpoch: -1,
        currentLeaderEpoch: known.leaderEpoch,
        fetchOffset: offset,
        lastFetchedEpoch: -1,
        logStartOffset: -1,
      })),
    )
  }
  return step
}

/** Who: an application of a group. Then: all positions that are known are committed. */
export function commitConsumer(state: ConsumerState): ConsumerStep {
  const { session, membership, coordinator, memberId, generationId } = state
  const groupId = session?.groupId ?? null
  if (session === null || groupId === null || membership !== 'stable' || coordinator === -1) return ignored(state)
  const offsets = state.positions
    .filter(({ offset }) => offset !== -1)
    .map(({ topic, partition, offset }) => ({ topic, partition, offset, leaderEpoch: -1, metadata: '' }))
  if (offsets.length === 0 || isAwaited(state, 'OffsetCommit')) return ignored(state)
  const { groupInstanceId } = session
  return ask(state, coordinator, correlationId => ({
    kind: 'OffsetCommit',
    correlationId,
    groupId,
    memberId,
    groupInstanceId,
    generationId,
    offsets,
  }))
}

/** Who: an application. Then: a member leaves, unless it is static and will come back (KIP-345); it is closed. */
export function closeConsumer(state: ConsumerState): ConsumerStep {
  const { session, memberId, coordinator } = state
  if (session === null) return ignored(state)
  const { groupId, groupInstanceId } = session
  const leaves = groupId !== null && memberId !== '' && coordinator !== -1 && groupInstanceId === null
  const left = leaves
    ? ask(state, coordinator, correlationId => ({
        kind: 'LeaveGroup',
        correlationId,
        groupId,
        memberId,
        groupInstanceId,
      }))
    : quiet(state)
  return { ...left, state: closed(state) }
}

/** Who: a consumer whose process dies. Then: it is closed, and nobody is told. */
export function killConsumer(state: ConsumerState): ConsumerStep {
  return state.session === null ? ignored(state) : quiet(closed(state))
}

/** An answer from a broker; one that the consumer does not wait for is ignored. */
export function receiveByConsumer(
  state: ConsumerState,
  _broker: BrokerId,
  response: Response<RecordsValue>,
): ConsumerStep {
  const asked = state.outstanding.find(
    ({ request }) => request.correlationId === response.correlationId && response.kind === `${request.kind}Response`,
  )
  if (asked === undefined) return ignored(state)
  const answered = { ...state, outstanding: state.outstanding.filter(other => other !== asked) }
  const isObsolete = toCoordinator.has(asked.request.kind) && asked.broker !== state.coordinator
  return after(
    isObsolete ? quiet(unasked(answered, asked.request)) : handled(answered, asked.request, response),
    proceed,
  )
}

/**
 * Who: a consumer whose connection to a broker broke.
 * When: it waits for an answer of that broker.
 * Then: it waits no more, and asks again after the backoff, others than before. It looks for its coordinator if that was
 * the one, and for leaders if it was reading. Nothing is sent now.
 * Source: `AbstractCoordinator.markCoordinatorUnknown`, `NetworkClient.processDisconnection`.
 */
export function consumerDisconnected(state: ConsumerState, broker: BrokerId): ConsumerStep {
  const lost = state.outstanding.filter(asked => asked.broker === broker)
  if (lost.length === 0) return ignored(state)
  const wasReading = lost.some(({ request }) => request.kind === 'Fetch' || request.kind === 'ListOffsets')
  const waiting: ConsumerState = {
    ...lost.reduce((so, { request }) => unasked(so, request), state),
    outstanding: state.outstanding.filter(asked => asked.broker !== broker),
    failedAttempts: state.failedAttempts + 1,
    needsMetadata: state.needsMetadata || wasReading,
  }
  return quiet(broker === state.coordinator ? coordinatorLost(waiting) : retryingLater(waiting))
}

/** Who: a consumer whose clock moved. Then: a member says that it lives, when it is time; then the backoff may be over. */
export function tickConsumer(state: ConsumerState, now: Milliseconds): ConsumerStep {
  const later = state.now === now ? state : { ...state, now }
  return after(heartbeat(later), next =>
    next.retryAt === null || now < next.retryAt ? quiet(next) : proceed({ ...next, retryAt: null }),
  )
}

/** Requests that only a group's coordinator answers. */
const toCoordinator: ReadonlySet<Request<RecordsValue>['kind']> = new Set<Request<RecordsValue>['kind']>([
  'JoinGroup',
  'SyncGroup',
  'Heartbeat',
  'OffsetCommit',
  'OffsetFetch',
])

/** What an answer means, by its kind; proceeding comes after. */
function handled(state: ConsumerState, request: Request<RecordsValue>, response: Response<RecordsValue>): ConsumerStep {
  switch (response.kind) {
    case 'MetadataResponse':
      return quiet(consumerLearned(state, response))
    case 'FindCoordinatorResponse':
      return quiet(
        response.error === 'NONE'
          ? { ...state, coordinator: response.brokerId }
          : retryingLater({ ...state, failedAttempts: state.failedAttempts + 1 }),
      )
    case 'JoinGroupResponse':
      return joinAnswered(state, response)
    case 'SyncGroupResponse':
      return syncAnswered(state, response)
    case 'HeartbeatResponse':
      return quiet(isOfThisGeneration(state, request) ? heartbeatAnswered(state, response.error) : state)
    case 'OffsetCommitResponse': {
      const isNews = response.error !== 'NONE' && response.error !== 'INVALID_REQUEST'
      return quiet(isNews && isOfThisGeneration(state, request) ? generationFailed(state, response.error) : state)
    }
    case 'OffsetFetchResponse':
      return quiet(committedOffsetsTold(state, response))
    case 'ListOffsetsResponse':
      return quiet(offsetListed(state, response))
    case 'FetchResponse':
      return quiet(request.kind === 'Fetch' ? fetched(state, request, response) : state)
    default:
      return quiet(state)
  }
}

/** Heartbeats and commits speak of a generation; once the member is out of it their answers say nothing. */
function isOfThisGeneration(state: ConsumerState, request: Request<RecordsValue>): boolean {
  return state.membership === 'stable' && 'generationId' in request && request.generationId === state.generationId
}

/** The question for committed offsets got no answer: it is asked anew. */
function unasked(state: ConsumerState, request: Request<RecordsValue>): ConsumerState {
  const wasAsked = request.kind === 'OffsetFetch' && state.committedOffsets === 'asked'
  return wasAsked ? { ...state, committedOffsets: 'unasked' } : state
}

/** Sent when due and possible; the next one is due an interval after it. */
function heartbeat(state: ConsumerState): ConsumerStep {
  const { session, membership, coordinator, memberId, generationId, nextHeartbeatAt, now } = state
  const groupId = session?.groupId ?? null
  if (session === null || groupId === null || membership !== 'stable' || coordinator === -1) return quiet(state)
  if (nextHeartbeatAt === null || now < nextHeartbeatAt || isAwaited(state, 'Heartbeat')) return quiet(state)
  const { groupInstanceId } = session
  return ask({ ...state, nextHeartbeatAt: now + state.config.heartbeatIntervalMs }, coordinator, correlationId => ({
    kind: 'Heartbeat',
    correlationId,
    groupId,
    memberId,
    groupInstanceId,
    generationId,
  }))
}

/** Closed; what was processed can be seen until the consumer is opened again. */
function closed(state: ConsumerState): ConsumerState {
  const { name, brokers, config, now, processed } = state
  return { ...closedConsumer(name, brokers, config), now, processed }
}
