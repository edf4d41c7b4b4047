// The driver against our own broker: groups, in the oldest and the newest versions that it speaks, on a cluster of one and
// of three.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { OperationOf } from './outcomes.ts'
import { done, error, Grounds, settings } from './testing/grounds.ts'

let grounds: Grounds

beforeAll(async () => {
  grounds = await Grounds.start(1, 3)
})
afterEach(async () => {
  expect(await grounds.endRuns()).toEqual([])
})
afterAll(() => grounds.stop())

describe.each(settings)('with %i brokers, in the %s versions', (brokers, spoken) => {
  test('two members join, rebalance and sync', async () => {
    const run = await grounds.run(brokers, spoken)
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
    const run = await grounds.run(brokers, spoken)
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
    const run = await grounds.run(brokers, spoken)
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
    const run = await grounds.run(brokers, spoken)
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
  const run = await grounds.run(1, 'oldest')
  const member = { group: 'g1', client: 'c1', memberId: '', groupInstanceId: 'i1', generationId: 1 }
  const commit = { kind: 'commit', ...member, topic: 't1', partition: 0, offset: 5, metadata: '' } as const
  expect(await run.once(commit)).toEqual({ kind: 'nothing' })
})

test('a silent member lapses, and who waits for it is answered', { timeout: 30_000 }, async () => {
  const run = await grounds.run(1)
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
