import { expect, test } from 'vitest'
import { batch } from '../log/examples.ts'
import type { MessageValue } from '../vocabulary/messages.ts'
import { broker, cluster, group, history, leader, nothingYet, replica, transition } from './examples.ts'
import { boundsHold, consumersReadCommitted, offsetsAreInTheLog, watermarkWaitsForEveryone } from './offsets.ts'

const known = history()

test('a high watermark outside of its log breaks F1', () => {
  const bounds = (logStartOffset: number, highWatermark: number) =>
    transition(nothingYet, cluster([leader(), replica({ logStartOffset, highWatermark }), replica()]))
  expect(boundsHold(known, bounds(0, 3))).toBeNull()
  expect(boundsHold(known, bounds(3, 3))).toBeNull()
  expect(boundsHold(known, bounds(0, 4))).toEqual({
    claim: 'F1',
    sentence: 'b2 has log start 0, high watermark 4, log end 3 for t/0',
  })
  expect(boundsHold(known, bounds(2, 1))).toMatchObject({ claim: 'F1' })
})

test('a high watermark that passes a member of the in-sync set, or one being added, breaks F2', () => {
  const moved = (fetched: readonly [number, number], inSync: readonly number[], pending: readonly number[] | null) =>
    transition(
      nothingYet,
      cluster([leader({}, fetched, { inSyncReplicas: inSync, pendingInSyncReplicas: pending }), replica(), replica()]),
    )
  expect(watermarkWaitsForEveryone(known, moved([2, 3], [1, 2, 3], null))).toBeNull()
  expect(watermarkWaitsForEveryone(known, moved([2, 1], [1, 2], null))).toBeNull()
  const passed = {
    claim: 'F2',
    sentence: 'b1 moved the high watermark of t/0 to 2, but b3 has fetched up to 1 only',
  }
  expect(watermarkWaitsForEveryone(known, moved([2, 1], [1, 2, 3], null))).toEqual(passed)
  expect(watermarkWaitsForEveryone(known, moved([2, 1], [1, 2], [1, 2, 3]))).toEqual(passed)
})

test('a new leader keeps the high watermark that it had, though it knows nobody yet', () => {
  const follower = cluster([replica(), leader(), replica()])
  const elected = cluster([leader({ leaderEpoch: 1 }, [-1, -1]), replica(), replica()])
  expect(watermarkWaitsForEveryone(known, transition(follower, elected))).toBeNull()
})

test('a consumer that is sent what is not committed breaks F3; a follower may have it', () => {
  const message = (highWatermark: number): MessageValue => ({
    kind: 'FetchResponse',
    correlationId: 1,
    topic: 't',
    partition: 0,
    error: 'NONE',
    highWatermark,
    logStartOffset: 0,
    logEndOffset: -1,
    divergingEpoch: null,
    records: [batch(0, 1)],
  })
  const sent = (to: string, highWatermark: number) => {
    const link = { from: 'b1', to, cut: false, messages: [message(highWatermark)], late: [] }
    return transition(nothingYet, { ...nothingYet, links: { [`b1>${to}`]: link } })
  }
  expect(consumersReadCommitted(known, sent('c1', 2))).toBeNull()
  expect(consumersReadCommitted(known, sent('b2', 1))).toBeNull()
  expect(consumersReadCommitted(known, sent('c1', 1))).toEqual({
    claim: 'F3',
    sentence: 'b1 sent offset 1 of t/0 to c1, at a high watermark of 1',
  })
})

test('a group offset that the log does not say breaks F6', () => {
  const key = 'offset|g|t|0'
  const told = (offset: number, highWatermark: number, ...values: readonly (string | null)[]) => {
    const records = values.map((value, at) => ({ offset: at, key, value, timestamp: 0 }))
    const log = leader({
      topic: '__consumer_offsets',
      highWatermark,
      batches: [{ ...batch(0, values.length - 1), records }],
    })
    const brokers = { ...nothingYet.brokers, b1: broker(1, log, [group([], offset)]) }
    return transition(nothingYet, { ...nothingYet, brokers })
  }
  expect(offsetsAreInTheLog(known, told(5, 2, '4|-1|', '5|-1|'))).toBeNull()
  expect(offsetsAreInTheLog(known, told(4, 1, '4|-1|', '5|-1|'))).toBeNull()
  expect(offsetsAreInTheLog(known, told(5, 1, '4|-1|', '5|-1|'))).toBeNull()
  expect(offsetsAreInTheLog(known, told(4, 2, '4|-1|', '5|-1|'))).toEqual({
    claim: 'F6',
    sentence: 'b1 says that group g committed 4 for t/0, but its log says 5',
  })
  expect(offsetsAreInTheLog(known, told(4, 2, '4|-1|', null))).toMatchObject({ claim: 'F6' })
  expect(offsetsAreInTheLog(known, told(4, 0))).toMatchObject({
    sentence: 'b1 says that group g committed 4 for t/0, but its log says nothing',
  })
})
