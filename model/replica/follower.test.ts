import { expect, test } from 'vitest'
import { setup } from '../cluster/examples.ts'
import { image, partition } from '../controller/examples.ts'
import { append, batch, logAfter, plain, plainConfig } from '../log/examples.ts'
import { logEndOffset } from '../log/state.ts'
import { fetchAnswered } from './follower.ts'
import { learnState } from './role.ts'
import type { Replica, Surroundings } from './state.ts'

const around: Surroundings = {
  brokerId: 2,
  brokerEpoch: 2,
  registered: true,
  now: 0,
  config: setup.broker,
  image: image(),
}

/** Offsets 0 and 1 of epoch 0, 2 and 3 of epoch 2. Each in a batch of its own. Its fetch has the correlation id 1. */
const epochs = [0, 0, 2, 2]
const log = logAfter(plainConfig, ...epochs.map(epoch => append(epoch, plain())))
const fresh: Replica = { topic: 't', partition: 0, log, leaderEpoch: -1, partitionEpoch: -1, role: { kind: 'none' } }
const following = learnState(fresh, around, partition({ leaderEpoch: 3 }), 1).replica

const answer = {
  kind: 'FetchResponse',
  correlationId: 1,
  topic: 't',
  partition: 0,
  error: 'NONE',
  highWatermark: 4,
  logStartOffset: 0,
  logEndOffset: -1,
  divergingEpoch: null,
  records: [],
} as const

type Answer = Parameters<typeof fetchAnswered>[2]

/** Where the log ends after an answer, and what the fetch is then. */
function after(change: Partial<Answer>): readonly [number, string] {
  const { replica } = fetchAnswered(following, around, { ...answer, ...change }, 2)
  return [logEndOffset(replica.log), replica.role.kind === 'follower' ? replica.role.fetch.kind : 'none']
}

test('a follower appends what it is sent and asks again; an answer that it does not wait for is ignored', () => {
  expect(after({ records: [batch(4, 5, 3)] })).toEqual([6, 'outstanding'])
  expect(after({ correlationId: 9, records: [batch(4, 5, 3)] })).toEqual([4, 'outstanding'])
})

test('a diverging follower truncates to where both logs can agree (KIP-279)', () => {
  expect(after({ divergingEpoch: { epoch: 2, endOffset: 3 } })).toEqual([3, 'outstanding'])
  // It never had epoch 1: what it has of later epochs is foreign to the leader.
  expect(after({ divergingEpoch: { epoch: 1, endOffset: 4 } })).toEqual([2, 'outstanding'])
  expect(after({ divergingEpoch: { epoch: 2, endOffset: 9 } })).toEqual([4, 'backoff'])
})

test('a follower out of range moves to where the leader is, or backs off', () => {
  const error = 'OFFSET_OUT_OF_RANGE'
  expect(after({ error, logEndOffset: 1 })).toEqual([1, 'outstanding'])
  expect(after({ error, logStartOffset: 7, logEndOffset: 9 })).toEqual([7, 'outstanding'])
  expect(after({ error, logEndOffset: 9 })).toEqual([4, 'backoff'])
})

test('a fenced follower waits for metadata; other errors make it try later', () => {
  expect(after({ error: 'FENCED_LEADER_EPOCH' })).toEqual([4, 'idle'])
  expect(after({ error: 'UNKNOWN_LEADER_EPOCH' })).toEqual([4, 'backoff'])
})

test('a follower that has nothing begins where the first batch begins, though its log starts inside of it', () => {
  const empty = logAfter(plainConfig, { kind: 'truncateFully', offset: 5 })
  const beginning = learnState({ ...fresh, log: empty }, around, partition({ leaderEpoch: 3 }), 1).replica
  const given = { ...answer, highWatermark: 7, logStartOffset: 5, records: [batch(4, 6, 3)] }
  const { log: kept } = fetchAnswered(beginning, around, given, 2).replica
  expect([kept.logStartOffset, kept.highWatermark, logEndOffset(kept)]).toEqual([5, 7, 7])
})
