import { expect, test } from 'vitest'
import { partition } from '../controller/examples.ts'
import { after } from '../log/examples.ts'
import type { LogOperation } from '../vocabulary/log.ts'
import type { GroupRequest, MessageValue } from '../vocabulary/messages.ts'
import { followerFetch, learned, messages, metadata, received, registered, told } from './examples.ts'
import type { BrokerState } from './state.ts'

const ofGroups = { topic: '__consumer_offsets', partition: 0 }
const led = partition(ofGroups)

const join: GroupRequest = {
  kind: 'JoinGroup',
  correlationId: 3,
  groupId: 'g',
  memberId: 'm',
  groupInstanceId: null,
  sessionTimeoutMs: 10_000,
  rebalanceTimeoutMs: 300,
  protocols: [{ name: 'range', topics: ['t'], owned: [], generationId: -1 }],
}

/** From outside the group: offset 5 of `t/0`. */
const commit: GroupRequest = {
  kind: 'OffsetCommit',
  correlationId: 5,
  groupId: 'g',
  memberId: '',
  groupInstanceId: null,
  generationId: -1,
  offsets: [{ topic: 't', partition: 0, offset: 5, leaderEpoch: 0, metadata: '' }],
}

const ask: Extract<GroupRequest, { kind: 'OffsetFetch' }> = {
  kind: 'OffsetFetch',
  correlationId: 6,
  groupId: 'g',
  partitions: [{ topic: 't', partition: 0 }],
}

/** Broker 1 coordinates the groups since time 70. */
const coordinating = learned({ ...registered, now: 70 }, metadata(1, led)).broker

function answers(broker: BrokerState, message: MessageValue): readonly MessageValue[] {
  return messages(received(broker, 'c1', message).sends)
}

/** The offset that a broker tells of a partition of `t`; -1: none. */
function committedAt(broker: BrokerState, partition = 0): number | undefined {
  const [answer] = answers(broker, { ...ask, partitions: [{ topic: 't', partition }] })
  return answer?.kind === 'OffsetFetchResponse' ? answer.offsets[0]?.offset : undefined
}

function committed(error: string) {
  return { kind: 'OffsetCommitResponse', correlationId: 5, error, groupId: 'g' }
}

test('a broker that does not lead the partition of a group sends everybody away', () => {
  const following = learned(registered, metadata(1, partition({ ...ofGroups, leader: 2 }))).broker
  for (const broker of [registered, following, { ...registered, offsetsPartitions: 0 }]) {
    expect(answers(broker, join)).toEqual([
      {
        kind: 'JoinGroupResponse',
        correlationId: 3,
        error: 'NOT_COORDINATOR',
        groupId: 'g',
        generationId: -1,
        protocolName: null,
        leader: '',
        memberId: 'm',
        members: [],
      },
    ])
    expect(answers(broker, commit)).toEqual([committed('NOT_COORDINATOR')])
    expect(answers(broker, ask)).toEqual([
      { kind: 'OffsetFetchResponse', correlationId: 6, error: 'NOT_COORDINATOR', groupId: 'g', offsets: [] },
    ])
  }
})

test('the coordinator is the leader of the partition of a group, as far as the broker that is asked knows', () => {
  const found = (broker: BrokerState) => answers(broker, { kind: 'FindCoordinator', correlationId: 9, groupId: 'g' })
  const answer = { kind: 'FindCoordinatorResponse', correlationId: 9, groupId: 'g' }
  const nobody = [{ ...answer, error: 'COORDINATOR_NOT_AVAILABLE', brokerId: -1 }]
  expect(found(registered)).toEqual(nobody)
  expect(found({ ...coordinating, offsetsPartitions: 0 })).toEqual(nobody)
  expect(found(learned(registered, metadata(1, partition({ ...ofGroups, leader: -1 }))).broker)).toEqual(nobody)
  const elsewhere = learned(registered, metadata(1, partition({ ...ofGroups, leader: 3 }))).broker
  expect(found(elsewhere)).toEqual([{ ...answer, error: 'NONE', brokerId: 3 }])
})

test('a commit is written for everybody in sync, and answered when they have it', () => {
  const parked = received(coordinating, 'b2', followerFetch(8, 2, 0, ofGroups)).broker
  const written = received(parked, 'c1', commit)
  expect(messages(written.sends)).toEqual([
    {
      kind: 'FetchResponse',
      correlationId: 8,
      ...ofGroups,
      error: 'NONE',
      highWatermark: 0,
      logStartOffset: 0,
      logEndOffset: -1,
      divergingEpoch: null,
      records: [
        {
          producerId: -1,
          producerEpoch: -1,
          baseSequence: -1,
          baseOffset: 0,
          lastOffset: 0,
          leaderEpoch: 0,
          deleteHorizon: null,
          records: [{ key: 'offset|g|t|0', value: '5|0|70|', timestamp: 70, offset: 0 }],
          corrupt: false,
        },
      ],
    },
  ])
  const half = received(written.broker, 'b2', followerFetch(9, 2, 1, ofGroups))
  expect(half.sends).toEqual([])
  expect(committedAt(half.broker)).toBe(-1)
  const whole = received(half.broker, 'b3', followerFetch(9, 3, 1, ofGroups))
  expect(whole.sends).toEqual([{ kind: 'respond', to: { endpoint: 'c1', connection: 0 }, message: committed('NONE') }])
  expect(committedAt(whole.broker)).toBe(5)
})

test('a commit with too few replicas in sync is refused at once, and nothing is written', () => {
  const alone = learned(registered, metadata(1, partition({ ...ofGroups, inSyncReplicas: [1] }))).broker
  const { broker, sends } = received(alone, 'c1', commit)
  expect(messages(sends)).toEqual([committed('COORDINATOR_NOT_AVAILABLE')])
  expect(broker.replicas).toBe(alone.replicas)
  expect(committedAt(broker)).toBe(-1)
})

test('a coordinator that is replaced sends away whoever waits, right after its partition has changed its part', () => {
  const waiting = received(received(coordinating, 'c1', commit).broker, 'b2', followerFetch(8, 2, 1, ofGroups)).broker
  const image = metadata(
    2,
    partition({ ...ofGroups, leader: 2, leaderEpoch: 1, partitionEpoch: 1 }),
    partition({ leader: 3 }),
  )
  const { broker, sends } = learned(waiting, image)
  expect(told(sends)).toEqual([
    'b2 FetchResponse 8 __consumer_offsets/0',
    'b2 Fetch 1 __consumer_offsets/0',
    'c1 OffsetCommitResponse 5',
    'b3 Fetch 2 t/0',
  ])
  expect(messages(sends)[2]).toEqual(committed('NOT_COORDINATOR'))
  expect(broker.coordinators).toEqual([])
  expect(answers(broker, ask)).toMatchObject([{ error: 'NOT_COORDINATOR' }])
})

test('who leads on in a new epoch forgets and loads again: what is in its log counts, though nobody was told so', () => {
  const waiting = received(coordinating, 'c1', commit).broker
  expect(committedAt(waiting)).toBe(-1)
  const { broker, sends } = learned(waiting, metadata(2, partition({ ...ofGroups, leaderEpoch: 1, partitionEpoch: 1 })))
  expect(messages(sends)).toEqual([committed('NOT_COORDINATOR')])
  expect(committedAt(broker)).toBe(5)
  expect(broker.coordinators.map(({ partition: index, coordinator }) => [index, coordinator.epoch])).toEqual([[0, 1]])
  // Another in-sync set of the same epoch is no new leadership.
  const same = learned(
    broker,
    metadata(3, partition({ ...ofGroups, leaderEpoch: 1, inSyncReplicas: [1, 2], partitionEpoch: 2 })),
  )
  expect(same.broker.coordinators).toBe(broker.coordinators)
})

test('a coordinator loads what its log tells from its start on; rotten batches tell nothing', () => {
  const commitOf = (partition: number, offset: number): GroupRequest => ({
    ...commit,
    offsets: [{ topic: 't', partition, offset, leaderEpoch: 0, metadata: '' }],
  })
  const written = received(coordinating, 'c1', commitOf(0, 5), commitOf(0, 6), commitOf(1, 7)).broker
  const both = [2, 3].reduce(
    (broker, id) => received(broker, `b${id}`, followerFetch(9, id, 3, ofGroups)).broker,
    written,
  )
  const loaded = (...operations: readonly LogOperation[]) => {
    const replicas = both.replicas.map(replica => ({ ...replica, log: after(replica.log, ...operations) }))
    const again = metadata(2, partition({ ...ofGroups, leaderEpoch: 1, partitionEpoch: 1 }))
    const { broker } = learned({ ...both, replicas }, again)
    return [0, 1].map(index => committedAt(broker, index))
  }
  expect(loaded()).toEqual([6, 7])
  expect(loaded({ kind: 'rot', offset: 1 })).toEqual([5, 7])
  expect(loaded({ kind: 'deleteRecords', offset: 2 })).toEqual([-1, 7])
})
