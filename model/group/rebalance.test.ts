import { expect, test } from 'vitest'
import {
  after,
  answersOf,
  commit,
  errorsOf,
  heartbeat,
  join,
  leave,
  offer,
  partition,
  request,
  seen,
  stableGroup,
  sync,
} from './examples.ts'
import { stepGroupScope } from './scope.ts'

const first = 'c1-1.1.1'
const second = 'c2-1.1.2'

test('a newcomer is told its member id first and joins with it (KIP-394)', () => {
  expect(answersOf(join('c1'))).toEqual([
    {
      client: 'c1',
      response: {
        kind: 'JoinGroupResponse',
        correlationId: 1,
        error: 'MEMBER_ID_REQUIRED',
        groupId: 'g',
        generationId: -1,
        protocolName: null,
        leader: '',
        memberId: first,
        members: [],
      },
    },
  ])
  expect(answersOf(join('c1'), join('c1', { memberId: first }))).toEqual([
    {
      client: 'c1',
      response: {
        kind: 'JoinGroupResponse',
        correlationId: 1,
        error: 'NONE',
        groupId: 'g',
        generationId: 1,
        protocolName: 'range',
        leader: first,
        memberId: first,
        members: [{ memberId: first, groupInstanceId: null, protocol: offer('range', 't') }],
      },
    },
  ])
})

test('a promised member id holds the rebalance up until it is used or forgotten', () => {
  const waiting = [join('c1'), join('c1', { memberId: first }), join('c2'), join('c1', { memberId: first })]
  expect(seen(...waiting).groups[0]?.state).toBe('CompletingRebalance')
  const changed = [...waiting, join('c1', { memberId: first, protocols: [offer('range', 't', 'u')] })]
  expect(seen(...changed).groups[0]?.state).toBe('PreparingRebalance')
  expect(errorsOf(...changed, { kind: 'advance', ms: 1_000 })).toEqual(['c1 JoinGroup NONE'])
})

test('an Empty group waits for nobody who was only promised a member id, who may still come', () => {
  const joined = [join('c1'), join('c2'), join('c2', { memberId: second })]
  expect(answersOf(...joined)).toMatchObject([
    { client: 'c2', response: { error: 'NONE', generationId: 1, leader: second, members: [{ memberId: second }] } },
  ])
  expect(seen(...joined).groups).toMatchObject([{ state: 'CompletingRebalance', pendingMembers: [first] }])
  expect(seen(...joined, join('c1', { memberId: first })).groups).toMatchObject([
    { state: 'PreparingRebalance', generationId: 1, members: [{ memberId: first }, { memberId: second }] },
  ])
  // The same of a group that is Empty again.
  const again = [
    ...joined,
    leave('c2', second),
    leave('c1', first),
    join('c1'),
    join('c3'),
    join('c3', { memberId: 'c3-1.1.4' }),
  ]
  expect(errorsOf(...again)).toEqual(['c3 JoinGroup NONE'])
  expect(seen(...again).groups).toMatchObject([{ generationId: 3, pendingMembers: ['c1-1.1.3'] }])
})

test('who was promised a member id may use it though a rebalance was completed without it', () => {
  const stable = [
    join('c1'),
    join('c1', { memberId: first }),
    sync('c1', first, 1),
    { kind: 'replicated', count: 1 } as const,
  ]
  const waiting = [...stable, join('c2', { sessionTimeoutMs: 9_000 }), join('c1', { memberId: first })]
  const timedOut = [...waiting, { kind: 'advance', ms: 3_000 } as const]
  expect(errorsOf(...timedOut)).toEqual(['c1 JoinGroup NONE'])
  expect(seen(...timedOut).groups).toMatchObject([{ state: 'CompletingRebalance', pendingMembers: [second] }])
  expect(seen(...timedOut, join('c2', { memberId: second })).groups).toMatchObject([
    { state: 'PreparingRebalance', members: [{ memberId: first }, { memberId: second }], pendingMembers: [] },
  ])
})

test('a group whose last member goes is Empty, though somebody else may still come', () => {
  const left = [join('c1'), join('c1', { memberId: first }), join('c2'), leave('c1', first)]
  expect(seen(...left).groups).toMatchObject([{ state: 'Empty', generationId: 2, pendingMembers: [second] }])
  // In a rebalance that has begun with members it is waited for as long as they were given.
  const changed = join('c1', { memberId: first, protocols: [offer('range', 't', 'u')] })
  const preparing = [...left.slice(0, -1), changed, leave('c1', first)]
  expect(seen(...preparing).groups).toMatchObject([
    { state: 'PreparingRebalance', members: [], pendingMembers: [second] },
  ])
})

test('a promised member id is given back under any instance id', () => {
  const bare = { kind: 'LeaveGroup', memberId: 'c2-1.1.2', groupInstanceId: 'i' } as const
  for (const joined of [join('c1'), join('c1', { groupInstanceId: 'i' })]) {
    const left = [joined, join('c2'), request('c2', bare)]
    expect(errorsOf(...left)).toEqual(['c2 LeaveGroup NONE'])
    expect(seen(...left).groups[0]?.pendingMembers).not.toContain('c2-1.1.2')
  }
})

test('shares count once their write is replicated', () => {
  const synced = stableGroup.slice(0, -1)
  expect(seen(...synced).groups[0]?.state).toBe('CompletingRebalance')
  expect(answersOf(...stableGroup)).toEqual(
    [
      { client: 'c1', partitions: [partition(0)] },
      { client: 'c2', partitions: [partition(1)] },
    ].map(({ client, partitions }) => ({
      client,
      response: { kind: 'SyncGroupResponse', correlationId: 1, error: 'NONE', groupId: 'g', partitions },
    })),
  )
  expect(seen(...stableGroup).groups[0]?.state).toBe('Stable')
})

test('shares that could not be written make everybody join again', () => {
  const failed = [...stableGroup.slice(0, -1), { kind: 'failWrites', error: 'NOT_LEADER_OR_FOLLOWER' } as const]
  expect(errorsOf(...failed)).toEqual(['c1 SyncGroup NOT_COORDINATOR', 'c2 SyncGroup NOT_COORDINATOR'])
  expect(seen(...failed).groups[0]?.state).toBe('PreparingRebalance')
})

test('the log tells a new coordinator the group, as text in a fixed order', () => {
  const member = (n: number, client: string) =>
    `{"memberId":"${client}-1.1.${n}","groupInstanceId":null,"client":"${client}","sessionTimeoutMs":1000,"rebalanceTimeoutMs":3000,"protocols":[{"name":"range","topics":["t"],"owned":[],"generationId":-1}],"assignment":[{"topic":"t","partition":${n - 1}}]}`
  expect(seen(...stableGroup).log).toEqual([
    {
      key: 'group|g',
      value: `{"generationId":2,"protocolName":"range","leader":"c1-1.1.1","timestamp":0,"members":[${member(1, 'c1')},${member(2, 'c2')}]}`,
    },
  ])
  expect(seen(...stableGroup, { kind: 'failover', kept: 0 }).groups).toEqual(seen(...stableGroup).groups)
})

test('a member that leaves is answered before the others are told to join again', () => {
  expect(errorsOf(...stableGroup, leave('c2', second))).toEqual(['c2 LeaveGroup NONE'])
  expect(errorsOf(...stableGroup, leave('c2', second), heartbeat('c1', first, 2))).toEqual([
    'c1 Heartbeat REBALANCE_IN_PROGRESS',
  ])
})

test('a member that is silent for its session time-out is removed, and the last one leaves an Empty group', () => {
  const [group] = seen(...stableGroup, { kind: 'advance', ms: 1_000 }).groups
  expect(group).toEqual({
    groupId: 'g',
    state: 'Empty',
    generationId: 3,
    protocolName: null,
    leader: null,
    members: [],
    pendingMembers: [],
    offsets: [],
  })
})

test('a static member that comes back disturbs nobody, whatever topics it names now (KIP-345)', () => {
  const stable = [
    join('c1', { groupInstanceId: 'i' }),
    sync('c1', first, 1, [{ memberId: first, partitions: [partition(0)] }]),
    { kind: 'replicated', count: 1 } as const,
  ]
  const returned = [...stable, join('c1', { groupInstanceId: 'i', protocols: [offer('range', 'u')] })]
  expect(errorsOf(...returned)).toEqual(['c1 JoinGroup NONE'])
  const [now] = seen(...returned).groups
  expect(now).toMatchObject({ state: 'Stable', generationId: 1, leader: 'c1-1.1.2' })
  expect(now?.members.map(({ memberId, assignment }) => ({ memberId, assignment }))).toEqual([
    { memberId: 'c1-1.1.2', assignment: [partition(0)] },
  ])
  expect(seen(...returned).outstanding).toHaveLength(1)
  expect(errorsOf(...returned, heartbeat('c1', first, 1))).toEqual(['c1 Heartbeat UNKNOWN_MEMBER_ID'])
})

test('a static member that comes back makes everybody join again when the choice of the protocol changes', () => {
  const stable = [
    join('c1', { groupInstanceId: 'i', protocols: [offer('range', 't'), offer('sticky', 't')] }),
    sync('c1', first, 1),
    { kind: 'replicated', count: 1 } as const,
  ]
  const protocols = [offer('sticky', 't'), offer('range', 't')]
  const [last] = answersOf(...stable, join('c1', { groupInstanceId: 'i', protocols }))
  expect(last?.response).toMatchObject({ error: 'NONE', generationId: 2, protocolName: 'sticky' })
})

test('the protocol with most votes wins, and of equals the smaller name', () => {
  const [last] = answersOf(
    join('c1', { groupInstanceId: 'i', protocols: [offer('sticky', 't'), offer('range', 't')] }),
    join('c2', { groupInstanceId: 'j', protocols: [offer('range', 't'), offer('sticky', 't')] }),
    join('c1', { memberId: first, groupInstanceId: 'i', protocols: [offer('sticky', 't'), offer('range', 't')] }),
  )
  expect(last?.response).toMatchObject({ error: 'NONE', generationId: 2, protocolName: 'range' })
})

test('a member that joins with what nobody else offers is refused', () => {
  expect(errorsOf(...stableGroup, join('c3', { protocols: [offer('sticky', 't')] }))).toEqual([
    'c3 JoinGroup INCONSISTENT_GROUP_PROTOCOL',
  ])
  expect(errorsOf(join('c1', { protocols: [] }))).toEqual(['c1 JoinGroup INCONSISTENT_GROUP_PROTOCOL'])
})

test('a member must keep a name that all offered, itself included, and is told so before anything about itself', () => {
  const alone = [join('c1'), join('c1', { memberId: first })]
  const protocols = [offer('sticky', 't')]
  const refused = ['c1 JoinGroup INCONSISTENT_GROUP_PROTOCOL']
  expect(errorsOf(...alone, join('c1', { memberId: first, protocols }))).toEqual(refused)
  expect(errorsOf(...alone, join('c1', { memberId: 'stranger', protocols }))).toEqual(refused)
  const both = [...protocols, offer('range', 't')]
  expect(errorsOf(...alone, join('c1', { memberId: first, protocols: both }))).toEqual(['c1 JoinGroup NONE'])
  const fixed = [join('c1', { groupInstanceId: 'i' })]
  expect(errorsOf(...fixed, join('c1', { groupInstanceId: 'i', protocols }))).toEqual(refused)
  expect(errorsOf(...fixed, join('c1', { groupInstanceId: 'i', memberId: 'old', protocols }))).toEqual(refused)
})

test('pending members count towards the size of a group', () => {
  expect(errorsOf(...stableGroup, join('c3'), join('c4'))).toEqual(['c4 JoinGroup GROUP_MAX_SIZE_REACHED'])
})

test('a coordinator that gives up tells all who wait, commits last', () => {
  const waiting = [
    ...stableGroup,
    commit('c2', second, 2, 7),
    join('c2', { memberId: second, protocols: [offer('range', 'u')] }),
  ]
  expect(errorsOf(...waiting, { kind: 'failover', kept: 1 })).toEqual([
    'c2 JoinGroup NOT_COORDINATOR',
    'c2 OffsetCommit NOT_COORDINATOR',
  ])
  expect(seen(...waiting, { kind: 'failover', kept: 1 }).groups[0]?.offsets).toHaveLength(1)
})

test('a refused request leaves the very same state', () => {
  const state = after(...stableGroup)
  expect(stepGroupScope(state, heartbeat('c1', first, 1)).state).toBe(state)
  expect(stepGroupScope(state, heartbeat('c1', first, 2)).state).toBe(state)
  expect(stepGroupScope(state, { kind: 'advance', ms: 0 }).state).toBe(state)
})
