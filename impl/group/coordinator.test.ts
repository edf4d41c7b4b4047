import { expect, test } from 'vitest'
import type { TopicPartition } from '../../model/vocabulary/choosing.ts'
import type { GroupOperation, GroupState } from '../../model/vocabulary/groups.ts'
import type { GroupRequest, GroupResponse, JoinProtocol } from '../../model/vocabulary/messages.ts'
import { startGroupSubject } from '../../properties/subjects/group.ts'
import { GroupCoordinator } from './coordinator.ts'
import type { GroupError } from './messages.ts'
import { groupPartition } from './partition.ts'

const config = { offsetsRetentionMs: 1000, offsetsRetentionCheckIntervalMs: 100, groupMaxSize: 10 }
const range: JoinProtocol = { name: 'range', topics: ['t'], owned: [], generationId: -1 }

/** A coordinator with its log, and answers in short: `[client, kind, error]`. */
function startGroup() {
  const side = startGroupSubject({ scope: 'group', config })
  let correlationId = 0
  const apply = (operation: GroupOperation) =>
    side.apply(operation).responses.map(({ client, response }) => [client, response.kind, response.error])
  const request = (client: string, request: GroupRequest) => side.apply({ kind: 'request', client, request }).responses
  const fields = (memberId: string, groupInstanceId: string | null = null) => ({
    correlationId: ++correlationId,
    groupId: 'g',
    memberId,
    groupInstanceId,
  })
  const join = (client: string, memberId: string, instance: string | null = null, protocols = [range]) =>
    request(client, {
      ...fields(memberId, instance),
      kind: 'JoinGroup',
      sessionTimeoutMs: 30,
      rebalanceTimeoutMs: 60,
      protocols,
    })
  const sync = (
    client: string,
    memberId: string,
    generationId: number,
    shares: Record<string, TopicPartition[]> = {},
  ) =>
    request(client, {
      ...fields(memberId),
      kind: 'SyncGroup',
      generationId,
      assignments: Object.entries(shares).map(([member, partitions]) => ({ memberId: member, partitions })),
    })
  const commit = (client: string, memberId: string, generationId: number, offset: number) =>
    request(client, {
      ...fields(memberId),
      kind: 'OffsetCommit',
      generationId,
      offsets: [{ topic: 't', partition: 0, offset, leaderEpoch: 0, metadata: 'a|b' }],
    })
  const heartbeat = (client: string, memberId: string, generationId: number) =>
    request(client, { ...fields(memberId), kind: 'Heartbeat', generationId })
  const leave = (client: string, memberId: string) => request(client, { ...fields(memberId), kind: 'LeaveGroup' })
  const fetch = () =>
    request('x', { ...fields(''), kind: 'OffsetFetch', partitions: [{ topic: 't', partition: 0 }] }).map(
      ({ response }) => (response.kind === 'OffsetFetchResponse' ? response.offsets[0]?.offset : null),
    )[0]
  const group = () => side.observe().groups[0]
  const state = (): GroupState | undefined => group()?.state
  /** Brings c1 and c2 into generation 2, with t/0 given to c1; c1 came first and leads. */
  const settle = () => {
    join('c1', '')
    join('c1', 'c1-1.1.1')
    join('c2', '')
    join('c2', 'c2-1.1.2')
    join('c1', 'c1-1.1.1')
    sync('c2', 'c2-1.1.2', 2)
    sync('c1', 'c1-1.1.1', 2, { 'c1-1.1.1': [{ topic: 't', partition: 0 }] })
    apply({ kind: 'replicated', count: 1 })
  }
  return { side, apply, join, sync, commit, heartbeat, leave, fetch, group, state, settle }
}

const short = (responses: readonly { readonly client: string; readonly response: GroupResponse }[]) =>
  responses.map(({ client, response }) => [client, response.kind, response.error])

test('a client without a member id is given one and must join with it', () => {
  const { join, group } = startGroup()
  expect(join('c1', '')).toEqual([
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
        memberId: 'c1-1.1.1',
        members: [],
      },
    },
  ])
  expect(group()).toEqual({
    groupId: 'g',
    state: 'Empty',
    generationId: 0,
    protocolName: null,
    leader: null,
    members: [],
    pendingMembers: ['c1-1.1.1'],
    offsets: [],
  })
})

test('two members join a generation, and its leader is told of both', () => {
  const { join } = startGroup()
  join('c1', '')
  join('c1', 'c1-1.1.1')
  join('c2', '')
  expect(join('c2', 'c2-1.1.2')).toEqual([])
  const joined = { kind: 'JoinGroupResponse', error: 'NONE', groupId: 'g', generationId: 2 }
  expect(join('c1', 'c1-1.1.1')).toEqual([
    {
      client: 'c1',
      response: {
        ...joined,
        correlationId: 5,
        protocolName: 'range',
        leader: 'c1-1.1.1',
        memberId: 'c1-1.1.1',
        members: [
          { memberId: 'c1-1.1.1', groupInstanceId: null, protocol: range },
          { memberId: 'c2-1.1.2', groupInstanceId: null, protocol: range },
        ],
      },
    },
    {
      client: 'c2',
      response: {
        ...joined,
        correlationId: 4,
        protocolName: 'range',
        leader: 'c1-1.1.1',
        memberId: 'c2-1.1.2',
        members: [],
      },
    },
  ])
})

test('syncs are answered when the assignment is in the log, in member order', () => {
  const { join, sync, apply, state, side } = startGroup()
  join('c1', '')
  join('c1', 'c1-1.1.1')
  join('c2', '')
  join('c2', 'c2-1.1.2')
  join('c1', 'c1-1.1.1')
  const share = [{ topic: 't', partition: 0 }]
  expect(sync('c2', 'c2-1.1.2', 2)).toEqual([])
  expect(sync('c1', 'c1-1.1.1', 2, { 'c1-1.1.1': share, stranger: share })).toEqual([])
  expect(state()).toBe('CompletingRebalance')
  const protocols = '[{"name":"range","topics":["t"],"owned":[],"generationId":-1}]'
  const member = (client: string, n: number, assignment: string) =>
    `{"memberId":"${client}-1.1.${n}","groupInstanceId":null,"client":"${client}","sessionTimeoutMs":30,` +
    `"rebalanceTimeoutMs":60,"protocols":${protocols},"assignment":${assignment}}`
  expect(side.observe().outstanding).toEqual([
    [
      {
        key: 'group|g',
        value:
          '{"generationId":2,"protocolName":"range","leader":"c1-1.1.1","timestamp":0,"members":[' +
          `${member('c1', 1, '[{"topic":"t","partition":0}]')},${member('c2', 2, '[]')}]}`,
      },
    ],
  ])
  expect(side.apply({ kind: 'replicated', count: 1 }).responses).toEqual([
    {
      client: 'c1',
      response: { kind: 'SyncGroupResponse', correlationId: 7, error: 'NONE', groupId: 'g', partitions: share },
    },
    {
      client: 'c2',
      response: { kind: 'SyncGroupResponse', correlationId: 6, error: 'NONE', groupId: 'g', partitions: [] },
    },
  ])
  expect(state()).toBe('Stable')
  expect(apply({ kind: 'failWrites', error: 'REQUEST_TIMED_OUT' })).toEqual([])
})

test('an assignment that cannot be written sends everybody back to join', () => {
  const { join, sync, apply, state } = startGroup()
  join('c1', '')
  join('c1', 'c1-1.1.1')
  sync('c1', 'c1-1.1.1', 1, {})
  expect(apply({ kind: 'failWrites', error: 'NOT_ENOUGH_REPLICAS' })).toEqual([
    ['c1', 'SyncGroupResponse', 'COORDINATOR_NOT_AVAILABLE'],
  ])
  expect(state()).toBe('PreparingRebalance')
})

test('a member that leaves makes the others join again', () => {
  const { settle, leave, heartbeat, join, state } = startGroup()
  settle()
  expect(state()).toBe('Stable')
  expect(short(leave('c1', 'c1-1.1.1'))).toEqual([['c1', 'LeaveGroupResponse', 'NONE']])
  expect(short(heartbeat('c2', 'c2-1.1.2', 2))).toEqual([['c2', 'HeartbeatResponse', 'REBALANCE_IN_PROGRESS']])
  expect(join('c2', 'c2-1.1.2').map(({ response }) => response)).toEqual([
    expect.objectContaining({ error: 'NONE', generationId: 3, leader: 'c2-1.1.2' }),
  ])
})

test('a member whose session runs out makes the others join again, and its late commit is refused', () => {
  const { settle, apply, heartbeat, join, commit, group } = startGroup()
  settle()
  apply({ kind: 'advance', ms: 29 })
  heartbeat('c2', 'c2-1.1.2', 2)
  expect(apply({ kind: 'advance', ms: 1 })).toEqual([])
  expect(group()?.members.map(({ memberId }) => memberId)).toEqual(['c2-1.1.2'])
  join('c2', 'c2-1.1.2')
  expect(short(commit('c1', 'c1-1.1.1', 2, 5))).toEqual([['c1', 'OffsetCommitResponse', 'UNKNOWN_MEMBER_ID']])
})

test('a zombie of an earlier generation cannot commit', () => {
  const { settle, join, sync, apply, commit, fetch } = startGroup()
  settle()
  join('c1', 'c1-1.1.1')
  join('c2', 'c2-1.1.2')
  sync('c1', 'c1-1.1.1', 3, {})
  apply({ kind: 'replicated', count: 1 })
  expect(short(commit('c2', 'c2-1.1.2', 2, 5))).toEqual([['c2', 'OffsetCommitResponse', 'ILLEGAL_GENERATION']])
  expect(fetch()).toBe(-1)
})

test('a static member that comes back is replaced without a rebalance, and the one before is fenced', () => {
  const { join, sync, apply, heartbeat, state, side, group } = startGroup()
  join('c1', '', 'i')
  sync('c1', 'c1-1.1.1', 1, { 'c1-1.1.1': [{ topic: 't', partition: 0 }] })
  apply({ kind: 'replicated', count: 1 })
  expect(join('c2', '', 'i').map(({ client, response }) => [client, response])).toEqual([
    ['c2', expect.objectContaining({ error: 'NONE', generationId: 1, leader: 'c2-1.1.2', memberId: 'c2-1.1.2' })],
  ])
  expect(state()).toBe('Stable')
  expect(group()?.members[0]?.assignment).toEqual([{ topic: 't', partition: 0 }])
  expect(side.observe().outstanding).toHaveLength(1)
  const request = { kind: 'Heartbeat', correlationId: 9, groupId: 'g', memberId: 'c1-1.1.1', generationId: 1 } as const
  const late = side.apply({ kind: 'request', client: 'c1', request: { ...request, groupInstanceId: 'i' } })
  expect(short(late.responses)).toEqual([['c1', 'HeartbeatResponse', 'FENCED_INSTANCE_ID']])
  expect(short(heartbeat('c1', 'c1-1.1.1', 1))).toEqual([['c1', 'HeartbeatResponse', 'UNKNOWN_MEMBER_ID']])
})

test('a static member that waits for its join is fenced when another takes its place', () => {
  const { settle, join } = startGroup()
  settle()
  expect(join('c3', '', 'i')).toEqual([])
  expect(short(join('c4', '', 'i'))).toEqual([['c3', 'JoinGroupResponse', 'FENCED_INSTANCE_ID']])
})

test('a rebalance that takes too long goes on without the members that have not joined', () => {
  const { settle, join, apply, group } = startGroup()
  settle()
  join('c3', '', 'i')
  apply({ kind: 'advance', ms: 20 })
  expect(apply({ kind: 'advance', ms: 40 })).toEqual([['c3', 'JoinGroupResponse', 'NONE']])
  expect(group()?.members.map(({ memberId }) => memberId)).toEqual(['c3-1.1.3'])
  expect(group()).toEqual(expect.objectContaining({ generationId: 3, leader: 'c3-1.1.3' }))
})

test('a commit is acknowledged, and can be fetched, only once it is replicated', () => {
  const { settle, commit, fetch, apply } = startGroup()
  settle()
  expect(commit('c1', 'c1-1.1.1', 2, 5)).toEqual([])
  expect(fetch()).toBe(-1)
  expect(apply({ kind: 'replicated', count: 1 })).toEqual([['c1', 'OffsetCommitResponse', 'NONE']])
  expect(fetch()).toBe(5)
  commit('c1', 'c1-1.1.1', 2, 6)
  expect(apply({ kind: 'failWrites', error: 'NOT_LEADER_OR_FOLLOWER' })).toEqual([
    ['c1', 'OffsetCommitResponse', 'NOT_COORDINATOR'],
  ])
  expect(fetch()).toBe(5)
})

test('a failover keeps acknowledged offsets and members, and sends away whoever waits', () => {
  const { settle, commit, fetch, apply, group, join } = startGroup()
  settle()
  commit('c1', 'c1-1.1.1', 2, 5)
  apply({ kind: 'replicated', count: 1 })
  const before = group()
  commit('c1', 'c1-1.1.1', 2, 6)
  commit('c1', 'c1-1.1.1', 2, 7)
  expect(apply({ kind: 'failover', kept: 1 })).toEqual([
    ['c1', 'OffsetCommitResponse', 'NOT_COORDINATOR'],
    ['c1', 'OffsetCommitResponse', 'NOT_COORDINATOR'],
  ])
  expect(fetch()).toBe(6)
  expect(group()).toEqual({ ...before, offsets: [expect.objectContaining({ offset: 6, metadata: 'a|b' })] })
  expect(join('c3', '').map(({ response }) => 'memberId' in response && response.memberId)).toEqual(['c3-1.2.1'])
})

test('old offsets expire, and their group with them, but never while it has members', () => {
  const { settle, commit, apply, fetch, leave, state, side } = startGroup()
  settle()
  commit('c1', 'c1-1.1.1', 2, 5)
  apply({ kind: 'replicated', count: 1 })
  const beat = () => apply({ kind: 'advance', ms: 2000 })
  // Both sessions run out, and the group is empty from then on only.
  beat()
  apply({ kind: 'advance', ms: 60 })
  expect(state()).toBe('Empty')
  expect(fetch()).toBe(5)
  apply({ kind: 'advance', ms: 900 })
  expect(fetch()).toBe(5)
  apply({ kind: 'advance', ms: 200 })
  expect(side.observe().groups).toEqual([])
  expect(side.observe().outstanding.at(-1)).toEqual([
    { key: 'offset|g|t|0', value: null },
    { key: 'group|g', value: null },
  ])
  expect(short(leave('c1', 'c1-1.1.1'))).toEqual([['c1', 'LeaveGroupResponse', 'UNKNOWN_MEMBER_ID']])
})

test('what has not changed is observed as the same object', () => {
  const { settle, side, fetch, heartbeat } = startGroup()
  settle()
  const [before] = side.observe().groups
  fetch()
  expect(side.observe().groups[0]).toBe(before)
  heartbeat('x', 'stranger', 2)
  expect(side.observe().groups[0]).toBe(before)
  side.apply({ kind: 'advance', ms: 1 })
  heartbeat('c1', 'c1-1.1.1', 2)
  expect(side.observe().groups[0]).not.toBe(before)
})

test('a write that completes at once is answered within the request, and the next deadline is never too late', () => {
  const answers: [string, GroupError][] = []
  let now = 0
  const coordinator = new GroupCoordinator({
    config,
    brokerId: 3,
    epoch: 7,
    now: () => now,
    respond: ({ endpoint }, { error }) => {
      answers.push([endpoint, error])
    },
    write: (_records, done) => done('NONE'),
  })
  const from = { endpoint: 'c1', connection: 0 }
  const member = { groupId: 'g', memberId: 'c1-3.7.1', groupInstanceId: 'i' }
  coordinator.handle(from, {
    ...member,
    kind: 'JoinGroup',
    correlationId: 1,
    memberId: '',
    sessionTimeoutMs: 30,
    rebalanceTimeoutMs: 60,
    protocolType: 'connect',
    protocols: [{ name: 'sessioned', metadata: new Uint8Array([1, 2]) }],
    clientId: 'c1',
    clientHost: '/127.0.0.1',
    requiresKnownMemberId: true,
    supportsSkippingAssignment: false,
    reason: null,
  })
  coordinator.handle(from, {
    ...member,
    kind: 'SyncGroup',
    correlationId: 2,
    generationId: 1,
    protocolType: 'connect',
    protocolName: 'sessioned',
    assignments: [],
  })
  expect(answers).toEqual([
    ['c1', 'NONE'],
    ['c1', 'NONE'],
  ])
  now = 20
  coordinator.handle(from, { ...member, kind: 'Heartbeat', correlationId: 3, generationId: 1 })
  expect(coordinator.nextDeadline()).toBe(30)
  now = 30
  coordinator.tick()
  expect(coordinator.nextDeadline()).toBe(50)
  now = 50
  coordinator.tick()
  expect(coordinator.groups().map(({ state }) => state)).toEqual(['Empty'])
  coordinator.unload()
  coordinator.handle(from, { ...member, kind: 'Heartbeat', correlationId: 4, generationId: 1 })
  expect(answers.at(-1)).toEqual(['c1', 'NOT_COORDINATOR'])
})

test('a group belongs to the partition of its Java hash code', () => {
  // "polygenelubricants".hashCode() is Integer.MIN_VALUE, which the mask makes 0.
  expect(['polygenelubricants', 'g', 'group'].map(id => groupPartition(id, 50))).toEqual([0, 3, 98629247 % 50])
})
