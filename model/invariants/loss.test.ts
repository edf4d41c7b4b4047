import { expect, test } from 'vitest'
import { topicConfig } from '../controller/examples.ts'
import { batch } from '../log/examples.ts'
import type { BatchResult } from '../vocabulary/clients.ts'
import {
  broken,
  broker,
  cluster,
  consumer,
  decided,
  group,
  history,
  leader,
  nothingYet,
  producer,
  replica,
  transition,
} from './examples.ts'
import type { History } from './history.ts'
import type { KnownRecord, PartitionHistory } from './known.ts'
import {
  acknowledgedMeansKept,
  atLeastOnce,
  completeCandidates,
  enoughReplicas,
  failedMeansAbsent,
  readableStaysReadable,
  strongInSyncSet,
} from './loss.ts'

const here: KnownRecord = { offset: 2, key: 'k', value: 'v' }
const gone: KnownRecord = { offset: 3, key: 'k', value: 'v' }
const crashes = [{ brokerId: 2, brokerEpoch: 2 }]
const healthy = cluster([leader(), replica(), replica()])
const seen = transition(nothingYet, healthy)

test.each([
  ['L1', 'acknowledged', acknowledgedMeansKept],
  ['L3', 'committed', completeCandidates],
  ['F4', 'processed', readableStaysReadable],
] as const)('a leader without a promised record breaks %s: %s', (claim, promise, holds) => {
  const what = promise === 'processed' ? 'read' : promise
  const knows = (...records: readonly KnownRecord[]) => history({ [promise]: records })
  expect(holds(knows(here), seen)).toBeNull()
  expect(holds(knows(here, gone), seen)).toEqual({
    claim,
    sentence: `offset 3 of t/0 was ${what}, and b1 leads without it`,
  })
  expect(holds(knows({ ...here, value: 'w' }), seen)).toMatchObject({ claim })
  expect(holds(history({ [promise]: [gone], contract: broken }), seen)).toBeNull()
})

test('deleted records are not missing, nor are superseded ones and expired tombstones of a compacted topic', () => {
  const knows = (record: KnownRecord) => history({ acknowledged: [record] })
  const deleted = leader({ logStartOffset: 1, batches: [batch(2, 2)] })
  expect(
    acknowledgedMeansKept(knows({ ...here, offset: 0 }), transition(nothingYet, cluster([deleted, null, null]))),
  ).toBeNull()
  const compacted = decided({}, [], { ...topicConfig, cleanupPolicy: 'compact' })
  const cleaned = transition(nothingYet, cluster([leader({ batches: [batch(2, 2)] }), null, null], compacted))
  expect(acknowledgedMeansKept(knows({ ...here, offset: 0 }), cleaned)).toBeNull()
  const other = { offset: 0, key: 'other', value: 'v' }
  expect(acknowledgedMeansKept(knows(other), cleaned)).toMatchObject({ claim: 'L1' })
  expect(acknowledgedMeansKept(knows({ ...other, value: null }), cleaned)).toBeNull()
  expect(acknowledgedMeansKept(knows({ ...other, key: null }), cleaned)).toMatchObject({ claim: 'L1' })
  // A tombstone superseded it, and has gone since.
  const tombstoned = history({ acknowledged: [other], committed: [{ offset: 1, key: 'other', value: null }] })
  expect(acknowledgedMeansKept(tombstoned, cleaned)).toBeNull()
})

test('who led before and does not know better is not asked', () => {
  const old = cluster([leader({ batches: [] }), replica(), replica()], decided({ leader: 2, leaderEpoch: 1 }))
  expect(acknowledgedMeansKept(history({ acknowledged: [here] }), transition(nothingYet, old))).toBeNull()
})

test('a member of the in-sync set that ends below the high watermark breaks L2, unless it crashed since', () => {
  const short = (logEndOffset: number, inSyncReplicas: readonly number[] = [1, 2, 3]) =>
    transition(nothingYet, cluster([leader(), replica({ logEndOffset }), replica()], decided({ inSyncReplicas })))
  expect(strongInSyncSet(history(), short(2))).toBeNull()
  expect(strongInSyncSet(history(), short(1))).toEqual({
    claim: 'L2',
    sentence: 'b2 is in sync for t/0 and ends at 1, below the high watermark 2',
  })
  expect(strongInSyncSet(history(), short(1, [1, 3]))).toBeNull()
  expect(strongInSyncSet(history({ contract: { holds: true, crashes } }), short(1))).toBeNull()
  expect(strongInSyncSet(history({ contract: broken }), short(1))).toBeNull()
})

/** The producer learns what became of its first batch, while the followers' logs end somewhere. */
function answered(result: BatchResult, ends: readonly [number, number | null] = [3, 3]) {
  const { controller, brokers } = cluster([
    leader(),
    replica({ logEndOffset: ends[0] }),
    ends[1] === null ? null : replica({ logEndOffset: ends[1] }),
  ])
  const before = { ...nothingYet, producers: { p1: producer() } }
  const completed = [{ batch: 0, topic: 't', partition: 0, result }]
  return transition(before, { ...before, controller, brokers, producers: { p1: producer({ completed }) } })
}

function sentOnce(acks: -1 | 1, value: string, times = 1, known: Partial<PartitionHistory> = {}): History {
  const records = [{ key: 'k', value }]
  return history(known, { sent: { p1: Array.from({ length: times }, () => ({ topic: 't', acks, records })) } })
}

test('a batch that was acknowledged by too few breaks L4; brokers that are down are not held against it', () => {
  const acknowledged: BatchResult = { kind: 'acknowledged', offset: 2 }
  const all = sentOnce(-1, 'v')
  expect(enoughReplicas(all, answered(acknowledged, [3, 2]))).toBeNull()
  expect(enoughReplicas(all, answered(acknowledged, [2, null]))).toBeNull()
  expect(enoughReplicas(all, answered(acknowledged, [2, 2]))).toEqual({
    claim: 'L4',
    sentence: "p1's batch at offset 2 of t/0 was acknowledged with 1 replicas",
  })
  expect(enoughReplicas(sentOnce(1, 'v'), answered(acknowledged, [2, 2]))).toBeNull()
  const crashed = sentOnce(-1, 'v', 1, { contract: { holds: true, crashes } })
  expect(enoughReplicas(crashed, answered(acknowledged, [2, 2]))).toBeNull()
})

test('a batch that failed and is in the log breaks L8, where its values were sent once', () => {
  const failed: BatchResult = { kind: 'failed', error: 'MESSAGE_TOO_LARGE' }
  expect(failedMeansAbsent(sentOnce(-1, 'other'), answered(failed))).toBeNull()
  expect(failedMeansAbsent(sentOnce(-1, 'v'), answered(failed))).toEqual({
    claim: 'L8',
    sentence: "p1's batch failed with MESSAGE_TOO_LARGE, but is at offset 0 of t/0",
  })
  expect(failedMeansAbsent(sentOnce(-1, 'v', 2), answered(failed))).toBeNull()
  expect(failedMeansAbsent(sentOnce(-1, 'v'), answered({ ...failed, kind: 'unknown' }))).toBeNull()
})

test('a group that commits past what nobody processed breaks L7', () => {
  const processedByGroup = { 'g t 0': [0, 1] }
  const committed = (offset: number) => {
    const brokers = { ...healthy.brokers, b2: broker(2, replica(), [group([], offset)]) }
    return transition(healthy, { ...healthy, brokers, consumers: { c1: consumer('c1') } })
  }
  expect(atLeastOnce(history({}, { processedByGroup }), committed(2))).toBeNull()
  expect(atLeastOnce(history({}, { processedByGroup }), committed(3))).toEqual({
    claim: 'L7',
    sentence: 'group g committed 3 for t/0, but no member processed offset 2',
  })
  expect(atLeastOnce(history({}, { groupsFromLatest: ['g'] }), committed(3))).toBeNull()
  expect(atLeastOnce(history({ contract: broken }), committed(3))).toBeNull()
})
