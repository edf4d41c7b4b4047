import { expect, test } from 'vitest'
import type { PartitionState, RecordsValue, Request } from '../vocabulary/messages.ts'
import { asking, controller, image, partition, shown } from './examples.ts'
import { alterPartition } from './in-sync.ts'

type Ask = Extract<Request<RecordsValue>, { kind: 'AlterPartition' }>

const state = partition({ leaderEpoch: 3, partitionEpoch: 5 })

/** A request that would be granted: leave broker 3 out. */
const good: Ask = {
  kind: 'AlterPartition',
  correlationId: 9,
  brokerId: 1,
  brokerEpoch: 1,
  topic: 't',
  partition: 0,
  leaderEpoch: 3,
  partitionEpoch: 5,
  newInSyncReplicas: [member(1), member(2)],
}

function member(brokerId: number, brokerEpoch = brokerId) {
  return { brokerId, brokerEpoch }
}

function errorOf(change: Partial<Ask>, of: PartitionState = state, fenced: readonly number[] = []): string {
  const before = controller(image(of, fenced))
  const { controller: after, sends } = alterPartition(before, asking, { ...good, ...change })
  const [answer] = sends.map(({ message }) => message)
  if (answer?.kind !== 'AlterPartitionResponse') return 'no answer'
  if (answer.error !== 'NONE') expect(after).toBe(before)
  return answer.error
}

test('of several things that are wrong the first names the error', () => {
  const wrong: readonly (readonly [Partial<Ask>, string])[] = [
    [{ newInSyncReplicas: [member(1), member(2, 7)] }, 'INELIGIBLE_REPLICA'],
    [{ newInSyncReplicas: [member(2, 7)] }, 'INVALID_REQUEST'],
    [{ partitionEpoch: 4 }, 'INVALID_UPDATE_VERSION'],
    [{ brokerId: 2, brokerEpoch: 2 }, 'INVALID_REQUEST'],
    [{ leaderEpoch: 2 }, 'FENCED_LEADER_EPOCH'],
    [{ partition: 1 }, 'UNKNOWN_TOPIC_OR_PARTITION'],
    [{ brokerEpoch: 0, brokerId: 1 }, 'STALE_BROKER_EPOCH'],
  ]
  let all: Partial<Ask> = {}
  for (const [change, error] of wrong) {
    all = { ...all, ...change }
    expect(errorOf(all)).toBe(error)
  }
})

test('epochs from the future are no valid request', () => {
  expect(errorOf({ leaderEpoch: 4 })).toBe('INVALID_REQUEST')
  expect(errorOf({ partitionEpoch: 6 })).toBe('INVALID_REQUEST')
})

test('a set without the leader, with a stranger or with one twice is no valid request', () => {
  expect(errorOf({ newInSyncReplicas: [member(2)] })).toBe('INVALID_REQUEST')
  expect(errorOf({ newInSyncReplicas: [member(1), member(2), member(2)] })).toBe('INVALID_REQUEST')
  expect(errorOf({}, partition({ ...state, replicas: [1, 3], inSyncReplicas: [1, 3] }))).toBe('INVALID_REQUEST')
})

test('a member that is fenced, or was registered again since, may not be in sync', () => {
  expect(errorOf({}, state, [2])).toBe('INELIGIBLE_REPLICA')
  expect(errorOf({ newInSyncReplicas: [member(1), member(2, 1)] })).toBe('INELIGIBLE_REPLICA')
})

test('a set that is granted raises the partition epoch only; the answer comes before the push', () => {
  const { controller: after, sends } = alterPartition(controller(image(state)), asking, good)
  expect(after.image.partitions).toEqual([{ ...state, inSyncReplicas: [1, 2], partitionEpoch: 6 }])
  expect(shown(sends)).toEqual([
    'b1 AlterPartitionResponse',
    'b1 MetadataUpdate',
    'b2 MetadataUpdate',
    'b3 MetadataUpdate',
  ])
  expect(sends[0]?.message).toEqual({
    kind: 'AlterPartitionResponse',
    correlationId: 9,
    topic: 't',
    partition: 0,
    error: 'NONE',
    leader: 1,
    leaderEpoch: 3,
    inSyncReplicas: [1, 2],
    partitionEpoch: 6,
  })
})

test('of two requests from the same state only the first is granted', () => {
  const once = alterPartition(controller(image(state)), asking, good).controller
  expect(alterPartition(once, asking, good).sends[0]?.message).toMatchObject({
    error: 'INVALID_UPDATE_VERSION',
    inSyncReplicas: [1, 2],
    partitionEpoch: 6,
  })
})

test('asking for what is so already decides nothing', () => {
  const before = controller(image(state))
  const same = alterPartition(before, asking, { ...good, newInSyncReplicas: [member(3), member(1), member(2)] })
  expect(same.controller).toBe(before)
  expect(same.sends.map(({ message }) => message)).toMatchObject([{ error: 'NONE', partitionEpoch: 5 }])
})

test('a partition that is not known has no state to tell', () => {
  const { sends } = alterPartition(controller(), asking, { ...good, topic: 'u' })
  expect(sends[0]?.message).toMatchObject({ leader: -1, leaderEpoch: -1, inSyncReplicas: [], partitionEpoch: -1 })
})
