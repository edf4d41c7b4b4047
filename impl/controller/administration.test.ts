// What administrators ask for, over a running cluster: topics, partitions, settings, elections.
import { describe, expect, test } from 'vitest'
import { LastingTestCluster } from '../../properties/simulation/lasting-cluster.ts'
import type { NewTopic } from './admin-requests.ts'

function asked(topic: string, more: Partial<NewTopic> = {}): NewTopic {
  return { topic, partitions: -1, replicationFactor: -1, assignments: [], settings: [], ...more }
}

function create(cluster: LastingTestCluster, ...topics: readonly NewTopic[]): readonly string[] {
  return cluster.administration.createTopics(topics, false).map(({ error }) => error)
}

describe('creating topics', () => {
  test('by numbers, which the cluster has defaults for; leaders go round', () => {
    const cluster = new LastingTestCluster()
    const [created] = cluster.administration.createTopics(
      [asked('t', { partitions: 6, settings: [{ name: 'retention.ms', value: '1000' }] })],
      false,
    )
    expect(created).toMatchObject({ error: 'NONE', partitions: 6, replicationFactor: 3 })
    expect(created?.settings.find(({ name }) => name === 'retention.ms')).toMatchObject({ value: '1000' })
    const partitions = cluster.image.partitions
    expect(partitions.map(({ leader }) => leader)).toEqual([1, 2, 3, 1, 2, 3])
    // The second round has other followers first.
    expect(partitions[0]?.replicas).toEqual([1, 2, 3])
    expect(partitions[3]?.replicas).toEqual([1, 3, 2])
    expect(cluster.image.topics[0]).toMatchObject({ topic: 't', config: { retentionMs: 1000, minInSyncReplicas: 2 } })
    expect(cluster.administration.topicOf(created?.topicId ?? '')).toBe('t')
  })

  test('only as if: it is answered, and nothing is there afterwards', () => {
    const cluster = new LastingTestCluster()
    const { image } = cluster
    expect(cluster.administration.createTopics([asked('t'), asked('a b')], true)).toMatchObject([
      { error: 'NONE', partitions: 1, replicationFactor: 3, topicId: null },
      { error: 'INVALID_TOPIC_EXCEPTION' },
    ])
    expect(cluster.image).toBe(image)
  })

  test('one that fails changes nothing for the others, and all of one request are one change', () => {
    const cluster = new LastingTestCluster()
    const { metadataOffset } = cluster.image
    expect(create(cluster, asked('a'), asked('a.b'), asked('a_b'), asked('z'))).toEqual([
      'NONE',
      'NONE',
      'INVALID_TOPIC_EXCEPTION',
      'NONE',
    ])
    expect(cluster.image.topics.map(({ topic }) => topic)).toEqual(['a', 'a.b', 'z'])
    expect(cluster.image.metadataOffset).toBe(metadataOffset + 1)
  })

  test('all that one request asks for is bounded', () => {
    const cluster = new LastingTestCluster()
    const { image } = cluster
    const many = Array.from({ length: 10_001 }, (_, index) => asked(`t${index}`))
    expect(new Set(create(cluster, ...many))).toEqual(new Set(['POLICY_VIOLATION']))
    expect(create(cluster, asked('a', { partitions: 6000 }), asked('b', { partitions: 6000 }))[1]).toBe(
      'POLICY_VIOLATION',
    )
    expect(cluster.image).toBe(image)
  })

  test.each<[string, Partial<NewTopic>, string]>([
    ['', {}, 'INVALID_TOPIC_EXCEPTION'],
    ['..', {}, 'INVALID_TOPIC_EXCEPTION'],
    ['a/b', {}, 'INVALID_TOPIC_EXCEPTION'],
    ['x'.repeat(250), {}, 'INVALID_TOPIC_EXCEPTION'],
    ['x'.repeat(249), {}, 'NONE'],
    ['__own', {}, 'INVALID_TOPIC_EXCEPTION'],
    ['there', {}, 'TOPIC_ALREADY_EXISTS'],
    ['t', { partitions: 0 }, 'INVALID_PARTITIONS'],
    ['t', { partitions: -2 }, 'INVALID_PARTITIONS'],
    ['t', { partitions: 1_000_000_000 }, 'INVALID_PARTITIONS'],
    ['t', { replicationFactor: 0 }, 'INVALID_REPLICATION_FACTOR'],
    ['t', { replicationFactor: 4 }, 'INVALID_REPLICATION_FACTOR'],
    ['t', { settings: [{ name: 'retention.ms', value: null }] }, 'INVALID_CONFIG'],
    ['t', { settings: [{ name: 'retention.ms', value: 'x' }] }, 'INVALID_CONFIG'],
    ['t', { settings: [{ name: 'colour', value: 'x' }] }, 'INVALID_CONFIG'],
    ['t', { partitions: 1, assignments: [{ partition: 0, brokerIds: [1] }] }, 'INVALID_REQUEST'],
    ['t', { assignments: [{ partition: 1, brokerIds: [1] }] }, 'INVALID_REPLICA_ASSIGNMENT'],
    ['t', { assignments: [{ partition: 0, brokerIds: [] }] }, 'INVALID_REPLICA_ASSIGNMENT'],
    ['t', { assignments: [{ partition: 0, brokerIds: [1, 1] }] }, 'INVALID_REPLICA_ASSIGNMENT'],
    ['t', { assignments: [{ partition: 0, brokerIds: [1, 9] }] }, 'INVALID_REPLICA_ASSIGNMENT'],
    [
      't',
      {
        assignments: [
          { partition: 1, brokerIds: [1] },
          { partition: 0, brokerIds: [2, 3] },
        ],
      },
      'INVALID_REPLICA_ASSIGNMENT',
    ],
    [
      't',
      {
        assignments: [
          { partition: 1, brokerIds: [1, 2] },
          { partition: 0, brokerIds: [2, 3] },
        ],
      },
      'NONE',
    ],
  ])('%j with %j: %s', (topic, more, error) => {
    const cluster = new LastingTestCluster()
    create(cluster, asked('there'))
    const [result] = cluster.administration.createTopics([asked(topic, more)], false)
    expect(result?.error).toBe(error)
    expect(result?.message === null).toBe(error === 'NONE')
  })

  test('a name that a request has twice is refused both times', () => {
    expect(create(new LastingTestCluster(), asked('t'), asked('u'), asked('t'))).toEqual([
      'INVALID_REQUEST',
      'NONE',
      'INVALID_REQUEST',
    ])
  })

  test('fenced brokers get replicas only when there are too few others, and do not lead', () => {
    const cluster = new LastingTestCluster()
    cluster.do({ kind: 'expireSession', broker: 1 })
    expect(create(cluster, asked('two', { replicationFactor: 2 }), asked('three', { partitions: 2 }))).toEqual([
      'NONE',
      'NONE',
    ])
    expect(cluster.partition('two')).toMatchObject({ replicas: [2, 3], inSyncReplicas: [2, 3] })
    expect(cluster.partition('three', 1)).toMatchObject({ replicas: [3, 2, 1], leader: 3, inSyncReplicas: [2, 3] })
  })

  test('the topic for offsets is the cluster’s own: it is created by the cluster and by nobody else', () => {
    const cluster = new LastingTestCluster()
    const own = asked('__consumer_offsets', { partitions: 3, settings: [{ name: 'cleanup.policy', value: 'compact' }] })
    expect(create(cluster, own)).toEqual(['INVALID_TOPIC_EXCEPTION'])
    expect(cluster.administration.createInternalTopic(own)).toMatchObject({ error: 'NONE', partitions: 3 })
    cluster.do({ kind: 'settle' })
    expect(cluster.administration.deleteTopics([{ topic: '__consumer_offsets', topicId: null }])).toMatchObject([
      { error: 'INVALID_REQUEST' },
    ])
    expect(
      cluster.administration.createPartitions([{ topic: '__consumer_offsets', count: 4, assignments: null }], false),
    ).toMatchObject([{ error: 'INVALID_REQUEST' }])
  })
})

describe('deleting topics', () => {
  test('by name or by id; the others are not touched', () => {
    const cluster = new LastingTestCluster()
    create(cluster, asked('a'), asked('b'), asked('c'))
    const topicId = cluster.administration.topicId('b')
    const by = (topic: string | null, id: string | null = null) => ({ topic, topicId: id })
    expect(
      cluster.administration.deleteTopics([by('a'), by(null, topicId), by('x'), by(null, 'f'.repeat(32)), by('a')]),
    ).toMatchObject([
      { topic: 'a', error: 'NONE' },
      { topic: 'b', topicId, error: 'NONE' },
      { topic: 'x', topicId: null, error: 'UNKNOWN_TOPIC_OR_PARTITION' },
      { topic: null, error: 'UNKNOWN_TOPIC_ID' },
      { topic: 'a', error: 'UNKNOWN_TOPIC_OR_PARTITION' },
    ])
    expect(cluster.image.topics.map(({ topic }) => topic)).toEqual(['c'])
    expect(cluster.image.partitions.map(({ topic }) => topic)).toEqual(['c'])
    const { image } = cluster
    cluster.restartController()
    expect(cluster.image.topics).toEqual(image.topics)
    expect(cluster.image.partitions).toEqual(image.partitions)
  })
})

describe('more partitions', () => {
  test('stand behind those that there are, with as many replicas', () => {
    const cluster = new LastingTestCluster()
    create(cluster, asked('t', { replicationFactor: 2 }))
    const grow = (count: number, assignments: readonly (readonly number[])[] | null, validateOnly = false) =>
      cluster.administration.createPartitions([{ topic: 't', count, assignments }], validateOnly)[0]?.error
    expect(grow(3, null, true)).toBe('NONE')
    expect(cluster.partition('t', 1)).toBeUndefined()
    expect(grow(3, null)).toBe('NONE')
    expect(grow(3, null)).toBe('INVALID_PARTITIONS')
    expect(grow(2 ** 31 - 1, null)).toBe('INVALID_PARTITIONS')
    expect(grow(2, null)).toBe('INVALID_PARTITIONS')
    expect(grow(4, [])).toBe('INVALID_REPLICA_ASSIGNMENT')
    expect(grow(5, [[3, 1], [2]])).toBe('INVALID_REPLICA_ASSIGNMENT')
    expect(grow(4, [[3, 1]])).toBe('NONE')
    expect(cluster.image.partitions.map(({ partition, replicas }) => [partition, ...replicas])).toEqual([
      [0, 1, 2],
      [1, 1, 2],
      [2, 2, 3],
      [3, 3, 1],
    ])
    cluster.elapse(1000)
    cluster.openProducer()
    cluster.send('t', 3, 'x')
    cluster.elapse(1000)
    expect([3, 1].map(broker => cluster.values(broker, 't', 3))).toEqual([['x'], ['x']])
    expect(cluster.administration.createPartitions([{ topic: 'u', count: 2, assignments: null }], false)).toMatchObject(
      [{ error: 'UNKNOWN_TOPIC_OR_PARTITION' }],
    )
  })
})

describe('settings', () => {
  const topic = { type: 'topic', name: 't' } as const
  const set = (name: string, value: string) => ({ ...topic, changes: [{ name, operation: 'SET' as const, value }] })
  const value = (cluster: LastingTestCluster, name: string) =>
    cluster.administration.describeConfigs([{ ...topic, names: [name] }])[0]?.settings[0]?.value

  test('that are changed reach the logs and leaders that run, and are there after everything was killed', () => {
    const cluster = new LastingTestCluster()
    cluster.createTopic('t', [[1, 2, 3]])
    cluster.administration.incrementalAlterConfigs([set('segment.bytes', '200')], false)
    cluster.administration.incrementalAlterConfigs([set('retention.bytes', '300')], false)
    cluster.do({ kind: 'settle' })
    cluster.openProducer()
    for (const value of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) cluster.send('t', 0, value)
    cluster.elapse(1000)
    expect(cluster.replica(1, 't')?.log.segments.length).toBeGreaterThan(3)
    cluster.replica(1, 't')?.log.retain(0)
    expect(cluster.values(1, 't').length).toBeLessThan(8)
    cluster.killAll()
    // Before any image the log obeys what it was told last.
    cluster.do({ kind: 'restart', broker: 1 })
    expect(cluster.replica(1, 't')?.log.config).toMatchObject({ segmentBytes: 200, retentionBytes: 300 })
    expect(value(cluster, 'segment.bytes')).toBe('200')
  })

  test('are replaced as a whole by the older request', () => {
    const cluster = new LastingTestCluster()
    cluster.createTopic('t', [[1, 2, 3]], { 'segment.bytes': '200', 'retention.ms': '5' })
    const replace = (value: string, validateOnly: boolean) =>
      cluster.administration.alterConfigs([{ ...topic, settings: [{ name: 'retention.ms', value }] }], validateOnly)
    expect(replace('6', true)).toEqual([{ ...topic, error: 'NONE', message: null }])
    expect(value(cluster, 'retention.ms')).toBe('5')
    expect(replace('x', false)).toMatchObject([{ error: 'INVALID_CONFIG' }])
    expect(replace('6', false)).toMatchObject([{ error: 'NONE' }])
    expect([value(cluster, 'retention.ms'), value(cluster, 'segment.bytes')]).toEqual(['6', '1073741824'])
  })

  test('of unknown topics, of brokers and of other things cannot be changed', () => {
    const cluster = new LastingTestCluster()
    cluster.createTopic('t', [[1]])
    const change = (type: 'topic' | 'broker' | 'other', name: string, operation: 'SET' | 'DELETE' = 'SET') => ({
      type,
      name,
      changes: [{ name: 'retention.ms', value: '1', operation }],
    })
    const all = [
      change('topic', 'u'),
      change('broker', '1'),
      // Nothing is taken away, since nothing can be set.
      change('broker', '2', 'DELETE'),
      change('other', 'x'),
      change('topic', 't'),
      change('topic', 't'),
    ]
    expect(cluster.administration.incrementalAlterConfigs(all, false).map(({ error }) => error)).toEqual([
      'UNKNOWN_TOPIC_OR_PARTITION',
      'INVALID_REQUEST',
      'NONE',
      'INVALID_REQUEST',
      'INVALID_REQUEST',
      'INVALID_REQUEST',
    ])
  })

  test('of a topic that is not there are not told, nor of one that cannot be', () => {
    const { administration } = new LastingTestCluster()
    const asked = ['u', '', 'a b', '__consumer_offsets_'].map(name => ({ type: 'topic' as const, name, names: null }))
    expect(administration.describeConfigs(asked).map(({ error }) => error)).toEqual([
      'UNKNOWN_TOPIC_OR_PARTITION',
      'INVALID_TOPIC_EXCEPTION',
      'INVALID_TOPIC_EXCEPTION',
      'UNKNOWN_TOPIC_OR_PARTITION',
    ])
  })

  test('of brokers are told, and read only', () => {
    const { administration } = new LastingTestCluster()
    const describe = (name: string, names: readonly string[] | null = null) =>
      administration.describeConfigs([{ type: 'broker', name, names }])
    expect(describe('2', ['broker.id'])).toMatchObject([
      { settings: [{ name: 'broker.id', value: '2', readOnly: true }] },
    ])
    expect(describe('2')[0]?.settings.map(({ name }) => name)).toEqual(['auto.create.topics.enable', 'broker.id'])
    expect(describe('9')).toMatchObject([{ error: 'INVALID_REQUEST', settings: [] }])
  })

  test('a lower min.insync.replicas lets a leader commit, and nobody is eligible who might lack what it commits', () => {
    const cluster = new LastingTestCluster()
    cluster.createTopic('t', [[1, 2, 3]])
    for (const broker of [2, 3]) {
      cluster.do({ kind: 'crash', broker, damage: { kind: 'kept' }, indexes: 'kept', late: false })
    }
    cluster.elapse(10_000)
    expect(cluster.partition('t')).toMatchObject({ inSyncReplicas: [1], eligibleLeaderReplicas: [3] })
    cluster.openProducer()
    cluster.send('t', 0, 'a')
    cluster.elapse(1000)
    expect(cluster.acknowledged()).toEqual([])
    cluster.administration.incrementalAlterConfigs([set('min.insync.replicas', '1')], false)
    expect(cluster.partition('t')).toMatchObject({ inSyncReplicas: [1], eligibleLeaderReplicas: [] })
    cluster.elapse(2000)
    expect(cluster.acknowledged()).toEqual(['a'])
    expect(cluster.replica(1, 't')?.log.highWatermark).toBe(1)
  })

  test('a higher min.insync.replicas is obeyed before any in-sync set that was proposed under the old one', () => {
    const cluster = new LastingTestCluster()
    cluster.createTopic('t', [[1, 2, 3]], { 'min.insync.replicas': '1' })
    const before = cluster.partition('t')
    cluster.administration.incrementalAlterConfigs([set('min.insync.replicas', '2')], false)
    expect(cluster.partition('t')).toEqual({ ...before, partitionEpoch: (before?.partitionEpoch ?? 0) + 1 })
  })

  test('unclean election, when it is allowed, elects at once', () => {
    const cluster = new LastingTestCluster()
    cluster.createTopic('t', [[1, 2]])
    cluster.do({ kind: 'expireSession', broker: 2 }, { kind: 'settle' })
    cluster.do({ kind: 'crash', broker: 2, damage: { kind: 'kept' }, indexes: 'kept', late: false })
    cluster.do({ kind: 'crash', broker: 1, damage: { kind: 'kept' }, indexes: 'kept', late: false })
    cluster.elapse(10_000)
    cluster.do({ kind: 'restart', broker: 2 })
    cluster.elapse(10_000)
    expect(cluster.partition('t')?.leader).toBe(-1)
    cluster.administration.incrementalAlterConfigs([set('unclean.leader.election.enable', 'true')], false)
    expect(cluster.partition('t')).toMatchObject({ leader: 2, inSyncReplicas: [2] })
  })
})

describe('elections', () => {
  test('of preferred leaders, of all or of some', () => {
    const cluster = new LastingTestCluster()
    cluster.createTopic('t', [
      [1, 2, 3],
      [2, 3, 1],
      [3, 1, 2],
    ])
    cluster.do({ kind: 'restart', broker: 1 })
    cluster.elapse(6000)
    expect(cluster.image.partitions.map(({ leader }) => leader)).toEqual([2, 2, 3])
    expect(cluster.administration.electLeaders(null, 'preferred')).toEqual([
      { topic: 't', partition: 0, error: 'NONE', message: null },
    ])
    expect(
      cluster.administration.electLeaders(
        [
          { topic: 't', partition: 0 },
          { topic: 't', partition: 7 },
        ],
        'preferred',
      ),
    ).toMatchObject([{ error: 'ELECTION_NOT_NEEDED' }, { partition: 7, error: 'UNKNOWN_TOPIC_OR_PARTITION' }])
    cluster.do({ kind: 'settle' }, { kind: 'expireSession', broker: 1 })
    expect(cluster.administration.electLeaders(null, 'preferred')).toMatchObject([
      { partition: 0, error: 'PREFERRED_LEADER_NOT_AVAILABLE' },
    ])
  })
})

test('when nothing can be kept any more, nobody hears of the decision, and the controller has ended', () => {
  const cluster = new LastingTestCluster()
  const { image } = cluster
  cluster.controllerDisk.fill(10)
  expect(() => create(cluster, asked('t'))).toThrow('no room')
  expect(cluster.cluster.controller.halted).toBe(true)
  cluster.do({ kind: 'settle' })
  expect(cluster.cluster.brokers.get('b1')?.broker?.known?.has('t')).toBe(false)
  expect(() => create(cluster, asked('u'))).toThrow('has ended')
  cluster.controllerDisk.fill(null)
  cluster.restartController()
  expect(cluster.image.topics).toEqual(image.topics)
  expect(create(cluster, asked('t'))).toEqual(['NONE'])
})

test('an unclean election is for partitions without a leader, and takes whoever is there', () => {
  const cluster = new LastingTestCluster()
  cluster.createTopic('t', [[1, 2]])
  const elect = () => cluster.administration.electLeaders([{ topic: 't', partition: 0 }], 'unclean')
  expect(elect()).toMatchObject([{ error: 'ELECTION_NOT_NEEDED' }])
  cluster.do({ kind: 'expireSession', broker: 2 }, { kind: 'settle' })
  for (const broker of [1, 2]) {
    cluster.do({ kind: 'crash', broker, damage: { kind: 'kept' }, indexes: 'kept', late: false })
  }
  cluster.elapse(10_000)
  expect(elect()).toMatchObject([{ error: 'ELIGIBLE_LEADERS_NOT_AVAILABLE' }])
  cluster.do({ kind: 'restart', broker: 2 })
  cluster.elapse(3000)
  expect(cluster.partition('t')?.leader).toBe(-1)
  expect(elect()).toMatchObject([{ error: 'NONE' }])
  expect(cluster.partition('t')).toMatchObject({ leader: 2, inSyncReplicas: [2], eligibleLeaderReplicas: [] })
})
