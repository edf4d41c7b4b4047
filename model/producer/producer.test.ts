import { expect, test } from 'vitest'
import {
  advance,
  after,
  answer,
  idempotent,
  metadata,
  open,
  plain,
  results,
  seen,
  send,
  sent,
  sentAs,
} from './examples.ts'
import { killProducer } from './producer.ts'
import { stepProducerScope } from './scope.ts'

const started = [open(idempotent), send(0, 'a'), metadata(1, [1, 2])]

test('a closed producer takes nothing', () => {
  expect(seen(send(0, 'a'), metadata(1, [1]), advance(5))).toEqual({
    now: 5,
    session: null,
    metadata: [],
    needsMetadata: false,
    metadataRetryAt: null,
    unassigned: [],
    queues: [],
    completed: [],
  })
})

test('a batch waits for metadata, then goes to the leader with its sequence', () => {
  expect(sentAs(...started.slice(0, 2))).toEqual(['1 Metadata 1'])
  expect(seen(...started.slice(0, 2)).unassigned).toEqual([0])
  expect(sent(...started)).toEqual([
    {
      broker: 1,
      request: {
        kind: 'Produce',
        correlationId: 2,
        topic: 't',
        partition: 0,
        acks: -1,
        timeoutMs: 500,
        records: [
          {
            producerId: 9,
            producerEpoch: 0,
            baseSequence: 0,
            records: [{ key: null, value: 'a', timestamp: 0 }],
          },
        ],
      },
    },
  ])
  expect(seen(...started).queues).toEqual([
    {
      topic: 't',
      partition: 0,
      batches: [{ batch: 0, state: 'inFlight', baseSequence: 0, retryAt: null, correlationId: 2, broker: 1 }],
    },
  ])
  expect(seen(...started, answer(2, 'NONE', 5)).completed).toEqual([
    { batch: 0, topic: 't', partition: 0, result: { kind: 'acknowledged', offset: 5 } },
  ])
})

test('at most maxInFlight batches are on their way to one broker', () => {
  expect(sentAs(...started, send(0, 'b', 'c'))).toEqual(['1 Produce 3 t/0 at 1'])
  expect(sentAs(...started, send(0, 'b', 'c'), send(0, 'd'))).toEqual([])
  expect(sentAs(...started, send(0, 'b', 'c'), send(0, 'd'), answer(2, 'NONE', 0))).toEqual(['1 Produce 4 t/0 at 3'])
})

test('a batch is sent again with the sequence that it has, and holds those behind it up', () => {
  const refused = [
    ...started,
    send(0, 'b'),
    answer(2, 'NOT_ENOUGH_REPLICAS'),
    answer(3, 'OUT_OF_ORDER_SEQUENCE_NUMBER'),
  ]
  expect(seen(...refused).queues[0]?.batches.map(({ state }) => state)).toEqual(['retry', 'retry'])
  expect(sentAs(...refused, send(0, 'c'))).toEqual([])
  expect(sentAs(...refused, advance(100))).toEqual(['1 Produce 4 t/0 at 0', '1 Produce 5 t/0 at 1'])
})

test('a leader that is not the leader any more makes the producer ask, and it never goes back (KIP-320)', () => {
  const moved = [...started, answer(2, 'NOT_LEADER_OR_FOLLOWER')]
  expect(sentAs(...moved)).toEqual(['1 Metadata 3'])
  expect(sentAs(...moved, metadata(3, [3, 2], 1), advance(100))).toEqual(['3 Produce 4 t/0 at 0'])
  const late = [
    ...moved,
    metadata(3, [3, 2], 1),
    advance(100),
    answer(4, 'NOT_LEADER_OR_FOLLOWER'),
    metadata(5, [1, 2], 0),
  ]
  expect(seen(...late).metadata.map(({ leader }) => leader)).toEqual([3, 2])
})

test('a broken connection leaves open whether a batch is in the log', () => {
  const broken = [...started, { kind: 'disconnected', broker: 1 } as const]
  expect(sentAs(...broken)).toEqual([])
  expect(seen(...broken)).toMatchObject({
    needsMetadata: true,
    queues: [{ batches: [{ state: 'retry', retryAt: 100 }] }],
  })
  const again = [...broken, advance(0), metadata(3, [1, 2]), advance(100)]
  expect(sentAs(...broken, advance(0))).toEqual(['2 Metadata 3'])
  expect(results(...again, answer(4, 'INVALID_RECORD'))).toEqual(['0 unknown INVALID_RECORD'])
  expect(results(...started, answer(2, 'INVALID_RECORD'))).toEqual(['0 failed INVALID_RECORD'])
})

test('an idempotent session fails with the first batch that it loses', () => {
  const failed = [...started, send(0, 'b'), send(0, 'c'), answer(2, 'INVALID_RECORD')]
  expect(results(...failed)).toEqual([
    '0 failed INVALID_RECORD',
    '1 unknown INVALID_PRODUCER_EPOCH',
    '2 failed INVALID_PRODUCER_EPOCH',
  ])
  expect(seen(...failed).session?.failed).toBe(true)
  expect(results(...failed, send(1, 'd')).at(-1)).toBe('3 failed INVALID_PRODUCER_EPOCH')
  const other = [open(plain), send(0, 'a'), metadata(1, [1, 2]), send(0, 'b'), answer(2, 'INVALID_RECORD')]
  expect(results(...other)).toEqual(['0 failed INVALID_RECORD'])
})

test('a batch that is too old is given up, and an answer that comes later is ignored', () => {
  expect(results(...started, advance(2_000))).toEqual(['0 unknown REQUEST_TIMED_OUT'])
  expect(results(...started, advance(2_000), answer(2, 'NONE', 0))).toEqual(['0 unknown REQUEST_TIMED_OUT'])
  expect(results(open(idempotent), send(0, 'a'), advance(2_000))).toEqual(['0 failed REQUEST_TIMED_OUT'])
  expect(seen(open(idempotent), send(0, 'a'), advance(2_000)).session?.failed).toBe(false)
})

test('nobody answers acks=0: a batch is done with when it has left', () => {
  const session = { ...plain, acks: 0 } as const
  expect(results(open(session), send(0, 'a'), metadata(1, [1]))).toEqual(['0 acknowledged -1'])
})

test('a topic that is not there is asked for again after the backoff, of the next broker', () => {
  const missing = [open(plain), send(0, 'a'), metadata(1, [])]
  expect(sentAs(...missing)).toEqual([])
  expect(seen(...missing).metadataRetryAt).toBe(100)
  expect(sentAs(...missing, advance(99))).toEqual([])
  expect(sentAs(...missing, advance(100))).toEqual(['2 Metadata 2'])
})

test('a partition that the topic does not have fails its batch', () => {
  expect(results(open(plain), send(7, 'a'), metadata(1, [1]))).toEqual(['0 failed UNKNOWN_TOPIC_OR_PARTITION'])
})

test('each send ends a sticky choice, so that the next goes elsewhere', () => {
  const two = [open(plain), send(null, 'a'), metadata(1, [1, 2]), send(null, 'b')]
  expect(seen(...two).queues.map(({ partition, batches }) => [partition, batches.map(({ batch }) => batch)])).toEqual([
    [0, [0]],
    [1, [1]],
  ])
})

test('what a session leaves behind is given up when the next one begins', () => {
  const reopened = [...started, send(0, 'b'), open(idempotent)]
  expect(results(...reopened)).toEqual(['0 unknown REQUEST_TIMED_OUT', '1 unknown REQUEST_TIMED_OUT'])
  expect(sentAs(...reopened, send(0, 'c'))).toEqual(['1 Metadata 1'])
  expect(sentAs(...reopened, send(0, 'c'), metadata(1, [1]))).toEqual(['1 Produce 2 t/0 at 0'])
  const killed = killProducer(after(...started)).state
  expect(killed.session).toBeNull()
  expect(killed.completed).toHaveLength(1)
})

test('what does not apply leaves the very same state', () => {
  const state = after(...started)
  expect(stepProducerScope(state, answer(77, 'NONE')).state).toBe(state)
  expect(stepProducerScope(state, send(0)).state).toBe(state)
  expect(stepProducerScope(state, { kind: 'disconnected', broker: 3 }).state).toBe(state)
  expect(stepProducerScope(state, advance(0)).state).toBe(state)
})
