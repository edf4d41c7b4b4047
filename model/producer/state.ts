// What a producer knows: its session, its idea of who leads what, and every batch that is not completed. Follows
// KafkaProducer, RecordAccumulator, Sender and TransactionManager. One send is one batch: no lingering, no compression.
import type { PartitionerState } from '../partitioners.ts'
import type { TopicPartition } from '../vocabulary/choosing.ts'
import type {
  BatchResult,
  ClientConfig,
  PartitionLeader,
  ProducerObservation,
  ProducerSession,
} from '../vocabulary/clients.ts'
import type { RecordsValue, Request } from '../vocabulary/messages.ts'
import type { PlainRecord } from '../vocabulary/records.ts'
import type {
  BrokerId,
  CorrelationId,
  Milliseconds,
  PartitionIndex,
  ProducerEpoch,
  Sequence,
} from '../vocabulary/units.ts'

export type ProducerState = {
  readonly name: string
  /** How many brokers there are to ask. */
  readonly brokers: number
  readonly config: ClientConfig
  readonly now: Milliseconds
  /** Null while the producer is closed. */
  readonly session: OpenSession | null
  /** The notes' k: which broker is asked. */
  readonly failedAttempts: number
  readonly nextCorrelationId: CorrelationId
  /** Ascending by topic, then partition. */
  readonly metadata: readonly PartitionLeader[]
  readonly needsMetadata: boolean
  readonly metadataRetryAt: Milliseconds | null
  readonly metadataRequest: { readonly correlationId: CorrelationId; readonly broker: BrokerId } | null
  readonly partitioner: PartitionerState
  /** Batches whose partition is not chosen yet, oldest first. */
  readonly unassigned: readonly ProducerBatch[]
  /** Ascending by topic, then partition. An empty queue stays, because it knows the next sequence. */
  readonly queues: readonly PartitionQueue[]
  /** Counts the batches of the producer's whole life. */
  readonly batchesMade: number
  readonly completed: ProducerObservation['completed']
}

export type OpenSession = ProducerSession & { readonly producerEpoch: ProducerEpoch; readonly failed: boolean }

export type PartitionQueue = TopicPartition & {
  readonly nextSequence: Sequence
  readonly batches: readonly ProducerBatch[]
}

export type ProducerBatch = {
  /** Its number, from 0. */
  readonly batch: number
  readonly topic: string
  /** As the application gave it. */
  readonly given: PartitionIndex | null
  readonly draw: number
  readonly records: readonly PlainRecord[]
  readonly createdAt: Milliseconds
  readonly progress: BatchProgress
  /** -1 until an idempotent batch is first sent. */
  readonly baseSequence: Sequence
  /** It was sent at least once. */
  readonly isSent: boolean
  /** An earlier attempt may have put it into the log without our knowing. */
  readonly mayBeInLog: boolean
}

export type BatchProgress =
  | { readonly state: 'waiting' }
  | { readonly state: 'inFlight'; readonly correlationId: CorrelationId; readonly broker: BrokerId }
  | { readonly state: 'retry'; readonly retryAt: Milliseconds }

/** A request, and the broker that it is for. */
export type ClientRequest = { readonly broker: BrokerId; readonly request: Request<RecordsValue> }

/** The producer afterwards, what it sends, in order, and whether the event applied (if not, it did nothing). */
export type ProducerStep = {
  readonly state: ProducerState
  readonly requests: readonly ClientRequest[]
  readonly applied: boolean
}

/** The event does not apply: nothing happens. */
export function ignored(state: ProducerState): ProducerStep {
  return { state, requests: [], applied: false }
}

/** The queue of a partition; an empty one, with sequences from 0, if there is none. */
export function queueOf(state: ProducerState, { topic, partition }: TopicPartition): PartitionQueue {
  const found = state.queues.find(queue => queue.topic === topic && queue.partition === partition)
  return found ?? { topic, partition, nextSequence: 0, batches: [] }
}

/** The producer with a queue as it is now. */
export function withQueue(state: ProducerState, queue: PartitionQueue): ProducerState {
  const isBefore = (a: TopicPartition, b: TopicPartition) =>
    a.topic < b.topic || (a.topic === b.topic && a.partition < b.partition)
  const below = state.queues.filter(other => isBefore(other, queue))
  const above = state.queues.filter(other => isBefore(queue, other))
  return { ...state, queues: [...below, queue, ...above] }
}

/** The producer with a queued batch as it is now. */
export function withBatch(state: ProducerState, at: TopicPartition, batch: ProducerBatch): ProducerState {
  const queue = queueOf(state, at)
  const batches = queue.batches.map(other => (other.batch === batch.batch ? batch : other))
  return withQueue(state, { ...queue, batches })
}

/** A batch is done with: it leaves, and its result is told. */
export function completed(
  state: ProducerState,
  { batch, topic }: ProducerBatch,
  partition: PartitionIndex,
  result: BatchResult,
): ProducerState {
  const isOther = (other: ProducerBatch) => other.batch !== batch
  return {
    ...state,
    unassigned: state.unassigned.every(isOther) ? state.unassigned : state.unassigned.filter(isOther),
    queues: state.queues.map(queue =>
      queue.batches.every(isOther) ? queue : { ...queue, batches: queue.batches.filter(isOther) },
    ),
    completed: [...state.completed, { batch, topic, partition, result }],
  }
}

/** All batches that are not completed: the unassigned ones first, then in partition order. */
export function openBatches(
  state: ProducerState,
): readonly { readonly batch: ProducerBatch; readonly partition: PartitionIndex }[] {
  return [
    ...state.unassigned.map(batch => ({ batch, partition: batch.given ?? -1 })),
    ...state.queues.flatMap(({ partition, batches }) => batches.map(batch => ({ batch, partition }))),
  ]
}
