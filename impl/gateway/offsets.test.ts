// Questions about logs: ListOffsets with its special times, OffsetForLeaderEpoch, DeleteRecords, DescribeProducers and
// DescribeLogDirs.
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Asking, batchOf, named } from '../host/testing/asking.ts'
import * as header from '../log/batch.ts'
import { encodeUnplacedBatch } from '../log/codec.ts'
import { crc32c } from '../log/crc32c.ts'
import { deleteRecords } from '../wire/apis/delete-records.ts'
import { describeLogDirs } from '../wire/apis/describe-log-dirs.ts'
import { describeProducers } from '../wire/apis/describe-producers.ts'
import { listOffsets } from '../wire/apis/list-offsets.ts'
import { offsetForLeaderEpoch } from '../wire/apis/offset-for-leader-epoch.ts'
import { produce } from '../wire/apis/produce.ts'
import { zeroUuid } from '../wire/schema.ts'

let asking: Asking
beforeAll(async () => {
  asking = await Asking.start({ brokers: 2 })
  for (const topic of ['t', 'zipped']) await asking.cluster.createTopic(topic, { partitions: 2, replicationFactor: 1 })
  const config = { 'cleanup.policy': 'compact' }
  await asking.cluster.createTopic('kept', { partitions: 1, replicationFactor: 1, config })
  await send('t', batchOf(['a', 'b'], 1000))
  await send('t', batchOf(['c'], 5000))
  await send('t', batchOf(['d'], 3000))
})
afterAll(() => asking.stop())

const leaderOf = (topic: string, partition = 0) => ({ broker: asking.cluster.leaderOf(topic, partition) })

async function send(topic: string, records: Uint8Array): Promise<void> {
  const topicData = [{ name: topic, topicId: zeroUuid, partitionData: [{ index: 0, records }] }]
  const { responses } = await asking.ask(produce, 9, { acks: -1, timeoutMs: 1000, topicData }, leaderOf(topic))
  expect(responses[0]?.partitionResponses[0]).toMatchObject({ errorCode: 0, errorMessage: null })
}

async function listed(timestamp: number, version = 7, topic = 't', partition = 0): Promise<unknown> {
  const row = { partitionIndex: partition, currentLeaderEpoch: -1, timestamp }
  const body = { replicaId: -1, topics: [{ name: topic, partitions: [row] }] }
  const { topics } = await asking.ask(listOffsets, version, body, leaderOf(topic, partition))
  const [answered] = topics[0]?.partitions ?? []
  if (answered === undefined) throw new Error('there was no answer')
  const { errorCode, offset, timestamp: at, leaderEpoch } = answered
  return errorCode === 0 ? { offset, at, leaderEpoch } : named(errorCode)
}

/** The same records as one compressed batch. */
function zipped(batch: Uint8Array): Uint8Array {
  const whole = Buffer.concat([batch.subarray(0, header.headerBytes), gzipSync(batch.subarray(header.headerBytes))])
  const view = header.viewOf(whole)
  view.setInt32(header.field.length, whole.length - header.lengthEnd)
  view.setInt16(header.field.attributes, 1)
  view.setUint32(header.field.checksum, crc32c(whole, header.field.attributes, whole.length))
  return whole
}

const nothing = { offset: -1, at: -1, leaderEpoch: -1 }

describe('ListOffsets', () => {
  test.each([
    ['the end', -1, { offset: 4, at: -1, leaderEpoch: 0 }],
    ['the start', -2, { offset: 0, at: -1, leaderEpoch: 0 }],
    ['the largest timestamp', -3, { offset: 2, at: 5000, leaderEpoch: 0 }],
    ['the start of what is local', -4, { offset: 0, at: -1, leaderEpoch: 0 }],
    ['the end of what is tiered', -5, nothing],
    ['what waits to be tiered', -6, nothing],
    ['the first record from a time on', 2000, { offset: 2, at: 5000, leaderEpoch: 0 }],
    ['the first record of all', 0, { offset: 0, at: 1000, leaderEpoch: 0 }],
    ['a time behind all records', 6000, nothing],
    ['a time that means nothing', -7, 'UNSUPPORTED_VERSION'],
  ])('knows %s', async (_what, timestamp, answer) => {
    expect(await listed(timestamp, listOffsets.maxVersion)).toEqual(answer)
  })

  test.each([
    [-3, 7],
    [-4, 8],
    [-5, 9],
    [-6, 11],
  ])('knows the time %i since version %i', async (timestamp, since) => {
    expect(await listed(timestamp, since - 1)).toBe('UNSUPPORTED_VERSION')
    expect(typeof (await listed(timestamp, since))).toBe('object')
  })

  test('in its lowest version', async () => {
    expect(await listed(2000, listOffsets.minVersion)).toEqual({ offset: 2, at: 5000, leaderEpoch: -1 })
  })

  test('of an empty log', async () => {
    expect(await listed(-3, 7, 't', 1)).toEqual(nothing)
    expect(await listed(-1, 7, 't', 1)).toEqual({ offset: 0, at: -1, leaderEpoch: 0 })
  })

  test('looks into compressed batches', async () => {
    await send('zipped', zipped(batchOf(['a', 'b'], 1000)))
    await send('zipped', zipped(batchOf(['c', 'd'], 2000)))
    expect(await listed(1500, 7, 'zipped')).toEqual({ offset: 2, at: 2000, leaderEpoch: 0 })
    expect(await listed(-3, 7, 'zipped')).toEqual({ offset: 2, at: 2000, leaderEpoch: 0 })
  })

  test('refuses wrong epochs, places and repetitions one by one', async () => {
    const rows = [
      { partitionIndex: 0, currentLeaderEpoch: 9, timestamp: -1 },
      { partitionIndex: -1, currentLeaderEpoch: -1, timestamp: -1 },
      { partitionIndex: 5, currentLeaderEpoch: -1, timestamp: -1 },
      { partitionIndex: 6, currentLeaderEpoch: -1, timestamp: -1 },
      { partitionIndex: 6, currentLeaderEpoch: -1, timestamp: -2 },
    ]
    const body = { replicaId: -1, topics: [{ name: 't', partitions: rows }] }
    const { topics } = await asking.ask(listOffsets, 7, body, leaderOf('t'))
    const errors = topics[0]?.partitions.map(({ partitionIndex, errorCode }) => [partitionIndex, named(errorCode)])
    expect(errors).toEqual([
      [0, 'UNKNOWN_LEADER_EPOCH'],
      [-1, 'UNKNOWN_TOPIC_OR_PARTITION'],
      [5, 'UNKNOWN_TOPIC_OR_PARTITION'],
      [6, 'INVALID_REQUEST'],
    ])
    const elsewhere = await asking.ask(
      listOffsets,
      7,
      {
        replicaId: -1,
        topics: [{ name: 't', partitions: [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp: -1 }] }],
      },
      { broker: 3 - asking.cluster.leaderOf('t', 0) },
    )
    expect(named(elsewhere.topics[0]?.partitions[0]?.errorCode)).toBe('NOT_LEADER_OR_FOLLOWER')
  })
})

test('a new leader that does not know yet how far its predecessor came says so, by an old name to old clients (KIP-207)', async () => {
  const three = await Asking.start({ brokers: 3 })
  const { cluster } = three
  await cluster.createTopic('new', { partitions: 1, replicationFactor: 3 })
  const before = cluster.leaderOf('new', 0)
  const topicData = [{ name: 'new', topicId: zeroUuid, partitionData: [{ index: 0, records: batchOf(['a']) }] }]
  await three.ask(produce, 9, { acks: -1, timeoutMs: 1000, topicData }, { broker: before })
  const [one = 0, other = 0] = [1, 2, 3].filter(id => id !== before)
  cluster.cut(one, other)
  await cluster.crash(before)
  const broker = cluster.leaderOf('new', 0)
  const latest = async (version: number): Promise<unknown> => {
    const row = { partitionIndex: 0, currentLeaderEpoch: -1, timestamp: -1 }
    const body = { replicaId: -1, topics: [{ name: 'new', partitions: [row] }] }
    const { topics } = await three.ask(listOffsets, version, body, { broker })
    return named(topics[0]?.partitions[0]?.errorCode)
  }
  await expect.poll(() => latest(5)).toBe('OFFSET_NOT_AVAILABLE')
  expect(await latest(4)).toBe('LEADER_NOT_AVAILABLE')
  cluster.heal()
  await expect.poll(() => latest(4)).toBe('NONE')
  await three.stop()
})

test('OffsetForLeaderEpoch says where an epoch ends, in its lowest and its highest version', async () => {
  for (const version of [offsetForLeaderEpoch.minVersion, offsetForLeaderEpoch.maxVersion]) {
    const rows = [
      [0, -1, 0],
      [0, -1, 5],
      [1, -1, 0],
      [9, -1, 0],
    ].map(([partition = 0, currentLeaderEpoch = 0, leaderEpoch = 0]) => ({
      partition,
      currentLeaderEpoch,
      leaderEpoch,
    }))
    const answers = await Promise.all(
      rows.map(row =>
        asking.ask(
          offsetForLeaderEpoch,
          version,
          { replicaId: -1, topics: [{ topic: 't', partitions: [row] }] },
          row.partition > 1 ? {} : leaderOf('t', row.partition),
        ),
      ),
    )
    const ends = answers.map(({ topics }) => topics[0]?.partitions[0])
    expect(ends.map(end => [named(end?.errorCode), end?.leaderEpoch, end?.endOffset])).toEqual([
      ['NONE', 0, 4],
      ['NONE', -1, -1],
      ['NONE', 0, 0],
      ['UNKNOWN_TOPIC_OR_PARTITION', -1, -1],
    ])
  }
})

describe('DeleteRecords', () => {
  async function erase(topic: string, partitionIndex: number, offset: number, version = 2): Promise<unknown> {
    const isThere = topic !== 'nope' && partitionIndex >= 0 && partitionIndex < 2
    const body = { timeoutMs: 1000, topics: [{ name: topic, partitions: [{ partitionIndex, offset }] }] }
    const { topics } = await asking.ask(deleteRecords, version, body, isThere ? leaderOf(topic, partitionIndex) : {})
    const [row] = topics[0]?.partitions ?? []
    return row?.errorCode === 0 ? row.lowWatermark : [named(row?.errorCode), row?.lowWatermark]
  }

  test('raises the start of a log, and to its end for -1', async () => {
    expect(await erase('t', 0, 1, deleteRecords.minVersion)).toBe(1)
    expect(await listed(-2)).toMatchObject({ offset: 1 })
    expect(await erase('t', 0, -1)).toBe(4)
    expect(await listed(-2)).toMatchObject({ offset: 4 })
  })

  test.each([
    ['t', 0, 99, 'OFFSET_OUT_OF_RANGE'],
    ['t', 0, -2, 'OFFSET_OUT_OF_RANGE'],
    ['t', 9, 0, 'UNKNOWN_TOPIC_OR_PARTITION'],
    ['t', -1, 0, 'UNKNOWN_TOPIC_OR_PARTITION'],
    ['nope', 0, 0, 'UNKNOWN_TOPIC_OR_PARTITION'],
    ['kept', 0, -1, 'POLICY_VIOLATION'],
    ['__consumer_offsets', 0, -1, 'INVALID_TOPIC_EXCEPTION'],
  ])('of %s-%i up to %i is %s', async (topic, partition, offset, error) => {
    expect(await erase(topic, partition, offset)).toEqual([error, -1])
  })
})

test('DescribeProducers names who writes to a partition, on its leader', async () => {
  const producer = { producerId: 77, producerEpoch: 3, baseSequence: 0 }
  const records = ['a', 'b'].map(value => ({ key: 'k', value, timestamp: 1 }))
  await send('t', encodeUnplacedBatch({ ...producer, records }))
  const body = { topics: [{ name: 't', partitionIndexes: [0, 9] }] }
  const { topics } = await asking.ask(describeProducers, 0, body, leaderOf('t'))
  const row = { lastSequence: 1, lastTimestamp: -1, coordinatorEpoch: -1, currentTxnStartOffset: -1 }
  expect(topics[0]?.partitions.map(one => [named(one.errorCode), one.activeProducers])).toEqual([
    ['NONE', [{ producerId: 77, producerEpoch: 3, ...row }]],
    ['UNKNOWN_TOPIC_OR_PARTITION', []],
  ])
  const elsewhere = await asking.ask(describeProducers, 0, body, { broker: 3 - asking.cluster.leaderOf('t', 0) })
  expect(named(elsewhere.topics[0]?.partitions[0]?.errorCode)).toBe('NOT_LEADER_OR_FOLLOWER')
})

test('DescribeLogDirs tells how much each log takes, of all or of some', async () => {
  const broker = leaderOf('zipped')
  const { results } = await asking.ask(describeLogDirs, describeLogDirs.maxVersion, { topics: null }, broker)
  const [only] = results
  expect(only?.totalBytes).toBeGreaterThan(only?.usableBytes ?? 0)
  const log = only?.topics.find(({ name }) => name === 'zipped')?.partitions.find(one => one.partitionIndex === 0)
  expect(log).toMatchObject({ offsetLag: 0, isFutureKey: false })
  expect(log?.partitionSize).toBeGreaterThan(100)
  const some = await asking.ask(describeLogDirs, 1, { topics: [{ topic: 'zipped', partitions: [0] }] }, broker)
  expect(some.results[0]?.topics).toEqual([{ name: 'zipped', partitions: [log] }])
  const none = await asking.ask(describeLogDirs, 1, { topics: [] }, broker)
  expect(none.results[0]?.topics).toEqual([])
})
