// What a consumer knows: its session, its place in a group, its positions and what it waits for. Follows KafkaConsumer,
// ConsumerCoordinator, SubscriptionState and Fetcher. Leaves out prefetching: a fetch is a poll's.
import { comparePartitions, isSamePartition } from '../producer/metadata.ts'
import type { ClientRequest } from '../producer/state.ts'
import type { AssignorName, TopicPartition } from '../vocabulary/choosing.ts'
import type {
  ClientConfig,
  ConsumerMembership,
  ConsumerObservation,
  ConsumerSession,
  PartitionLeader,
} from '../vocabulary/clients.ts'
import type { RecordsValue, Request } from '../vocabulary/messages.ts'
import type { BrokerId, CorrelationId, GenerationId, Milliseconds, Offset } from '../vocabulary/units.ts'

export type ConsumerState = {
  readonly name: string
  /** How many brokers there are to ask. */
  readonly brokers: number
  readonly config: ClientConfig
  readonly now: Milliseconds
  /** Null while the consumer is closed. */
  readonly session: ConsumerSession | null
  /** The notes' k: which broker is asked. */
  readonly failedAttempts: number
  readonly nextCorrelationId: CorrelationId
  readonly membership: ConsumerMembership
  readonly memberId: string
  readonly generationId: GenerationId
  readonly protocolName: AssignorName | null
  /** -1 when unknown. */
  readonly coordinator: BrokerId
  /** Until then nothing is asked; null for no such time. */
  readonly retryAt: Milliseconds | null
  readonly nextHeartbeatAt: Milliseconds | null
  /** Ascending by topic, then partition. */
  readonly metadata: readonly PartitionLeader[]
  readonly needsMetadata: boolean
  /** The assignment, ascending by topic, then partition. */
  readonly positions: readonly Position[]
  /** Whether the group's committed offsets were asked for, and told, since the assignment. */
  readonly committedOffsets: 'unasked' | 'asked' | 'told'
  readonly processed: ConsumerObservation['processed']
  /** Requests that are not answered yet, oldest first. */
  readonly outstanding: readonly ClientRequest[]
}

/** `isOutOfRange`: the position was lost to retention, so that the committed offset would not help. */
export type Position = TopicPartition & {
  /** The next record to read; -1 until known. */
  readonly offset: Offset
  readonly isOutOfRange: boolean
}

/** The consumer afterwards, what it sends, in order, and whether the event applied (if not, it did nothing). */
export type ConsumerStep = {
  readonly state: ConsumerState
  readonly requests: readonly ClientRequest[]
  readonly applied: boolean
}

/** The event does not apply: nothing happens. */
export function ignored(state: ConsumerState): ConsumerStep {
  return { state, requests: [], applied: false }
}

/** The event applies, and nothing is sent. */
export function quiet(state: ConsumerState): ConsumerStep {
  return { state, requests: [], applied: true }
}

/** Sends a request, and waits for its answer. */
export function ask(
  state: ConsumerState,
  broker: BrokerId,
  request: (correlationId: CorrelationId) => Request<RecordsValue>,
): ConsumerStep {
  const asked: ClientRequest = { broker, request: request(state.nextCorrelationId) }
  return {
    state: {
      ...state,
      nextCorrelationId: state.nextCorrelationId + 1,
      outstanding: [...state.outstanding, asked],
    },
    requests: [asked],
    applied: true,
  }
}

/** One step, then another from where it led. */
export function after(step: ConsumerStep, next: (state: ConsumerState) => ConsumerStep): ConsumerStep {
  const second = next(step.state)
  return { state: second.state, requests: [...step.requests, ...second.requests], applied: true }
}

/** Whether an answer of this kind is awaited; of fetches and ListOffsets, for this partition. */
export function isAwaited(
  state: ConsumerState,
  kind: Request<RecordsValue>['kind'],
  at: TopicPartition | null = null,
): boolean {
  return state.outstanding.some(
    ({ request }) => request.kind === kind && (at === null || ('partition' in request && isSamePartition(request, at))),
  )
}

/** The consumer with the retry time set, unless one is set already. */
export function retryingLater(state: ConsumerState): ConsumerState {
  return state.retryAt === null ? { ...state, retryAt: state.now + state.config.retryBackoffMs } : state
}

/** Partitions in order, each once, with the positions that are kept for them. */
export function positionsOf(partitions: readonly TopicPartition[], kept: readonly Position[]): readonly Position[] {
  const distinct = partitions.filter(
    (one, index) => partitions.findIndex(other => isSamePartition(one, other)) === index,
  )
  return distinct
    .map(({ topic, partition }): Position => {
      const known = kept.find(position => isSamePartition(position, { topic, partition }))
      return known ?? { topic, partition, offset: -1, isOutOfRange: false }
    })
    .sort(comparePartitions)
}

/** The consumer with a position as it is now. */
export function withPosition(state: ConsumerState, position: Position): ConsumerState {
  return {
    ...state,
    positions: state.positions.map(other => (isSamePartition(other, position) ? position : other)),
  }
}
