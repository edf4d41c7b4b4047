import { expect, test } from 'vitest'
import {
  closeConsumer,
  commitConsumer,
  consumerDisconnected,
  killConsumer,
  pollConsumer,
  tickConsumer,
} from './consumer.ts'
import {
  after,
  alone,
  batch,
  coordinator,
  type Event,
  fetched,
  heartbeaten,
  inGroup,
  joined,
  listed,
  metadata,
  open,
  partition,
  requested,
  sent,
  synced,
  told,
} from './examples.ts'
import { observeConsumer } from './observe.ts'

const advance =
  (ms: number): Event =>
  state =>
    tickConsumer(state, state.now + ms)

/** In its group, alone, under `range`, with t/0 at 5. Requests 1 to 5 were sent. */
const stable = [open(inGroup('range')), metadata(1, 1), coordinator(2, 3), joined(3, 'range'), synced(4, 0), told(5, 5)]

test('a consumer on its own finds where to begin, and processes what it polls', () => {
  const begun = [open(alone), metadata(1, 1)]
  expect(sent(...begun)).toEqual(['2 ListOffsets 2'])
  expect(requested('ListOffsets', ...begun)).toMatchObject({ currentLeaderEpoch: 4, timestamp: -2 })
  const polled = [...begun, listed(2, 3), pollConsumer]
  expect(requested('Fetch', ...polled)).toEqual({
    kind: 'Fetch',
    correlationId: 3,
    ...partition(0),
    replicaId: -1,
    replicaEpoch: -1,
    currentLeaderEpoch: 4,
    fetchOffset: 3,
    lastFetchedEpoch: -1,
    logStartOffset: -1,
  })
  const read = observeConsumer(after(...polled, fetched(3, [batch(2, 4, [2, 4]), batch(5, 6, [])])))
  expect(read.processed).toEqual([{ ...partition(0), offset: 4, key: null, value: 'v4' }])
  expect(read.positions).toEqual([{ ...partition(0), offset: 7 }])
})

test('a damaged batch ends what a fetch gives', () => {
  const read = after(
    open(alone),
    metadata(1, 1),
    listed(2, 0),
    pollConsumer,
    fetched(3, [batch(0, 0, [0]), batch(1, 1, [], true), batch(2, 2, [2])]),
  )
  expect(read.positions).toEqual([{ ...partition(0), offset: 1, isOutOfRange: false }])
})

test('an answer to a fetch from elsewhere than the position is ignored', () => {
  const state = after(...stable, pollConsumer)
  const moved = { ...state, positions: [{ ...partition(0), offset: 8, isOutOfRange: false }] }
  expect(fetched(6, [batch(5, 5, [5])])(moved).state.processed).toEqual([])
})

test('a group consumer asks for metadata and its coordinator, then joins, syncs and asks for committed offsets', () => {
  expect(sent(...stable.slice(0, 1))).toEqual(['1 Metadata 1', '1 FindCoordinator 2'])
  expect(sent(...stable.slice(0, 2))).toEqual([])
  expect(sent(...stable.slice(0, 3))).toEqual(['3 JoinGroup 3'])
  expect(requested('JoinGroup', ...stable)).toMatchObject({
    memberId: '',
    protocols: [{ name: 'range', topics: ['t'], owned: [], generationId: -1 }],
  })
  expect(requested('SyncGroup', ...stable)).toMatchObject({
    generationId: 1,
    assignments: [{ memberId: 'm', partitions: [partition(0)] }],
  })
  expect(sent(...stable.slice(0, 5))).toEqual(['3 OffsetFetch 5'])
  expect(observeConsumer(after(...stable))).toEqual({
    now: 0,
    open: true,
    membership: 'stable',
    memberId: 'm',
    generationId: 1,
    coordinator: 3,
    retryAt: null,
    metadata: [{ ...partition(0), leader: 2, leaderEpoch: 4 }],
    positions: [{ ...partition(0), offset: 5 }],
    processed: [],
  })
})

test('a newcomer joins again with the member id that it is given (KIP-394)', () => {
  const required = [...stable.slice(0, 3), joined(3, 'range', 'MEMBER_ID_REQUIRED')]
  expect(sent(...required)).toEqual(['3 JoinGroup 4'])
  expect(requested('JoinGroup', ...required)).toMatchObject({ memberId: 'm' })
})

test('committed offsets come before a reset: what has none begins where the session says', () => {
  const two = [...stable.slice(0, 1), metadata(1, 2), coordinator(2, 3), joined(3, 'range'), synced(4, 0, 1)]
  expect(sent(...two, advance(300))).toEqual(['3 Heartbeat 6'])
  expect(sent(...two, advance(300), heartbeaten(6, 'NONE'))).toEqual([])
  expect(sent(...two, told(5, 7, -1))).toEqual(['2 ListOffsets 6'])
  expect(after(...two, told(5, 7, -1)).positions.map(({ offset }) => offset)).toEqual([7, -1])
})

test('a partition without a leader makes a consumer ask another broker for metadata, after the back-off', () => {
  const elsewhere = [open({ ...alone, partitions: [partition(3)] }), metadata(1, 1)]
  expect(sent(...elsewhere)).toEqual([])
  expect(sent(...elsewhere, advance(100))).toEqual(['2 Metadata 2'])
})

test('a position out of range is reset, not taken from the committed offset again', () => {
  const out = [...stable, pollConsumer, fetched(6, [], 'OFFSET_OUT_OF_RANGE')]
  expect(sent(...out)).toEqual(['2 ListOffsets 7'])
})

test('a heartbeat tells a member to join again, and an eager one gives up everything first', () => {
  const beating = [...stable, advance(300)]
  expect(sent(...beating)).toEqual(['3 Heartbeat 6'])
  const again = [...beating, heartbeaten(6, 'REBALANCE_IN_PROGRESS')]
  expect(sent(...again)).toEqual(['3 JoinGroup 7'])
  expect(observeConsumer(after(...again))).toMatchObject({ membership: 'joining', memberId: 'm', positions: [] })
})

test('a cooperative member keeps its positions, and joins again at once when it lost a partition (KIP-429)', () => {
  const two = [open(inGroup('cooperative-sticky')), metadata(1, 2), coordinator(2, 3), joined(3, 'cooperative-sticky')]
  const cooperative = [...two, synced(4, 0, 1), told(5, 5, 6), advance(300), heartbeaten(6, 'REBALANCE_IN_PROGRESS')]
  expect(requested('JoinGroup', ...cooperative)).toMatchObject({
    protocols: [{ name: 'cooperative-sticky', owned: [partition(0), partition(1)], generationId: 1 }],
  })
  const shrunk = [...cooperative, joined(7, 'cooperative-sticky'), synced(8, 1)]
  expect(sent(...shrunk)).toEqual(['3 JoinGroup 9'])
  expect(observeConsumer(after(...shrunk)).positions).toEqual([{ ...partition(1), offset: 6 }])
})

test('a member that the coordinator does not know joins as a newcomer', () => {
  const unknown = [...stable, advance(300), heartbeaten(6, 'UNKNOWN_MEMBER_ID')]
  expect(requested('JoinGroup', ...unknown)).toMatchObject({ memberId: '' })
  const fenced = [...stable, advance(300), heartbeaten(6, 'FENCED_INSTANCE_ID')]
  expect(observeConsumer(after(...fenced))).toMatchObject({ membership: 'fenced', positions: [] })
  expect(sent(...fenced, advance(10_000))).toEqual([])
})

test('the positions are what is committed, in the present generation', () => {
  expect(requested('OffsetCommit', ...stable, commitConsumer)).toEqual({
    kind: 'OffsetCommit',
    correlationId: 6,
    groupId: 'g',
    memberId: 'm',
    groupInstanceId: null,
    generationId: 1,
    offsets: [{ ...partition(0), offset: 5, leaderEpoch: -1, metadata: '' }],
  })
  expect(commitConsumer(after(...stable, commitConsumer)).applied).toBe(false)
})

test('a consumer whose coordinator is gone looks for it after the backoff, elsewhere', () => {
  const gone = [...stable, advance(300), (state: ReturnType<typeof after>) => consumerDisconnected(state, 3)]
  expect(sent(...gone)).toEqual([])
  expect(observeConsumer(after(...gone))).toMatchObject({ membership: 'stable', coordinator: -1, retryAt: 400 })
  expect(sent(...gone, advance(99))).toEqual([])
  expect(sent(...gone, advance(100))).toEqual(['2 FindCoordinator 7'])
})

test('a committed offset that was asked of a coordinator that is gone is asked for again', () => {
  const gone = [...stable.slice(0, 5), (state: ReturnType<typeof after>) => consumerDisconnected(state, 3)]
  expect(sent(...gone, advance(100))).toEqual(['2 FindCoordinator 6'])
  expect(sent(...gone, advance(100), coordinator(6, 3))).toEqual(['3 OffsetFetch 7'])
})

test('a member that closes leaves, one that is killed does not', () => {
  expect(sent(...stable, closeConsumer)).toEqual(['3 LeaveGroup 6'])
  expect(sent(...stable, killConsumer)).toEqual([])
  expect(observeConsumer(after(...stable, closeConsumer))).toMatchObject({
    open: false,
    membership: 'none',
    positions: [],
  })
})

test('what does not apply leaves the very same state', () => {
  const state = after(...stable)
  expect(heartbeaten(77, 'NONE')(state).state).toBe(state)
  expect(consumerDisconnected(state, 1).state).toBe(state)
  expect(tickConsumer(state, 0).state).toBe(state)
  expect(killConsumer(after()).state).toEqual(after())
})
