// A producer's batches by partition: in order, with the next sequence of each partition and counts of what is in flight.
import type { ProducerObservation } from '../../model/vocabulary/clients.ts'
import type { BrokerId, CorrelationId, Milliseconds, PartitionIndex, Sequence } from '../../model/vocabulary/units.ts'
import { byPartition } from '../order.ts'
import type { ProducedBatch } from './batch.ts'

type ObservedQueue = ProducerObservation['queues'][number]

/** The batches of one partition, oldest first. */
export type Queue = {
  readonly topic: string
  readonly partition: PartitionIndex
  readonly batches: ProducedBatch[]
  /** Sequence of the next batch that is sent for the first time. */
  nextSequence: Sequence
  /** Batches that are not in flight. */
  unsent: number
  observation: ObservedQueue | null
}

/** All queues of a session. */
export class Queues {
  readonly #topics = new Map<string, Map<PartitionIndex, Queue>>()
  /** In partition order, also the empty ones. */
  readonly #sorted: Queue[] = []
  readonly #inFlight = new Map<CorrelationId, ProducedBatch>()
  readonly #inFlightTo = new Map<BrokerId, number>()
  #observation: readonly ObservedQueue[] | null = []

  /** In partition order; empty queues remember their sequences. */
  get inOrder(): readonly Queue[] {
    return this.#sorted
  }

  /** The batch that a request carried, while it is in flight. */
  inFlight(correlationId: CorrelationId): ProducedBatch | undefined {
    return this.#inFlight.get(correlationId)
  }

  /** Number of batches in flight to a broker. */
  inFlightTo(broker: BrokerId): number {
    return this.#inFlightTo.get(broker) ?? 0
  }

  /** Appends a batch to the queue of its partition. */
  add(batch: ProducedBatch): void {
    const queue = this.#queueOf(batch)
    queue.batches.push(batch)
    queue.unsent++
    this.#changed(queue)
  }

  /** The batch is on its way. */
  sent(queue: Queue, batch: ProducedBatch, correlationId: CorrelationId, broker: BrokerId): void {
    queue.unsent--
    batch.state = 'inFlight'
    batch.retryAt = null
    batch.correlationId = correlationId
    batch.broker = broker
    this.#inFlight.set(correlationId, batch)
    this.#inFlightTo.set(broker, this.inFlightTo(broker) + 1)
    this.#changed(queue)
  }

  /** The batch is not in flight any more and will be sent again. */
  retry(batch: ProducedBatch, retryAt: Milliseconds): void {
    const queue = this.#queueOf(batch)
    this.#landed(batch)
    queue.unsent++
    batch.state = 'retry'
    batch.retryAt = retryAt
    batch.correlationId = null
    batch.broker = -1
    this.#changed(queue)
  }

  /** Takes a batch out. */
  remove(batch: ProducedBatch): void {
    const queue = this.#queueOf(batch)
    if (batch.state === 'inFlight') this.#landed(batch)
    else queue.unsent--
    queue.batches.splice(queue.batches.indexOf(batch), 1)
    this.#changed(queue)
  }

  /** Whether the batch is the oldest of its queue. */
  isFirst(batch: ProducedBatch): boolean {
    return this.#queueOf(batch).batches[0] === batch
  }

  /** The batches in flight to a broker, in partition order. */
  allInFlightTo(broker: BrokerId): readonly ProducedBatch[] {
    if (this.inFlightTo(broker) === 0) return []
    return [...this.#inFlight.values()].filter(batch => batch.broker === broker)
  }

  /** All batches in partition order. */
  all(): readonly ProducedBatch[] {
    return this.#sorted.flatMap(({ batches }) => batches)
  }

  /** Forgets batches and sequences. */
  clear(): void {
    this.#topics.clear()
    this.#sorted.length = 0
    this.#inFlight.clear()
    this.#inFlightTo.clear()
    this.#observation = []
  }

  /** Partitions without batches are absent; what has not changed is the same object. */
  observe(): readonly ObservedQueue[] {
    this.#observation ??= this.#sorted.filter(({ batches }) => batches.length > 0).map(observeQueue)
    return this.#observation
  }

  #landed(batch: ProducedBatch): void {
    if (batch.correlationId !== null) this.#inFlight.delete(batch.correlationId)
    this.#inFlightTo.set(batch.broker, this.inFlightTo(batch.broker) - 1)
  }

  #queueOf({ topic, partition }: ProducedBatch): Queue {
    let partitions = this.#topics.get(topic)
    if (partitions === undefined) {
      partitions = new Map()
      this.#topics.set(topic, partitions)
    }
    let queue = partitions.get(partition)
    if (queue === undefined) {
      queue = { topic, partition, batches: [], nextSequence: 0, unsent: 0, observation: null }
      partitions.set(partition, queue)
      this.#sorted.push(queue)
      this.#sorted.sort(byPartition)
    }
    return queue
  }

  #changed(queue: Queue): void {
    queue.observation = null
    this.#observation = null
  }
}

function observeQueue(queue: Queue): ObservedQueue {
  queue.observation ??= {
    topic: queue.topic,
    partition: queue.partition,
    batches: queue.batches.map(({ number, state, baseSequence, retryAt, correlationId, broker }) => ({
      batch: number,
      state,
      baseSequence,
      retryAt,
      correlationId,
      broker,
    })),
  }
  return queue.observation
}
