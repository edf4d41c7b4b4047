// Producers and consumers: what they are told, and what can be seen of them. Scope `producer` drives one producer alone.
import type { AssignorName, PartitionerName, TopicPartition } from './choosing.ts'
import type { ErrorName } from './errors.ts'
import type { RecordsValue, Request, Response } from './messages.ts'
import type {
  BrokerId,
  CorrelationId,
  GenerationId,
  LeaderEpoch,
  Milliseconds,
  Offset,
  PartitionIndex,
  ProducerEpoch,
  ProducerId,
  Sequence,
} from './units.ts'

export type ClientConfig = {
  readonly retryBackoffMs: Milliseconds
  /** A batch that is older fails. */
  readonly deliveryTimeoutMs: Milliseconds
  /** How long a broker may let an `acks=all` batch wait. */
  readonly requestTimeoutMs: Milliseconds
  /** Batches in flight to one broker. */
  readonly maxInFlight: number
  readonly heartbeatIntervalMs: Milliseconds
  readonly sessionTimeoutMs: Milliseconds
  readonly rebalanceTimeoutMs: Milliseconds
}

/** How one producer session behaves. Idempotence wants `acks` -1. */
export type ProducerSession = {
  readonly acks: -1 | 0 | 1
  readonly idempotent: boolean
  readonly partitioner: PartitionerName
  /** -1 without idempotence. */
  readonly producerId: ProducerId
}

export type BatchState = 'waiting' | 'inFlight' | 'retry'

/** `failed`: certainly not in the log. `unknown`: sent at least once and never answered for good. */
export type BatchResult =
  | { readonly kind: 'acknowledged'; readonly offset: Offset }
  | { readonly kind: 'failed'; readonly error: ErrorName }
  | { readonly kind: 'unknown'; readonly error: ErrorName }

export type PartitionLeader = TopicPartition & { readonly leader: BrokerId; readonly leaderEpoch: LeaderEpoch }

export type ProducerObservation = {
  readonly now: Milliseconds
  readonly session: (ProducerSession & { readonly producerEpoch: ProducerEpoch; readonly failed: boolean }) | null
  /** Ascending by topic, then partition. */
  readonly metadata: readonly PartitionLeader[]
  readonly needsMetadata: boolean
  /** The time before which nothing is sent to ask for metadata, or null. */
  readonly metadataRetryAt: Milliseconds | null
  /** Batches whose partition is not chosen yet, oldest first. */
  readonly unassigned: readonly number[]
  /** Ascending by topic, then partition; batches in order; partitions without batches are absent. */
  readonly queues: readonly (TopicPartition & {
    readonly batches: readonly {
      readonly batch: number
      readonly state: BatchState
      readonly baseSequence: Sequence
      readonly retryAt: Milliseconds | null
      readonly correlationId: CorrelationId | null
      readonly broker: BrokerId
    }[]
  })[]
  /** In the order in which they were completed; `batch` counts this producer's batches from 0. */
  readonly completed: readonly {
    readonly batch: number
    readonly topic: string
    readonly partition: PartitionIndex
    readonly result: BatchResult
  }[]
}

export type ConsumerMembership = 'none' | 'unjoined' | 'joining' | 'syncing' | 'stable' | 'fenced'

export type ConsumerObservation = {
  readonly now: Milliseconds
  readonly open: boolean
  readonly membership: ConsumerMembership
  readonly memberId: string
  readonly generationId: GenerationId
  readonly coordinator: BrokerId
  readonly retryAt: Milliseconds | null
  readonly metadata: readonly PartitionLeader[]
  /** Ascending; offset -1 until the position is known. */
  readonly positions: readonly (TopicPartition & { readonly offset: Offset })[]
  /** Every record processed since the consumer was opened, in order. */
  readonly processed: readonly (TopicPartition & {
    readonly offset: Offset
    readonly key: string | null
    readonly value: string | null
  })[]
}

/** Set-up of scope `producer`: one producer, and brokers that the sequence plays. */
export type ProducerSetup = { readonly scope: 'producer'; readonly brokers: number; readonly config: ClientConfig }

/**
 * - `open` begins a session (and forgets the one before). `send` hands records over. `advance` moves the clock.
 * - `respond` answers the request with that correlation id; the harness fills in nothing: any response may come at any time.
 * - `disconnected`: the connection to broker `broker` broke.
 */
export type ProducerOperation =
  | { readonly kind: 'open'; readonly session: ProducerSession }
  | {
      readonly kind: 'send'
      readonly topic: string
      readonly partition: PartitionIndex | null
      readonly records: readonly { readonly key: string | null; readonly value: string | null }[]
      readonly draw: number
    }
  | { readonly kind: 'respond'; readonly broker: BrokerId; readonly response: Response<RecordsValue> }
  | { readonly kind: 'disconnected'; readonly broker: BrokerId }
  | { readonly kind: 'advance'; readonly ms: Milliseconds }

/** What the producer sent, in order. */
export type ProducerOutcome = {
  readonly kind: 'sent'
  readonly requests: readonly { readonly broker: BrokerId; readonly request: Request<RecordsValue> }[]
}

/** How a consumer is opened: in a group (topics) or on its own (partitions). */
export type ConsumerSession = {
  readonly groupId: string | null
  readonly groupInstanceId: string | null
  readonly topics: readonly string[]
  readonly partitions: readonly TopicPartition[]
  /** In the order of preference. */
  readonly assignors: readonly AssignorName[]
  readonly reset: 'earliest' | 'latest'
}
