import { expect, test } from 'vitest'
import type { ProducerOperation, ProducerSession } from '../../model/vocabulary/clients.ts'
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import { startProducerSubject } from './producer.ts'

const config = {
  retryBackoffMs: 10,
  deliveryTimeoutMs: 100,
  requestTimeoutMs: 30,
  maxInFlight: 5,
  heartbeatIntervalMs: 3,
  sessionTimeoutMs: 10,
  rebalanceTimeoutMs: 20,
}
const idempotent: ProducerSession = { acks: -1, idempotent: true, partitioner: 'sticky', producerId: 7 }

/** A producer before two brokers; t/0 is led by broker 1 and t/1 by broker 2 once it knows. */
function startProducer(session: ProducerSession, maxInFlight = 5) {
  const side = startProducerSubject({ scope: 'producer', brokers: 2, config: { ...config, maxInFlight } })
  const apply = (operation: ProducerOperation) => side.apply(operation).requests
  /** Requests in short: `b1 #2 t/0 seq 0: a`. */
  const sent = (operation: ProducerOperation) =>
    apply(operation).map(({ broker, request }) => {
      if (request.kind !== 'Produce') return `b${broker} #${request.correlationId} ${request.kind}`
      const [batch] = request.records
      const values = batch?.records.map(({ value }) => value).join(' ')
      const place = `${request.topic}/${request.partition}`
      return `b${broker} #${request.correlationId} ${place} seq ${batch?.baseSequence}: ${values}`
    })
  const send = (value: string, partition: number | null = 0) =>
    sent({ kind: 'send', topic: 't', partition, records: [{ key: null, value }], draw: 0 })
  const metadata = (correlationId: number, leaderEpoch: number, leader = 1) =>
    sent({
      kind: 'respond',
      broker: 1,
      response: {
        kind: 'MetadataResponse',
        correlationId,
        brokers: [1, 2],
        partitions: [
          { topic: 't', partition: 0, leader, leaderEpoch },
          { topic: 't', partition: 1, leader: 2, leaderEpoch },
        ],
      },
    })
  const answer = (correlationId: number, error: ErrorName, baseOffset = -1) =>
    sent({
      kind: 'respond',
      broker: 1,
      response: { kind: 'ProduceResponse', correlationId, topic: 't', partition: 0, error, baseOffset },
    })
  const advance = (ms: number) => sent({ kind: 'advance', ms })
  const results = () => side.observe().completed.map(({ batch, result }) => ({ batch, ...result }))
  apply({ kind: 'open', session })
  return { side, sent, send, metadata, answer, advance, results, apply }
}

test('batches wait for metadata and are sent in order, each with the sequence that follows', () => {
  const { send, metadata, answer, results, apply } = startProducer(idempotent)
  expect(send('a')).toEqual(['b1 #1 Metadata'])
  expect(send('b')).toEqual([])
  expect(metadata(1, 0)).toEqual(['b1 #2 t/0 seq 0: a', 'b1 #3 t/0 seq 1: b'])
  expect(answer(2, 'NONE', 40)).toEqual([])
  expect(results()).toEqual([{ batch: 0, kind: 'acknowledged', offset: 40 }])
  const records = [{ key: 'k', value: null }]
  expect(apply({ kind: 'send', topic: 't', partition: 1, records, draw: 0 })).toEqual([
    {
      broker: 2,
      request: {
        kind: 'Produce',
        correlationId: 4,
        topic: 't',
        partition: 1,
        acks: -1,
        timeoutMs: 30,
        records: [
          {
            producerId: 7,
            producerEpoch: 0,
            baseSequence: 0,
            records: [{ key: 'k', value: null, timestamp: 0 }],
          },
        ],
      },
    },
  ])
})

test('a retry carries the same sequence, and no later batch overtakes it', () => {
  const { send, metadata, answer, advance, results, side } = startProducer(idempotent)
  send('a')
  metadata(1, 0)
  send('b')
  expect(answer(2, 'NOT_ENOUGH_REPLICAS')).toEqual([])
  expect(send('c')).toEqual([])
  // The broker never saw the first one, so the second is out of order and follows it again.
  expect(answer(3, 'OUT_OF_ORDER_SEQUENCE_NUMBER')).toEqual([])
  expect(side.observe().queues).toEqual([
    {
      topic: 't',
      partition: 0,
      batches: [
        { batch: 0, state: 'retry', baseSequence: 0, retryAt: 10, correlationId: null, broker: -1 },
        { batch: 1, state: 'retry', baseSequence: 1, retryAt: 10, correlationId: null, broker: -1 },
        { batch: 2, state: 'waiting', baseSequence: -1, retryAt: null, correlationId: null, broker: -1 },
      ],
    },
  ])
  expect(advance(9)).toEqual([])
  expect(advance(1)).toEqual(['b1 #4 t/0 seq 0: a', 'b1 #5 t/0 seq 1: b', 'b1 #6 t/0 seq 2: c'])
  answer(4, 'NONE', 0)
  expect(results()).toEqual([{ batch: 0, kind: 'acknowledged', offset: 0 }])
})

test('a batch whose acknowledgement was lost is sent again as it was, so that the broker sees the duplicate', () => {
  const { send, metadata, answer, advance, results, sent } = startProducer(idempotent)
  send('a')
  metadata(1, 0)
  expect(sent({ kind: 'disconnected', broker: 1 })).toEqual([])
  // The connection is gone: an answer that comes late is not for this batch any more.
  expect(answer(2, 'NONE', 3)).toEqual([])
  expect(advance(10)).toEqual(['b2 #3 Metadata', 'b1 #4 t/0 seq 0: a'])
  expect(answer(4, 'MESSAGE_TOO_LARGE')).toEqual([])
  expect(results()).toEqual([{ batch: 0, kind: 'unknown', error: 'MESSAGE_TOO_LARGE' }])
})

test('metadata never go back to an older leader epoch', () => {
  const { send, metadata, answer, advance, side } = startProducer(idempotent)
  send('a')
  metadata(1, 5, 2)
  answer(2, 'NOT_LEADER_OR_FOLLOWER')
  expect(advance(10)).toEqual(['b2 #4 t/0 seq 0: a'])
  metadata(3, 4, 1)
  expect(side.observe().metadata).toEqual([
    { topic: 't', partition: 0, leader: 2, leaderEpoch: 5 },
    { topic: 't', partition: 1, leader: 2, leaderEpoch: 5 },
  ])
  expect(side.observe().needsMetadata).toBe(false)
})

test('a batch that is too old fails, or is unknown once it was sent, and a gap in the sequences ends the session', () => {
  const { send, metadata, advance, results, side } = startProducer(idempotent, 1)
  send('a')
  metadata(1, 0)
  send('b')
  advance(1)
  send('c')
  expect(advance(99)).toEqual([])
  expect(results()).toEqual([
    { batch: 0, kind: 'unknown', error: 'REQUEST_TIMED_OUT' },
    { batch: 1, kind: 'failed', error: 'REQUEST_TIMED_OUT' },
    { batch: 2, kind: 'failed', error: 'INVALID_PRODUCER_EPOCH' },
  ])
  expect(side.observe().session).toEqual({ ...idempotent, producerEpoch: 0, failed: true })
  send('d')
  expect(results().at(-1)).toEqual({ batch: 3, kind: 'failed', error: 'INVALID_PRODUCER_EPOCH' })
})

test('at most as many batches as allowed are in flight to a broker', () => {
  const { send, metadata, answer } = startProducer(idempotent, 1)
  send('a')
  metadata(1, 0)
  expect(send('b')).toEqual([])
  expect(send('c', 1)).toEqual(['b2 #3 t/1 seq 0: c'])
  expect(answer(2, 'NONE', 0)).toEqual(['b1 #4 t/0 seq 1: b'])
})

test('without acks a batch is done as soon as it is sent', () => {
  const { send, metadata, results } = startProducer({ ...idempotent, acks: 0, idempotent: false, producerId: -1 }, 1)
  send('a')
  send('b')
  expect(metadata(1, 0)).toEqual(['b1 #2 t/0 seq -1: a', 'b1 #3 t/0 seq -1: b'])
  expect(results()).toEqual([
    { batch: 0, kind: 'acknowledged', offset: -1 },
    { batch: 1, kind: 'acknowledged', offset: -1 },
  ])
})

test('a partition without a leader makes the producer ask another broker for metadata, after the back-off', () => {
  const { send, metadata, advance } = startProducer(idempotent)
  send('a')
  expect(metadata(1, 0, -1)).toEqual([])
  expect(advance(10)).toEqual(['b2 #2 Metadata'])
  expect(metadata(2, 1, 2)).toEqual(['b2 #3 t/0 seq 0: a'])
})

test('what has not changed is observed as the same object', () => {
  const { send, metadata, advance, side } = startProducer(idempotent)
  send('a')
  metadata(1, 0)
  const before = side.observe()
  expect(side.observe()).toBe(before)
  advance(1)
  const after = side.observe()
  expect(after).toEqual({ ...before, now: 1 })
  expect([after.queues, after.metadata, after.completed, after.session, after.unassigned]).toEqual([
    before.queues,
    before.metadata,
    before.completed,
    before.session,
    before.unassigned,
  ])
  for (const part of ['queues', 'metadata', 'completed', 'session', 'unassigned'] as const) {
    expect(after[part]).toBe(before[part])
  }
})
