// The driver against our own broker: every kind of operation, in the oldest and the newest versions that it speaks, on a
// cluster of one and of three. What is expected is the protocol's word, so that a driver that sends or reads a field
// wrongly is seen here, and not as a finding in somebody's broker.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Cluster } from '../../../impl/host/cluster.ts'
import { WireClient } from '../../../impl/host/testing/wire-client.ts'
import { listGroups } from '../../../impl/wire/apis/list-groups.ts'
import type { ServiceOutcome } from '../../../model/vocabulary/service.ts'
import type { OperationOf } from './outcomes.ts'
import { apisOf } from './spoken.ts'
import { Conversation, recordsOf, type Spoken } from './testing/conversation.ts'
import { tour } from './testing/tour.ts'

const clusters = new Map<number, Cluster>()
const runs: Conversation[] = []

beforeAll(async () => {
  for (const brokers of [1, 3]) clusters.set(brokers, await Cluster.start({ brokers }))
})
afterEach(async () => {
  for (const run of runs.splice(0)) expect(await run.side.end()).toEqual([])
})
afterAll(async () => {
  for (const cluster of clusters.values()) await cluster.stop()
})

async function start(brokers: number, spoken: Spoken = 'newest', versions = {}): Promise<Conversation> {
  const run = await Conversation.start(clusters.get(brokers)?.bootstrap ?? '', spoken, { versions })
  runs.push(run)
  return run
}

const done = { kind: 'done' }
const error = (name: string) => ({ kind: 'error', error: name })
const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const

/** Every combination of a cluster and versions. */
const settings: readonly (readonly [number, Spoken])[] = [
  [1, 'oldest'],
  [1, 'newest'],
  [3, 'oldest'],
  [3, 'newest'],
]

describe.each(settings)('with %i brokers, in the %s versions', (brokers, spoken) => {
  test('topics are created, described, grown and deleted', async () => {
    const run = await start(brokers, spoken)
    expect(await run.createTopic('t1', { partitions: 2 })).toEqual(done)
    expect(await run.createTopic('t1')).toEqual(error('TOPIC_ALREADY_EXISTS'))
    expect(await run.createTopic('a/b')).toEqual(error('INVALID_TOPIC_EXCEPTION'))
    expect(await run.createTopic('t2', { replicationFactor: 9 })).toEqual(error('INVALID_REPLICATION_FACTOR'))
    const described = { kind: 'topic', partitions: 2, replicationFactor: brokers }
    expect(await run.once({ kind: 'describeTopic', topic: 't1' })).toEqual(described)
    expect(await run.once({ kind: 'createPartitions', topic: 't1', count: 3 })).toEqual(done)
    expect(await run.once({ kind: 'createPartitions', topic: 't1', count: 3 })).toEqual(error('INVALID_PARTITIONS'))
    expect(await run.once({ kind: 'describeTopic', topic: 't1' })).toEqual({ ...described, partitions: 3 })
    expect(await run.once({ kind: 'deleteTopic', topic: 't1' })).toEqual(done)
    expect(await run.once({ kind: 'describeTopic', topic: 't1' })).toEqual(error('UNKNOWN_TOPIC_OR_PARTITION'))
  })

  test('settings are the default, set, and the default again', async () => {
    const run = await start(brokers, spoken)
    const config = { topic: 't1', name: 'max.message.bytes' } as const
    await run.createTopic('t1', { config: { 'cleanup.policy': 'compact' } })
    const policy = { kind: 'describeConfig', topic: 't1', name: 'cleanup.policy' } as const
    expect(await run.once(policy)).toEqual({ kind: 'config', value: 'compact', isDefault: false })
    // What the default is, is the broker's matter.
    const byDefault = { kind: 'config', value: null, isDefault: true }
    expect(await run.once({ kind: 'describeConfig', ...config })).toEqual(byDefault)
    expect(await run.once({ kind: 'alterConfig', ...config, value: '20000' })).toEqual(done)
    const set = { kind: 'config', value: '20000', isDefault: false }
    expect(await run.once({ kind: 'describeConfig', ...config })).toEqual(set)
    expect(await run.once({ kind: 'alterConfig', ...config, value: 'many' })).toEqual(error('INVALID_CONFIG'))
    expect(await run.once({ kind: 'alterConfig', ...config, value: null })).toEqual(done)
    expect(await run.once({ kind: 'describeConfig', ...config })).toEqual(byDefault)
  })

  test('records are read as they were produced, with any codec', async () => {
    const run = await start(brokers, spoken)
    await run.createTopic('t1')
    const records = recordsOf('a', null, 'x'.repeat(500))
    const all: object[] = []
    for (const codec of codecs) {
      const outcome = await run.produce('t1', records, { codec, acks: codec === 'gzip' ? 1 : -1 })
      if (codec === 'zstd' && spoken === 'oldest') expect(outcome).toEqual(error('UNSUPPORTED_COMPRESSION_TYPE'))
      else {
        expect(outcome).toEqual({ kind: 'appended', baseOffset: all.length })
        for (const record of records) all.push({ ...record, offset: all.length })
      }
    }
    const end = { highWatermark: all.length, logStartOffset: 0 }
    expect(await run.readAll('t1')).toEqual({ kind: 'records', records: all, ...end })
    const part = await run.fetch('t1', 4, { bytesMax: 1 })
    const logStartOffset = spoken === 'oldest' ? -1 : 0
    expect(part).toEqual({ kind: 'records', records: all.slice(4, 6), ...end, logStartOffset })
    const committed = await run.fetch('t1', 0, { isolation: 'read_committed' })
    expect(committed).toEqual({ kind: 'records', records: all, ...end, logStartOffset })
  })

  test('what is not there is an error', async () => {
    const run = await start(brokers, spoken)
    await run.createTopic('t1')
    const absent = error(spoken === 'oldest' ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'UNKNOWN_TOPIC_ID')
    const produce = { kind: 'produce', topic: 't9', partition: 0, stamp: null, codec: 'none', fault: 'none' } as const
    expect(await run.once({ ...produce, acks: 1, records: recordsOf('a') })).toEqual(absent)
    expect(await run.fetch('t9', 0)).toEqual(absent)
    expect(await run.fetch('t1', 0, { partition: 5 })).toEqual(error('UNKNOWN_TOPIC_OR_PARTITION'))
    expect(await run.fetch('t1', 5)).toEqual(error('OFFSET_OUT_OF_RANGE'))
    const list = { kind: 'listOffsets', topic: 't9', partition: 0, timestamp: -1, epoch: 'none' } as const
    expect(await run.once(list)).toEqual(error('UNKNOWN_TOPIC_OR_PARTITION'))
  })

  test('offsets are found by time, and records deleted', async () => {
    const run = await start(brokers, spoken)
    await run.createTopic('t1')
    await run.produce('t1', recordsOf('a', 'b', 'c'))
    const at = (offset: number, timestamp: number) => ({ kind: 'offset', offset, timestamp })
    expect(await run.listOffsets('t1', -1)).toEqual(at(3, -1))
    expect(await run.listOffsets('t1', -2)).toEqual(at(0, -1))
    expect(await run.listOffsets('t1', 1001)).toEqual(at(1, 1001))
    expect(await run.listOffsets('t1', 5000)).toEqual(at(-1, -1))
    if (spoken === 'newest') expect(await run.listOffsets('t1', -3)).toEqual(at(2, 1002))
    const deletion = { kind: 'deleteRecords', topic: 't1', partition: 0 } as const
    expect(await run.once({ ...deletion, offset: 2 })).toEqual({ kind: 'lowWatermark', offset: 2 })
    expect(await run.readAll('t1')).toMatchObject({ records: [{ offset: 2, value: 'c' }], logStartOffset: 2 })
    expect(await run.once({ ...deletion, offset: -1 })).toEqual({ kind: 'lowWatermark', offset: 3 })
    expect(await run.once({ ...deletion, offset: 9 })).toEqual(error('OFFSET_OUT_OF_RANGE'))
    expect(await run.readAll('t1')).toMatchObject({ records: [], logStartOffset: 3, highWatermark: 3 })
  })

  test('leader epochs are claimed', async () => {
    const run = await start(brokers, spoken)
    await run.createTopic('t1')
    await run.produce('t1', recordsOf('a'))
    const list = { kind: 'listOffsets', topic: 't1', partition: 0, timestamp: -1 } as const
    const end = { kind: 'endOffsetForEpoch', topic: 't1', partition: 0 } as const
    const nothing = { kind: 'nothing' }
    const unlessOld = (outcome: object) => (spoken === 'oldest' ? nothing : outcome)
    expect(await run.fetch('t1', 1, { epoch: 'current' })).toMatchObject(unlessOld({ kind: 'records' }))
    expect(await run.fetch('t1', 1, { epoch: 'newer' })).toEqual(unlessOld(error('UNKNOWN_LEADER_EPOCH')))
    expect(await run.fetch('t1', 1, { epoch: 'older' })).toEqual(nothing)
    expect(await run.once({ ...list, epoch: 'current' })).toEqual(
      unlessOld({ kind: 'offset', offset: 1, timestamp: -1 }),
    )
    expect(await run.once({ ...list, epoch: 'newer' })).toEqual(unlessOld(error('UNKNOWN_LEADER_EPOCH')))
    expect(await run.once({ ...end, epoch: 'current' })).toEqual({ kind: 'epochEnd', isKnown: true, endOffset: 1 })
    const unknown = { kind: 'epochEnd', isKnown: false, endOffset: -1 }
    expect(await run.once({ ...end, epoch: 'newer' })).toEqual(unknown)
    expect(await run.once({ ...end, epoch: 'older' })).toEqual(nothing)
    expect(await run.once({ ...end, epoch: 'none' })).toEqual(unknown)
  })

  test('an idempotent producer is recognised', async () => {
    const run = await start(brokers, spoken)
    await run.createTopic('t1')
    const stamp = { producer: 'p1', producerEpoch: 0, baseSequence: 0 }
    expect(await run.produce('t1', recordsOf('a'), { stamp })).toEqual({ kind: 'nothing' })
    expect(await run.once({ kind: 'initProducer', producer: 'p1' })).toEqual(done)
    const produced = (baseSequence: number, producerEpoch = 0): Promise<ServiceOutcome> =>
      run.produce('t1', recordsOf('a'), { stamp: { ...stamp, baseSequence, producerEpoch } })
    expect(await produced(0)).toEqual({ kind: 'appended', baseOffset: 0 })
    expect(await produced(1)).toEqual({ kind: 'appended', baseOffset: 1 })
    expect(await produced(0)).toEqual({ kind: 'appended', baseOffset: 0 })
    expect(await produced(7)).toEqual(error('OUT_OF_ORDER_SEQUENCE_NUMBER'))
    expect(await produced(0, 1)).toEqual({ kind: 'appended', baseOffset: 2 })
    expect(await produced(2)).toEqual(error('INVALID_PRODUCER_EPOCH'))
  })

  test('a spoiled batch is refused, and one that nobody waits for arrives', async () => {
    const run = await start(brokers, spoken)
    await run.createTopic('t1')
    const sent = { kind: 'sent' }
    expect(await run.produce('t1', recordsOf('bad'), { fault: 'checksum' })).toEqual(error('CORRUPT_MESSAGE'))
    expect(await run.produce('t1', recordsOf('unacknowledged'), { acks: 0 })).toEqual(sent)
    expect(await run.produce('t9', recordsOf('nowhere'), { acks: 0 })).toEqual(sent)
    expect(await run.produce('t1', recordsOf('unacknowledged'), { acks: 0 })).toEqual(sent)
    expect(await run.produce('t1', recordsOf('abandoned'), { fault: 'abandoned' })).toEqual(sent)
    const values = async (): Promise<readonly (string | null)[]> => {
      const outcome = await run.readAll('t1')
      return outcome.kind === 'records' ? outcome.records.map(({ value }) => value) : []
    }
    await expect.poll(values).toEqual(['unacknowledged', 'unacknowledged', 'abandoned'])
  })

  test('two members join, rebalance and sync', async () => {
    const run = await start(brokers, spoken)
    await run.createTopic('t1', { partitions: 2 })
    const joined = { to: 'join', error: 'NONE', protocolName: 'range' }
    const toldAnId = (client: string) => ({
      ...{ to: 'join', client, error: 'MEMBER_ID_REQUIRED', memberId: `${client}#1`, generationId: -1 },
      ...{ protocolName: null, leader: '', members: [] },
    })
    const [p0, p1] = [0, 1].map(partition => ({ topic: 't1', partition }))
    const member = (memberId: string) => ({ memberId, groupInstanceId: null, topics: ['t1'] })
    const of = (client: string) => ({ group: 'g1', client, memberId: `${client}#1`, groupInstanceId: null })
    expect(await run.join('c1', '', ['c1'])).toEqual({ kind: 'answers', answers: [toldAnId('c1')] })
    const alone = {
      ...joined,
      client: 'c1',
      memberId: 'c1#1',
      generationId: 1,
      leader: 'c1#1',
      members: [member('c1#1')],
    }
    expect(await run.join('c1', 'c1#1', ['c1'])).toEqual({ kind: 'answers', answers: [alone] })
    const everything = [{ memberId: 'c1#1', partitions: [p1, p0] }] as OperationOf<'sync'>['assignments']
    expect(await run.sync('c1', 'c1#1', 1, ['c1'], { assignments: everything })).toEqual({
      kind: 'answers',
      answers: [{ to: 'sync', client: 'c1', error: 'NONE', partitions: [p0, p1] }],
    })
    expect(await run.join('c2', '', ['c2'])).toEqual({ kind: 'answers', answers: [toldAnId('c2')] })
    expect(await run.join('c2', 'c2#1', [])).toEqual({ kind: 'answers', answers: [] })
    const describing = { kind: 'describeGroup', group: 'g1' } as const
    const shown = (memberId: string, ...partitions: unknown[]) => ({ memberId, groupInstanceId: null, partitions })
    expect(await run.once(describing)).toEqual({
      ...{ kind: 'group', state: 'PreparingRebalance', protocolName: '' },
      members: [shown('c1#1'), shown('c2#1')],
    })
    const beating = { kind: 'heartbeat', ...of('c1'), generationId: 1 } as const
    expect(await run.once(beating)).toEqual({
      kind: 'answers',
      answers: [{ to: 'heartbeat', client: 'c1', error: 'REBALANCE_IN_PROGRESS' }],
    })
    const second = { ...joined, generationId: 2, leader: 'c1#1' }
    expect(await run.join('c1', 'c1#1', ['c1', 'c2'])).toEqual({
      kind: 'answers',
      answers: [
        { ...second, client: 'c1', memberId: 'c1#1', members: [member('c1#1'), member('c2#1')] },
        { ...second, client: 'c2', memberId: 'c2#1', members: [] },
      ],
    })
    expect(await run.sync('c2', 'c2#1', 2, [])).toEqual({ kind: 'answers', answers: [] })
    const halves = [
      { memberId: 'c1#1', partitions: [p0] },
      { memberId: 'c2#1', partitions: [p1] },
    ] as OperationOf<'sync'>['assignments']
    expect(await run.sync('c1', 'c1#1', 2, ['c1', 'c2'], { assignments: halves })).toEqual({
      kind: 'answers',
      answers: [
        { to: 'sync', client: 'c1', error: 'NONE', partitions: [p0] },
        { to: 'sync', client: 'c2', error: 'NONE', partitions: [p1] },
      ],
    })
    expect(await run.once(describing)).toEqual({
      ...{ kind: 'group', state: 'Stable', protocolName: 'range' },
      members: [shown('c1#1', p0), shown('c2#1', p1)],
    })
    expect(await run.once({ kind: 'listGroups' })).toEqual({ kind: 'groups', groups: ['g1'] })
    expect(await run.once({ kind: 'deleteGroup', group: 'g1' })).toEqual(error('NON_EMPTY_GROUP'))
    const stranger = { ...of('c3'), memberId: 'c9#4' }
    expect(await run.once({ kind: 'heartbeat', ...stranger, generationId: 2 })).toEqual({
      kind: 'answers',
      answers: [{ to: 'heartbeat', client: 'c3', error: 'UNKNOWN_MEMBER_ID' }],
    })
    expect(await run.once({ kind: 'leave', ...of('c2') })).toEqual({
      kind: 'answers',
      answers: [{ to: 'leave', client: 'c2', error: 'NONE' }],
    })
  })

  test('who waits is answered by what others do, and static members fence each other', async () => {
    const run = await start(brokers, spoken)
    const named = { groupInstanceId: 'i1' }
    expect(await run.join('c1', '', ['c1'])).toMatchObject({ answers: [{ memberId: 'c1#1' }] })
    expect(await run.join('c1', 'c1#1', ['c1'])).toMatchObject({ answers: [{ error: 'NONE' }] })
    expect(await run.join('c2', '', [], named)).toEqual({ kind: 'answers', answers: [] })
    // The second waits in the place of the first, on a connection of its own.
    const fenced = { to: 'join', client: 'c2', error: 'FENCED_INSTANCE_ID', memberId: '' }
    expect(await run.join('c2', '', [], named)).toMatchObject({ answers: [fenced] })
    const leaving = { kind: 'leave', group: 'g1', client: 'c1', memberId: 'c1#1', groupInstanceId: null } as const
    const joined = { to: 'join', client: 'c2', error: 'NONE', memberId: 'c2#1', generationId: 2, leader: 'c2#1' }
    const left = { to: 'leave', client: 'c1', error: 'NONE' }
    expect(await run.once(leaving, ['c2'])).toMatchObject({ answers: [left, joined] })
    // A request that left the name of the static member out would be one of a member that is not known.
    await run.createTopic('t1')
    const stranger = { group: 'g1', client: 'c3', memberId: 'c3#1', groupInstanceId: 'i1', generationId: 2 }
    const refused = { answers: [{ client: 'c3', error: 'FENCED_INSTANCE_ID' }] }
    expect(await run.once({ kind: 'heartbeat', ...stranger })).toMatchObject(refused)
    expect(await run.sync('c3', 'c3#1', 2, ['c3'], { groupInstanceId: 'i1' })).toMatchObject(refused)
    const commit = { kind: 'commit', ...stranger, topic: 't1', partition: 0, offset: 1, metadata: '' } as const
    expect(await run.once(commit)).toMatchObject(spoken === 'oldest' ? { kind: 'nothing' } : refused)
    expect(await run.once({ kind: 'leave', ...stranger })).toMatchObject(refused)
  })

  test('a group agrees on what all offer, and syncs by that', async () => {
    const run = await start(brokers, spoken)
    const both = ['roundrobin', 'range'] as const
    const protocols = both.map(name => ({ name, topics: ['t2', 't1'] }))
    await run.join('c1', '', ['c1'], { protocols })
    const topics = ['t2', 't1']
    const agreed = { error: 'NONE', protocolName: 'roundrobin', members: [{ memberId: 'c1#1', topics }] }
    expect(await run.join('c1', 'c1#1', ['c1'], { protocols })).toMatchObject({ answers: [agreed] })
    const partitions = [{ topic: 't2', partition: 0 }]
    const assignments = [{ memberId: 'c1#1', partitions }]
    const synced = { answers: [{ to: 'sync', error: 'NONE', partitions }] }
    expect(await run.sync('c1', 'c1#1', 1, ['c1'], { assignments })).toMatchObject(synced)
  })

  test('offsets are committed, told and deleted', async () => {
    const run = await start(brokers, spoken)
    await run.createTopic('t1')
    const lone = { group: 'g1', client: 'c1', memberId: '', groupInstanceId: null, generationId: -1 }
    const where = { topic: 't1', partition: 0 }
    const told = (name: string) => ({ kind: 'answers', answers: [{ to: 'commit', client: 'c1', error: name }] })
    const commit = { kind: 'commit', ...lone, ...where, offset: 5, metadata: 'm' } as const
    expect(await run.ask(commit)).toEqual(told('NONE'))
    expect(await run.once({ kind: 'committed', group: 'g1', ...where })).toEqual({
      kind: 'committed',
      offset: 5,
      metadata: 'm',
    })
    const none = { kind: 'committed', offset: -1, metadata: '' }
    expect(await run.once({ kind: 'committed', group: 'g1', topic: 't1', partition: 9 })).toEqual(none)
    expect(await run.once({ ...commit, metadata: 'm'.repeat(5000) })).toEqual(told('OFFSET_METADATA_TOO_LARGE'))
    const absent = spoken === 'oldest' ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'UNKNOWN_TOPIC_ID'
    expect(await run.once({ ...commit, topic: 't9' })).toEqual(told(absent))
    expect(await run.once({ kind: 'deleteOffset', group: 'g1', ...where })).toEqual(done)
    expect(await run.once({ kind: 'committed', group: 'g1', ...where })).toEqual(none)
    await run.once(commit)
    expect(await run.once({ kind: 'listGroups' })).toEqual({ kind: 'groups', groups: ['g1'] })
    expect(await run.once({ kind: 'deleteGroup', group: 'g1' })).toEqual(done)
    const dead = { kind: 'group', state: 'Dead', protocolName: '', members: [] }
    const gone = spoken === 'oldest' ? dead : error('GROUP_ID_NOT_FOUND')
    expect(await run.once({ kind: 'describeGroup', group: 'g1' })).toEqual(gone)
    expect(await run.once({ kind: 'deleteGroup', group: 'g1' })).toEqual(error('GROUP_ID_NOT_FOUND'))
  })
})

test('a version that cannot say who a static member is commits nothing for it', async () => {
  const run = await start(1, 'oldest')
  const member = { group: 'g1', client: 'c1', memberId: '', groupInstanceId: 'i1', generationId: 1 }
  const commit = { kind: 'commit', ...member, topic: 't1', partition: 0, offset: 5, metadata: '' } as const
  expect(await run.once(commit)).toEqual({ kind: 'nothing' })
})

test('every version of every API is answered alike', { timeout: 60_000 }, async () => {
  const newest = await tour(await start(1))
  for (const [api, { from, to }] of Object.entries((await start(1)).probe.spoken)) {
    for (let version = from; version < to; version++) {
      const outcomes = await tour(await start(1, 'newest', { [api]: version }))
      expect({ api, version, outcomes }).toEqual({ api, version, outcomes: newest })
    }
  }
})

test('where topics cannot be created, asking about one creates it', async () => {
  const run = await start(1, 'newest', { CreateTopics: -1 })
  expect(apisOf('createTopic', { CreateTopics: 'not offered' })).toEqual(['Metadata'])
  expect(apisOf('createTopic')).toEqual(['CreateTopics'])
  expect(await run.createTopic('t1')).toEqual(done)
  expect(await run.createTopic('t1')).toEqual(error('TOPIC_ALREADY_EXISTS'))
  const asked = error('created on demand, with 1 partitions of 1 replicas')
  expect(await run.createTopic('t2', { partitions: 7 })).toEqual(asked)
  expect(await run.createTopic('t3', { config: { 'cleanup.policy': 'compact' } })).toEqual({ kind: 'nothing' })
  expect(await run.once({ kind: 'describeTopic', topic: 't3' })).toEqual(error('UNKNOWN_TOPIC_OR_PARTITION'))
})

test('a silent member lapses, and who waits for it is answered', { timeout: 30_000 }, async () => {
  const run = await start(1)
  await run.join('c1', '', ['c1'])
  await run.join('c1', 'c1#1', ['c1'], { session: 'short' })
  await run.join('c2', '', ['c2'])
  expect(await run.join('c2', 'c2#1', [])).toEqual({ kind: 'answers', answers: [] })
  const lapse = { kind: 'lapse', group: 'g1', client: 'c1', memberId: 'c1#1' } as const
  expect(await run.once(lapse, ['c2'])).toMatchObject({
    kind: 'answers',
    answers: [{ to: 'join', client: 'c2', error: 'NONE', memberId: 'c2#1', leader: 'c2#1' }],
  })
})

test('a new leader is found, and the epoch before its own is fenced', { timeout: 30_000 }, async () => {
  const cluster = await Cluster.start({ brokers: 2, topicDefaults: { 'min.insync.replicas': '1' } })
  try {
    const run = await Conversation.start(cluster.bootstrap)
    await run.createTopic('t1', { replicationFactor: 1 })
    await run.createTopic('t2')
    await run.produce('t2', recordsOf('a'))
    const client = new WireClient(cluster.bootstrap)
    const topic = (await client.metadata()).topics.find(({ name }) => name?.endsWith('-t2'))?.name ?? ''
    client.close()
    const leader = cluster.leaderOf(topic, 0)
    await cluster.crash(leader)
    await cluster.restart(leader)
    await expect.poll(() => cluster.inSyncReplicasOf(topic, 0)).toEqual([1, 2])
    expect(cluster.leaderOf(topic, 0)).not.toBe(leader)
    const list = { kind: 'listOffsets', topic: 't2', partition: 0, timestamp: -1 } as const
    expect(await run.ask({ ...list, epoch: 'current' })).toEqual({ kind: 'offset', offset: 1, timestamp: -1 })
    expect(await run.ask({ ...list, epoch: 'older' })).toEqual(error('FENCED_LEADER_EPOCH'))
    expect(await run.fetch('t2', 0, { epoch: 'older' })).toEqual(error('FENCED_LEADER_EPOCH'))
    const end = { kind: 'endOffsetForEpoch', topic: 't2', partition: 0 } as const
    expect(await run.once({ ...end, epoch: 'older' })).toEqual({ kind: 'epochEnd', isKnown: true, endOffset: 1 })
    expect(await run.produce('t2', recordsOf('b'))).toEqual({ kind: 'appended', baseOffset: 1 })
    expect(await run.side.end()).toEqual([])
  } finally {
    await cluster.stop()
  }
})

test('runs share no name, and nothing is left of them', async () => {
  const cluster = clusters.get(3)
  const client = new WireClient(cluster?.bootstrap ?? '')
  const own = async (): Promise<readonly string[]> => {
    const { topics, brokers } = await client.metadata()
    const groups: string[] = []
    for (const { host, port } of brokers) {
      const asked = { statesFilter: [], typesFilter: [] }
      const answer = await (await client.connection(`${host}:${port}`)).ask(listGroups, 4, asked)
      groups.push(...answer.groups.map(({ groupId }) => groupId))
    }
    return [...topics.map(({ name }) => name ?? ''), ...groups].filter(name => name.startsWith('lockstep-')).sort()
  }
  const before = await own()
  const [a, b] = [await start(3), await start(3)]
  for (const run of [a, b]) {
    expect(await run.createTopic('t1')).toEqual(done)
    await run.join('c1', '', ['c1'])
    expect(await run.join('c1', 'c1#1', ['c1'])).toMatchObject({ answers: [{ generationId: 1 }] })
    await run.join('c2', '', [], { groupInstanceId: 'i1' })
    expect(await run.once({ kind: 'listGroups' })).toEqual({ kind: 'groups', groups: ['g1'] })
  }
  const during = await own()
  expect(during.filter(name => !before.includes(name))).toHaveLength(4)
  for (const run of [a, b]) expect(await run.side.end()).toEqual([])
  await expect.poll(own).toEqual(before)
  client.close()
})
