import { expect, test } from 'vitest'
import type { GroupState } from '../vocabulary/groups.ts'
import { broker, cluster, decided, group, leader, producer, replica } from './examples.ts'
import { groupsAreStable, partitionsLead, progressMade, sendsAreAnswered } from './progress.ts'

const done = leader({ highWatermark: 3 })
const healthy = cluster([done, replica(), replica()])

test('a healed cluster that leads, has committed everything and is in sync keeps P1', () => {
  expect(partitionsLead(healthy)).toBeNull()
  expect(progressMade(healthy)).toBeNull()
})

test('a broker that stays fenced, or a partition that nobody leads, breaks P1', () => {
  expect(partitionsLead({ ...healthy, ...decided({}, [2]) })).toEqual({
    claim: 'P1',
    sentence: 'b2 is still fenced',
  })
  const leaderless = { claim: 'P1', sentence: 't/0 has no leader' }
  expect(partitionsLead({ ...healthy, ...decided({ leader: -1 }) })).toEqual(leaderless)
  expect(partitionsLead({ ...healthy, ...decided({ leader: 2 }) })).toEqual(leaderless)
  expect(partitionsLead({ ...healthy, ...decided({ leaderEpoch: 1 }) })).toEqual(leaderless)
  const eligible = { leader: -1, inSyncReplicas: [], eligibleLeaderReplicas: [3] }
  expect(partitionsLead({ ...healthy, ...decided(eligible) })).toEqual(leaderless)
})

test('a partition of which nobody may lead is not held against P1', () => {
  expect(partitionsLead({ ...healthy, ...decided({ leader: -1, inSyncReplicas: [] }) })).toBeNull()
})

test('an in-sync set that is not full, or a high watermark that stands still, breaks P1, except over rot', () => {
  const few = decided({ inSyncReplicas: [1, 3] })
  expect(partitionsLead({ ...healthy, ...few })).toEqual({
    claim: 'P1',
    sentence: 't/0 is in sync on 2 of 3 replicas',
  })
  expect(partitionsLead(cluster([leader(), replica(), replica()]))).toEqual({
    claim: 'P1',
    sentence: 'the high watermark of t/0 stays at 2, its log ends at 3',
  })
  const rotten = leader({ batches: done.batches.map(batch => ({ ...batch, corrupt: true })) })
  expect(partitionsLead(cluster([rotten, replica(), replica()], few))).toBeNull()
})

test('a group with members that is not stable breaks P2; an empty one keeps it', () => {
  const state = (of: GroupState, members: readonly string[]) => {
    const brokers = { ...healthy.brokers, b1: broker(1, done, [{ ...group(members), state: of }]) }
    return { ...healthy, brokers }
  }
  expect(groupsAreStable(state('Stable', ['m1']))).toBeNull()
  expect(groupsAreStable(state('Empty', []))).toBeNull()
  expect(groupsAreStable(state('PreparingRebalance', ['m1']))).toEqual({
    claim: 'P2',
    sentence: 'group g is still PreparingRebalance',
  })
})

test('a batch that is not answered, assigned or not, breaks P3', () => {
  const queued = {
    batch: 0,
    state: 'waiting',
    baseSequence: 0,
    retryAt: null,
    correlationId: null,
    broker: -1,
  } as const
  const queues = [{ topic: 't', partition: 0, batches: [queued] }]
  expect(sendsAreAnswered({ ...healthy, producers: { p1: producer() } })).toBeNull()
  expect(sendsAreAnswered({ ...healthy, producers: { p1: producer({ queues, unassigned: [1] }) } })).toEqual({
    claim: 'P3',
    sentence: 'p1 still waits for 2 batches',
  })
})
