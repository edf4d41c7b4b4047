// What clients ask to find their way: Metadata, DescribeCluster, FindCoordinator, DescribeTopicPartitions, ApiVersions.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Asking, named } from '../host/testing/asking.ts'
import { apiVersions } from '../wire/apis/api-versions.ts'
import { describeCluster } from '../wire/apis/describe-cluster.ts'
import { describeTopicPartitions } from '../wire/apis/describe-topic-partitions.ts'
import { findCoordinator } from '../wire/apis/find-coordinator.ts'
import { initProducerId } from '../wire/apis/init-producer-id.ts'
import { metadata } from '../wire/apis/metadata.ts'
import { saslAuthenticate } from '../wire/apis/sasl-authenticate.ts'
import { saslHandshake } from '../wire/apis/sasl-handshake.ts'
import { zeroUuid } from '../wire/schema.ts'

let asking: Asking
beforeAll(async () => {
  asking = await Asking.start({ brokers: 3, partitions: 2 })
  await asking.cluster.createTopic('t', { partitions: 3, replicationFactor: 2 })
})
afterAll(() => asking.stop())

const byName = (...names: readonly string[]) => names.map(name => ({ name, topicId: zeroUuid }))
const offsets = '__consumer_offsets'

function addressOf(brokerId: number): { readonly host: string; readonly port: number } {
  return { host: '127.0.0.1', port: Number(asking.cluster.addresses[brokerId - 1]?.split(':')[1]) }
}

describe('Metadata', () => {
  test('tells the brokers, and of each partition leader, replicas and who is in sync', async () => {
    const answer = await asking.ask(metadata, metadata.maxVersion, { topics: byName('t') })
    expect(answer.brokers).toEqual([1, 2, 3].map(nodeId => ({ nodeId, ...addressOf(nodeId), rack: null })))
    expect(answer.clusterId).toBe(asking.cluster.controller?.clusterId)
    const [topic] = answer.topics
    expect(topic).toMatchObject({ errorCode: 0, name: 't', isInternal: false })
    expect(topic?.topicId).toMatch(/^[0-9a-f]{32}$/)
    expect(topic?.partitions.map(({ partitionIndex }) => partitionIndex)).toEqual([0, 1, 2])
    for (const { partitionIndex, leaderId, replicaNodes, isrNodes, offlineReplicas } of topic?.partitions ?? []) {
      expect(leaderId).toBe(asking.cluster.leaderOf('t', partitionIndex))
      expect([replicaNodes.length, isrNodes.length, offlineReplicas]).toEqual([2, 2, []])
    }
  })

  test('of all topics: null, and in version 0 nothing; since version 1 nothing is none', async () => {
    const all = (version: number, topics: [] | null) => asking.ask(metadata, version, { topics })
    const names = [offsets, 't']
    expect((await all(0, [])).topics.map(({ name }) => name)).toEqual(expect.arrayContaining(names))
    expect((await all(1, null)).topics.map(({ name }) => name)).toEqual(expect.arrayContaining(names))
    expect((await all(1, [])).topics).toEqual([])
  })

  test('a topic that is asked for comes to be, once, when the client allows it', async () => {
    const allowAutoTopicCreation = false
    const refused = await asking.ask(metadata, 9, { topics: byName('wanted'), allowAutoTopicCreation })
    expect(named(refused.topics[0]?.errorCode)).toBe('UNKNOWN_TOPIC_OR_PARTITION')
    const topics = byName('wanted', 'wanted')
    const made = await asking.ask(metadata, 9, { topics, allowAutoTopicCreation: true })
    expect(made.topics.map(({ name, errorCode, partitions }) => [name, errorCode, partitions.length])).toEqual([
      ['wanted', 0, 2],
    ])
    // Before version 4 nobody could say no.
    const old = await asking.ask(metadata, 3, { topics: byName('wanted-3'), allowAutoTopicCreation: false })
    expect(old.topics[0]?.errorCode).toBe(0)
  })

  test.each([
    ['an illegal name', 9, { name: 'no pe', topicId: zeroUuid }, 'INVALID_TOPIC_EXCEPTION', 'no pe'],
    ['no name', 9, { name: '', topicId: zeroUuid }, 'INVALID_TOPIC_EXCEPTION', ''],
    ['an unknown id', 12, { name: null, topicId: 'f'.repeat(32) }, 'UNKNOWN_TOPIC_ID', null],
    ['an unknown id with a name', 12, { name: 't', topicId: 'f'.repeat(32) }, 'UNKNOWN_TOPIC_ID', null],
    ['an unknown id before names could be null', 11, { name: null, topicId: 'f'.repeat(32) }, 'UNKNOWN_TOPIC_ID', ''],
    [
      'an internal topic that is not there',
      9,
      { name: '__no', topicId: zeroUuid },
      'UNKNOWN_TOPIC_OR_PARTITION',
      '__no',
    ],
  ] as const)('answers %s with an error for that topic', async (_what, version, topic, error, name) => {
    const { topics } = await asking.ask(metadata, version, { topics: [topic], allowAutoTopicCreation: true })
    expect(topics.map(one => [named(one.errorCode), one.name, one.partitions])).toEqual([[error, name, []]])
  })

  test('what may be done is told to who asks', async () => {
    const body = {
      topics: byName('t'),
      includeTopicAuthorizedOperations: true,
      includeClusterAuthorizedOperations: true,
    }
    const answer = await asking.ask(metadata, 9, body)
    expect([answer.topics[0]?.topicAuthorizedOperations, answer.clusterAuthorizedOperations]).toEqual([3576, 8096])
  })
})

test('without auto.create.topics.enable a topic does not come to be', async () => {
  const other = await Asking.start({ autoCreateTopics: false })
  const { topics } = await other.ask(metadata, 9, { topics: byName('x'), allowAutoTopicCreation: true })
  expect(named(topics[0]?.errorCode)).toBe('UNKNOWN_TOPIC_OR_PARTITION')
  await other.stop()
})

test('DescribeCluster tells the brokers, and only of brokers', async () => {
  const lowest = await asking.ask(describeCluster, 0, { includeClusterAuthorizedOperations: true })
  expect(lowest).toMatchObject({ errorCode: 0, controllerId: 1, clusterAuthorizedOperations: 8096 })
  expect(lowest.brokers.map(({ brokerId, port }) => [brokerId, port])).toEqual(
    [1, 2, 3].map(id => [id, addressOf(id).port]),
  )
  const highest = await asking.ask(describeCluster, describeCluster.maxVersion, { includeFencedBrokers: true })
  expect(highest.brokers.map(({ isFenced }) => isFenced)).toEqual([false, false, false])
  for (const [endpointType, error] of [
    [2, 'MISMATCHED_ENDPOINT_TYPE'],
    [9, 'UNSUPPORTED_ENDPOINT_TYPE'],
  ] as const) {
    const answer = await asking.ask(describeCluster, 1, { endpointType })
    expect([named(answer.errorCode), answer.brokers]).toEqual([error, []])
  }
})

describe('FindCoordinator', () => {
  test('every broker names the same one for a group, in every form of the question', async () => {
    const found = new Set<number>()
    for (const broker of [1, 2, 3]) {
      const { coordinators } = await asking.ask(findCoordinator, 4, { coordinatorKeys: ['g', 'h'] }, { broker })
      expect(coordinators.map(({ key, errorCode }) => [key, errorCode])).toEqual([
        ['g', 0],
        ['h', 0],
      ])
      found.add(coordinators[0]?.nodeId ?? -1)
      const { nodeId, host, port } = await asking.ask(findCoordinator, 0, { key: 'g' }, { broker })
      expect({ host, port }).toEqual(addressOf(nodeId))
      found.add(nodeId)
    }
    expect(found.size).toBe(1)
    expect((await asking.ask(findCoordinator, 4, { coordinatorKeys: [] })).coordinators).toEqual([])
  })

  test.each([
    [1, 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED'],
    [2, 'INVALID_REQUEST'],
    [9, 'INVALID_REQUEST'],
  ])('of type %i there is none, and the answer says so for good', async (keyType, error) => {
    const single = await asking.ask(findCoordinator, 3, { keyType, key: 'x' })
    expect([named(single.errorCode), single.nodeId, single.port]).toEqual([error, -1, -1])
    const { coordinators } = await asking.ask(findCoordinator, 6, { keyType, coordinatorKeys: ['x'] })
    expect(coordinators[0]?.errorMessage).toContain('no transactions')
  })
})

test('DescribeTopicPartitions goes page by page, and a topic that is not there takes no room', async () => {
  const page = async (cursor: { topicName: string; partitionIndex: number } | null) => {
    const topics = ['t', 'nope', 't', offsets].map(name => ({ name }))
    const answer = await asking.ask(describeTopicPartitions, 0, { topics, responsePartitionLimit: 9, cursor })
    const rows = answer.topics.map(one => [one.name, named(one.errorCode), one.partitions.length])
    return { rows, next: answer.nextCursor }
  }
  const next = { topicName: 't', partitionIndex: 1 }
  expect(await page(null)).toEqual({
    rows: [
      [offsets, 'NONE', 8],
      ['nope', 'UNKNOWN_TOPIC_OR_PARTITION', 0],
      ['t', 'NONE', 1],
    ],
    next,
  })
  expect(await page(next)).toEqual({ rows: [['t', 'NONE', 2]], next: null })
  const { rows } = await page({ topicName: 't', partitionIndex: -1 })
  expect(rows).toEqual([['t', 'INVALID_REQUEST', 0]])
})

describe('ApiVersions', () => {
  test('offers what the table has and nothing twice, in every version', async () => {
    const software = { clientSoftwareName: 'test', clientSoftwareVersion: '1.0' }
    for (let version = apiVersions.minVersion; version <= apiVersions.maxVersion; version++) {
      const { errorCode, apiKeys } = await asking.ask(apiVersions, version, software)
      expect([errorCode, apiKeys.length, new Set(apiKeys.map(({ apiKey }) => apiKey)).size]).toEqual([0, 34, 34])
    }
  })

  test('wants a name that can stand in a metric (KIP-511)', async () => {
    const answer = await asking.ask(apiVersions, 3, { clientSoftwareName: '', clientSoftwareVersion: '-' })
    expect([named(answer.errorCode), answer.apiKeys]).toEqual(['INVALID_REQUEST', []])
  })
})

test('without SASL its messages are out of place, and the connection goes on', async () => {
  const handshake = await asking.ask(saslHandshake, 1, { mechanism: 'PLAIN' })
  expect(named(handshake.errorCode)).toBe('ILLEGAL_SASL_STATE')
  const { errorCode, errorMessage } = await asking.ask(saslAuthenticate, 2, { authBytes: new Uint8Array(3) })
  expect([named(errorCode), errorMessage]).toEqual(['ILLEGAL_SASL_STATE', 'this broker was started without SASL'])
})

describe('InitProducerId', () => {
  test('gives every producer an id of its own, on every broker', async () => {
    const ids = new Set<number>()
    for (const broker of [1, 2, 3]) {
      for (const version of [initProducerId.minVersion, initProducerId.maxVersion]) {
        const body = { transactionalId: null, transactionTimeoutMs: 1000 }
        const { errorCode, producerId, producerEpoch } = await asking.ask(initProducerId, version, body, { broker })
        expect([errorCode, producerEpoch]).toEqual([0, 0])
        ids.add(producerId)
      }
    }
    expect(ids.size).toBe(6)
  })

  test.each([
    ['tx', 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED'],
    ['', 'INVALID_REQUEST'],
  ])('refuses the transactional id "%s"', async (transactionalId, error) => {
    const answer = await asking.ask(initProducerId, 4, { transactionalId, transactionTimeoutMs: 1000 })
    expect([named(answer.errorCode), answer.producerId]).toEqual([error, -1])
  })
})
