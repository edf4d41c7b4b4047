// A cluster that outlives its processes: whatever is killed, decisions and acknowledged records are there afterwards.
import { expect, test } from 'vitest'
import { Random } from '../../properties/random.ts'
import { LastingTestCluster } from '../../properties/simulation/lasting-cluster.ts'
import type { Decision } from '../ports/decisions.ts'
import { Controller } from './controller.ts'
import { kafkaDefaults } from './topic-settings.ts'

test('brokers register when they start, and are told where the others listen', () => {
  const cluster = new LastingTestCluster()
  cluster.createTopic('t', [[1, 2, 3]])
  expect(cluster.image.brokers.map(({ brokerId, fenced }) => [brokerId, fenced])).toEqual([
    [1, false],
    [2, false],
    [3, false],
  ])
  const known = cluster.cluster.brokers.get('b2')?.broker?.known
  expect(known?.placeOf(3)).toMatchObject({ host: 'b3', port: 9092 })
  expect(known?.topicId('t')).toBe(cluster.administration.topicId('t'))
  expect(known?.topicOf(cluster.administration.topicId('t') ?? '')).toBe('t')
})

test('a controller that was killed goes on with everything that it had decided, and with sessions anew', () => {
  const cluster = new LastingTestCluster()
  cluster.createTopic('t', [[1, 2, 3]], { 'retention.ms': '1000', 'compression.type': 'zstd' })
  cluster.openProducer()
  cluster.send('t', 0, 'a')
  cluster.elapse(1000)
  const before = cluster.image
  cluster.restartController()
  const { controllerEpoch, metadataOffset, ...rest } = cluster.image
  expect(rest).toEqual({
    brokers: before.brokers,
    topics: before.topics,
    partitions: before.partitions,
    extras: before.extras,
  })
  expect(controllerEpoch).toBe(before.controllerEpoch + 1)
  expect(metadataOffset).toBe(before.metadataOffset + 1)
  cluster.elapse(8000)
  expect(cluster.image.brokers.every(({ fenced }) => !fenced)).toBe(true)
  expect(cluster.partition('t')).toMatchObject({ leader: 1, leaderEpoch: 0, inSyncReplicas: [1, 2, 3] })
  cluster.send('t', 0, 'b')
  cluster.elapse(1000)
  expect(cluster.acknowledged()).toEqual(['a', 'b'])
})

test('a broker that is not back within a whole session after the restart of the controller is fenced', () => {
  const cluster = new LastingTestCluster()
  cluster.killAll()
  cluster.start(1, 2)
  cluster.elapse(10_000)
  expect(cluster.image.brokers.map(({ fenced }) => fenced)).toEqual([false, false, true])
})

test('producer ids, broker epochs and controller epochs are never given out twice', () => {
  const cluster = new LastingTestCluster()
  const epochOf1 = (): number => cluster.image.brokers[0]?.brokerEpoch ?? -1
  const first = cluster.administration.allocateProducerIds(1, epochOf1())
  cluster.restartController()
  const second = cluster.administration.allocateProducerIds(1, epochOf1())
  expect([first, second]).toEqual([
    { firstProducerId: 0, count: 1000 },
    { firstProducerId: 1000, count: 1000 },
  ])
  expect(cluster.administration.allocateProducerIds(1, 77)).toMatchObject({ error: 'STALE_BROKER_EPOCH' })
  const epochs = cluster.image.brokers.map(({ brokerEpoch }) => brokerEpoch)
  cluster.killAll()
  cluster.start(1, 2, 3)
  for (const { brokerEpoch } of cluster.image.brokers) expect(brokerEpoch).toBeGreaterThan(Math.max(...epochs))
  expect(cluster.image.controllerEpoch).toBe(3)
})

test('a broker that stopped cleanly is believed by a controller that was killed since', () => {
  const cluster = new LastingTestCluster()
  cluster.createTopic('t', [[1, 2]])
  cluster.do({ kind: 'crash', broker: 1, damage: { kind: 'kept' }, indexes: 'kept', late: false })
  cluster.elapse(10_000)
  // Broker 2 leads alone; it stops, and is the only one that is known to hold everything.
  expect(cluster.partition('t')).toMatchObject({ leader: 2, inSyncReplicas: [2], eligibleLeaderReplicas: [1] })
  const process = cluster.cluster.brokers.get('b2')
  process?.stop()
  cluster.cluster.network.disconnectAll('b2', false)
  cluster.elapse(10_000)
  cluster.restartController()
  cluster.start(2)
  expect(cluster.partition('t')).toMatchObject({ leader: 2, inSyncReplicas: [2] })
})

test('more brokers than before can join, and take replicas', () => {
  const cluster = new LastingTestCluster(2, { brokers: 4 })
  cluster.createTopic('t', [[1, 2]])
  cluster.killAll()
  cluster.start(4, 3, 2, 1)
  cluster.elapse(2000)
  expect(cluster.image.brokers.map(({ brokerId, fenced }) => [brokerId, fenced])).toEqual([
    [1, false],
    [2, false],
    [3, false],
    [4, false],
  ])
  cluster.createTopic('u', [[4, 3, 1]])
  cluster.elapse(1000)
  expect(cluster.partition('u')).toMatchObject({ leader: 4, inSyncReplicas: [1, 3, 4] })
})

test('killed all at once, in whatever order they return: leaders come back, and nothing acknowledged is lost', () => {
  const assignments = {
    one: [[1], [2], [3]],
    two: [
      [1, 2],
      [2, 3],
      [3, 1],
    ],
    three: [
      [1, 2, 3],
      [2, 3, 1],
      [3, 1, 2],
    ],
  }
  let count = 0
  for (let seed = 1; seed <= 30; seed++) {
    const random = new Random(seed)
    const cluster = new LastingTestCluster()
    for (const [topic, assignment] of Object.entries(assignments)) {
      cluster.createTopic(topic, assignment, { 'min.insync.replicas': String(1 + random.below(2)) })
    }
    const places = new Map<string, string>()
    for (let life = 0; life < 4; life++) {
      cluster.openProducer()
      for (let n = 3 + random.below(12); n > 0; n--) {
        const topic = random.pick(['one', 'two', 'three'])
        const partition = random.below(3)
        const value = `${seed}-${life}-${n}`
        places.set(value, `${topic}-${partition}`)
        cluster.send(topic, partition, value)
        faults(cluster, random)
      }
      const acknowledged = cluster.acknowledged()
      cluster.cluster.apply({ kind: 'healAll' })
      cluster.killAll()
      // Again while they come back, now and then.
      const order = random.pick(orders)
      if (random.below(3) === 0) {
        cluster.start(...order.slice(0, 1 + random.below(2)))
        cluster.killAll()
      }
      for (const broker of random.pick(orders)) {
        cluster.do({ kind: 'restart', broker })
        for (let n = random.below(6); n > 0; n--) cluster.elapse(random.pick([0, 500, 3000, 10_000]))
      }
      cluster.elapse(30_000)
      for (const [topic, assignment] of Object.entries(assignments)) {
        assignment.forEach((replicas, partition) => {
          const state = cluster.partition(topic, partition)
          const where = `seed ${seed}, life ${life}, ${topic}-${partition}`
          expect(state?.inSyncReplicas, where).toEqual(replicas.toSorted())
          const kept = cluster.values(state?.leader ?? -1, topic, partition)
          const ought = acknowledged.filter(value => places.get(value) === `${topic}-${partition}`)
          expect(kept, where).toEqual(expect.arrayContaining(ought))
          expect(new Set(kept).size, where).toBe(kept.length)
          count += ought.length
        })
      }
    }
  }
  expect(count).toBeGreaterThan(500)
}, 60_000)

const orders: [number[], ...number[][]] = [
  [1, 2, 3],
  [1, 3, 2],
  [2, 1, 3],
  [2, 3, 1],
  [3, 1, 2],
  [3, 2, 1],
]

/** Something between two sends, so that in-sync sets differ and records are on their way when the end comes. */
function faults(cluster: LastingTestCluster, random: Random): void {
  const broker = `b${1 + random.below(3)}`
  const other = random.pick(['ctl', 'b1', 'b2', 'b3', 'p1'])
  switch (random.below(6)) {
    case 0:
      cluster.cluster.apply({ kind: 'cut', from: broker, to: other })
      break
    case 1:
      cluster.cluster.apply({ kind: 'healAll' })
      break
    case 2:
      cluster.elapse(random.pick([500, 4000, 11_000]))
      break
    case 3:
      cluster.cluster.apply({ kind: 'advance', ms: random.pick([100, 3000]), node: null })
      break
    default:
      for (let n = random.below(8); n > 0; n--) {
        cluster.cluster.apply({
          kind: 'deliver',
          from: random.pick([broker, 'p1', 'ctl']),
          to: random.pick([other, broker]),
        })
      }
  }
}

test('messages that are taken together are kept together, and lead where they lead one by one', () => {
  const kept: Decision[] = []
  const sent: string[] = []
  const controller = new Controller({
    network: {
      send: (_, to, request) => sent.push(`${kept.length} ${to} ${request.kind}`),
      respond: (_, to, __, response) => sent.push(`${kept.length} ${to} ${response.kind}`),
    },
    clock: { now: () => 0 },
    brokers: 0,
    brokerSessionTimeoutMs: 9000,
    offsetsPartitions: 0,
    offsetsConfig: kafkaDefaults,
    lasting: {
      clusterId: 'c',
      decisions: { keep: decision => kept.push(decision), close: () => {} },
      drawTopicId: () => '0'.repeat(32),
      draw: () => 0,
      topicDefaults: kafkaDefaults,
      partitionsDefault: 1,
      replicationFactorDefault: 1,
      brokerSettings: [],
    },
  })
  const registration = (brokerId: number) => ({
    from: { endpoint: `b${brokerId}`, connection: 0 },
    message: { kind: 'BrokerRegistration', correlationId: 1, brokerId, previousBrokerEpoch: -1 } as const,
  })
  expect(kept.length).toBe(1)
  controller.receiveAll([registration(1), registration(2)])
  expect(kept.slice(1)).toMatchObject([
    { metadataOffset: 2, nextBrokerEpoch: 3, brokers: [{ brokerId: 1 }, { brokerId: 2 }] },
  ])
  expect(sent).toEqual([
    '2 b1 BrokerRegistrationResponse',
    '2 b2 BrokerRegistrationResponse',
    '2 b1 MetadataUpdate',
    '2 b2 MetadataUpdate',
  ])
  expect(controller.image.brokers).toEqual([
    { brokerId: 1, brokerEpoch: 1, fenced: true },
    { brokerId: 2, brokerEpoch: 2, fenced: true },
  ])
})
