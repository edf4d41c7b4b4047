// A cluster in a test, as the README shows it, driven by a client that is not ours.
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  Admin,
  Consumer,
  type ConsumerOptions,
  MessagesStreamModes,
  ProduceAcks,
  Producer,
  stringDeserializers,
  stringSerializers,
} from '@platformatic/kafka'
import { afterEach, expect, test } from 'vitest'
import { Cluster } from './cluster.ts'
import type { ClusterOptions } from './settings.ts'

const open: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

async function start(options: ClusterOptions): Promise<Cluster> {
  const cluster = await Cluster.start(options)
  open.push(() => cluster.stop())
  return cluster
}

function producerOf(cluster: Cluster): Producer<string, string, string, string> {
  const producer = new Producer({
    clientId: 'test',
    bootstrapBrokers: [...cluster.addresses],
    serializers: stringSerializers,
    retries: 50,
    retryDelay: 100,
    metadataMaxAge: 500,
  })
  open.push(() => producer.close())
  return producer
}

async function send(
  producer: Producer<string, string, string, string>,
  topic: string,
  values: readonly string[],
): Promise<void> {
  const messages = values.map(value => ({ topic, key: 'k', value }))
  await producer.send({ messages, acks: ProduceAcks.ALL })
}

async function read(cluster: Cluster, topic: string, count: number): Promise<readonly string[]> {
  const options: ConsumerOptions<string, string, string, string> = {
    groupId: `readers-${Math.random()}`,
    clientId: 'test',
    bootstrapBrokers: [...cluster.addresses],
    deserializers: stringDeserializers,
    retries: 50,
    retryDelay: 100,
  }
  const consumer = new Consumer(options)
  const stream = await consumer.consume({ topics: [topic], mode: MessagesStreamModes.EARLIEST, maxWaitTime: 100 })
  const values: string[] = []
  for await (const { value } of stream) if (values.push(value) === count) break
  await stream.close()
  await consumer.close(true)
  return values
}

test('what was acknowledged outlives the leader that acknowledged it', async () => {
  const cluster = await start({ brokers: 3, topicDefaults: { 'min.insync.replicas': '2' } })
  await cluster.createTopic('orders')
  const producer = producerOf(cluster)
  await send(producer, 'orders', ['a', 'b'])

  const leader = cluster.leaderOf('orders', 0)
  await cluster.crash(leader)
  await send(producer, 'orders', ['c'])
  expect(cluster.leaderOf('orders', 0)).not.toBe(leader)
  expect(await read(cluster, 'orders', 3)).toEqual(['a', 'b', 'c'])

  await cluster.restart(leader)
  await expect.poll(() => cluster.inSyncReplicasOf('orders', 0)).toEqual([1, 2, 3])
})

test('a producer waits while too few replicas can be reached, and goes on when the link is healed', async () => {
  const cluster = await start({ brokers: 2, replicaLagTimeMaxMs: 400, topicDefaults: { 'min.insync.replicas': '2' } })
  await cluster.createTopic('orders')
  const producer = producerOf(cluster)
  await send(producer, 'orders', ['a'])

  cluster.cut(1, 2)
  let isAcknowledged = false
  const sent = send(producer, 'orders', ['b']).then(() => {
    isAcknowledged = true
  })
  await expect.poll(() => cluster.inSyncReplicasOf('orders', 0).length, { timeout: 10_000 }).toBe(1)
  expect(isAcknowledged).toBe(false)
  cluster.heal()
  await sent
  expect((await read(cluster, 'orders', 2)).slice(0, 2)).toEqual(['a', 'b'])
}, 20_000)

test('a slow broker answers late', async () => {
  const cluster = await start({ brokers: 1 })
  await cluster.createTopic('orders')
  const producer = producerOf(cluster)
  await send(producer, 'orders', ['a'])
  cluster.slow(1, 300)
  const before = performance.now()
  await send(producer, 'orders', ['b'])
  expect(performance.now() - before).toBeGreaterThan(290)
})

test('what is kept in a folder is there at the next start, and the folder is given to one cluster at a time', async () => {
  const data = mkdtempSync(join(tmpdir(), 'cluster-test-'))
  open.push(async () => rmSync(data, { recursive: true }))
  const first = await start({ brokers: 2, data })
  await first.createTopic('orders', { partitions: 2, config: { 'segment.bytes': '1000' } })
  const producer = producerOf(first)
  await send(producer, 'orders', ['a', 'b', 'c'])
  await producer.close()
  await expect(Cluster.start({ data })).rejects.toThrow(`${data} is in use by process ${process.pid}`)
  const { clusterId } = first.controller ?? {}
  await first.stop()

  const second = await start({ brokers: 2, data })
  expect(second.controller?.clusterId).toBe(clusterId)
  expect([...(await read(second, 'orders', 3))].sort()).toEqual(['a', 'b', 'c'])
})

test('a topic that was deleted leaves no files, and another of its name begins anew', async () => {
  const data = mkdtempSync(join(tmpdir(), 'cluster-test-'))
  open.push(async () => rmSync(data, { recursive: true }))
  const cluster = await start({ brokers: 1, data })
  await cluster.createTopic('orders')
  await send(producerOf(cluster), 'orders', ['old'])
  const admin = new Admin({ clientId: 'test', bootstrapBrokers: [...cluster.addresses] })
  open.push(() => admin.close())
  await admin.deleteTopics({ topics: ['orders'] })
  await expect.poll(() => readdirSync(join(data, 'broker-1'))).not.toContain('orders-0')
  await cluster.createTopic('orders')
  await send(producerOf(cluster), 'orders', ['new'])
  expect(await read(cluster, 'orders', 1)).toEqual(['new'])
})

test('the topic of the groups comes to be when somebody asks for a coordinator', async () => {
  const cluster = await start({ brokers: 2, offsetsPartitions: 3 })
  expect(() => cluster.leaderOf('__consumer_offsets', 0)).toThrow('there is no partition __consumer_offsets/0')
  await cluster.createTopic('orders')
  await send(producerOf(cluster), 'orders', ['a'])
  await read(cluster, 'orders', 1)
  expect([0, 1, 2].map(partition => cluster.inSyncReplicasOf('__consumer_offsets', partition))).toEqual([
    [1, 2],
    [1, 2],
    [1, 2],
  ])
})

test('a temporary folder is removed at the end', async () => {
  const cluster = await Cluster.start()
  const folder = cluster.folder
  expect(existsSync(folder)).toBe(true)
  await cluster.stop()
  await cluster.stop()
  expect(existsSync(folder)).toBe(false)
})

test.each([
  [{ brokers: 0 }, 'brokers must be a whole number from 1 to 100, and is 0'],
  [{ port: 70_000 }, 'port must be a whole number from 0 to 65535, and is 70000'],
  [{ replicationFactor: 3 }, 'replicationFactor must be a whole number from 1 to 1, and is 3'],
  [{ host: '0.0.0.0' }, 'clients cannot connect to 0.0.0.0: say with --advertised-host'],
  [{ topicDefaults: { 'segment.size': '1' } }, 'A topic has no setting segment.size'],
  [{ topicDefaults: { 'min.insync.replicas': 'two' } }, /min\.insync\.replicas/],
])('wrong settings %j are refused in a sentence', async (options, sentence) => {
  await expect(Cluster.start(options)).rejects.toThrow(sentence)
})

test('what cannot be disturbed is said', async () => {
  const cluster = await start({ brokers: 2 })
  await expect(cluster.crash(3)).rejects.toThrow('broker 3 is not one of 1, 2')
  await cluster.crash(2)
  await expect(cluster.crash(2)).rejects.toThrow('broker 2 is not running')
  await expect(cluster.restart(1)).rejects.toThrow('broker 1 is running: crash or stop it first')
  expect(() => cluster.cut(1, 9)).toThrow('there is no broker 9, but 1, 2')
  expect(() => cluster.slow(1, -1)).toThrow('a delay is 0 to 600000 ms, and not -1')
  await expect(cluster.createTopic('a b')).rejects.toThrow('INVALID_TOPIC_EXCEPTION')
})
