import { expect, test } from 'vitest'
import { image, partition, topicConfig } from './examples.ts'
import { changedPartition, changedPartitions, uncleanlyElected, withLeader } from './partition-change.ts'

test('a change that changes nothing is the same partition, with the same epochs', () => {
  const before = partition()
  const now = image(before)
  expect(changedPartition(now, before, [1, 2, 3], [])).toBe(before)
  expect(changedPartitions(now, () => null, [])).toBe(now)
  expect(changedPartitions(now, state => state.inSyncReplicas, [])).toBe(now)
})

test('while enough replicas stay in sync nobody becomes eligible, and a leader that stays keeps its epoch', () => {
  const before = partition({ eligibleLeaderReplicas: [3], inSyncReplicas: [1] })
  expect(changedPartition(image(before), before, [1, 2], [])).toEqual(
    partition({ inSyncReplicas: [1, 2], partitionEpoch: 1 }),
  )
})

test('whoever leaves a set that becomes too small stays eligible (KIP-966)', () => {
  const before = partition({ inSyncReplicas: [1, 2], partitionEpoch: 4 })
  expect(changedPartition(image(before), before, [1], [])).toEqual(
    partition({ inSyncReplicas: [1], eligibleLeaderReplicas: [2], partitionEpoch: 5 }),
  )
})

test('a set that becomes too small at once keeps everybody who leaves it eligible, and those who were', () => {
  const before = partition({ inSyncReplicas: [1, 2], eligibleLeaderReplicas: [3] })
  expect(changedPartition(image(before), before, [1], [])).toMatchObject({ eligibleLeaderReplicas: [2, 3] })
})

test('who lost data is neither in sync nor eligible', () => {
  const before = partition({ leader: 2, inSyncReplicas: [2], eligibleLeaderReplicas: [3] })
  const without = changedPartition(image(before, [2, 3]), before, [], [2])
  expect(without).toEqual(
    partition({
      leader: -1,
      leaderEpoch: 1,
      inSyncReplicas: [],
      eligibleLeaderReplicas: [3],
      lastKnownLeader: 1,
      partitionEpoch: 1,
    }),
  )
})

test('min.insync.replicas counts at most the number of replicas', () => {
  const before = partition({ replicas: [1, 2], inSyncReplicas: [1, 2] })
  const now = image(before, [], { ...topicConfig, minInSyncReplicas: 5 })
  expect(changedPartition(now, before, [1], [])).toMatchObject({ eligibleLeaderReplicas: [2] })
  const alone = partition({ replicas: [1, 2], inSyncReplicas: [1], eligibleLeaderReplicas: [2] })
  expect(changedPartition(now, alone, [1, 2], [])).toMatchObject({ eligibleLeaderReplicas: [] })
})

test('a leader is elected from the in-sync set, by preference and only if unfenced', () => {
  const before = partition({ replicas: [1, 3, 2] })
  expect(changedPartition(image(before, [1]), before, [2, 3], [])).toEqual(
    partition({
      replicas: [1, 3, 2],
      leader: 3,
      leaderEpoch: 1,
      inSyncReplicas: [2, 3],
      lastKnownLeader: 3,
      partitionEpoch: 1,
    }),
  )
  expect(changedPartition(image(before, [1, 3]), before, [2, 3], [])).toMatchObject({ leader: 2 })
})

test('a leader that is fenced does not stay, though it is in the set', () => {
  const before = partition()
  expect(changedPartition(image(before, [1]), before, [1, 2, 3], [])).toMatchObject({
    leader: 2,
    inSyncReplicas: [1, 2, 3],
  })
})

test('an eligible replica leads before anybody unclean, and moves into the in-sync set', () => {
  const before = partition({ leader: -1, inSyncReplicas: [1], eligibleLeaderReplicas: [3] })
  const now = image(before, [1], { ...topicConfig, uncleanLeaderElection: true })
  expect(changedPartition(now, before, [1], [])).toEqual(
    partition({
      leader: 3,
      leaderEpoch: 1,
      inSyncReplicas: [1, 3],
      // Two are in sync by the election only: the eligible set was decided from the target.
      eligibleLeaderReplicas: [],
      lastKnownLeader: 3,
      partitionEpoch: 1,
    }),
  )
})

test('only a topic that allows it is led by anybody, who is then alone in sync', () => {
  const before = partition({ inSyncReplicas: [1] })
  const clean = image(before, [1])
  expect(changedPartition(clean, before, [], [])).toEqual(
    partition({
      leader: -1,
      leaderEpoch: 1,
      inSyncReplicas: [],
      eligibleLeaderReplicas: [1],
      partitionEpoch: 1,
    }),
  )
  const unclean = image(before, [1], { ...topicConfig, uncleanLeaderElection: true })
  expect(changedPartition(unclean, before, [], [])).toEqual(
    partition({ leader: 2, leaderEpoch: 1, inSyncReplicas: [2], lastKnownLeader: 2, partitionEpoch: 1 }),
  )
})

test('the last known leader leads only when nobody better can ever come', () => {
  const empty = partition({ leader: -1, inSyncReplicas: [], lastKnownLeader: 2 })
  expect(changedPartition(image(empty), empty, [], [])).toMatchObject({ leader: 2, inSyncReplicas: [2] })
  const hoping = partition({ leader: -1, inSyncReplicas: [], eligibleLeaderReplicas: [1], lastKnownLeader: 2 })
  expect(changedPartition(image(hoping, [1]), hoping, [], [])).toBe(hoping)
  expect(changedPartition(image(empty, [2]), empty, [], [])).toBe(empty)
})

test('an unclean election takes the first unfenced replica; a named leader leaves the sets alone', () => {
  const before = partition({ leader: -1, inSyncReplicas: [1], eligibleLeaderReplicas: [2], partitionEpoch: 7 })
  expect(uncleanlyElected(image(before, [1, 2]), before)).toEqual(
    partition({ leader: 3, leaderEpoch: 1, inSyncReplicas: [3], lastKnownLeader: 3, partitionEpoch: 8 }),
  )
  expect(uncleanlyElected(image(before, [1, 2, 3]), before)).toBeNull()
  expect(withLeader(partition(), 2)).toEqual(
    partition({ leader: 2, leaderEpoch: 1, lastKnownLeader: 2, partitionEpoch: 1 }),
  )
})
