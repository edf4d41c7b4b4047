// A broker between its clients, its clock and its cluster: what an error of its own ends and what goes on, and what becomes
// of requests that come too early or are answered too late.
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { fetch } from '../wire/apis/fetch.ts'
import { metadata } from '../wire/apis/metadata.ts'
import { produce } from '../wire/apis/produce.ts'
import { zeroUuid } from '../wire/schema.ts'
import type { ClusterOptions } from './settings.ts'
import { Asking, askOn, batchOf, named, tellOn } from './testing/asking.ts'
import { ConnectionLost, WireConnection } from './wire-connection.ts'

let asking: Asking | null = null
afterEach(async () => {
  await asking?.stop()
  asking = null
})

async function start(options: ClusterOptions): Promise<Asking> {
  asking = await Asking.start(options)
  return asking
}

/** A connection to a port that is about to be opened. */
async function openSoon(address: string): Promise<WireConnection> {
  for (;;) {
    try {
      return await WireConnection.open(address)
    } catch {
      await pause(2)
    }
  }
}

const oneBatch = (topic: string, acks = -1, timeoutMs = 20_000) => ({
  acks,
  timeoutMs,
  topicData: [{ name: topic, topicId: zeroUuid, partitionData: [{ index: 0, records: batchOf(['x']) }] }],
})

const parkedFetch = (topic: string) => ({
  maxWaitMs: 60_000,
  minBytes: 1_000_000,
  topics: [
    {
      topic,
      topicId: zeroUuid,
      partitions: [
        {
          partition: 0,
          currentLeaderEpoch: -1,
          fetchOffset: 0,
          lastFetchedEpoch: -1,
          logStartOffset: -1,
          partitionMaxBytes: 1 << 20,
          replicaDirectoryId: zeroUuid,
          highWatermark: 0,
        },
      ],
    },
  ],
})

describe('an error of its own', () => {
  test('within an event ends that broker, with the stack in the report; the others go on and it can come back', async () => {
    const { cluster, said } = await start({ brokers: 3, replicationFactor: 3, brokerSessionTimeoutMs: 1000 })
    await cluster.createTopic('t', { partitions: 1, replicationFactor: 3 })
    const leader = cluster.leaderOf('t', 0)
    cluster.broker(leader)?.event(() => {
      throw new TypeError('oh')
    })
    await expect.poll(() => cluster.broker(leader)).toBe(undefined)
    expect(said).toContainEqual(expect.stringMatching(/stops: an error of this broker: TypeError: oh\n +at /))
    await expect.poll(() => cluster.leaderOf('t', 0), { timeout: 9000 }).not.toBe(leader)
    const other = cluster.leaderOf('t', 0)
    const answer = await asking?.ask(produce, 9, oneBatch('t', 1), { broker: other })
    expect(named(answer?.responses[0]?.partitionResponses[0]?.errorCode)).toBe('NONE')
    await cluster.restart(leader)
    expect(cluster.broker(leader)?.isReady).toBe(true)
  }, 20_000)

  test('of the controller ends the controller; brokers go on serving, and what is for it is refused', async () => {
    const { cluster, said } = await start({ brokers: 1 })
    await cluster.createTopic('t', { partitions: 1 })
    cluster.controller?.event(() => {
      throw new TypeError('oh')
    })
    expect(said).toEqual([
      expect.stringMatching(/^the controller stops: an error of this broker: TypeError: oh\n +at /),
    ])
    const answer = await asking?.ask(produce, 9, oneBatch('t', -1))
    expect(named(answer?.responses[0]?.partitionResponses[0]?.errorCode)).toBe('NONE')
    const topics = [{ name: 'new', topicId: zeroUuid }]
    const refused = await asking?.ask(metadata, 9, { topics, allowAutoTopicCreation: true })
    expect(named(refused?.topics[0]?.errorCode)).toBe('REQUEST_TIMED_OUT')
  })

  test('in an answer to one client ends that connection, and the event goes on', async () => {
    const { cluster, said } = await start({ brokers: 1 })
    await cluster.createTopic('t', { partitions: 1 })
    const victim = await asking?.connect()
    const other = await asking?.connect()
    if (victim === undefined || other === undefined) throw new Error('there are no connections')
    const parked = askOn(victim, fetch, 12, parkedFetch('t'), 20_000)
    const beside = askOn(other, fetch, 12, { ...parkedFetch('t'), minBytes: 1 }, 20_000)
    await pause(30)
    const replica = cluster.broker(1)?.broker.replica('t', 0)
    if (replica === undefined) throw new Error('there is no replica')
    const read = replica.readForConsumer.bind(replica)
    let count = 0
    replica.readForConsumer = (...args) => {
      if (count++ === 0) throw new RangeError('once')
      return read(...args)
    }
    const answer = await asking?.ask(produce, 9, oneBatch('t', -1))
    expect(named(answer?.responses[0]?.partitionResponses[0]?.errorCode)).toBe('NONE')
    await expect(parked).rejects.toBeInstanceOf(ConnectionLost)
    expect((await beside).responses[0]?.partitions[0]?.records?.length).toBeGreaterThan(0)
    expect(said).toEqual([
      expect.stringMatching(/closed the connection of .*an error of this broker: RangeError: once/),
    ])
  })
})

describe('requests', () => {
  test('of clients that come before the broker knows its cluster wait, and are answered then', async () => {
    const { cluster } = await start({ brokers: 2 })
    await cluster.createTopic('t', { partitions: 1, replicationFactor: 1 })
    const broker = cluster.leaderOf('t', 0)
    const address = cluster.addresses[broker - 1] ?? ''
    await cluster.stopBroker(broker)
    cluster.cut(broker, 'controller')
    const restarted = cluster.restart(broker)
    const connection = await openSoon(address)
    const topics = [{ name: 't', topicId: zeroUuid }]
    const early = [
      askOn(connection, metadata, 9, { topics }, 15_000),
      askOn(connection, produce, 9, oneBatch('t', 1), 15_000),
      askOn(connection, metadata, 9, { topics }, 15_000),
    ] as const
    tellOn(connection, produce, 9, oneBatch('t', 1))
    await pause(150)
    expect(connection.unanswered).toBe(3)
    cluster.heal()
    const [first] = await Promise.all(early)
    expect(first.brokers.length).toBeGreaterThan(0)
    expect(first.topics[0]?.partitions.length).toBe(1)
    await restarted
    connection.close()
  }, 20_000)

  test.each([
    ['a crash', (id: number) => asking?.cluster.crash(id)],
    ['a clean stop', (id: number) => asking?.cluster.stopBroker(id)],
  ])(
    'that wait end with their connections at %s, and nothing is left of them',
    async (_what, end) => {
      const { cluster, said } = await start({ brokers: 2, replicationFactor: 2 })
      await cluster.createTopic('t', { partitions: 1, replicationFactor: 2 })
      const leader = cluster.leaderOf('t', 0)
      const connection = await asking?.connect(leader)
      if (connection === undefined) throw new Error('there is no connection')
      cluster.cut(3 - leader, leader, { oneWay: true })
      const waiting = [
        askOn(connection, fetch, 12, parkedFetch('t'), 20_000),
        askOn(connection, produce, 9, oneBatch('t'), 20_000),
      ]
      await pause(30)
      expect(connection.unanswered).toBe(2)
      await end(leader)
      for (const outcome of await Promise.allSettled(waiting)) expect(outcome.status).toBe('rejected')
      cluster.heal()
      await pause(50)
      expect(said.filter(sentence => sentence.includes('error of'))).toEqual([])
      await cluster.restart(leader)
    },
    20_000,
  )
})
