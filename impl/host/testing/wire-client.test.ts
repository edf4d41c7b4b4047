// The client for tests, against a cluster in this process.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeBatches, encodeUnplacedBatch } from '../../log/codec.ts'
import { metadata } from '../../wire/apis/metadata.ts'
import { Cluster } from '../cluster.ts'
import { ConnectionLost, WireConnection } from '../wire-connection.ts'
import { Refused, WireClient } from './wire-client.ts'

const plain = { producerId: -1, producerEpoch: -1, baseSequence: -1 }

function batchOf(values: readonly string[], timestamp = 1000, producer = plain): Uint8Array {
  return encodeUnplacedBatch({ ...producer, records: values.map(value => ({ key: 'k', value, timestamp })) })
}

describe('the client for tests', () => {
  let cluster: Cluster
  let client: WireClient
  beforeAll(async () => {
    cluster = await Cluster.start({ brokers: 2 })
    client = new WireClient(cluster.bootstrap)
    await client.createTopic('t', 2, 2)
  })
  afterAll(async () => {
    client.close()
    await cluster.stop()
  })

  test('produces, fetches, and asks for offsets by time and by epoch', async () => {
    expect(await client.produce('t', 0, batchOf(['a', 'b'], 1000))).toBe(0)
    expect(await client.produce('t', 0, batchOf(['c'], 2000))).toBe(2)
    const { records, highWatermark } = await client.fetch('t', 0, 1)
    expect(highWatermark).toBe(3)
    const batches = decodeBatches(records ?? new Uint8Array(0))
    expect(batches.flatMap(batch => batch.records.map(({ value }) => value))).toEqual(['a', 'b', 'c'])
    expect(await client.listOffset('t', 0, 1500)).toMatchObject({ offset: 2, timestamp: 2000 })
    expect(await client.listOffset('t', 0, -1)).toMatchObject({ offset: 3 })
    expect(await client.endOfEpoch('t', 0, 0)).toMatchObject({ leaderEpoch: 0, endOffset: 3 })
  })

  test('sends a sequence twice and gets the same offset twice', async () => {
    const producer = { producerId: await client.producerId(), producerEpoch: 0, baseSequence: 0 }
    const first = await client.produce('t', 1, batchOf(['x', 'y'], 0, producer))
    expect(await client.produce('t', 1, batchOf(['x', 'y'], 0, producer))).toBe(first)
    const gap = client.produce('t', 1, batchOf(['z'], 0, { ...producer, baseSequence: 9 }))
    await expect(gap).rejects.toEqual(new Refused('OUT_OF_ORDER_SEQUENCE_NUMBER', 'a batch for t-1'))
  })

  test('commits offsets and reads them', async () => {
    expect(await client.committed('g', 't', 0)).toBe(-1)
    await client.patiently(() => client.commitOnce('g', 't', 0, 7))
    expect(await client.committed('g', 't', 0)).toBe(7)
  })

  test('is told what is wrong with a name that is as long as the protocol allows', async () => {
    const created = client.createTopic('u', 1, 1, { ['x'.repeat(32_767)]: '1' })
    await expect(created).rejects.toMatchObject({ error: 'INVALID_CONFIG' })
  })

  test('has many requests under way on one connection, and gives each its own answer', async () => {
    const connection = await client.leader('t', 0)
    const body = { topics: [], allowAutoTopicCreation: false }
    const rest = { includeClusterAuthorizedOperations: false, includeTopicAuthorizedOperations: false }
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, k) => connection.ask(metadata, k % 14, { ...body, ...rest })),
    )
    expect(answers.map(({ brokers }) => brokers.length)).toEqual(Array.from({ length: 40 }, () => 2))
    expect(connection.unanswered).toBe(0)
  })

  test('says that a connection is lost, at once and when nobody answers in time', async () => {
    await expect(WireConnection.open('127.0.0.1:1')).rejects.toBeInstanceOf(ConnectionLost)
    const connection = await WireConnection.open(cluster.addresses[0] ?? '')
    cluster.cutClients(1)
    const request = { topics: [], allowAutoTopicCreation: false }
    const rest = { includeClusterAuthorizedOperations: false, includeTopicAuthorizedOperations: false }
    await expect(connection.ask(metadata, 12, { ...request, ...rest }, 50)).rejects.toThrow('within 50 ms')
    expect(connection.isClosed).toBe(true)
    await expect(connection.ask(metadata, 12, { ...request, ...rest })).rejects.toBeInstanceOf(ConnectionLost)
    cluster.heal()
  })

  test('finds the new leader when a broker is gone', async () => {
    await cluster.crash(1)
    expect(await client.produce('t', 0, batchOf(['after']))).toBe(3)
    await cluster.restart(1)
  })
})
