// A producer: chooses partitions, finds leaders, sends, retries in order, gives up in time. Follows `KafkaProducer`,
// `Sender`, `RecordAccumulator`, `TransactionManager` and docs/protocol/clients.md §1.
// Left out: transactions, raising the epoch after a failure (KIP-360: the application opens anew), batching over time.
import type { BatchResult, ProducerObservation, ProducerSession } from '../../model/vocabulary/clients.ts'
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { Response } from '../../model/vocabulary/messages.ts'
import type { BrokerId, CorrelationId, Milliseconds, PartitionIndex } from '../../model/vocabulary/units.ts'
import { MetadataCache } from '../client/metadata-cache.ts'
import type { ClientOptions } from '../client/options.ts'
import { sequenceAfter } from '../log/batch.ts'
import type { WireResponse } from '../ports/network.ts'
import { createBatch, type PlainRecords, type ProducedBatch, stampSequence } from './batch.ts'
import { isRetriable, leadsNowhere, mayHaveStored } from './errors.ts'
import { Partitioner } from './partitioner.ts'
import { type Queue, Queues } from './queues.ts'

type Session = NonNullable<ProducerObservation['session']>
type Unassigned = {
  readonly batch: ProducedBatch
  readonly given: PartitionIndex | null
  readonly key: string | null
  readonly draw: number
}
type Completed = ProducerObservation['completed'][number]
type Answer<Kind extends Response<Uint8Array>['kind']> = Response<Uint8Array> & { readonly kind: Kind }

/** One producer, which can be opened again and again; it begins closed. */
export class ProducerClient {
  readonly #options: ClientOptions
  readonly #metadata = new MetadataCache()
  readonly #queues = new Queues()
  #session: Session | null = null
  #partitioner = new Partitioner('sticky')
  #unassigned: readonly Unassigned[] = []
  readonly #completed: Completed[] = []
  #batchCount = 0
  #needsMetadata = false
  #metadataRetryAt: Milliseconds | null = null
  #metadataRequest: { readonly correlationId: CorrelationId; readonly broker: BrokerId } | null = null
  #attempts = 0
  #lastCorrelationId = 0
  #version = 0
  #observation: ProducerObservation | null = null
  #observedVersion = -1

  constructor(options: ClientOptions) {
    this.#options = options
  }

  /** Rises whenever what can be observed, the clock apart, may have changed. */
  get version(): number {
    return this.#version
  }

  /** Begins a session and forgets the one before; its batches that were not completed are completed as lost. */
  open(session: ProducerSession): boolean {
    this.#giveUp('REQUEST_TIMED_OUT')
    this.#forget()
    this.#session = { ...session, producerEpoch: 0, failed: false }
    this.#partitioner = new Partitioner(session.partitioner)
    return true
  }

  /** Hands over one batch; `draw` stands for the dice. Does not apply when closed or without records. */
  send(topic: string, partition: PartitionIndex | null, records: PlainRecords, draw: number): boolean {
    const [first] = records
    if (this.#session === null || first === undefined) return false
    this.#version++
    const batch = createBatch(this.#batchCount++, topic, partition, records, this.#options.now())
    const unassigned = { batch, given: partition, key: first.key, draw }
    if (this.#session.failed) this.#complete(batch, { kind: 'failed', error: 'INVALID_PRODUCER_EPOCH' })
    else if (this.#metadata.has(topic)) this.#assign(unassigned)
    else this.#unassigned = [...this.#unassigned, unassigned]
    this.#proceed()
    return true
  }

  /** Takes an answer; one that is not waited for is ignored. */
  receive(_broker: BrokerId, response: WireResponse | Response<Uint8Array>): boolean {
    if (this.#session === null) return false
    switch (response.kind) {
      case 'MetadataResponse':
        if (response.correlationId !== this.#metadataRequest?.correlationId) return false
        this.#version++
        this.#takeMetadata(response)
        break
      case 'ProduceResponse': {
        const batch = this.#queues.inFlight(response.correlationId)
        if (batch === undefined) return false
        this.#version++
        this.#takeResult(batch, response)
        break
      }
      default:
        return false
    }
    this.#proceed()
    return true
  }

  /** The connection to a broker broke: what was on it is sent again later. */
  disconnected(broker: BrokerId): boolean {
    if (this.#session === null) return false
    const retryAt = this.#options.now() + this.#options.config.retryBackoffMs
    const lost = this.#queues.allInFlightTo(broker)
    const isAsking = this.#metadataRequest?.broker === broker
    if (lost.length === 0 && !isAsking) return false
    this.#version++
    for (const batch of lost) {
      batch.maybeStored = true
      this.#queues.retry(batch, retryAt)
      this.#needsMetadata = true
    }
    if (isAsking) {
      this.#metadataRequest = null
      this.#metadataRetryAt = retryAt
    }
    this.#attempts++
    return true
  }

  /** Fires the timers: batches that are too old go, what is due is sent. */
  tick(): boolean {
    if (this.#session === null) return false
    this.#expire()
    this.#proceed()
    return true
  }

  /** The process dies: uncompleted batches are completed as lost, and it is closed. */
  kill(): boolean {
    if (this.#session === null) return false
    this.#giveUp('REQUEST_TIMED_OUT')
    this.#forget()
    return true
  }

  /** What has not changed is the same object as at the last call. */
  observe(): ProducerObservation {
    const now = this.#options.now()
    if (this.#observation?.now === now && this.#observedVersion === this.#version) return this.#observation
    const unassigned = this.#unassigned.map(({ batch }) => batch.number)
    const { unassigned: before, completed } = this.#observation ?? { completed: [] }
    this.#observedVersion = this.#version
    this.#observation = {
      now,
      session: this.#session,
      metadata: this.#metadata.sorted,
      needsMetadata: this.#needsMetadata,
      metadataRetryAt: this.#metadataRetryAt,
      unassigned: before !== undefined && sameNumbers(before, unassigned) ? before : unassigned,
      queues: this.#queues.observe(),
      completed: completed.length === this.#completed.length ? completed : this.#completed.slice(),
    }
    return this.#observation
  }

  #proceed(): void {
    this.#askForMetadata()
    const neededMetadata = this.#needsMetadata
    for (const queue of this.#queues.inOrder) if (queue.unsent > 0) this.#sendFrom(queue)
    if (this.#needsMetadata && !neededMetadata) this.#askForMetadata()
  }

  #askForMetadata(): void {
    if (!this.#needsMetadata && this.#unassigned.length === 0) return
    if (this.#metadataRequest !== null) return
    if (this.#metadataRetryAt !== null && this.#options.now() < this.#metadataRetryAt) return
    const broker = 1 + (this.#attempts % this.#options.brokers)
    const correlationId = ++this.#lastCorrelationId
    this.#version++
    this.#metadataRequest = { correlationId, broker }
    this.#options.send(broker, { kind: 'Metadata', correlationId })
  }

  /** Sends what may be sent, from the front: a batch never overtakes one that waits for its retry. */
  #sendFrom(queue: Queue): void {
    const { maxInFlight } = this.#options.config
    const now = this.#options.now()
    for (let index = 0; index < queue.batches.length; ) {
      const batch = queue.batches[index]
      if (batch === undefined) return
      if (batch.state === 'inFlight') {
        index++
        continue
      }
      if (batch.retryAt !== null && now < batch.retryAt) return
      const leader = this.#metadata.get(queue.topic, queue.partition)?.leader ?? -1
      if (leader < 1) {
        if (!this.#needsMetadata) this.#version++
        this.#needsMetadata = true
        return
      }
      if (this.#queues.inFlightTo(leader) >= maxInFlight) return
      // Without acks the batch leaves the queue at once, so that the next one stands in its place.
      if (this.#sendBatch(queue, batch, leader)) index++
    }
  }

  /** Answers whether the batch is still there. */
  #sendBatch(queue: Queue, batch: ProducedBatch, leader: BrokerId): boolean {
    const session = this.#session
    if (session === null) throw new Error('a closed producer sends nothing')
    if (session.idempotent && !batch.wasSent) {
      stampSequence(batch, session.producerId, session.producerEpoch, queue.nextSequence)
      queue.nextSequence = sequenceAfter(queue.nextSequence, batch.recordCount)
    }
    batch.wasSent = true
    const correlationId = ++this.#lastCorrelationId
    this.#version++
    this.#queues.sent(queue, batch, correlationId, leader)
    const stays = session.acks !== 0
    if (!stays) {
      this.#queues.remove(batch)
      this.#complete(batch, { kind: 'acknowledged', offset: -1 })
    }
    this.#options.send(leader, {
      kind: 'Produce',
      correlationId,
      topic: queue.topic,
      partition: queue.partition,
      acks: session.acks,
      timeoutMs: this.#options.config.requestTimeoutMs,
      records: batch.bytes,
    })
    return stays
  }

  #takeMetadata({ partitions }: Answer<'MetadataResponse'>): void {
    this.#metadataRequest = null
    this.#metadata.update(partitions)
    this.#metadataRetryAt = null
    const isKnown = ({ batch }: Unassigned): boolean => this.#metadata.has(batch.topic)
    const assignable = this.#unassigned.filter(isKnown)
    if (assignable.length > 0) this.#unassigned = this.#unassigned.filter(waiting => !isKnown(waiting))
    for (const waiting of assignable) this.#assign(waiting)
    this.#needsMetadata = this.#queues.inOrder.some(
      queue => queue.batches.length > 0 && this.#metadata.leaderOf(queue) === null,
    )
    if (!this.#needsMetadata && this.#unassigned.length === 0) return
    // This broker could not tell: the next one is asked, but not at once.
    this.#metadataRetryAt = this.#options.now() + this.#options.config.retryBackoffMs
    this.#attempts++
  }

  #assign({ batch, given, key, draw }: Unassigned): void {
    const { topic } = batch
    const count = this.#metadata.partitionCount(topic)
    const partition = this.#partitioner.choose(topic, given, key, count, this.#metadata.available(topic), draw)
    // Each send is a batch of its own, which ends a sticky choice.
    if (key === null && this.#session?.partitioner === 'sticky') this.#partitioner.newBatch(topic)
    if (partition === -1) {
      this.#complete(batch, { kind: 'failed', error: 'UNKNOWN_TOPIC_OR_PARTITION' })
      return
    }
    batch.partition = partition
    this.#queues.add(batch)
  }

  #takeResult(batch: ProducedBatch, { error, baseOffset }: Answer<'ProduceResponse'>): void {
    if (error === 'NONE') {
      this.#queues.remove(batch)
      this.#complete(batch, { kind: 'acknowledged', offset: baseOffset })
      return
    }
    const isIdempotent = this.#session?.idempotent === true
    // A batch before it is being retried: once that one is in, this one is in order.
    const isEarly = error === 'OUT_OF_ORDER_SEQUENCE_NUMBER' && isIdempotent && !this.#queues.isFirst(batch)
    if (isRetriable(error) || isEarly) {
      if (mayHaveStored(error)) batch.maybeStored = true
      if (leadsNowhere(error)) this.#needsMetadata = true
      this.#queues.retry(batch, this.#options.now() + this.#options.config.retryBackoffMs)
      return
    }
    this.#queues.remove(batch)
    this.#complete(batch, { kind: batch.maybeStored ? 'unknown' : 'failed', error })
    if (isIdempotent) this.#failSession()
  }

  #expire(): void {
    const oldest = this.#options.now() - this.#options.config.deliveryTimeoutMs
    const isOld = (batch: ProducedBatch): boolean => batch.createdAt <= oldest
    const old = this.#unassigned.filter(({ batch }) => isOld(batch))
    if (old.length > 0) {
      this.#version++
      this.#unassigned = this.#unassigned.filter(({ batch }) => !isOld(batch))
      for (const { batch } of old) this.#lose(batch, 'REQUEST_TIMED_OUT')
    }
    let leavesGap = false
    for (const queue of this.#queues.inOrder) {
      // Batches of a queue are in the order in which they were made.
      for (let batch = queue.batches[0]; batch !== undefined && isOld(batch); batch = queue.batches[0]) {
        this.#version++
        this.#queues.remove(batch)
        this.#lose(batch, 'REQUEST_TIMED_OUT')
        if (batch.baseSequence !== -1) leavesGap = true
      }
    }
    if (leavesGap) this.#failSession()
  }

  /** A gap in the sequences would follow: nothing more can be sent under this producer id and epoch. */
  #failSession(): void {
    if (this.#session !== null) this.#session = { ...this.#session, failed: true }
    this.#giveUp('INVALID_PRODUCER_EPOCH')
  }

  /** Completes everything that is left: unassigned batches first, then in partition order. */
  #giveUp(error: ErrorName): void {
    this.#version++
    const batches = [...this.#unassigned.map(({ batch }) => batch), ...this.#queues.all()]
    const isAssigned = this.#unassigned.length
    this.#unassigned = []
    batches.forEach((batch, index) => {
      if (index >= isAssigned) this.#queues.remove(batch)
      this.#lose(batch, error)
    })
  }

  #lose(batch: ProducedBatch, error: ErrorName): void {
    this.#complete(batch, { kind: batch.wasSent ? 'unknown' : 'failed', error })
  }

  #complete({ number, topic, partition }: ProducedBatch, result: BatchResult): void {
    this.#completed.push({ batch: number, topic, partition, result })
  }

  /** Back to the beginning, but for the batches completed and their count. */
  #forget(): void {
    this.#version++
    this.#session = null
    this.#metadata.clear()
    this.#queues.clear()
    this.#unassigned = []
    this.#needsMetadata = false
    this.#metadataRetryAt = null
    this.#metadataRequest = null
    this.#attempts = 0
    this.#lastCorrelationId = 0
  }
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((number, index) => number === b[index])
}
