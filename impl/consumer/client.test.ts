import { expect, test } from 'vitest'
import type { AssignorName, TopicPartition } from '../../model/vocabulary/choosing.ts'
import type { ConsumerSession } from '../../model/vocabulary/clients.ts'
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import { encodeAssignment, encodeSubscription } from '../client/consumer-protocol.ts'
import { encodeBatch } from '../log/codec.ts'
import type { WireRequest, WireResponse } from '../ports/network.ts'
import { ConsumerClient } from './client.ts'

const config = {
  retryBackoffMs: 10,
  deliveryTimeoutMs: 100,
  requestTimeoutMs: 30,
  maxInFlight: 5,
  heartbeatIntervalMs: 30,
  sessionTimeoutMs: 100,
  rebalanceTimeoutMs: 200,
}
const t0: TopicPartition = { topic: 't', partition: 0 }
const t1: TopicPartition = { topic: 't', partition: 1 }
const alone: ConsumerSession = {
  groupId: null,
  groupInstanceId: null,
  topics: [],
  partitions: [t0],
  assignors: [],
  reset: 'earliest',
}
const inGroup = (assignor: AssignorName): ConsumerSession => ({
  ...alone,
  groupId: 'g',
  topics: ['t'],
  partitions: [],
  assignors: [assignor],
})

/** What a member offers that subscribes to t. */
const owning = (ownedPartitions: readonly TopicPartition[], generationId: number) =>
  encodeSubscription({ topics: ['t'], userData: null, ownedPartitions, generationId, rackId: null })
const subscription = owning([], -1)
const share = (partitions: readonly TopicPartition[]) => encodeAssignment({ partitions, userData: null })

/** A consumer before two brokers. Broker 1 leads t/0 and t/1, broker 2 coordinates. */
function startConsumer(session: ConsumerSession) {
  let now = 0
  let requests: { readonly broker: number; readonly request: WireRequest }[] = []
  const consumer = new ConsumerClient({
    name: 'c1',
    brokers: 2,
    config,
    now: () => now,
    send: (broker, request) => {
      requests.push({ broker, request })
    },
  })
  /** What was sent since the last look, in short: `b1 #2 Fetch`. */
  const sent = () => {
    const before = requests
    requests = []
    return before.map(({ broker, request }) => `b${broker} #${request.correlationId} ${request.kind}`)
  }
  const receive = (broker: number, response: WireResponse) => {
    requests = []
    consumer.receive(broker, response)
    return sent()
  }
  const metadata = (correlationId: number) =>
    receive(1, {
      kind: 'MetadataResponse',
      correlationId,
      brokers: [1, 2],
      partitions: [t0, t1].map(partition => ({ ...partition, leader: 1, leaderEpoch: 3 })),
    })
  const coordinator = (correlationId: number, error: ErrorName = 'NONE') =>
    receive(1, { kind: 'FindCoordinatorResponse', correlationId, error, groupId: 'g', brokerId: 2 })
  const joined = (correlationId: number, error: ErrorName, generationId: number, leader: string) =>
    receive(2, {
      kind: 'JoinGroupResponse',
      correlationId,
      error,
      groupId: 'g',
      generationId,
      protocolType: error === 'NONE' ? 'consumer' : null,
      skipAssignment: false,
      protocolName: error === 'NONE' ? (session.assignors[0] ?? null) : null,
      leader,
      memberId: 'm1',
      members: ['m1', 'm2']
        .filter(() => leader === 'm1')
        .map(memberId => ({
          memberId,
          groupInstanceId: null,
          metadata: subscription,
        })),
    })
  const synced = (correlationId: number, partitions: readonly TopicPartition[], error: ErrorName = 'NONE') =>
    receive(2, {
      kind: 'SyncGroupResponse',
      correlationId,
      error,
      groupId: 'g',
      protocolType: 'consumer',
      protocolName: session.assignors[0] ?? null,
      assignment: share(partitions),
    })
  const committed = (correlationId: number, offsets: readonly number[]) =>
    receive(2, {
      kind: 'OffsetFetchResponse',
      correlationId,
      error: 'NONE',
      groupId: 'g',
      offsets: offsets.map((offset, partition) => ({ ...t0, partition, offset, leaderEpoch: -1, metadata: '' })),
    })
  const listed = (correlationId: number, offset: number) =>
    receive(1, {
      kind: 'ListOffsetsResponse',
      correlationId,
      ...t0,
      error: 'NONE',
      offset,
      timestamp: -1,
      leaderEpoch: 3,
    })
  const fetched = (correlationId: number, records: Uint8Array, error: ErrorName = 'NONE') =>
    receive(1, {
      kind: 'FetchResponse',
      correlationId,
      ...t0,
      error,
      highWatermark: 9,
      logStartOffset: 0,
      logEndOffset: -1,
      divergingEpoch: null,
      records,
    })
  const advance = (ms: number) => {
    requests = []
    now += ms
    consumer.tick()
    return sent()
  }
  const last = () => requests.at(-1)?.request
  consumer.open(session)
  const opened = sent()
  return { consumer, opened, sent, last, metadata, coordinator, joined, synced, committed, listed, fetched, advance }
}

const batch = (baseOffset: number, lastOffset: number, values: readonly string[], corrupt = false) =>
  encodeBatch({
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    baseOffset,
    lastOffset,
    leaderEpoch: 3,
    deleteHorizon: null,
    corrupt,
    records: values.map((value, index) => ({ offset: baseOffset + index, key: null, value, timestamp: 5 })),
  })

const joinBytes = (...parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap(part => [...part]))

test('a consumer on its own asks where its partitions begin and reads on from there', () => {
  const { consumer, opened, metadata, listed, fetched, sent } = startConsumer(alone)
  expect(opened).toEqual(['b1 #1 Metadata'])
  expect(metadata(1)).toEqual(['b1 #2 ListOffsets'])
  expect(consumer.poll()).toBe(false)
  expect(listed(2, 1)).toEqual([])
  expect(consumer.poll()).toBe(true)
  expect(consumer.poll()).toBe(false)
  expect(sent()).toEqual(['b1 #3 Fetch'])
  // The first batch begins before the position, and compaction has left a gap behind the second.
  fetched(3, joinBytes(batch(0, 1, ['a', 'b']), batch(2, 5, ['c']), batch(6, 6, ['d'], true), batch(7, 7, ['e'])))
  expect(consumer.observe()).toEqual({
    now: 0,
    open: true,
    membership: 'none',
    memberId: '',
    generationId: -1,
    coordinator: -1,
    retryAt: null,
    metadata: [
      { ...t0, leader: 1, leaderEpoch: 3 },
      { ...t1, leader: 1, leaderEpoch: 3 },
    ],
    positions: [{ ...t0, offset: 6 }],
    processed: [
      { ...t0, offset: 1, key: null, value: 'b' },
      { ...t0, offset: 2, key: null, value: 'c' },
    ],
  })
})

test('a position out of range is reset', () => {
  const { consumer, metadata, listed, fetched } = startConsumer(alone)
  metadata(1)
  listed(2, 1)
  consumer.poll()
  expect(fetched(3, new Uint8Array(0), 'OFFSET_OUT_OF_RANGE')).toEqual(['b1 #4 ListOffsets'])
  expect(consumer.observe().positions).toEqual([{ ...t0, offset: -1 }])
})

test('the leader of a group assigns, and members begin at committed offsets', () => {
  const { consumer, opened, metadata, coordinator, joined, synced, committed, listed, sent } = startConsumer(
    inGroup('range'),
  )
  expect(opened).toEqual(['b1 #1 Metadata', 'b1 #2 FindCoordinator'])
  expect(coordinator(2)).toEqual([])
  expect(metadata(1)).toEqual(['b2 #3 JoinGroup'])
  expect(joined(3, 'MEMBER_ID_REQUIRED', -1, '')).toEqual(['b2 #4 JoinGroup'])
  expect(joined(4, 'NONE', 1, 'm1')).toEqual(['b2 #5 SyncGroup'])
  expect(consumer.observe().membership).toBe('syncing')
  expect(synced(5, [t0, t1])).toEqual(['b2 #6 OffsetFetch'])
  expect(committed(6, [-1, 4])).toEqual(['b1 #7 ListOffsets'])
  expect(listed(7, 0)).toEqual([])
  expect(consumer.observe().positions).toEqual([
    { ...t0, offset: 0 },
    { ...t1, offset: 4 },
  ])
  expect(consumer.commit()).toBe(true)
  expect(consumer.commit()).toBe(false)
  expect(consumer.close()).toBe(true)
  expect(sent()).toEqual(['b2 #8 OffsetCommit', 'b2 #9 LeaveGroup'])
  expect(consumer.poll()).toBe(false)
})

test('the leader hands out shares by the assignor that was chosen', () => {
  const requests: WireRequest[] = []
  const options = { name: 'c1', brokers: 1, config, now: () => 0 }
  const consumer = new ConsumerClient({
    ...options,
    send: (_broker, request) => {
      requests.push(request)
    },
  })
  consumer.open(inGroup('range'))
  const partitions = [t0, t1].map(partition => ({ ...partition, leader: 1, leaderEpoch: 0 }))
  consumer.receive(1, { kind: 'MetadataResponse', correlationId: 1, brokers: [1], partitions })
  consumer.receive(1, { kind: 'FindCoordinatorResponse', correlationId: 2, error: 'NONE', groupId: 'g', brokerId: 1 })
  expect(requests.at(-1)).toEqual({
    kind: 'JoinGroup',
    correlationId: 3,
    groupId: 'g',
    memberId: '',
    groupInstanceId: null,
    sessionTimeoutMs: 100,
    rebalanceTimeoutMs: 200,
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: subscription }],
    clientId: 'c1',
    clientHost: '',
    requiresKnownMemberId: true,
    supportsSkippingAssignment: true,
    reason: null,
  })
  consumer.receive(1, {
    kind: 'JoinGroupResponse',
    correlationId: 3,
    error: 'NONE',
    groupId: 'g',
    generationId: 1,
    protocolType: 'consumer',
    protocolName: 'range',
    leader: 'm1',
    memberId: 'm1',
    skipAssignment: false,
    members: ['m1', 'm2'].map(memberId => ({ memberId, groupInstanceId: null, metadata: subscription })),
  })
  expect(requests.at(-1)).toEqual({
    kind: 'SyncGroup',
    correlationId: 4,
    groupId: 'g',
    memberId: 'm1',
    groupInstanceId: null,
    generationId: 1,
    protocolType: 'consumer',
    protocolName: 'range',
    assignments: [
      { memberId: 'm1', assignment: share([t0]) },
      { memberId: 'm2', assignment: share([t1]) },
    ],
  })
})

/** Brings a consumer into generation 1 with both partitions and known positions; requests up to #6 are used. */
function startStable(assignor: AssignorName) {
  const started = startConsumer(inGroup(assignor))
  started.coordinator(2)
  started.metadata(1)
  started.joined(3, 'NONE', 1, 'm2')
  started.synced(4, [t0, t1])
  started.committed(5, [3, 4])
  return started
}

test('an eager member gives up what it owns before it joins again', () => {
  const { consumer, advance, joined, synced } = startStable('range')
  expect(advance(30)).toEqual(['b2 #6 Heartbeat'])
  const response = {
    kind: 'HeartbeatResponse',
    correlationId: 6,
    groupId: 'g',
    error: 'REBALANCE_IN_PROGRESS',
  } as const
  consumer.receive(2, response)
  expect(consumer.observe()).toEqual(expect.objectContaining({ membership: 'joining', positions: [] }))
  joined(7, 'NONE', 2, 'm2')
  expect(synced(8, [t0])).toEqual(['b2 #9 OffsetFetch'])
  expect(consumer.observe()).toEqual(
    expect.objectContaining({ membership: 'stable', positions: [{ ...t0, offset: -1 }] }),
  )
})

test('a cooperative member keeps what it owns, and joins again at once when it had to give something up', () => {
  const { consumer, advance, joined, synced, last, sent } = startStable('cooperative-sticky')
  advance(30)
  const response = {
    kind: 'HeartbeatResponse',
    correlationId: 6,
    groupId: 'g',
    error: 'REBALANCE_IN_PROGRESS',
  } as const
  consumer.receive(2, response)
  expect(last()).toEqual(
    expect.objectContaining({
      protocols: [{ name: 'cooperative-sticky', metadata: owning([t0, t1], 1) }],
    }),
  )
  expect(sent()).toEqual(['b2 #7 JoinGroup'])
  expect(consumer.observe().positions).toEqual([
    { ...t0, offset: 3 },
    { ...t1, offset: 4 },
  ])
  joined(7, 'NONE', 2, 'm2')
  expect(synced(8, [t0])).toEqual(['b2 #9 JoinGroup'])
  expect(consumer.observe()).toEqual(
    expect.objectContaining({ membership: 'joining', positions: [{ ...t0, offset: 3 }] }),
  )
  joined(9, 'NONE', 3, 'm2')
  expect(synced(10, [t0])).toEqual([])
  expect(consumer.observe().membership).toBe('stable')
})

test('a member that the group has forgotten joins anew, and a fenced one stops', () => {
  const forgotten = startStable('range')
  forgotten.advance(30)
  const answer = { kind: 'HeartbeatResponse', correlationId: 6, groupId: 'g' } as const
  forgotten.consumer.receive(2, { ...answer, error: 'UNKNOWN_MEMBER_ID' })
  expect(forgotten.last()).toEqual(expect.objectContaining({ kind: 'JoinGroup', memberId: '' }))
  const fenced = startStable('range')
  fenced.advance(30)
  fenced.sent()
  fenced.consumer.receive(2, { ...answer, error: 'FENCED_INSTANCE_ID' })
  expect(fenced.sent()).toEqual([])
  expect(fenced.consumer.observe()).toEqual(expect.objectContaining({ membership: 'fenced', positions: [] }))
})

test('a consumer whose coordinator is gone asks for another after a while', () => {
  const { consumer, advance, sent, coordinator } = startStable('range')
  advance(30)
  expect(consumer.disconnected(2)).toBe(true)
  expect(sent()).toEqual([])
  expect(consumer.observe()).toEqual(expect.objectContaining({ coordinator: -1, retryAt: 40, membership: 'stable' }))
  expect(advance(10)).toEqual(['b2 #7 FindCoordinator'])
  coordinator(7)
  expect(advance(20)).toEqual(['b2 #8 Heartbeat'])
})
