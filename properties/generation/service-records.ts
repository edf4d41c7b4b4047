// What producers, consumers and administrators of topics do on a live broker.
import { logEndOffset } from '../../model/log/state.ts'
import type { ServicePartition, ServiceTopic, World } from '../../model/service/world.ts'
import type { PlainRecord } from '../../model/vocabulary/records.ts'
import type {
  ClaimedEpoch,
  CodecName,
  ServiceOperation,
  ServiceStamp,
  ServiceTopicConfig,
} from '../../model/vocabulary/service.ts'
import type { Random } from '../random.ts'
import type { ServiceGround, ServiceMove } from './service.ts'

type Place = { readonly topic: string; readonly partition: number }
type Produce = Extract<ServiceOperation, { readonly kind: 'produce' }>

const topics = ['t1', 't2'] as const
const producers = ['p1', 'p2'] as const
const straysMost = 2

/** The moves of one run, which remember what was sent. */
export function recordMoves(random: Random, onDemand: ServiceGround['onDemand']): readonly ServiceMove[] {
  const sent = new Sent()
  const draw = new Draw(random, onDemand)
  const move = (name: string, weight: number, propose: ServiceMove['propose']): ServiceMove => ({
    name,
    weight,
    propose,
  })
  const atPlace = (
    world: World,
    then: (place: Place, known: ServicePartition, topic: ServiceTopic) => readonly ServiceOperation[] | null,
  ) => {
    const topic = random.pickOrNull(world.topics)
    if (topic === null) return [draw.goodTopic(world)]
    const partition = random.below(topic.partitions.length)
    const known = topic.partitions[partition]
    return known === undefined ? null : then({ topic: topic.topic, partition }, known, topic)
  }
  return [
    move('createTopic', 3, world => (world.topics.length < topics.length ? [draw.goodTopic(world)] : null)),
    move('createTopicWrongly', 1, world => (onDemand === null ? [draw.wrongTopic(world)] : null)),
    move('deleteTopic', 0.5, ({ topics: known }) => [
      { kind: 'deleteTopic', topic: random.pickOrNull(known)?.topic ?? 't1' },
    ]),
    move('createPartitions', 1, ({ topics: known }) => {
      const topic = random.pickOrNull(known)
      const count = (topic?.partitions.length ?? 1) + random.pick([-1, 0, 1, 1, 2])
      return [{ kind: 'createPartitions', topic: topic?.topic ?? 't1', count }]
    }),
    move('describeTopic', 1, () => [{ kind: 'describeTopic', topic: draw.anyTopic() }]),
    move('describeConfig', 1, () => [{ kind: 'describeConfig', topic: draw.anyTopic(), name: draw.setting() }]),
    move('alterConfig', 1, () => [draw.alterConfig()]),
    move('initProducer', 2, () => [{ kind: 'initProducer', producer: random.pick(producers) }]),
    move('produce', 10, world =>
      atPlace(world, (place, _known, topic) => [draw.produce(place, topic, sent, null, random.pick([-1, -1, -1, 1]))]),
    ),
    move('produceIdempotently', 9, world =>
      atPlace(world, (place, _known, topic) => {
        const producer = random.pick(producers)
        if (!world.producers.includes(producer)) return [{ kind: 'initProducer', producer }]
        return [draw.stamped(place, topic, sent, producer)]
      }),
    ),
    move('produceAgain', 4, world =>
      atPlace(world, place => {
        const again = random.pickOrNull(sent.stampedAt(place))
        return again === null ? null : [{ ...again, fault: 'none', acks: -1 }]
      }),
    ),
    move('produceAndHangUp', 1, world =>
      world.strays.length >= straysMost
        ? null
        : atPlace(world, (place, _known, topic) => {
            const batch = draw.produce(place, topic, sent, null, -1)
            return [random.chance(0.5) ? { ...batch, acks: 0 } : { ...batch, fault: 'abandoned' }]
          }),
    ),
    move('produceWrongly', 2, world =>
      atPlace(world, (place, known, topic) => [draw.wrongBatch(place, known, topic, sent)]),
    ),
    move('fetch', 8, world =>
      atPlace(world, (place, known) => [
        {
          kind: 'fetch',
          ...place,
          offset: draw.offset(known),
          bytesMax: random.pick([1, 200, 1_000_000]),
          epoch: draw.epoch(),
          isolation: random.pick(['read_uncommitted', 'read_committed']),
        },
      ]),
    ),
    move('readAll', 3, world => atPlace(world, place => [{ kind: 'readAll', ...place }])),
    move('listOffsets', 6, world =>
      atPlace(world, place => [
        {
          kind: 'listOffsets',
          ...place,
          timestamp: random.pick([-1, -2, -3, 0, random.below(timesBelow), timesBelow]),
          epoch: draw.epoch(),
        },
      ]),
    ),
    move('deleteRecords', 2, world =>
      atPlace(world, (place, known) => [
        {
          kind: 'deleteRecords',
          ...place,
          offset: random.chance(0.2) ? -1 : draw.offset(known),
        },
      ]),
    ),
    move('endOffsetForEpoch', 2, world =>
      atPlace(world, place => [
        {
          kind: 'endOffsetForEpoch',
          ...place,
          epoch: random.pick(['none', 'current', 'current', 'older', 'newer']),
        },
      ]),
    ),
    move('askOfNothing', 1, () => [draw.ofNothing()]),
  ]
}

/** Every partition is read to its end, and asked where it begins and ends. */
export function recordFinale({ topics: known }: World): readonly ServiceOperation[] {
  return known.flatMap(({ topic, partitions }) =>
    partitions.flatMap((_partition, partition): readonly ServiceOperation[] => [
      { kind: 'readAll', topic, partition },
      { kind: 'listOffsets', topic, partition, timestamp: -2, epoch: 'none' },
      { kind: 'listOffsets', topic, partition, timestamp: -1, epoch: 'none' },
    ]),
  )
}

const timesBelow = 5000
/** Nobody sends a megabyte to see that it is refused. */
const largestSent = 20_000
const codecs: readonly CodecName[] = ['gzip', 'snappy', 'lz4', 'zstd']

/** What was sent, so that it can be sent again and continued. */
class Sent {
  readonly #stamped: Produce[] = []
  #values = 0

  note(batch: Produce): void {
    if (batch.stamp !== null) this.#stamped.push(batch)
  }

  stampedAt({ topic, partition }: Place): readonly Produce[] {
    return this.#stamped.filter(batch => batch.topic === topic && batch.partition === partition)
  }

  /** The stamp that follows what this producer last sent there. */
  nextStamp(place: Place, producer: string): ServiceStamp {
    const last = this.stampedAt(place).findLast(({ stamp }) => stamp?.producer === producer)
    if (last?.stamp == null) return { producer, producerEpoch: 0, baseSequence: 0 }
    const { producerEpoch, baseSequence } = last.stamp
    return { producer, producerEpoch, baseSequence: baseSequence + last.records.length }
  }

  /** Values are never the same twice, so that a record can be told from every other. */
  value(): string {
    return `v${this.#values++}`
  }
}

/** Values for operations. */
class Draw {
  readonly #random: Random
  readonly #onDemand: ServiceGround['onDemand']

  constructor(random: Random, onDemand: ServiceGround['onDemand']) {
    this.#random = random
    this.#onDemand = onDemand
  }

  goodTopic(world: World): ServiceOperation {
    const random = this.#random
    const free = topics.filter(name => world.topics.every(({ topic }) => topic !== name))
    if (this.#onDemand !== null) {
      return { kind: 'createTopic', topic: random.pickOrNull(free) ?? 't1', ...this.#onDemand, config: {} }
    }
    const config: ServiceTopicConfig = {
      ...(random.chance(0.25) && { 'cleanup.policy': random.pick(['compact', 'compact', 'compact,delete']) }),
      ...(random.chance(0.2) && { 'max.message.bytes': random.pick(['300', '1000']) }),
      ...(random.chance(0.15) && { 'min.insync.replicas': String(world.setup.brokers > 1 ? 2 : 1) }),
      ...(random.chance(0.1) && { 'compression.type': random.pick(['gzip', 'zstd', 'uncompressed', 'producer']) }),
    }
    return {
      kind: 'createTopic',
      topic: random.pickOrNull(free) ?? 't1',
      partitions: random.pick([1, 1, 2, 3]),
      replicationFactor: random.chance(0.6) ? world.setup.brokers : random.between(1, world.setup.brokers),
      config,
    }
  }

  wrongTopic(world: World): ServiceOperation {
    const good = { kind: 'createTopic', topic: 't3', partitions: 1, replicationFactor: 1, config: {} } as const
    const { brokers } = world.setup
    return this.#random.pick<ServiceOperation>([
      { ...good, topic: this.#random.pickOrNull(world.topics)?.topic ?? 'not legal!' },
      { ...good, topic: 'not legal!' },
      { ...good, partitions: 0 },
      { ...good, replicationFactor: brokers + 1 },
      { ...good, replicationFactor: 0 },
      { ...good, config: { 'cleanup.policy': 'keep' } },
      { ...good, config: { 'min.insync.replicas': '0' } },
      { ...good, config: { 'max.message.bytes': 'many' } },
    ])
  }

  anyTopic(): string {
    return this.#random.pick([...topics, ...topics, 'no-topic'])
  }

  setting(): keyof ServiceTopicConfig {
    return this.#random.pick(['cleanup.policy', 'max.message.bytes', 'min.insync.replicas', 'compression.type'])
  }

  alterConfig(): ServiceOperation {
    const random = this.#random
    const topic = this.anyTopic()
    return random.pick<ServiceOperation>([
      { kind: 'alterConfig', topic, name: 'max.message.bytes', value: random.pick(['300', '5000', 'none']) },
      { kind: 'alterConfig', topic, name: 'max.message.bytes', value: null },
      { kind: 'alterConfig', topic, name: 'cleanup.policy', value: random.pick(['compact', 'delete', 'neither']) },
      { kind: 'alterConfig', topic, name: 'cleanup.policy', value: null },
      { kind: 'alterConfig', topic, name: 'min.insync.replicas', value: '1' },
    ])
  }

  produce(place: Place, topic: ServiceTopic, sent: Sent, stamp: ServiceStamp | null, acks: Produce['acks']): Produce {
    const random = this.#random
    const needsKeys = (topic.config['cleanup.policy'] ?? 'delete') !== 'delete'
    const records = Array.from(
      { length: random.between(1, 4) },
      (): PlainRecord => ({
        key: needsKeys || random.chance(0.5) ? random.pick(['k1', 'k2', 'k3']) : null,
        value: random.chance(0.1) && needsKeys ? null : sent.value(),
        timestamp: random.below(timesBelow),
      }),
    )
    const codec = random.chance(0.6) ? 'none' : (random.pickOrNull(codecs) ?? 'none')
    const batch: Produce = { kind: 'produce', ...place, stamp, acks, codec, fault: 'none', records }
    sent.note(batch)
    return batch
  }

  stamped(place: Place, topic: ServiceTopic, sent: Sent, producer: string): Produce {
    const random = this.#random
    const next = sent.nextStamp(place, producer)
    const stamp = random.chance(0.8)
      ? next
      : random.pick<ServiceStamp>([
          { ...next, baseSequence: next.baseSequence + 1 },
          { ...next, baseSequence: Math.max(0, next.baseSequence - 1) },
          { ...next, producerEpoch: next.producerEpoch + 1, baseSequence: 0 },
          { ...next, producerEpoch: next.producerEpoch + 1 },
          { ...next, producerEpoch: Math.max(0, next.producerEpoch - 1) },
        ])
    return this.produce(place, topic, sent, stamp, -1)
  }

  wrongBatch(place: Place, { log }: ServicePartition, topic: ServiceTopic, sent: Sent): Produce {
    const batch = this.produce(place, topic, sent, null, -1)
    const [first, ...others] = batch.records
    if (first === undefined) return batch
    const { maxMessageBytes } = log.config
    const tooLarge = { ...first, value: 'x'.repeat(Math.min(maxMessageBytes, largestSent) + 100) }
    return this.#random.pick<Produce>([
      { ...batch, fault: 'checksum', codec: 'none' },
      maxMessageBytes > largestSent
        ? { ...batch, fault: 'checksum' }
        : { ...batch, codec: 'none', records: [tooLarge, ...others] },
      { ...batch, records: [{ ...first, key: null }, ...others] },
    ])
  }

  /** Where bugs live: at both ends, and one beside them. */
  offset({ log }: ServicePartition): number {
    const random = this.#random
    const end = logEndOffset(log)
    return random.pick([
      0,
      log.logStartOffset,
      log.logStartOffset - 1,
      end - 1,
      end,
      end,
      end + 1,
      random.below(end + 1),
      random.below(end + 1),
    ])
  }

  epoch(): ClaimedEpoch {
    return this.#random.chance(0.75) ? 'none' : this.#random.pick(['current', 'older', 'newer'])
  }

  ofNothing(): ServiceOperation {
    const random = this.#random
    const place = random.pick([
      { topic: 'no-topic', partition: 0 },
      { topic: 't1', partition: 9 },
    ])
    return random.pick<ServiceOperation>([
      {
        kind: 'produce',
        ...place,
        stamp: null,
        acks: random.pick([-1, 1]),
        codec: 'none',
        fault: 'none',
        records: [{ key: null, value: 'v', timestamp: 0 }],
      },
      { kind: 'fetch', ...place, offset: 0, bytesMax: 1000, epoch: 'none', isolation: 'read_uncommitted' },
      { kind: 'readAll', ...place },
      { kind: 'listOffsets', ...place, timestamp: -1, epoch: 'none' },
      { kind: 'deleteRecords', ...place, offset: 0 },
      { kind: 'endOffsetForEpoch', ...place, epoch: 'none' },
      { kind: 'deleteTopic', topic: 'no-topic' },
      { kind: 'createPartitions', topic: 'no-topic', count: 2 },
    ])
  }
}
