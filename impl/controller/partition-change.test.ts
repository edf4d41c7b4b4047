// Who leads and who may lead after a change, rule by rule (KIP-966).
import { describe, expect, test } from 'vitest'
import type { PartitionState } from '../../model/vocabulary/messages.ts'
import { changeInSyncReplicas, electUnclean } from './partition-change.ts'

const state: PartitionState = {
  topic: 't',
  partition: 0,
  replicas: [1, 2, 3],
  leader: 1,
  leaderEpoch: 4,
  inSyncReplicas: [1, 2, 3],
  eligibleLeaderReplicas: [],
  lastKnownLeader: 1,
  partitionEpoch: 7,
}

function rules(unfenced: readonly number[], unclean = false, minInSyncReplicas = 2) {
  return { minInSyncReplicas, uncleanLeaderElection: unclean, isUnfenced: (id: number) => unfenced.includes(id) }
}

describe('a change of the in-sync set', () => {
  test('keeps a leader that is in the set and unfenced, and its epoch', () => {
    expect(changeInSyncReplicas(state, [1, 2], rules([1, 2, 3]))).toEqual({
      ...state,
      inSyncReplicas: [1, 2],
      partitionEpoch: 8,
    })
  })

  test('that changes nothing is the same state', () => {
    expect(changeInSyncReplicas(state, [1, 2, 3], rules([1, 2, 3]))).toBe(state)
  })

  test('below min.insync.replicas keeps who left eligible, but for who lost its data', () => {
    const left = changeInSyncReplicas(state, [1], rules([1]))
    expect(left).toMatchObject({ leader: 1, inSyncReplicas: [1], eligibleLeaderReplicas: [2, 3] })
    expect(changeInSyncReplicas(left, [1], rules([1]), 2)).toMatchObject({
      eligibleLeaderReplicas: [3],
      partitionEpoch: 9,
    })
    expect(changeInSyncReplicas(left, [1, 3], rules([1, 3]))).toMatchObject({ eligibleLeaderReplicas: [] })
  })

  test('elects by the order of preference among those in sync and unfenced', () => {
    expect(changeInSyncReplicas(state, [2, 3], rules([3]))).toMatchObject({
      leader: 3,
      leaderEpoch: 5,
      lastKnownLeader: 3,
      inSyncReplicas: [2, 3],
    })
  })

  test('elects an eligible replica when none in sync is there, which puts it in sync', () => {
    const left = { ...state, leader: -1, inSyncReplicas: [], eligibleLeaderReplicas: [1, 3] }
    expect(changeInSyncReplicas(left, [], rules([2, 3]))).toMatchObject({
      leader: 3,
      inSyncReplicas: [3],
      eligibleLeaderReplicas: [1],
    })
  })

  test('leaves the partition without a leader unless unclean election is allowed', () => {
    const left = { ...state, leader: -1, inSyncReplicas: [], eligibleLeaderReplicas: [1] }
    expect(changeInSyncReplicas(left, [], rules([2, 3]))).toBe(left)
    expect(changeInSyncReplicas(left, [], rules([2, 3], true))).toMatchObject({
      leader: 2,
      inSyncReplicas: [2],
      eligibleLeaderReplicas: [],
    })
  })

  test('elects the last known leader when nobody is in sync or eligible any more', () => {
    const left = { ...state, leader: -1, inSyncReplicas: [], eligibleLeaderReplicas: [], lastKnownLeader: 2 }
    expect(changeInSyncReplicas(left, [], rules([1, 3]))).toBe(left)
    expect(changeInSyncReplicas(left, [], rules([1, 2, 3]))).toMatchObject({ leader: 2, inSyncReplicas: [2] })
  })
})

test('an unclean election takes the first unfenced replica, whatever it holds', () => {
  expect(electUnclean({ ...state, leader: -1, inSyncReplicas: [] }, rules([3]))).toMatchObject({
    leader: 3,
    inSyncReplicas: [3],
  })
  expect(electUnclean(state, rules([]))).toBeNull()
})
