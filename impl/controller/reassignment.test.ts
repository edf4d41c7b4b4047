// Moving partitions between brokers while they are used (KIP-455).
import { expect, test } from 'vitest'
import { LastingTestCluster } from '../../properties/simulation/lasting-cluster.ts'
import { reverted } from './reassignment.ts'

/** Four brokers, and `t` with one partition and three records on brokers 1 and 2. */
function moving(): LastingTestCluster {
  const cluster = new LastingTestCluster(4, { brokers: 4 })
  cluster.createTopic('t', [[1, 2]])
  cluster.openProducer()
  for (const value of ['a', 'b', 'c']) cluster.send('t', 0, value)
  cluster.elapse(1000)
  return cluster
}

function reassign(cluster: LastingTestCluster, replicas: readonly number[] | null): string {
  const [result] = cluster.administration.alterReassignments([{ topic: 't', partition: 0, replicas }])
  return result?.error ?? ''
}

test('new replicas begin empty and catch up, and when they are in sync the old ones go with their logs', () => {
  const cluster = moving()
  expect(reassign(cluster, [3, 4])).toBe('NONE')
  expect(cluster.partition('t')).toMatchObject({
    replicas: [3, 4, 1, 2],
    leader: 1,
    leaderEpoch: 0,
    inSyncReplicas: [1, 2],
  })
  expect(cluster.administration.listReassignments(null)).toEqual([
    { topic: 't', partition: 0, replicas: [3, 4, 1, 2], adding: [3, 4], removing: [1, 2] },
  ])
  expect(cluster.values(3, 't')).toEqual([])
  cluster.send('t', 0, 'd')
  cluster.elapse(3000)
  expect(cluster.partition('t')).toMatchObject({ replicas: [3, 4], leader: 3, leaderEpoch: 1, inSyncReplicas: [3, 4] })
  expect(cluster.administration.listReassignments(null)).toEqual([])
  cluster.send('t', 0, 'e')
  cluster.elapse(2000)
  expect(cluster.acknowledged()).toEqual(['a', 'b', 'c', 'd', 'e'])
  expect([3, 4].map(broker => cluster.values(broker, 't').join(''))).toEqual(['abcde', 'abcde'])
  for (const broker of [1, 2]) {
    expect(cluster.replica(broker, 't')).toBeUndefined()
    expect(cluster.cluster.brokers.get(`b${broker}`)?.list()).toEqual([])
  }
})

test('one replica is replaced, and the leader stays in a new epoch', () => {
  const cluster = moving()
  expect(reassign(cluster, [1, 3])).toBe('NONE')
  cluster.elapse(3000)
  expect(cluster.partition('t')).toMatchObject({ replicas: [1, 3], leader: 1, leaderEpoch: 1, inSyncReplicas: [1, 3] })
  cluster.send('t', 0, 'd')
  cluster.elapse(1000)
  expect(cluster.acknowledged()).toEqual(['a', 'b', 'c', 'd'])
  expect(cluster.values(3, 't')).toEqual(['a', 'b', 'c', 'd'])
})

test('the replication factor grows without a new epoch, and shrinks at once', () => {
  const cluster = moving()
  expect(reassign(cluster, [1, 2, 3, 4])).toBe('NONE')
  cluster.elapse(3000)
  expect(cluster.partition('t')).toMatchObject({ replicas: [1, 2, 3, 4], leaderEpoch: 0, inSyncReplicas: [1, 2, 3, 4] })
  expect(reassign(cluster, [4])).toBe('NONE')
  expect(cluster.partition('t')).toMatchObject({ replicas: [4], leader: 4, leaderEpoch: 1, inSyncReplicas: [4] })
  cluster.elapse(2000)
  // One replica is as many as min.insync.replicas can ask for.
  cluster.send('t', 0, 'd')
  cluster.elapse(2000)
  expect(cluster.acknowledged()).toEqual(['a', 'b', 'c', 'd'])
})

test('only the order changes: it is done at once, and the new preferred leader can be elected', () => {
  const cluster = moving()
  expect(reassign(cluster, [2, 1])).toBe('NONE')
  expect(cluster.partition('t')).toMatchObject({ replicas: [2, 1], leader: 1, leaderEpoch: 0 })
  expect(cluster.administration.electLeaders(null, 'preferred')).toMatchObject([{ error: 'NONE' }])
  expect(cluster.partition('t')).toMatchObject({ leader: 2, leaderEpoch: 1 })
})

test('it is not done while a new replica is down, is there after everything was killed, and can be cancelled', () => {
  const cluster = moving()
  cluster.do({ kind: 'crash', broker: 4, damage: { kind: 'kept' }, indexes: 'kept', late: false })
  expect(reassign(cluster, [3, 4])).toBe('NONE')
  cluster.elapse(5000)
  expect(cluster.partition('t')).toMatchObject({ replicas: [3, 4, 1, 2], inSyncReplicas: [1, 2, 3] })
  const before = cluster.administration.listReassignments([{ topic: 't', partition: 0 }])
  cluster.killAll()
  cluster.start(2, 1, 3)
  cluster.elapse(3000)
  expect(cluster.administration.listReassignments(null)).toEqual(before)
  expect(reassign(cluster, null)).toBe('NONE')
  expect(reassign(cluster, null)).toBe('NO_REASSIGNMENT_IN_PROGRESS')
  cluster.elapse(3000)
  expect(cluster.partition('t')).toMatchObject({ replicas: [1, 2], inSyncReplicas: [1, 2] })
  expect(cluster.replica(3, 't')).toBeUndefined()
  expect(cluster.values(1, 't')).toEqual(['a', 'b', 'c'])
})

test('on its way elsewhere it turns round, and what it had brought in and does not need goes', () => {
  const cluster = moving()
  cluster.do({ kind: 'crash', broker: 4, damage: { kind: 'kept' }, indexes: 'kept', late: false })
  reassign(cluster, [4, 1])
  expect(reassign(cluster, [3, 1])).toBe('NONE')
  expect(cluster.administration.listReassignments(null)).toMatchObject([{ adding: [3], removing: [4, 2] }])
  // Again to what it was on its way to: the new replica still has to come into sync first.
  expect(reassign(cluster, [3, 1])).toBe('NONE')
  expect(cluster.administration.listReassignments(null)).toMatchObject([{ adding: [3] }])
  cluster.elapse(3000)
  expect(cluster.partition('t')).toMatchObject({ replicas: [3, 1], leader: 1, inSyncReplicas: [1, 3] })
})

test('is refused for unknown partitions and brokers, and for the same broker twice', () => {
  const cluster = moving()
  expect([reassign(cluster, [1, 1]), reassign(cluster, []), reassign(cluster, [1, 9])]).toEqual(
    Array(3).fill('INVALID_REPLICA_ASSIGNMENT'),
  )
  const unknown = [{ topic: 't', partition: 1, replicas: [1] }]
  expect(cluster.administration.alterReassignments(unknown)).toMatchObject([{ error: 'UNKNOWN_TOPIC_OR_PARTITION' }])
  expect(cluster.administration.listReassignments([{ topic: 't', partition: 1 }])).toEqual([])
})

test('a last known leader that is taken out again is nobody’s leader any more', () => {
  const state = {
    topic: 't',
    partition: 0,
    replicas: [3, 1, 2],
    leader: -1,
    leaderEpoch: 4,
    inSyncReplicas: [],
    eligibleLeaderReplicas: [],
    lastKnownLeader: 3,
    partitionEpoch: 7,
  }
  const rules = { minInSyncReplicas: 1, uncleanLeaderElection: false, isUnfenced: () => true }
  expect(reverted(state, { adding: [3], removing: [] }, rules)).toEqual({
    ...state,
    replicas: [1, 2],
    leaderEpoch: 5,
    lastKnownLeader: -1,
    partitionEpoch: 8,
  })
  // Only what was brought in is in sync: there is nothing to go back to.
  expect(reverted({ ...state, leader: 3, inSyncReplicas: [3] }, { adding: [3], removing: [] }, rules)).toBeNull()
})
