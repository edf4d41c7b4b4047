// What becomes of messages when connections break: lost, late, or lost with whoever had read them.
import { describe, expect, test } from 'vitest'
import type { ClusterOperation } from '../../model/vocabulary/cluster.ts'
import { scopes } from '../../properties/scopes.ts'
import type { Message } from './film.ts'
import { Ledger } from './ledger.ts'

const setup = { ...scopes.cluster.plainSetup, brokers: 2 }
/** b1 has something to say to the controller. */
const beat: ClusterOperation = { kind: 'advance', ms: setup.broker.heartbeatIntervalMs, node: 'b1' }
const broken = (late: boolean): ClusterOperation => ({ kind: 'disconnect', a: 'b1', b: 'ctl', late })
const quiet: ClusterOperation = { kind: 'settle' }

/** The messages from one to another, after operations on a cluster that was quiet. */
function messages(from: string, to: string, ...operations: readonly ClusterOperation[]): readonly Message[] {
  const model = scopes.cluster.startModel(setup)
  model.apply(quiet)
  const ledger = new Ledger(model.observe(), { step: 0, moment: 0 })
  for (const [index, operation] of operations.entries()) {
    model.apply(operation)
    ledger.saw({ operation, after: model.observe() }, { step: index + 1, moment: 0 })
  }
  return ledger.messages.filter(message => message.from === from && message.to === to)
}

const heartbeat = { kind: 'BrokerHeartbeat', sent: { step: 1, moment: 0 } }

test('a message that nobody moves waits', () => {
  expect(messages('b1', 'ctl', beat)).toMatchObject([{ ...heartbeat, fate: 'waiting', ended: null, why: null }])
})

test('a message is delivered, and so is its answer', () => {
  const there: ClusterOperation = { kind: 'deliver', from: 'b1', to: 'ctl' }
  const back: ClusterOperation = { kind: 'deliver', from: 'ctl', to: 'b1' }
  expect(messages('b1', 'ctl', beat, there)).toMatchObject([
    { ...heartbeat, fate: 'delivered', ended: { step: 2 }, why: null },
  ])
  expect(messages('ctl', 'b1', beat, there, back)).toMatchObject([
    { kind: 'BrokerHeartbeatResponse', sent: { step: 2 }, fate: 'delivered', ended: { step: 3 } },
  ])
})

test('a broken connection loses what is in flight', () => {
  const why = 'its connection broke'
  expect(messages('b1', 'ctl', beat, broken(false))).toMatchObject([
    { ...heartbeat, fate: 'lost', ended: { step: 2 }, why },
  ])
})

test('what was read before the connection broke is late, until it is processed', () => {
  const late: ClusterOperation = { kind: 'deliverLate', from: 'b1', to: 'ctl' }
  expect(messages('b1', 'ctl', beat, broken(true))).toMatchObject([{ ...heartbeat, fate: 'late', ended: null }])
  expect(messages('b1', 'ctl', beat, broken(true), late)).toMatchObject([
    { ...heartbeat, fate: 'late', ended: { step: 3 } },
  ])
})

test('what a process had read dies with it, and what is sent to it when it is down is lost', () => {
  const crash: ClusterOperation = {
    kind: 'crash',
    broker: 2,
    damage: { kind: 'kept' },
    indexes: 'kept',
    late: false,
  }
  const topic: ClusterOperation = {
    kind: 'createTopic',
    topic: 't',
    assignment: [[1, 2]],
    config: scopes.cluster.plainSetup.offsetsConfig,
  }
  const late: ClusterOperation = { kind: 'disconnect', a: 'ctl', b: 'b2', late: true }
  expect(messages('ctl', 'b2', topic, late, crash)).toMatchObject([
    { kind: 'MetadataUpdate', fate: 'lost', ended: { step: 3 }, why: 'b2 went down before it was processed' },
  ])
  expect(messages('ctl', 'b2', crash, topic, { kind: 'deliver', from: 'ctl', to: 'b2' })).toMatchObject([
    { kind: 'MetadataUpdate', fate: 'lost', ended: { step: 3 }, why: 'b2 is down' },
  ])
})

const at = { broker: 1, topic: 't', partition: 0 }
const send: ClusterOperation = {
  kind: 'send',
  producer: 'p1',
  topic: 't',
  partition: 0,
  records: [{ key: 'k', value: 'a' }],
  draw: 0,
}
/** p1 has written to b1 once, and b1's disk is full. */
const written: readonly ClusterOperation[] = [
  { kind: 'createTopic', topic: 't', assignment: [[1, 2]], config: setup.offsetsConfig },
  { kind: 'openProducer', producer: 'p1', acks: 1, idempotent: false, partitioner: 'sticky' },
  send,
  quiet,
  { kind: 'fillDisk', ...at, bytes: 0 },
]

test('who halts at a message has got it, and nothing of what stood behind it', () => {
  const operations: readonly ClusterOperation[] = [...written, send, send, { kind: 'deliver', from: 'p1', to: 'b1' }]
  const sent = messages('p1', 'b1', ...operations).slice(-2)
  expect(sent).toMatchObject([
    { kind: 'Produce', sent: { step: 6 }, fate: 'delivered', ended: { step: 8 } },
    { kind: 'Produce', sent: { step: 7 }, fate: 'lost', ended: { step: 8 }, why: 'b1 went down' },
  ])
})

describe('what was read, late, by a broker that goes down', () => {
  const apart: ClusterOperation = { kind: 'disconnect', a: 'p1', b: 'b1', late: true }
  const read = [...written, send, send, apart]
  const why = 'b1 went down before it was processed'

  test('was processed if it halted at it, and is lost if it stood behind', () => {
    const halts: ClusterOperation = { kind: 'deliverLate', from: 'p1', to: 'b1' }
    expect(messages('p1', 'b1', ...read, halts).slice(-2)).toMatchObject([
      { sent: { step: 6 }, fate: 'late', ended: { step: 9 } },
      { sent: { step: 7 }, fate: 'lost', ended: { step: 9 }, why },
    ])
  })

  test('is lost if it halted at what somebody else had sent', () => {
    const b2: readonly ClusterOperation[] = [
      { kind: 'disconnect', a: 'b2', b: 'b1', late: false },
      { kind: 'advance', ms: setup.broker.replicaFetchBackoffMs, node: 'b2' },
      { kind: 'disconnect', a: 'b2', b: 'b1', late: true },
    ]
    const halts: ClusterOperation = { kind: 'deliverLate', from: 'p1', to: 'b1' }
    const ofB2 = messages('b2', 'b1', ...read, ...b2, halts).filter(({ ended }) => ended?.step === 12)
    expect(ofB2).toMatchObject([{ kind: 'Fetch', fate: 'lost', why }])
  })

  test.each<[string, ClusterOperation, string]>([
    ['a crash', { kind: 'crash', broker: 1, damage: { kind: 'kept' }, indexes: 'kept', late: true }, why],
    ['a restart', { kind: 'restart', broker: 1 }, 'b1 was stopped before it was processed'],
  ])('is lost by %s', (_what, operation, because) => {
    expect(messages('p1', 'b1', ...read, operation).slice(-2)).toMatchObject([
      { sent: { step: 6 }, fate: 'lost', ended: { step: 9 }, why: because },
      { sent: { step: 7 }, fate: 'lost', ended: { step: 9 }, why: because },
    ])
  })

  test('is lost when a delivery halts it', () => {
    const more: readonly ClusterOperation[] = [
      { kind: 'advance', ms: 2000, node: 'p1' },
      send,
      { kind: 'deliver', from: 'p1', to: 'b1' },
    ]
    const late = messages('p1', 'b1', ...read, ...more).filter(({ sent }) => sent.step === 6 || sent.step === 7)
    expect(late).toMatchObject([
      { fate: 'lost', ended: { step: 11 }, why },
      { fate: 'lost', ended: { step: 11 }, why },
    ])
  })
})
