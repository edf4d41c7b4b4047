// Clients of every kind before one coordinator: what they say is theirs, and what their version lacks is made up for.
import { expect, test } from 'vitest'
import { TestCoordinator } from '../../properties/simulation/test-coordinator.ts'
import { decodeAssignment, encodeAssignment, encodeSubscription } from '../client/consumer-protocol.ts'
import { GroupCoordinator } from './coordinator.ts'
import type { GroupRequest, GroupResponse, JoinProtocol } from './messages.ts'

type Join = Partial<GroupRequest & { readonly kind: 'JoinGroup' }>
type Commit = Partial<GroupRequest & { readonly kind: 'OffsetCommit' }>

const bytes = (...values: readonly number[]) => Uint8Array.from(values)
const noBytes = bytes()
const connect: Join = { protocolType: 'connect', protocols: [{ name: 'sessioned', metadata: bytes(0, 255, 128) }] }
const subscription = (...topics: readonly string[]) =>
  encodeSubscription({ topics, userData: null, ownedPartitions: [], generationId: -1, rackId: null })
const range = (...topics: readonly string[]): JoinProtocol => ({ name: 'range', metadata: subscription(...topics) })
const reader: Join = { protocols: [range('t')] }

/** A group of one member in generation 1, whose share is `assignment`. */
function stable(group: TestCoordinator, fields: Join, assignment: Uint8Array): string {
  const memberId = group.join(fields)
  group.tell('SyncGroup', { memberId, generationId: 1, assignments: [{ memberId, assignment }] })
  return memberId
}

const joinOf = (answer: GroupResponse | undefined) => (answer?.kind === 'JoinGroupResponse' ? answer : null)

test('a group of Connect workers passes on what they say, byte for byte', () => {
  const group = new TestCoordinator()
  const memberId = group.join(connect)
  const [again] = group.ask('JoinGroup', { ...connect, memberId })
  expect(again).toMatchObject({
    error: 'NONE',
    protocolType: 'connect',
    protocolName: 'sessioned',
    leader: memberId,
    members: [{ memberId, groupInstanceId: null, metadata: bytes(0, 255, 128) }],
  })
  const assignments = [{ memberId, assignment: bytes(9, 8, 7) }]
  const synced = group.tell('SyncGroup', { memberId, generationId: 1, protocolType: 'connect', assignments })
  expect(synced).toMatchObject({ error: 'NONE', protocolName: 'sessioned', assignment: bytes(9, 8, 7) })
})

test('a group has one type as long as it has members', () => {
  const group = new TestCoordinator()
  const memberId = stable(group, connect, noBytes)
  const consumer: Join = { protocols: [{ name: 'sessioned', metadata: noBytes }] }
  expect(group.tell('JoinGroup', consumer)).toMatchObject({ error: 'INCONSISTENT_GROUP_PROTOCOL' })
  group.tell('LeaveGroup', { members: [{ memberId, groupInstanceId: null, reason: null }] })
  expect(group.tell('JoinGroup', consumer)).toMatchObject({ error: 'MEMBER_ID_REQUIRED' })
})

test('a sync that speaks of another type or protocol is refused (KIP-559)', () => {
  const group = new TestCoordinator()
  const memberId = stable(group, reader, encodeAssignment({ partitions: [], userData: null }))
  const sync = (protocolType: string | null, protocolName: string | null) =>
    group.tell('SyncGroup', { memberId, generationId: 1, protocolType, protocolName })
  expect(sync('connect', 'range')).toMatchObject({ error: 'INCONSISTENT_GROUP_PROTOCOL', assignment: noBytes })
  expect(sync('consumer', 'roundrobin')).toMatchObject({ error: 'INCONSISTENT_GROUP_PROTOCOL' })
  expect(sync('consumer', null)).toMatchObject({ error: 'NONE', protocolType: 'consumer', protocolName: 'range' })
})

test('a client from before KIP-394 joins at once under the id that it is given', () => {
  const group = new TestCoordinator()
  expect(joinOf(group.tell('JoinGroup', { ...reader, requiresKnownMemberId: false }))).toMatchObject({
    error: 'NONE',
    generationId: 1,
    memberId: 'k-1.1.1',
    leader: 'k-1.1.1',
  })
})

test('member ids are made as the broker is told to, from the instance id or the client id', () => {
  let made = 0
  const group = new TestCoordinator({}, (clientId, instanceId) => `${instanceId ?? clientId}-uuid${++made}`)
  expect(group.join(reader)).toBe('k-uuid1')
  expect(group.join({ ...reader, groupId: 'h', groupInstanceId: 'i' })).toBe('i-uuid2')
})

test('a session that is shorter or longer than the limits is refused', () => {
  const group = new TestCoordinator({ minSessionTimeoutMs: 6000, maxSessionTimeoutMs: 30_000 })
  const join = (sessionTimeoutMs: number) => group.tell('JoinGroup', { ...reader, sessionTimeoutMs })
  expect([5999, 30_001].map(join)).toMatchObject([
    { error: 'INVALID_SESSION_TIMEOUT' },
    { error: 'INVALID_SESSION_TIMEOUT' },
  ])
  expect([6000, 30_000].map(join)).toMatchObject([{ error: 'MEMBER_ID_REQUIRED' }, { error: 'MEMBER_ID_REQUIRED' }])
})

test('an Empty group waits for more members as long as they keep coming, and no longer than a rebalance may take', () => {
  const group = new TestCoordinator({ initialRebalanceDelayMs: 1000 })
  const soon: Join = { ...reader, requiresKnownMemberId: false, rebalanceTimeoutMs: 2500 }
  expect(group.ask('JoinGroup', soon)).toEqual([])
  expect(group.advance(999)).toEqual([])
  expect(group.ask('JoinGroup', soon)).toEqual([])
  expect(group.advance(1)).toEqual([])
  expect(group.ask('JoinGroup', soon)).toEqual([])
  expect(group.advance(1000)).toEqual([])
  expect(group.ask('JoinGroup', soon)).toEqual([])
  expect(group.advance(499)).toEqual([])
  const answers = group.advance(1)
  expect(answers).toHaveLength(4)
  expect(answers.map(answer => joinOf(answer)?.generationId)).toEqual([1, 1, 1, 1])
})

test('an Empty group waits for nobody who was only handed out a member id, with a delay or without', () => {
  for (const initialRebalanceDelayMs of [0, 1000]) {
    const group = new TestCoordinator({ initialRebalanceDelayMs })
    const handedOut = (): string => joinOf(group.tell('JoinGroup', reader))?.memberId ?? ''
    const slow = handedOut()
    const quick = handedOut()
    const answers = [
      ...group.ask('JoinGroup', { ...reader, memberId: quick }),
      ...group.advance(initialRebalanceDelayMs),
    ]
    expect(answers).toMatchObject([{ error: 'NONE', generationId: 1, leader: quick, members: [{ memberId: quick }] }])
    expect(group.coordinator.groups()).toMatchObject([{ state: 'CompletingRebalance', pendingMembers: [slow] }])
    expect(group.ask('JoinGroup', { ...reader, memberId: slow })).toEqual([])
    expect(group.coordinator.groups()).toMatchObject([{ state: 'PreparingRebalance', pendingMembers: [] }])
  }
})

test('an Empty group whose first member stays alone waits once', () => {
  const group = new TestCoordinator({ initialRebalanceDelayMs: 1000 })
  group.ask('JoinGroup', { ...reader, requiresKnownMemberId: false })
  expect(group.advance(999)).toEqual([])
  expect(group.advance(1)).toMatchObject([{ error: 'NONE', generationId: 1 }])
  group.tell('SyncGroup', { memberId: 'k-1.1.1', generationId: 1 })
  // Later rebalances do not wait.
  expect(group.ask('JoinGroup', { ...reader, memberId: 'k-1.1.1' })).toMatchObject([{ error: 'NONE', generationId: 2 }])
})

test('a leader that comes back under its instance id is told to skip the assignment, or does not learn that it leads', () => {
  for (const supportsSkippingAssignment of [true, false]) {
    const group = new TestCoordinator()
    const share = encodeAssignment({ partitions: [{ topic: 't', partition: 0 }], userData: null })
    const before = stable(group, { ...reader, groupInstanceId: 'i' }, share)
    const [answer] = group.ask('JoinGroup', { ...reader, groupInstanceId: 'i', supportsSkippingAssignment })
    const joined = joinOf(answer)
    expect(joined).toMatchObject({ error: 'NONE', generationId: 1, memberId: 'k-1.1.2' })
    expect(joined?.skipAssignment).toBe(supportsSkippingAssignment)
    expect(joined?.leader).toBe(supportsSkippingAssignment ? 'k-1.1.2' : before)
    expect(joined?.members).toHaveLength(supportsSkippingAssignment ? 1 : 0)
    group.replicate()
    const sync = { memberId: 'k-1.1.2', groupInstanceId: 'i', generationId: 1 }
    expect(group.tell('SyncGroup', sync)).toMatchObject({ error: 'NONE', assignment: share })
  }
})

test('a static member that comes back brings no rebalance about while the same protocol is chosen, whatever it says', () => {
  const group = new TestCoordinator()
  stable(group, { ...reader, groupInstanceId: 'i' }, bytes(7))
  expect(group.ask('JoinGroup', { protocols: [range('u')], groupInstanceId: 'i' })).toMatchObject([
    { error: 'NONE', generationId: 1, memberId: 'k-1.1.2' },
  ])
  group.replicate()
  expect(group.coordinator.groups()[0]?.members).toMatchObject([{ protocols: [range('u')], assignment: bytes(7) }])
  group.failover()
  expect(group.coordinator.groups()[0]?.members).toMatchObject([{ protocols: [range('u')], assignment: bytes(7) }])

  const workers = new TestCoordinator()
  stable(workers, { ...connect, groupInstanceId: 'i' }, noBytes)
  const other = { ...connect, protocols: [{ name: 'sessioned', metadata: bytes(1) }], groupInstanceId: 'i' }
  expect(workers.ask('JoinGroup', other)).toMatchObject([{ generationId: 1 }])
})

test('a static member that comes back brings a rebalance about when another protocol is chosen with its offer', () => {
  const group = new TestCoordinator()
  const sticky: JoinProtocol = { name: 'sticky', metadata: subscription('t') }
  stable(group, { protocols: [range('t'), sticky], groupInstanceId: 'i' }, noBytes)
  expect(group.ask('JoinGroup', { protocols: [sticky, range('t')], groupInstanceId: 'i' })).toMatchObject([
    { error: 'NONE', generationId: 2, protocolName: 'sticky' },
  ])
})

test('whoever joins must offer a name that every member offered last, itself included', () => {
  const group = new TestCoordinator()
  const memberId = stable(group, reader, noBytes)
  const sticky: JoinProtocol = { name: 'sticky', metadata: subscription('t') }
  const refused = [{ error: 'INCONSISTENT_GROUP_PROTOCOL' }]
  expect(group.ask('JoinGroup', { memberId, protocols: [sticky] })).toMatchObject(refused)
  // Also before it is said that there is no such member.
  expect(group.ask('JoinGroup', { memberId: 'stranger', protocols: [sticky] })).toMatchObject(refused)
  expect(group.ask('JoinGroup', { memberId: 'stranger', protocols: [range('t')] })).toMatchObject([
    { error: 'UNKNOWN_MEMBER_ID' },
  ])
  expect(group.ask('JoinGroup', { memberId, protocols: [sticky, range('t')] })).toMatchObject([
    { error: 'NONE', generationId: 2, protocolName: 'sticky' },
  ])

  const fixed = new TestCoordinator()
  stable(fixed, { ...reader, groupInstanceId: 'i' }, noBytes)
  expect(fixed.ask('JoinGroup', { groupInstanceId: 'i', protocols: [sticky] })).toMatchObject(refused)
  expect(fixed.ask('JoinGroup', { groupInstanceId: 'i', memberId: 'old', protocols: [sticky] })).toMatchObject(refused)
})

test('several members leave at once, each answered for itself, also by instance id alone (KIP-345)', () => {
  const group = new TestCoordinator()
  const first = group.join({ ...reader, groupInstanceId: 'i1' })
  group.ask('JoinGroup', { ...reader, groupInstanceId: 'i2' })
  const pending = joinOf(group.ask('JoinGroup', reader)[0])?.memberId ?? ''
  const [left, joined] = group.ask('LeaveGroup', {
    members: [
      { memberId: null, groupInstanceId: 'i1', reason: 'the administrator says so' },
      { memberId: first, groupInstanceId: 'i2', reason: null },
      { memberId: pending, groupInstanceId: null, reason: null },
      { memberId: 'stranger', groupInstanceId: null, reason: null },
      { memberId: null, groupInstanceId: 'i9', reason: null },
    ],
  })
  expect(left?.kind === 'LeaveGroupResponse' && left.members.map(({ error }) => error)).toEqual([
    'NONE',
    'FENCED_INSTANCE_ID',
    'NONE',
    'UNKNOWN_MEMBER_ID',
    'UNKNOWN_MEMBER_ID',
  ])
  // The one that is left had waited for the others.
  expect(joined).toMatchObject({ error: 'NONE', memberId: 'k-1.1.2', generationId: 2 })
  expect(group.coordinator.groups()[0]?.members.map(({ memberId }) => memberId)).toEqual(['k-1.1.2'])
  expect(
    group.tell('LeaveGroup', { groupId: 'h', members: [{ memberId: 'm', groupInstanceId: null, reason: null }] }),
  ).toMatchObject({ error: 'NONE', members: [{ error: 'UNKNOWN_MEMBER_ID' }] })
})

test('a member that the leader of a group of consumers does not name is assigned nothing, in words that it understands', () => {
  const group = new TestCoordinator()
  const memberId = group.join(reader)
  const answer = group.tell('SyncGroup', { memberId, generationId: 1 })
  const assignment = answer.kind === 'SyncGroupResponse' ? answer.assignment : noBytes
  expect(assignment.length).toBeGreaterThan(2)
  expect(decodeAssignment(assignment)).toMatchObject({ kind: 'decoded', value: { partitions: [] } })
})

test('what a group keeps is its own: whoever reads requests into one buffer again and again spoils nothing', () => {
  const group = new TestCoordinator()
  const buffer = bytes(1, 2, 3)
  const memberId = group.join({ protocolType: 'connect', protocols: [{ name: 'eager', metadata: buffer }] })
  buffer.fill(0)
  group.tell('SyncGroup', { memberId, generationId: 1, assignments: [{ memberId, assignment: buffer }] })
  buffer.fill(9)
  expect(group.coordinator.groups()[0]?.members).toMatchObject([
    { protocols: [{ metadata: bytes(1, 2, 3) }], assignment: bytes(0, 0, 0) },
  ])
})

test('offsets whose metadata are too large are left out of a commit, each with its own error', () => {
  const group = new TestCoordinator({ offsetMetadataMaxBytes: 6 })
  const offset = (partition: number, metadata: string) => ({
    topic: 't',
    partition,
    offset: 5,
    leaderEpoch: 0,
    metadata,
  })
  expect(group.tell('OffsetCommit', { offsets: [offset(0, 'äöü'), offset(1, 'äöüx'), offset(2, '1234567')] })).toEqual({
    kind: 'OffsetCommitResponse',
    correlationId: 1,
    groupId: 'g',
    error: 'NONE',
    refused: [1, 2].map(partition => ({ topic: 't', partition, error: 'OFFSET_METADATA_TOO_LARGE' })),
  })
  expect(group.tell('OffsetFetch')).toMatchObject({ offsets: [{ partition: 0, offset: 5, metadata: 'äöü' }] })
  expect(group.tell('OffsetCommit', { offsets: [offset(1, '1234567')] })).toMatchObject({ error: 'NONE' })
})

test('clients outside a group commit and reset its offsets while it is Empty, and see all of them', () => {
  const group = new TestCoordinator()
  const offset = { topic: 't', partition: 0, offset: 2 ** 40, leaderEpoch: -1, metadata: '' }
  expect(group.tell('OffsetCommit', { offsets: [offset] })).toMatchObject({ error: 'NONE' })
  expect(group.tell('OffsetFetch')).toMatchObject({ error: 'NONE', offsets: [offset] })
  expect(group.tell('OffsetFetch', { groupId: 'nobody' })).toMatchObject({ error: 'NONE', offsets: [] })
  stable(group, reader, noBytes)
  expect(group.tell('OffsetCommit', { offsets: [offset] })).toMatchObject({ error: 'UNKNOWN_MEMBER_ID' })
})

test('a commit without a generation is taken while a group is Empty or not there, under whatever names', () => {
  const offsets = [{ topic: 't', partition: 0, offset: 2, leaderEpoch: -1, metadata: '' }]
  const group = new TestCoordinator()
  const commit = (fields: Commit) => group.tell('OffsetCommit', { offsets, ...fields }).error
  expect(commit({ groupId: 'f', memberId: 'm', groupInstanceId: 'i' })).toBe('NONE')
  expect(commit({ memberId: 'm' })).toBe('NONE')
  expect(commit({ groupInstanceId: 'i', generationId: -2 })).toBe('NONE')
  expect(commit({ generationId: 0 })).toBe('UNKNOWN_MEMBER_ID')

  const memberId = stable(group, { ...reader, groupInstanceId: 'i' }, noBytes)
  expect(commit({ memberId })).toBe('ILLEGAL_GENERATION')
  expect(commit({ generationId: 1 })).toBe('UNKNOWN_MEMBER_ID')
  expect(commit({ groupInstanceId: 'i' })).toBe('FENCED_INSTANCE_ID')
  expect(commit({ memberId, groupInstanceId: 'x', generationId: 1 })).toBe('UNKNOWN_MEMBER_ID')
  expect(commit({ memberId, generationId: 1 })).toBe('NONE')
})

test('a member of a group that is not there is told so, if it understands that', () => {
  const group = new TestCoordinator()
  const commit = (understandsUnknownGroup: boolean) =>
    group.tell('OffsetCommit', { memberId: 'm', generationId: 3, understandsUnknownGroup }).error
  expect([true, false].map(commit)).toEqual(['GROUP_ID_NOT_FOUND', 'ILLEGAL_GENERATION'])
  expect(group.coordinator.list()).toEqual([])
})

test('a pending member is not waited for longer than a rebalance may take, and may still join', () => {
  const group = new TestCoordinator()
  const patient: Join = { ...reader, sessionTimeoutMs: 100_000 }
  const memberId = stable(group, patient, noBytes)
  const pending = joinOf(group.tell('JoinGroup', patient))?.memberId ?? ''
  expect(group.ask('JoinGroup', { ...patient, memberId })).toEqual([])
  expect(group.advance(60_000)).toMatchObject([{ error: 'NONE', generationId: 2 }])
  expect(group.coordinator.groups()).toMatchObject([{ pendingMembers: [pending] }])
  expect(group.ask('JoinGroup', { ...patient, memberId: pending })).toEqual([])
  expect(group.ask('JoinGroup', { ...patient, memberId })).toMatchObject([{ generationId: 3 }, { generationId: 3 }])
})

test('a group whose last member goes is Empty, though a pending one may still come', () => {
  const group = new TestCoordinator()
  const memberId = stable(group, reader, noBytes)
  const pending = joinOf(group.tell('JoinGroup', reader))?.memberId ?? ''
  group.tell('LeaveGroup', { members: [{ memberId, groupInstanceId: null, reason: null }] })
  expect(group.coordinator.groups()).toMatchObject([{ state: 'Empty', generationId: 2, pendingMembers: [pending] }])
})

test('a pending member leaves under any instance id', () => {
  const group = new TestCoordinator()
  stable(group, { ...reader, groupInstanceId: 'i' }, noBytes)
  for (const groupInstanceId of ['nobody', 'i']) {
    const memberId = joinOf(group.tell('JoinGroup', reader))?.memberId ?? ''
    const leave = () => group.tell('LeaveGroup', { members: [{ memberId, groupInstanceId, reason: null }] })
    expect(leave()).toMatchObject({ members: [{ memberId, groupInstanceId, error: 'NONE' }] })
    expect(leave()).not.toMatchObject({ members: [{ error: 'NONE' }] })
  }
  expect(group.coordinator.groups()).toMatchObject([{ state: 'Stable', pendingMembers: [] }])
})

test('the protocol that most members prefer among those that all offer is chosen, and of equals the smaller name', () => {
  const chosen = (...offers: readonly string[]): string | null | undefined => {
    const group = new TestCoordinator({ initialRebalanceDelayMs: 10 })
    for (const names of offers) {
      const protocols = names.split(' ').map(name => ({ name, metadata: noBytes }))
      group.ask('JoinGroup', { protocolType: 'any', protocols, requiresKnownMemberId: false })
    }
    return joinOf([...group.advance(10), ...group.advance(10)][0])?.protocolName
  }
  expect(chosen('b a', 'a b', 'b a')).toBe('b')
  expect(chosen('b a', 'a b')).toBe('a')
  expect(chosen('z b a', 'z a b', 'b a')).toBe('b')
})

test('writes that complete at once are handed over in the order in which they were asked for', () => {
  const keys: string[] = []
  const coordinator = new GroupCoordinator({
    config: { offsetsRetentionMs: 10, offsetsRetentionCheckIntervalMs: 10, groupMaxSize: 10 },
    brokerId: 1,
    epoch: 1,
    now: () => 10,
    respond: () => {},
    write: (records, done) => {
      for (const { key } of records) keys.push(key)
      done('NONE')
      keys.push('done')
    },
  })
  const offsets = ['a', 'b'].map(topic => ({ topic, partition: 0, offset: 1, leaderEpoch: 0, metadata: '' }))
  const nobody = { memberId: '', groupInstanceId: null, generationId: -1 }
  const names = { correlationId: 1, ...nobody, understandsUnknownGroup: true }
  for (const groupId of ['f', 'g']) {
    coordinator.handle({ endpoint: 'k', connection: 0 }, { kind: 'OffsetCommit', ...names, groupId, offsets })
  }
  coordinator.topicDeleted('a')
  expect(keys.slice(6)).toEqual(['offset|f|a|0', 'done', 'offset|g|a|0', 'done'])
})
