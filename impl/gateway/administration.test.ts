// What administrators ask any broker and the controller does: topics, partitions, settings, elections, reassignments.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Asking, named } from '../host/testing/asking.ts'
import { alterConfigs } from '../wire/apis/alter-configs.ts'
import { alterPartitionReassignments } from '../wire/apis/alter-partition-reassignments.ts'
import { createPartitions } from '../wire/apis/create-partitions.ts'
import { createTopics } from '../wire/apis/create-topics.ts'
import { deleteTopics } from '../wire/apis/delete-topics.ts'
import { describeConfigs } from '../wire/apis/describe-configs.ts'
import { electLeaders } from '../wire/apis/elect-leaders.ts'
import { incrementalAlterConfigs } from '../wire/apis/incremental-alter-configs.ts'
import { listPartitionReassignments } from '../wire/apis/list-partition-reassignments.ts'
import { metadata } from '../wire/apis/metadata.ts'
import { type RequestOf, zeroUuid } from '../wire/schema.ts'

let asking: Asking
beforeAll(async () => {
  asking = await Asking.start({ brokers: 3 })
  await asking.cluster.createTopic('t', { partitions: 2, replicationFactor: 3 })
})
afterAll(() => asking.stop())

type NewTopic = RequestOf<typeof createTopics>['topics'][number]
const topicOf = (name: string, rest: Partial<NewTopic> = {}): NewTopic => ({
  name,
  numPartitions: 1,
  replicationFactor: 1,
  assignments: [],
  configs: [],
  ...rest,
})

async function create(topics: readonly NewTopic[], version = 7, validateOnly = false): Promise<unknown> {
  const answer = await asking.ask(createTopics, version, { topics, timeoutMs: 1000, validateOnly })
  return answer.topics.map(({ name, errorCode }) => `${name} ${named(errorCode)}`)
}

async function partitionsOf(topic: string, broker = 1): Promise<number | null> {
  const body = { topics: [{ name: topic, topicId: zeroUuid }], allowAutoTopicCreation: false }
  const { topics } = await asking.ask(metadata, 9, body, { broker })
  return topics[0]?.errorCode === 0 ? topics[0].partitions.length : null
}

describe('topics', () => {
  test('are created in the lowest and the highest version, and every broker knows them at once', async () => {
    expect(await create([topicOf('low', { numPartitions: 2 })], createTopics.minVersion)).toEqual(['low NONE'])
    expect(await create([topicOf('high', { numPartitions: -1, replicationFactor: -1 })])).toEqual(['high NONE'])
    for (const broker of [1, 2, 3]) expect(await partitionsOf('low', broker)).toBe(2)
  })

  test('are refused one by one', async () => {
    const topics = [
      topicOf('t'),
      topicOf('no pe'),
      topicOf('none', { numPartitions: 0 }),
      topicOf('wide', { replicationFactor: 9 }),
      topicOf('odd', { configs: [{ name: 'no.such.setting', value: '1' }] }),
      topicOf('twice'),
      topicOf('twice'),
    ]
    expect(await create(topics)).toEqual([
      't TOPIC_ALREADY_EXISTS',
      'no pe INVALID_TOPIC_EXCEPTION',
      'none INVALID_PARTITIONS',
      'wide INVALID_REPLICATION_FACTOR',
      'odd INVALID_CONFIG',
      'twice INVALID_REQUEST',
      'twice INVALID_REQUEST',
    ])
    expect(await partitionsOf('twice')).toBe(null)
  })

  test('of more partitions than a request may ask for are refused with all that was asked beside them', async () => {
    const topics = [topicOf('many', { numPartitions: 2_147_483_647 }), topicOf('beside')]
    expect(await create(topics)).toEqual(['many POLICY_VIOLATION', 'beside POLICY_VIOLATION'])
    expect(await partitionsOf('beside')).toBe(null)
  })

  test('are only looked at when that is what is asked', async () => {
    expect(await create([topicOf('maybe')], 7, true)).toEqual(['maybe NONE'])
    expect(await partitionsOf('maybe')).toBe(null)
  })

  test('are deleted by their names, and by their ids since version 6', async () => {
    await create([topicOf('by-name'), topicOf('by-id')])
    const named1 = await asking.ask(deleteTopics, deleteTopics.minVersion, { topicNames: ['by-name'], timeoutMs: 1000 })
    expect(named1.responses.map(({ name, errorCode }) => [name, errorCode])).toEqual([['by-name', 0]])
    const { topics } = await asking.ask(metadata, 12, { topics: [{ name: 'by-id', topicId: zeroUuid }] })
    const topicId = topics[0]?.topicId ?? ''
    const byId = await asking.ask(deleteTopics, 6, { topics: [{ name: null, topicId }], timeoutMs: 1000 })
    expect(byId.responses.map(({ name, errorCode }) => [name, errorCode])).toEqual([['by-id', 0]])
    expect([await partitionsOf('by-name'), await partitionsOf('by-id')]).toEqual([null, null])
  })

  test('that are named in two ways or in none are not deleted', async () => {
    const topics = [
      { name: 't', topicId: 'f'.repeat(32) },
      { name: null, topicId: zeroUuid },
      { name: null, topicId: 'f'.repeat(32) },
      { name: 'nope', topicId: zeroUuid },
    ]
    const { responses } = await asking.ask(deleteTopics, 6, { topics, timeoutMs: 1000 })
    expect(responses.map(({ name, errorCode }) => [name, named(errorCode)])).toEqual([
      ['t', 'INVALID_REQUEST'],
      [null, 'INVALID_REQUEST'],
      [null, 'UNKNOWN_TOPIC_ID'],
      ['nope', 'UNKNOWN_TOPIC_OR_PARTITION'],
    ])
    expect(await partitionsOf('t')).toBe(2)
  })

  test('grow, and never shrink', async () => {
    await create([topicOf('growing', { numPartitions: 2 })])
    const grow = async (name: string, count: number, version = 3) => {
      const body = { topics: [{ name, count, assignments: null }], timeoutMs: 1000 }
      const { results } = await asking.ask(createPartitions, version, body)
      return results.map(one => named(one.errorCode))
    }
    expect(await grow('growing', 3, createPartitions.minVersion)).toEqual(['NONE'])
    expect(await partitionsOf('growing')).toBe(3)
    expect(await grow('growing', 1)).toEqual(['INVALID_PARTITIONS'])
    expect(await grow('nope', 3)).toEqual(['UNKNOWN_TOPIC_OR_PARTITION'])
  })
})

describe('settings', () => {
  async function settings(resourceType: number, resourceName: string, keys: readonly string[] | null, version = 4) {
    const resources = [{ resourceType, resourceName, configurationKeys: keys }]
    const { results } = await asking.ask(describeConfigs, version, { resources, includeSynonyms: true })
    const [only] = results
    return {
      error: named(only?.errorCode),
      values: Object.fromEntries(only?.configs.map(({ name, value }) => [name, value]) ?? []),
    }
  }

  test('of topics and brokers are described, all or some', async () => {
    const all = await settings(2, 't', null)
    expect(all).toMatchObject({ error: 'NONE', values: { 'cleanup.policy': 'delete', 'min.insync.replicas': '1' } })
    expect(await settings(2, 't', ['cleanup.policy'], describeConfigs.minVersion)).toEqual({
      error: 'NONE',
      values: { 'cleanup.policy': 'delete' },
    })
    expect((await settings(4, '1', ['num.partitions'])).values).toEqual({ 'num.partitions': '1' })
    expect((await settings(2, 'nope', null)).error).toBe('UNKNOWN_TOPIC_OR_PARTITION')
    expect((await settings(77, 't', null)).error).toBe('INVALID_REQUEST')
  })

  test('are changed one by one, or all at once', async () => {
    await create([topicOf('set')])
    const change = async (name: string, value: string | null, configOperation: number, version = 1) => {
      const resources = [{ resourceType: 2, resourceName: 'set', configs: [{ name, value, configOperation }] }]
      const { responses } = await asking.ask(incrementalAlterConfigs, version, { resources })
      return named(responses[0]?.errorCode)
    }
    expect(await change('retention.ms', '1000', 0)).toBe('NONE')
    expect((await settings(2, 'set', ['retention.ms'])).values).toEqual({ 'retention.ms': '1000' })
    expect(await change('cleanup.policy', 'compact', 2, incrementalAlterConfigs.minVersion)).toBe('NONE')
    expect((await settings(2, 'set', ['cleanup.policy'])).values).toEqual({ 'cleanup.policy': 'delete,compact' })
    expect(await change('retention.ms', '1000', 9)).toBe('INVALID_REQUEST')
    expect(await change('retention.ms', 'soon', 0)).toBe('INVALID_CONFIG')
    const configs = [{ name: 'retention.ms', value: '5000' }]
    const resources = [{ resourceType: 2, resourceName: 'set', configs }]
    for (const version of [alterConfigs.minVersion, alterConfigs.maxVersion]) {
      const { responses } = await asking.ask(alterConfigs, version, { resources })
      expect(named(responses[0]?.errorCode)).toBe('NONE')
    }
    expect((await settings(2, 'set', ['retention.ms', 'cleanup.policy'])).values).toEqual({
      'retention.ms': '5000',
      'cleanup.policy': 'delete',
    })
  })

  test('a resource that is refused does not shift the answers of the others', async () => {
    const resources = [9, 0].map(configOperation => ({
      resourceType: 2,
      resourceName: 't',
      configs: [{ name: 'retention.ms', value: '77', configOperation }],
    }))
    const { responses } = await asking.ask(incrementalAlterConfigs, 1, { resources, validateOnly: true })
    expect(responses.map(({ errorCode }) => named(errorCode))).toEqual(['INVALID_REQUEST', 'NONE'])
  })
})

describe('placement', () => {
  test('leaders are elected where they are not the preferred ones', async () => {
    const elect = async (electionType: number, version = 2) => {
      const topicPartitions = [
        { topic: 't', partitions: [0, 9] },
        { topic: 'nope', partitions: [0] },
      ]
      const answer = await asking.ask(electLeaders, version, { electionType, topicPartitions, timeoutMs: 1000 })
      const rows = answer.replicaElectionResults.flatMap(({ topic, partitionResult }) =>
        partitionResult.map(({ partitionId, errorCode }) => `${topic}-${partitionId} ${named(errorCode)}`),
      )
      return [named(answer.errorCode), ...rows]
    }
    const rows = ['t-0 ELECTION_NOT_NEEDED', 't-9 UNKNOWN_TOPIC_OR_PARTITION', 'nope-0 UNKNOWN_TOPIC_OR_PARTITION']
    expect(await elect(0, electLeaders.minVersion)).toEqual(['NONE', ...rows])
    expect(await elect(0)).toEqual(['NONE', ...rows])
    expect(await elect(5)).toEqual(['INVALID_REQUEST'])
  })

  test('the preferred leader leads again when it is asked for, and only then', async () => {
    const { cluster } = asking
    const assignments = [{ partitionIndex: 0, brokerIds: [3, 2, 1] }]
    await create([topicOf('led', { numPartitions: -1, replicationFactor: -1, assignments })])
    await cluster.crash(3)
    await expect.poll(() => cluster.leaderOf('led', 0)).toBe(2)
    await cluster.restart(3)
    await expect.poll(() => cluster.inSyncReplicasOf('led', 0), { timeout: 5000 }).toEqual([1, 2, 3])
    const elect = async (electionType: number) => {
      const topicPartitions = [{ topic: 'led', partitions: [0] }]
      const { replicaElectionResults } = await asking.ask(electLeaders, 2, { electionType, topicPartitions })
      return [named(replicaElectionResults[0]?.partitionResult[0]?.errorCode), cluster.leaderOf('led', 0)]
    }
    // An unclean election is for partitions without a leader.
    expect(await elect(1)).toEqual(['ELECTION_NOT_NEEDED', 2])
    expect(await elect(0)).toEqual(['NONE', 3])
  })

  test('replicas are moved, which can be watched', async () => {
    await create([
      topicOf('moving', {
        numPartitions: -1,
        replicationFactor: -1,
        assignments: [{ partitionIndex: 0, brokerIds: [1] }],
      }),
    ])
    const move = async (partitionIndex: number, replicas: readonly number[] | null) => {
      const topics = [{ name: 'moving', partitions: [{ partitionIndex, replicas }] }]
      const { responses } = await asking.ask(alterPartitionReassignments, 0, { topics, timeoutMs: 1000 })
      return named(responses[0]?.partitions[0]?.errorCode)
    }
    expect(await move(0, [9])).toBe('INVALID_REPLICA_ASSIGNMENT')
    expect(await move(0, [])).toBe('INVALID_REPLICA_ASSIGNMENT')
    expect(await move(7, [1])).toBe('UNKNOWN_TOPIC_OR_PARTITION')
    expect(await move(0, null)).toBe('NO_REASSIGNMENT_IN_PROGRESS')
    asking.cluster.cut(1, 2)
    expect(await move(0, [2])).toBe('NONE')
    const watch = async () =>
      (await asking.ask(listPartitionReassignments, 0, { topics: null, timeoutMs: 1000 })).topics
    expect(await watch()).toEqual([
      {
        name: 'moving',
        partitions: [{ partitionIndex: 0, replicas: [2, 1], addingReplicas: [2], removingReplicas: [1] }],
      },
    ])
    asking.cluster.heal()
    await expect.poll(watch, { timeout: 5000 }).toEqual([])
    expect(asking.cluster.leaderOf('moving', 0)).toBe(2)
  })
})

test('a controller that cannot be reached is waited for, and then everything is refused by name', async () => {
  const other = await Asking.start({ brokers: 2 })
  other.cluster.cut(1, 'controller')
  const about = { timeoutMs: 1000 }
  const asked = await Promise.all([
    other.ask(createTopics, 7, { topics: [topicOf('x')], ...about }, { withinMs: 9000 }),
    other.ask(
      metadata,
      9,
      { topics: [{ name: 'y', topicId: zeroUuid }], allowAutoTopicCreation: true },
      { withinMs: 9000 },
    ),
  ])
  expect(asked.map(({ topics }) => named(topics[0]?.errorCode))).toEqual(['REQUEST_TIMED_OUT', 'REQUEST_TIMED_OUT'])
  await other.stop()
}, 15_000)
