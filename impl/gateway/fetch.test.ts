// Fetch from a client's side: what is read, what waits and for how long, and what ends the waiting.
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Asking, askOn, batchOf, named } from '../host/testing/asking.ts'
import { decodeBatches } from '../log/codec.ts'
import { deleteTopics } from '../wire/apis/delete-topics.ts'
import { fetch } from '../wire/apis/fetch.ts'
import { metadata } from '../wire/apis/metadata.ts'
import { produce } from '../wire/apis/produce.ts'
import { type RequestOf, type ResponseOf, zeroUuid } from '../wire/schema.ts'

let asking: Asking
beforeAll(async () => {
  asking = await Asking.start({ brokers: 2 })
  await asking.cluster.createTopic('t', { partitions: 2, replicationFactor: 1 })
  await asking.cluster.createTopic('empty', { partitions: 1, replicationFactor: 2 })
})
afterAll(() => asking.stop())

type Body = Partial<RequestOf<typeof fetch>>
type Row = RequestOf<typeof fetch>['topics'][number]['partitions'][number]
type Answered = ResponseOf<typeof fetch>

function rowOf(partition: number, fetchOffset: number, rest: Partial<Row> = {}): Row {
  return {
    partition,
    currentLeaderEpoch: -1,
    fetchOffset,
    lastFetchedEpoch: -1,
    logStartOffset: -1,
    partitionMaxBytes: 1 << 20,
    replicaDirectoryId: zeroUuid,
    highWatermark: Number.MAX_SAFE_INTEGER,
    ...rest,
  }
}

function bodyOf(topic: string, partitions: readonly Row[], rest: Body = {}): Body {
  return { maxWaitMs: 0, minBytes: 1, topics: [{ topic, topicId: zeroUuid, partitions }], ...rest }
}

function leaderOf(topic: string, partition = 0): number {
  return asking.cluster.leaderOf(topic, partition)
}

async function send(topic: string, values: readonly string[], partition = 0): Promise<number> {
  const topicData = [
    { name: topic, topicId: zeroUuid, partitionData: [{ index: partition, records: batchOf(values) }] },
  ]
  const body = { acks: -1, timeoutMs: 3000, topicData }
  const { responses } = await asking.ask(produce, 9, body, { broker: leaderOf(topic, partition) })
  const [row] = responses[0]?.partitionResponses ?? []
  expect(named(row?.errorCode)).toBe('NONE')
  return row?.baseOffset ?? -1
}

function valuesOf({ responses }: Answered, partition = 0): readonly (string | null)[] {
  const row = responses.flatMap(({ partitions }) => partitions).find(one => one.partitionIndex === partition)
  return decodeBatches(row?.records ?? new Uint8Array(0)).flatMap(({ records }) => records.map(({ value }) => value))
}

function errorOf({ responses }: Answered): unknown {
  return named(responses[0]?.partitions[0]?.errorCode)
}

async function fetchOf(topic: string, row: Row, rest: Body = {}, version = 12): Promise<Answered> {
  return await asking.ask(fetch, version, bodyOf(topic, [row], rest), { broker: leaderOf(topic) })
}

describe('what is read', () => {
  test('whole batches, in the lowest and in the highest version', async () => {
    const from = await send('t', ['a', 'b'])
    await send('t', ['c'])
    expect(valuesOf(await fetchOf('t', rowOf(0, from), {}, fetch.minVersion))).toEqual(['a', 'b', 'c'])
    const { topics } = await asking.ask(metadata, 12, { topics: [{ name: 't', topicId: zeroUuid }] })
    const partitions = [rowOf(0, from + 1)]
    const body = { maxWaitMs: 0, topics: [{ topic: '', topicId: topics[0]?.topicId ?? '', partitions }] }
    const answer = await asking.ask(fetch, fetch.maxVersion, body, { broker: leaderOf('t') })
    expect(valuesOf(answer)).toEqual(['a', 'b', 'c'])
    expect(answer.responses[0]?.partitions[0]).toMatchObject({ highWatermark: from + 3, lastStableOffset: from + 3 })
  })

  test('the first batch however small the limits are, and of other partitions only what fits', async () => {
    const topic = 'limits'
    await asking.cluster.createTopic(topic, { partitions: 2, replicationFactor: 1 })
    for (const broker of [1, 2]) {
      const own = [0, 1].filter(partition => leaderOf(topic, partition) === broker)
      for (const partition of own) {
        await send(topic, ['x'.repeat(500)], partition)
        await send(topic, ['y'.repeat(500)], partition)
      }
      const rows = own.map(partition => rowOf(partition, 0))
      if (rows.length === 0) continue
      const limited = await asking.ask(fetch, 12, bodyOf(topic, rows, { maxBytes: 10 }), { broker })
      const lengths = limited.responses[0]?.partitions.map(({ records }) => (records?.length ?? 0) > 0)
      expect(lengths).toEqual(own.map((_, index) => index === 0))
    }
    const row = rowOf(0, 0, { partitionMaxBytes: 0 })
    expect(valuesOf(await fetchOf(topic, row))).toEqual(['x'.repeat(500)])
    const negative = rowOf(0, 0, { partitionMaxBytes: -5 })
    expect(valuesOf(await fetchOf(topic, negative, { maxBytes: -1 }))).toEqual(['x'.repeat(500)])
  })

  test.each([
    ['an offset below the log', rowOf(0, -1), 'OFFSET_OUT_OF_RANGE'],
    ['an offset beyond the log', rowOf(0, 10_000), 'OFFSET_OUT_OF_RANGE'],
    ['a partition below zero', rowOf(-1, 0), 'UNKNOWN_TOPIC_OR_PARTITION'],
    ['an epoch that is not yet', rowOf(0, 0, { currentLeaderEpoch: 9 }), 'UNKNOWN_LEADER_EPOCH'],
    ['records of an epoch that never was', rowOf(0, 0, { lastFetchedEpoch: 9 }), 'OFFSET_OUT_OF_RANGE'],
  ])('refuses %s at once', async (_what, row, error) => {
    const answer = await fetchOf('t', row, { maxWaitMs: 5000 })
    expect(errorOf(answer)).toBe(error)
    expect(answer.responses[0]?.partitions[0]).toMatchObject({ highWatermark: -1, logStartOffset: -1 })
  })

  test('a broker without the partition names its leader (KIP-951)', async () => {
    const leader = leaderOf('t')
    const answer = await asking.ask(
      fetch,
      16,
      {
        maxWaitMs: 0,
        topics: [{ topic: '', topicId: await idOf('t'), partitions: [rowOf(0, 0)] }],
      },
      { broker: 3 - leader },
    )
    expect(errorOf(answer)).toBe('NOT_LEADER_OR_FOLLOWER')
    expect(answer.responses[0]?.partitions[0]?.currentLeader).toEqual({ leaderId: leader, leaderEpoch: 0 })
    expect(answer.nodeEndpoints.map(({ nodeId }) => nodeId)).toEqual([leader])
  })

  test('an unknown id is UNKNOWN_TOPIC_ID, also that of zero', async () => {
    for (const topicId of ['f'.repeat(32), zeroUuid]) {
      const body = { maxWaitMs: 5000, topics: [{ topic: '', topicId, partitions: [rowOf(0, 0)] }] }
      expect(errorOf(await asking.ask(fetch, 13, body))).toBe('UNKNOWN_TOPIC_ID')
    }
  })
})

describe('sessions and followers', () => {
  test('no session is begun: the answer says so, and who counts on one is told that it is unknown', async () => {
    expect(await fetchOf('t', rowOf(0, 0), { sessionEpoch: 0 })).toMatchObject({ sessionId: 0, errorCode: 0 })
    for (const [sessionId, sessionEpoch] of [
      [7, 5],
      [0, 5],
      [0, -3],
    ] as const) {
      const answer = await fetchOf('t', rowOf(0, 0), { sessionId, sessionEpoch })
      expect([named(answer.errorCode), answer.sessionId, answer.responses]).toEqual([
        'FETCH_SESSION_ID_NOT_FOUND',
        0,
        [],
      ])
    }
    expect(await fetchOf('t', rowOf(0, 0), { sessionId: 7, sessionEpoch: -1 })).toMatchObject({ errorCode: 0 })
  })

  test('who says that it is a follower is refused on the port of clients, in every version', async () => {
    for (const version of [4, 12]) {
      const answer = await fetchOf('t', rowOf(0, 0), { replicaId: 2 }, version)
      expect(errorOf(answer)).toBe('TOPIC_AUTHORIZATION_FAILED')
    }
    const replicaState = { replicaId: 2, replicaEpoch: 1 }
    const topics = [{ topic: '', topicId: await idOf('t'), partitions: [rowOf(0, 0)] }]
    const answer = await asking.ask(fetch, 15, { replicaState, topics }, { broker: leaderOf('t') })
    expect(errorOf(answer)).toBe('TOPIC_AUTHORIZATION_FAILED')
  })
})

describe('the long poll', () => {
  test('without anything to read it is answered when the time is over', async () => {
    const started = performance.now()
    const answer = await fetchOf('empty', rowOf(0, 0), { maxWaitMs: 120 })
    expect([errorOf(answer), valuesOf(answer)]).toEqual(['NONE', []])
    expect(performance.now() - started).toBeGreaterThan(115)
  })

  test.each([
    ['no topics', { topics: [] }],
    ['topics without partitions', { topics: [{ topic: 't', topicId: zeroUuid, partitions: [] }] }],
  ])('of %s it is answered at once', async (_what, body) => {
    const started = performance.now()
    await asking.ask(fetch, 12, { maxWaitMs: 4000, minBytes: 1, ...body })
    expect(performance.now() - started).toBeLessThan(2000)
  })

  test('one of many wakes at the first record, and min.bytes are waited for', async () => {
    await asking.cluster.createTopic('woken', { partitions: 1, replicationFactor: 1 })
    const broker = leaderOf('woken')
    const connection = await asking.connect(broker)
    const fetches = Array.from({ length: 50 }, () =>
      askOn(connection, fetch, 12, bodyOf('woken', [rowOf(0, 0)], { maxWaitMs: 4000 })),
    )
    const other = await asking.connect(broker)
    const patient = askOn(other, fetch, 12, bodyOf('woken', [rowOf(0, 0)], { maxWaitMs: 60_000, minBytes: 140 }))
    await pause(20)
    await send('woken', ['first'])
    for (const answer of await Promise.all(fetches)) expect(valuesOf(answer)).toEqual(['first'])
    await send('woken', ['second'])
    expect(valuesOf(await patient)).toEqual(['first', 'second'])
  })

  test('min.bytes that do not fit into the answer are not waited for', async () => {
    await asking.cluster.createTopic('full', {
      partitions: 1,
      replicationFactor: 1,
      config: { 'segment.bytes': '20000' },
    })
    for (let k = 0; k < 40; k++) await send('full', ['x'.repeat(1000)])
    const started = performance.now()
    const wanted = { maxWaitMs: 60_000, minBytes: 30_000 }
    const limited = await fetchOf('full', rowOf(0, 0), { ...wanted, maxBytes: 10_000 })
    expect(valuesOf(limited).length).toBe(9)
    const narrow = await fetchOf('full', rowOf(0, 0, { partitionMaxBytes: 10_000 }), wanted)
    expect(valuesOf(narrow).length).toBe(9)
    // Nor is more than a segment has: what is read in one go never crosses its end.
    const whole = await fetchOf('full', rowOf(0, 0), wanted)
    expect(valuesOf(whole).length).toBeGreaterThan(15)
    expect(performance.now() - started).toBeLessThan(5000)
  })

  test('many min.bytes are not read anew for every batch, and are answered soon after the last one', async () => {
    await asking.cluster.createTopic('much', { partitions: 1, replicationFactor: 1 })
    const broker = leaderOf('much')
    const connection = await asking.connect(broker)
    const replica = asking.cluster.broker(broker)?.broker.replica('much', 0)
    if (replica === undefined) throw new Error('there is no replica')
    const read = replica.readForConsumer.bind(replica)
    let count = 0
    replica.readForConsumer = (...args) => {
      count++
      return read(...args)
    }
    const wanted = { maxWaitMs: 60_000, minBytes: 2_000_000 }
    const parked = askOn(
      connection,
      fetch,
      12,
      bodyOf('much', [rowOf(0, 0, { partitionMaxBytes: 8_000_000 })], wanted),
      30_000,
    )
    const producer = await asking.connect(broker)
    const batch = batchOf(['x'.repeat(9900)])
    const topicData = [{ name: 'much', topicId: zeroUuid, partitionData: [{ index: 0, records: batch }] }]
    const sent = Array.from({ length: 202 }, () => askOn(producer, produce, 9, { acks: 1, timeoutMs: 1000, topicData }))
    await Promise.all(sent)
    const started = performance.now()
    expect(valuesOf(await parked).length).toBeGreaterThanOrEqual(201)
    expect(performance.now() - started).toBeLessThan(1000)
    // A rest of up to a tenth of a second each; without it there would be 200.
    expect(count).toBeLessThan(100)
  })

  test('it ends when its topic is deleted', async () => {
    await asking.cluster.createTopic('gone', { partitions: 1, replicationFactor: 1 })
    const broker = leaderOf('gone')
    const connection = await asking.connect(broker)
    const parked = askOn(connection, fetch, 12, bodyOf('gone', [rowOf(0, 0)], { maxWaitMs: 4000 }))
    await pause(20)
    await asking.ask(deleteTopics, 5, { topicNames: ['gone'], timeoutMs: 1000 })
    expect(errorOf(await parked)).toBe('UNKNOWN_TOPIC_OR_PARTITION')
  })

  test('it ends when the leadership goes elsewhere, and names the new leader', async () => {
    await asking.cluster.createTopic('moved', { partitions: 1, replicationFactor: 2 })
    await send('moved', ['x'])
    const leader = leaderOf('moved')
    const connection = await asking.connect(leader)
    const parked = askOn(connection, fetch, 12, bodyOf('moved', [rowOf(0, 1)], { maxWaitMs: 10_000 }), 12_000)
    await pause(20)
    asking.cluster.controller?.event(() => asking.cluster.controller?.controller.expireSession(leader))
    const answer = await parked
    expect(errorOf(answer)).toBe('NOT_LEADER_OR_FOLLOWER')
    expect(answer.responses[0]?.partitions[0]?.currentLeader.leaderId).toBe(3 - leader)
    await asking.cluster.ready()
  })

  test('thousands that nobody waits for any more are forgotten with their connections', async () => {
    const broker = leaderOf('empty')
    const connections = await Promise.all(Array.from({ length: 40 }, () => asking.connect(broker)))
    const body = bodyOf('empty', [rowOf(0, 0)], { maxWaitMs: 2_147_483_647, minBytes: 2_147_483_647 })
    const parked = connections.flatMap(connection =>
      Array.from({ length: 60 }, () => askOn(connection, fetch, 12, body, 20_000).catch(() => 'lost')),
    )
    await pause(50)
    for (const connection of connections) connection.close()
    expect(new Set(await Promise.all(parked))).toEqual(new Set(['lost']))
    for (let tries = 0; tries < 100; tries++) {
      if ((asking.cluster.broker(broker)?.listener.connections.size ?? 0) < 40) break
      await pause(10)
    }
    await send('empty', ['x'])
    expect(valuesOf(await fetchOf('empty', rowOf(0, 0)))).toEqual(['x'])
    expect(asking.said.filter(said => said.includes('error of'))).toEqual([])
  })
})

async function idOf(topic: string): Promise<string> {
  const { topics } = await asking.ask(metadata, 12, { topics: [{ name: topic, topicId: zeroUuid }] })
  return topics[0]?.topicId ?? ''
}
