import { expect, test } from 'vitest'
import { TestCoordinator } from '../../properties/simulation/test-coordinator.ts'
import { encodeAssignment, encodeSubscription } from '../client/consumer-protocol.ts'

const subscription = (topic: string) =>
  encodeSubscription({ topics: [topic], userData: null, ownedPartitions: [], generationId: -1, rackId: null })
const reader = { protocols: [{ name: 'range', metadata: subscription('t') }], clientId: 'reader' }
const otherTopic = [{ name: 'range', metadata: subscription('u') }]
const share = encodeAssignment({ partitions: [{ topic: 't', partition: 0 }], userData: null })
const at = (topic: string, partition = 0) => ({ topic, partition })
const offset = (topic: string, partition = 0) => ({ topic, partition, offset: 7, leaderEpoch: 0, metadata: '' })

/** A group `g` of one reader of t, in generation 1. */
function stable(group: TestCoordinator, fields = {}): string {
  const memberId = group.join({ ...reader, ...fields })
  group.tell('SyncGroup', { memberId, generationId: 1, assignments: [{ memberId, assignment: share }] })
  return memberId
}

const leave = (memberId: string) => ({ members: [{ memberId, groupInstanceId: null, reason: null }] })
const committed = (group: TestCoordinator) => {
  const answer = group.tell('OffsetFetch')
  return answer.kind === 'OffsetFetchResponse'
    ? answer.offsets.map(({ topic, partition }) => `${topic}/${partition}`)
    : null
}
/** The answer to whoever is only told a member id. */
const handedOut = (group: TestCoordinator, groupId = 'g') => {
  const [answer] = group.ask('JoinGroup', { ...reader, groupId })
  if (answer?.kind !== 'JoinGroupResponse') throw new Error('the join waits')
  return answer
}
const groupIds = (group: TestCoordinator) => group.coordinator.list().map(({ groupId }) => groupId)

test('a Stable group is described with what its members say, and any other without', () => {
  const group = new TestCoordinator()
  const memberId = stable(group, { clientHost: '/10.0.0.1' })
  const names = { memberId, groupInstanceId: null, clientId: 'reader', clientHost: '/10.0.0.1' }
  expect(group.tell('DescribeGroup')).toEqual({
    kind: 'DescribeGroupResponse',
    correlationId: expect.anything(),
    groupId: 'g',
    error: 'NONE',
    state: 'Stable',
    protocolType: 'consumer',
    protocolName: 'range',
    members: [{ ...names, metadata: subscription('t'), assignment: share }],
  })
  group.ask('JoinGroup', { ...reader, memberId })
  expect(group.tell('DescribeGroup')).toMatchObject({
    state: 'CompletingRebalance',
    protocolName: '',
    members: [{ memberId, clientId: 'reader', metadata: new Uint8Array(0), assignment: new Uint8Array(0) }],
  })
})

test('a group that does not exist is Dead when it is described, and cannot be deleted', () => {
  const group = new TestCoordinator()
  expect(group.tell('DescribeGroup')).toMatchObject({ error: 'GROUP_ID_NOT_FOUND', state: 'Dead', members: [] })
  expect(group.tell('DeleteGroup')).toMatchObject({ error: 'GROUP_ID_NOT_FOUND' })
  expect(group.tell('OffsetDelete', { partitions: [at('t')] })).toMatchObject({ error: 'GROUP_ID_NOT_FOUND' })
})

test('groups are listed in order, with their type and state', () => {
  const group = new TestCoordinator()
  stable(group)
  group.tell('OffsetCommit', { groupId: 'f', offsets: [offset('t')] })
  expect(group.coordinator.list()).toEqual([
    { groupId: 'f', protocolType: '', state: 'Empty' },
    { groupId: 'g', protocolType: 'consumer', state: 'Stable' },
  ])
})

test('a group is deleted once it has no members, with all that it committed, and for good', () => {
  const group = new TestCoordinator()
  const memberId = stable(group)
  group.tell('OffsetCommit', { memberId, generationId: 1, offsets: [offset('t'), offset('u')] })
  expect(group.tell('DeleteGroup')).toMatchObject({ error: 'NON_EMPTY_GROUP' })
  group.tell('LeaveGroup', leave(memberId))
  expect(group.tell('DeleteGroup')).toMatchObject({ error: 'NONE' })
  expect(groupIds(group)).toEqual([])
  group.failover()
  expect(groupIds(group)).toEqual([])
  expect(committed(group)).toEqual([])
})

test('a group is deleted with those who were only handed out a member id', () => {
  const group = new TestCoordinator()
  const { memberId } = handedOut(group)
  expect(group.tell('DescribeGroup')).toMatchObject({ error: 'NONE', state: 'Empty' })
  expect(group.tell('DeleteGroup')).toMatchObject({ error: 'NONE' })
  expect(group.tell('DescribeGroup')).toMatchObject({ error: 'GROUP_ID_NOT_FOUND', state: 'Dead' })
  expect(groupIds(group)).toEqual([])
  expect(group.tell('JoinGroup', { ...reader, memberId })).toMatchObject({ error: 'UNKNOWN_MEMBER_ID' })
  // Nothing is left that runs out, and the group may begin anew.
  expect(group.advance(60_000)).toEqual([])
  expect(handedOut(group).memberId).not.toBe(memberId)
  expect(groupIds(group)).toEqual(['g'])
})

test('whoever is handed out a member id behind a deletion may use it, and waits for nobody from before', () => {
  const group = new TestCoordinator()
  group.tell('OffsetCommit', { offsets: [offset('t')] })
  const before = handedOut(group).memberId
  group.ask('DeleteGroup')
  const behind = handedOut(group).memberId
  expect(group.replicate()).toMatchObject([{ kind: 'DeleteGroupResponse', error: 'NONE' }])
  expect(group.coordinator.groups()).toMatchObject([{ state: 'Empty', pendingMembers: [behind] }])

  // Nor does the deletion of offsets concern it.
  group.tell('OffsetCommit', { offsets: [offset('t')] })
  group.tell('OffsetDelete', { partitions: [at('t')] })
  group.ask('DeleteGroup')
  const [joined] = group.ask('JoinGroup', { ...reader, memberId: behind })
  expect(joined).toMatchObject({ error: 'NONE', generationId: 1 })
  expect(group.replicate()).toMatchObject([{ kind: 'DeleteGroupResponse', error: 'NONE' }])
  expect(group.tell('JoinGroup', { ...reader, memberId: before })).toMatchObject({ error: 'UNKNOWN_MEMBER_ID' })

  const other = { ...reader, groupId: 'h' }
  handedOut(group, 'h')
  group.ask('DeleteGroup', { groupId: 'h' })
  const leader = group.join({ ...other, requiresKnownMemberId: false })
  expect(group.ask('JoinGroup', { ...other, memberId: leader, protocols: otherTopic })).toEqual([])
  expect(group.replicate()).toMatchObject([{ kind: 'DeleteGroupResponse' }, { error: 'NONE', generationId: 2 }])
})

test('a deletion that cannot be written has done nothing', () => {
  const group = new TestCoordinator()
  group.tell('OffsetCommit', { offsets: [offset('t')] })
  expect(group.ask('DeleteGroup')).toEqual([])
  const { memberId } = handedOut(group)
  group.ask('DeleteGroup')
  expect(group.replicate('NOT_ENOUGH_REPLICAS')).toMatchObject([
    { error: 'COORDINATOR_NOT_AVAILABLE' },
    { error: 'COORDINATOR_NOT_AVAILABLE' },
  ])
  expect(committed(group)).toEqual(['t/0'])
  expect(group.coordinator.groups()).toMatchObject([{ pendingMembers: [memberId] }])
  expect(groupIds(group)).toEqual(['g'])
})

test('a deletion takes the commits before it along, and leaves those behind it', () => {
  const group = new TestCoordinator()
  group.ask('OffsetCommit', { offsets: [offset('before')] })
  group.ask('DeleteGroup')
  group.ask('OffsetCommit', { offsets: [offset('behind')] })
  expect(group.replicate().map(({ kind, error }) => [kind, error])).toEqual([
    ['OffsetCommitResponse', 'NONE'],
    ['DeleteGroupResponse', 'NONE'],
    ['OffsetCommitResponse', 'NONE'],
  ])
  expect(committed(group)).toEqual(['behind/0'])
  group.failover()
  expect(committed(group)).toEqual(['behind/0'])
})

test('a member that joins while its group is deleted goes on in it', () => {
  const group = new TestCoordinator()
  group.tell('OffsetCommit', { offsets: [offset('t')] })
  group.ask('DeleteGroup')
  const memberId = group.join(reader)
  expect(group.replicate()).toMatchObject([{ kind: 'DeleteGroupResponse', error: 'NONE' }])
  expect(group.tell('SyncGroup', { memberId, generationId: 1 })).toMatchObject({ error: 'NONE' })
  group.failover()
  expect(group.coordinator.list()).toEqual([{ groupId: 'g', protocolType: 'consumer', state: 'Stable' }])
  expect(committed(group)).toEqual([])
})

test('whoever waits for a deletion is sent away when the coordinator gives up its partition', () => {
  const group = new TestCoordinator()
  group.tell('OffsetCommit', { offsets: [offset('t')] })
  group.ask('DeleteGroup')
  group.ask('OffsetDelete', { partitions: [at('t')] })
  expect(group.failover().map(({ kind, error }) => [kind, error])).toEqual([
    ['DeleteGroupResponse', 'NOT_COORDINATOR'],
    ['OffsetDeleteResponse', 'NOT_COORDINATOR'],
  ])
  expect(committed(group)).toEqual(['t/0'])
})

test('offsets are deleted but for topics that a member reads (KIP-496)', () => {
  const group = new TestCoordinator()
  const memberId = stable(group)
  group.tell('OffsetCommit', { memberId, generationId: 1, offsets: [offset('t'), offset('u'), offset('u', 1)] })
  const partitions = [at('t'), at('u'), at('never')]
  expect(group.tell('OffsetDelete', { partitions })).toMatchObject({
    error: 'NONE',
    partitions: [
      { ...at('t'), error: 'GROUP_SUBSCRIBED_TO_TOPIC' },
      { ...at('u'), error: 'NONE' },
      { ...at('never'), error: 'NONE' },
    ],
  })
  expect(committed(group)).toEqual(['t/0', 'u/1'])
  group.failover()
  expect(committed(group)).toEqual(['t/0', 'u/1'])
})

test('what counts is what members subscribed to when their generation began', () => {
  const group = new TestCoordinator()
  const memberId = stable(group, { groupInstanceId: 'i' })
  group.tell('OffsetCommit', { memberId, generationId: 1, offsets: [offset('t'), offset('u')] })
  const refused = () => {
    const answer = group.tell('OffsetDelete', { partitions: [at('t'), at('u')] })
    const partitions = answer.kind === 'OffsetDeleteResponse' ? answer.partitions : []
    return partitions.filter(({ error }) => error === 'GROUP_SUBSCRIBED_TO_TOPIC').map(({ topic }) => topic)
  }
  const other = { groupInstanceId: 'i', protocols: [{ name: 'range', metadata: subscription('u') }] }
  expect(group.ask('JoinGroup', other)).toMatchObject([{ error: 'NONE', generationId: 1 }])
  group.replicate()
  expect(refused()).toEqual(['t'])
  // A coordinator that loads the group knows only what its record says.
  group.failover()
  expect(refused()).toEqual(['u'])

  const replaced = group.coordinator.groups()[0]?.members[0]?.memberId ?? ''
  const back = { ...reader, groupInstanceId: 'i', memberId: replaced }
  group.ask('JoinGroup', { ...reader, clientId: 'another' })
  expect(group.ask('JoinGroup', back)).toEqual([])
  expect(refused()).toEqual(['u'])
})

test('a group of consumers that is still to have its first generation may read any topic, and one without members none', () => {
  const group = new TestCoordinator({ initialRebalanceDelayMs: 10 })
  const isRead = () =>
    JSON.stringify(group.tell('OffsetDelete', { partitions: [at('t'), at('never')] })).split('GROUP_SUBSCRIBED')
      .length - 1
  group.tell('OffsetCommit', { offsets: [offset('t')] })
  expect(isRead()).toBe(0)
  group.ask('JoinGroup', { ...reader, requiresKnownMemberId: false })
  expect(isRead()).toBe(2)
  const [joined] = group.advance(10)
  expect(isRead()).toBe(1)
  group.tell('LeaveGroup', leave(joined?.kind === 'JoinGroupResponse' ? joined.memberId : ''))
  expect(isRead()).toBe(0)
  group.failover()
  expect(isRead()).toBe(0)
})

test('a member that cannot be understood may read any topic', () => {
  const group = new TestCoordinator()
  const memberId = stable(group, { protocols: [{ name: 'range', metadata: new Uint8Array([1]) }] })
  group.tell('OffsetCommit', { memberId, generationId: 1, offsets: [offset('u')] })
  const answer = group.tell('OffsetDelete', { partitions: [at('u')] })
  expect(answer).toMatchObject({ partitions: [{ error: 'GROUP_SUBSCRIBED_TO_TOPIC' }] })
})

test('offsets of a group of another kind are deleted only while it is Empty', () => {
  const group = new TestCoordinator()
  group.tell('OffsetCommit', { offsets: [offset('t'), offset('u')] })
  expect(group.tell('OffsetDelete', { partitions: [at('t')] })).toMatchObject({ error: 'NONE' })
  group.join({ protocolType: 'connect', protocols: [{ name: 'eager', metadata: new Uint8Array(0) }] })
  expect(group.tell('OffsetDelete', { partitions: [at('u')] })).toMatchObject({
    error: 'NON_EMPTY_GROUP',
    partitions: [],
  })
  expect(committed(group)).toEqual(['u/0'])
})

test('a deleted topic takes along what is committed for it, also what is on its way to the log', () => {
  const group = new TestCoordinator()
  const memberId = stable(group)
  group.tell('OffsetCommit', { memberId, generationId: 1, offsets: [offset('t'), offset('u')] })
  group.tell('OffsetCommit', { groupId: 'f', offsets: [offset('t')] })
  group.tell('OffsetCommit', { groupId: 'e', offsets: [offset('u')] })
  group.ask('OffsetCommit', { groupId: 'e', offsets: [offset('t')] })
  group.deleteTopic('t')
  expect(committed(group)).toEqual(['u/0'])
  // A group that has nothing else stays, until it expires.
  expect(groupIds(group)).toEqual(['e', 'f', 'g'])
  group.failover()
  expect(committed(group)).toEqual(['u/0'])
  expect(groupIds(group)).toEqual(['e', 'g'])
})
