// Produce from a client's side: what is refused, by which name, and what `acks` means for the answer.
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Asking, askOn, batchOf, named, tellOn } from '../host/testing/asking.ts'
import { ConnectionLost } from '../host/wire-connection.ts'
import { fetch } from '../wire/apis/fetch.ts'
import { listOffsets } from '../wire/apis/list-offsets.ts'
import { metadata } from '../wire/apis/metadata.ts'
import { produce } from '../wire/apis/produce.ts'
import { type RequestOf, zeroUuid } from '../wire/schema.ts'

let asking: Asking
beforeAll(async () => {
  asking = await Asking.start({ brokers: 2, autoCreateTopics: false })
  await asking.cluster.createTopic('t', { partitions: 2, replicationFactor: 1 })
})
afterAll(() => asking.stop())

type Body = Partial<RequestOf<typeof produce>>

type Options = Omit<Body, 'topicData'> & { readonly name?: string; readonly index?: number; readonly topicId?: string }

function bodyOf(records: Uint8Array | null, options: Options = {}): Body {
  const { name = 't', index = 0, topicId = zeroUuid, ...rest } = options
  return { acks: -1, timeoutMs: 2000, topicData: [{ name, topicId, partitionData: [{ index, records }] }], ...rest }
}

/** The broker that leads a partition, and the one that does not. */
function sidesOf(partition: number): { readonly leader: number; readonly other: number } {
  const leader = asking.cluster.leaderOf('t', partition)
  return { leader, other: 3 - leader }
}

async function refusalOf(records: Uint8Array | null, options: Options = {}, version = 9): Promise<unknown> {
  const { leader } = sidesOf(0)
  const { responses } = await asking.ask(produce, version, bodyOf(records, options), { broker: leader })
  const [row] = responses[0]?.partitionResponses ?? []
  expect(row?.baseOffset).toBe(row?.errorCode === 0 ? row?.baseOffset : -1)
  return named(row?.errorCode)
}

async function endOf(partition: number): Promise<number | undefined> {
  const row = { partitionIndex: partition, currentLeaderEpoch: -1, timestamp: -1 }
  const body = { replicaId: -1, topics: [{ name: 't', partitions: [row] }] }
  const { topics } = await asking.ask(listOffsets, 7, body, { broker: sidesOf(partition).leader })
  return topics[0]?.partitions[0]?.offset
}

function damaged(at: number, byte: number): Uint8Array {
  const batch = batchOf(['x'])
  batch[at] = byte
  return batch
}

describe('Produce', () => {
  test('appends in its lowest and its highest version, and says where', async () => {
    const { leader } = sidesOf(0)
    const before = (await endOf(0)) ?? 0
    const lowest = await asking.ask(produce, produce.minVersion, bodyOf(batchOf(['a', 'b'])), { broker: leader })
    expect(lowest.responses).toMatchObject([
      { name: 't', partitionResponses: [{ index: 0, errorCode: 0, baseOffset: before }] },
    ])
    const { topics } = await asking.ask(metadata, 12, { topics: [{ name: 't', topicId: zeroUuid }] })
    const topicId = topics[0]?.topicId ?? ''
    const body = bodyOf(batchOf(['c']), { name: '', topicId })
    const highest = await asking.ask(produce, produce.maxVersion, body, { broker: leader })
    expect(highest.responses).toMatchObject([
      { topicId, partitionResponses: [{ index: 0, errorCode: 0, baseOffset: before + 2, logStartOffset: 0 }] },
    ])
  })

  test.each([
    ['no batch', null, {}, 9, 'INVALID_RECORD'],
    ['an empty batch', new Uint8Array(0), {}, 9, 'INVALID_RECORD'],
    ['half a batch', batchOf(['x']).subarray(0, 40), {}, 9, 'INVALID_RECORD'],
    ['two batches', Buffer.concat([batchOf(['x']), batchOf(['y'])]), {}, 9, 'INVALID_RECORD'],
    ['a message set of old', damaged(16, 1), {}, 9, 'INVALID_RECORD'],
    ['a magic that never was', damaged(16, 7), {}, 9, 'CORRUPT_MESSAGE'],
    ['a wrong checksum', damaged(20, 77), {}, 9, 'CORRUPT_MESSAGE'],
    ['zstd in a version before it', damaged(22, 4), {}, 6, 'UNSUPPORTED_COMPRESSION_TYPE'],
    ['acks that mean nothing', batchOf(['x']), { acks: 5 }, 9, 'INVALID_REQUIRED_ACKS'],
    ['a transaction', batchOf(['x']), { transactionalId: 'tx' }, 9, 'UNSUPPORTED_FOR_MESSAGE_FORMAT'],
    ['a topic that is not there', batchOf(['x']), { name: 'nope' }, 9, 'UNKNOWN_TOPIC_OR_PARTITION'],
    ['a partition that is not there', batchOf(['x']), { index: 9 }, 9, 'UNKNOWN_TOPIC_OR_PARTITION'],
    ['a partition below zero', batchOf(['x']), { index: -1 }, 9, 'UNKNOWN_TOPIC_OR_PARTITION'],
    ['an id that nobody has', batchOf(['x']), { name: '', topicId: 'f'.repeat(32) }, 13, 'UNKNOWN_TOPIC_ID'],
    ['an id of zero', batchOf(['x']), { name: '' }, 13, 'UNKNOWN_TOPIC_ID'],
  ])('refuses %s', async (_what, records, options, version, error) => {
    const before = await endOf(0)
    expect(await refusalOf(records, options, version)).toBe(error)
    expect(await endOf(0)).toBe(before)
  })

  test('refuses the topics of the cluster itself', async () => {
    const offsets = '__consumer_offsets'
    const options = { name: offsets, index: 0 }
    const broker = asking.cluster.leaderOf(offsets, 0)
    const { responses } = await asking.ask(produce, 9, bodyOf(batchOf(['x']), options), { broker })
    expect(named(responses[0]?.partitionResponses[0]?.errorCode)).toBe('INVALID_TOPIC_EXCEPTION')
  })

  test('a broker without the partition names its leader and where that is (KIP-951)', async () => {
    const { leader, other } = sidesOf(0)
    const answer = await asking.ask(produce, 10, bodyOf(batchOf(['x'])), { broker: other })
    expect(answer.responses[0]?.partitionResponses[0]).toMatchObject({
      errorCode: 6,
      currentLeader: { leaderId: leader, leaderEpoch: 0 },
    })
    const address = asking.cluster.addresses[leader - 1] ?? ''
    expect(answer.nodeEndpoints.map(({ nodeId, host, port }) => [nodeId, `${host}:${port}`])).toEqual([
      [leader, address],
    ])
  })

  test('no partitions at all are answered at once', async () => {
    expect(await asking.ask(produce, 9, { acks: -1, timeoutMs: 1000, topicData: [] })).toMatchObject({ responses: [] })
  })

  test('a partition that is named twice takes both batches, and answers both', async () => {
    const { leader } = sidesOf(0)
    const before = (await endOf(0)) ?? 0
    const partitionData = ['x', 'y'].map(value => ({ index: 0, records: batchOf([value]) }))
    const topicData = [{ name: 't', topicId: zeroUuid, partitionData }]
    const { responses } = await asking.ask(produce, 9, { acks: 1, timeoutMs: 1000, topicData }, { broker: leader })
    expect(responses[0]?.partitionResponses.map(({ baseOffset }) => baseOffset)).toEqual([before, before + 1])
  })

  test('acks 0 has no answer: the next request on the connection is answered next', async () => {
    const connection = await asking.connect(sidesOf(0).leader)
    const before = (await endOf(0)) ?? 0
    tellOn(connection, produce, 9, bodyOf(batchOf(['silent']), { acks: 0 }))
    expect(await askOn(connection, metadata, 1, { topics: [] })).toMatchObject({ topics: [] })
    expect(await endOf(0)).toBe(before + 1)
  })

  test('acks 0 with an error closes the connection, behind what was answered before', async () => {
    const connection = await asking.connect(sidesOf(0).leader)
    const before = askOn(connection, metadata, 1, { topics: [] })
    tellOn(connection, produce, 9, bodyOf(batchOf(['x']), { acks: 0, name: 'nope' }))
    const behind = askOn(connection, metadata, 1, { topics: [] })
    expect(await before).toMatchObject({ topics: [] })
    await expect(behind).rejects.toBeInstanceOf(ConnectionLost)
    expect(asking.said.at(-1)).toContain('produce request with acks=0 failed for nope-0: UNKNOWN_TOPIC_OR_PARTITION')
  })

  test('acks -1 that is not acknowledged in time says so, and has appended all the same', async () => {
    await asking.cluster.createTopic('slow', { partitions: 1, replicationFactor: 2 })
    const leader = asking.cluster.leaderOf('slow', 0)
    asking.cluster.cut(leader, 3 - leader)
    const started = performance.now()
    const body = bodyOf(batchOf(['x']), { name: 'slow', timeoutMs: 100 })
    const { responses } = await asking.ask(produce, 9, body, { broker: leader })
    expect(named(responses[0]?.partitionResponses[0]?.errorCode)).toBe('REQUEST_TIMED_OUT')
    expect(performance.now() - started).toBeGreaterThan(95)
    asking.cluster.heal()
    const read = async (): Promise<number> => {
      const partition = { partition: 0, currentLeaderEpoch: -1, fetchOffset: 0, lastFetchedEpoch: -1 }
      const rest = { logStartOffset: -1, partitionMaxBytes: 1 << 20, replicaDirectoryId: zeroUuid, highWatermark: 0 }
      const topics = [{ topic: 'slow', topicId: zeroUuid, partitions: [{ ...partition, ...rest }] }]
      const answer = await asking.ask(fetch, 12, { maxWaitMs: 500, minBytes: 1, topics }, { broker: leader })
      return answer.responses[0]?.partitions[0]?.records?.length ?? 0
    }
    for (let tries = 0; tries < 20 && (await read()) === 0; tries++) await pause(50)
    expect(await read()).toBeGreaterThan(0)
  })

  test('a produce that waits is answered when the leadership ends', async () => {
    await asking.cluster.createTopic('moved', { partitions: 1, replicationFactor: 2 })
    const leader = asking.cluster.leaderOf('moved', 0)
    const follower = 3 - leader
    asking.cluster.cut(follower, leader, { oneWay: true })
    const body = bodyOf(batchOf(['x']), { name: 'moved', timeoutMs: 20_000 })
    const waiting = asking.ask(produce, 10, body, { broker: leader, withinMs: 15_000 })
    await pause(50)
    asking.cluster.controller?.event(() => asking.cluster.controller?.controller.expireSession(leader))
    const { responses } = await waiting
    expect(named(responses[0]?.partitionResponses[0]?.errorCode)).toBe('NOT_LEADER_OR_FOLLOWER')
    asking.cluster.heal()
    await asking.cluster.ready()
  })
})
