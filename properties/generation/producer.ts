// Walking one producer, whose brokers the sequence plays: they answer in any order, too late, with any error, or break the
// connection; metadata name leaders that moved, disappeared or are out of date.
import type { PartitionerName } from '../../model/vocabulary/choosing.ts'
import type {
  PartitionLeader,
  ProducerObservation,
  ProducerOperation,
  ProducerOutcome,
} from '../../model/vocabulary/clients.ts'
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { RecordsValue, Request, Response } from '../../model/vocabulary/messages.ts'
import type { Random } from '../random.ts'
import type { SetupOf } from '../scope.ts'
import { drawLength } from './mix.ts'
import type { Walker } from './walk.ts'

type Sent = ProducerOutcome['requests'][number]
type Produce = Extract<Request<RecordsValue>, { readonly kind: 'Produce' }>

/** Draws a producer's settings, and brokers that answer it. */
export function startProducerWalker(random: Random, given?: SetupOf<'producer'>): Walker<'producer'> {
  const setup = given ?? drawSetup(random)
  const brokers = new PlayedBrokers(random, setup.brokers)
  let isOpen = false
  return {
    setup,
    length: drawLength(random, 120),
    moves: [
      { name: 'open', weight: 1, propose: () => drawOpen(random) },
      { name: 'open first', weight: 200, propose: () => (isOpen ? null : drawOpen(random)) },
      {
        name: 'open after a failure',
        weight: 30,
        propose: ({ session }) => (session?.failed === true && random.chance(0.5) ? drawOpen(random) : null),
      },
      { name: 'send', weight: 14, propose: () => drawSend(random) },
      { name: 'several sends', weight: 4, propose: () => [drawSend(random), drawSend(random), drawSend(random)] },
      { name: 'answer metadata', weight: 40, propose: producer => brokers.answerMetadata(producer) },
      { name: 'acknowledge', weight: 12, propose: () => brokers.answerProduce('NONE', 0) },
      { name: 'acknowledge out of turn', weight: 3, propose: () => brokers.answerProduce('NONE', 3) },
      { name: 'refuse', weight: 9, propose: () => brokers.answerProduce(drawError(random), random.pick([0, 0, 3])) },
      { name: 'answer again', weight: 2, propose: () => brokers.answerAgain() },
      {
        name: 'disconnected',
        weight: 2.5,
        propose: () => ({ kind: 'disconnected', broker: random.between(1, setup.brokers) }),
      },
      {
        name: 'advance',
        weight: 8,
        propose: producer => ({ kind: 'advance', ms: drawAdvance(random, setup.config, producer) }),
      },
    ],
    saw: (operation, outcome) => {
      if (operation.kind === 'open') isOpen = true
      brokers.saw(operation, outcome.requests)
    },
  }
}

function drawSetup(random: Random): SetupOf<'producer'> {
  return {
    scope: 'producer',
    brokers: random.between(1, 3),
    config: {
      retryBackoffMs: random.pick([10, 100, 100]),
      deliveryTimeoutMs: random.pick([100, 500, 2000]),
      requestTimeoutMs: 300,
      maxInFlight: random.pick([1, 2, 5, 5]),
      heartbeatIntervalMs: 300,
      sessionTimeoutMs: 1000,
      rebalanceTimeoutMs: 1000,
    },
  }
}

function drawOpen(random: Random): ProducerOperation {
  const idempotent = random.chance(0.65)
  const partitioner = random.pick<PartitionerName>(['roundRobin', 'sticky'])
  const acks = idempotent ? -1 : random.pick<-1 | 0 | 1>([-1, 0, 1])
  return {
    kind: 'open',
    session: { acks, idempotent, partitioner, producerId: idempotent ? random.between(0, 3) : -1 },
  }
}

function drawSend(random: Random): ProducerOperation {
  const count = random.chance(0.03) ? 0 : random.pick([1, 1, 1, 2, 3])
  return {
    kind: 'send',
    topic: random.pick(['t', 't', 't', 't', 't', 'u']),
    partition: random.chance(0.6) ? random.pick([0, 0, 1, 2]) : random.chance(0.1) ? random.pick([-1, 9]) : null,
    records: Array.from({ length: count }, () => ({
      key: random.chance(0.4) ? random.pick(['a', 'b', 'c']) : null,
      value: random.chance(0.1) ? null : random.pick(['v', 'w', '']),
    })),
    draw: random.below(8),
  }
}

function drawError(random: Random): ErrorName {
  if (random.chance(0.4)) return 'NOT_LEADER_OR_FOLLOWER'
  return random.pick<ErrorName>([
    'UNKNOWN_TOPIC_OR_PARTITION',
    'NOT_ENOUGH_REPLICAS',
    'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
    'REQUEST_TIMED_OUT',
    'KAFKA_STORAGE_ERROR',
    'CORRUPT_MESSAGE',
    'OUT_OF_ORDER_SEQUENCE_NUMBER',
    'OUT_OF_ORDER_SEQUENCE_NUMBER',
    'INVALID_PRODUCER_EPOCH',
    'MESSAGE_TOO_LARGE',
    'INVALID_RECORD',
  ])
}

/** To one side of a retry, of the delivery time-out, or just a little. */
function drawAdvance(random: Random, config: SetupOf<'producer'>['config'], producer: ProducerObservation): number {
  const due = producer.queues.flatMap(({ batches }) => batches.flatMap(({ retryAt }) => retryAt ?? []))
  if (producer.metadataRetryAt !== null) due.push(producer.metadataRetryAt)
  const next = random.pickOrNull(due)
  if (next !== null && random.chance(0.6)) return Math.max(0, next - producer.now + random.between(-1, 1))
  return random.pick([
    0,
    1,
    config.retryBackoffMs,
    config.retryBackoffMs,
    config.deliveryTimeoutMs - 1,
    config.deliveryTimeoutMs,
  ])
}

/** What the producer has asked, and what the brokers say about it. */
class PlayedBrokers {
  readonly #random: Random
  readonly #brokers: number
  readonly #partitionCount: number
  #outstanding: readonly Sent[] = []
  #answered: readonly ProducerOperation[] = []
  #nextOffset = 0

  constructor(random: Random, brokers: number) {
    this.#random = random
    this.#brokers = brokers
    this.#partitionCount = random.between(1, 3)
  }

  saw(operation: ProducerOperation, requests: readonly Sent[]): void {
    if (operation.kind === 'open') this.#outstanding = []
    if (operation.kind === 'disconnected') {
      this.#outstanding = this.#outstanding.filter(({ broker }) => broker !== operation.broker)
    }
    if (operation.kind === 'respond') {
      const { correlationId } = operation.response
      this.#outstanding = this.#outstanding.filter(({ request }) => request.correlationId !== correlationId)
      this.#answered = [...this.#answered.slice(-4), operation]
    }
    if (requests.length > 0) this.#outstanding = [...this.#outstanding, ...requests]
  }

  answerMetadata(producer: ProducerObservation): ProducerOperation | null {
    const sent = this.#outstanding.find(({ request }) => request.kind === 'Metadata')
    if (sent === undefined) return null
    const partitions = ['t', 'u']
      .filter(topic => topic === 't' || this.#random.chance(0.8))
      .filter(() => this.#random.chance(0.93))
      .flatMap(topic =>
        Array.from({ length: this.#partitionCount }, (_, partition) => this.#leaderOf(producer, topic, partition)),
      )
    const { correlationId } = sent.request
    const brokers = Array.from({ length: this.#brokers }, (_, index) => index + 1)
    return this.#respond(sent.broker, { kind: 'MetadataResponse', correlationId, brokers, partitions })
  }

  /** As cached, or a new leader in a newer epoch, or none; now and then an older epoch, which must be ignored. */
  #leaderOf(producer: ProducerObservation, topic: string, partition: number): PartitionLeader {
    const random = this.#random
    const known = producer.metadata.find(cached => cached.topic === topic && cached.partition === partition)
    const leader = random.chance(0.08) ? -1 : random.between(1, this.#brokers)
    if (known === undefined) return { topic, partition, leader, leaderEpoch: random.pick([0, 3]) }
    const share = random.fraction()
    if (share < 0.5 && known.leader !== -1) return { ...known }
    if (share < 0.9) return { topic, partition, leader, leaderEpoch: known.leaderEpoch + 1 }
    return { topic, partition, leader, leaderEpoch: known.leaderEpoch - 1 }
  }

  /** Answers one of the oldest produce requests; `reach` says how far out of turn. */
  answerProduce(error: ErrorName, reach: number): ProducerOperation | null {
    const waiting = this.#outstanding.filter(isProduce)
    const sent = waiting[this.#random.between(0, Math.min(reach, waiting.length - 1))]
    if (sent === undefined) return null
    const { correlationId, topic, partition, records } = sent.request
    const baseOffset = error === 'NONE' ? this.#nextOffset : -1
    if (error === 'NONE') this.#nextOffset += records[0]?.records.length ?? 1
    return this.#respond(sent.broker, { kind: 'ProduceResponse', correlationId, topic, partition, error, baseOffset })
  }

  /** An answer that was given already, or one from another broker: it must be ignored. */
  answerAgain(): ProducerOperation | null {
    return this.#random.pickOrNull(this.#answered)
  }

  #respond(broker: number, response: Response<RecordsValue>): ProducerOperation {
    return { kind: 'respond', broker, response }
  }
}

function isProduce(sent: Sent): sent is Sent & { readonly request: Produce } {
  return sent.request.kind === 'Produce'
}
