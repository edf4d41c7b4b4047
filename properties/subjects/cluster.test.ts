// The cluster as a subject: what is observed is what is there, and what did not change is the same object.
import { expect, test } from 'vitest'
import type { ClusterObservation, ClusterOperation } from '../../model/vocabulary/cluster.ts'
import { TestCluster } from '../simulation/test-cluster.ts'

const operations: readonly ClusterOperation[] = [
  { kind: 'openProducer', producer: 'p1', acks: -1, idempotent: true, partitioner: 'sticky' },
  ...['a', 'b', 'c'].flatMap((value): ClusterOperation[] => [
    { kind: 'send', producer: 'p1', topic: 't', partition: 0, records: [{ key: 'k', value }], draw: 0 },
    { kind: 'settle' },
    { kind: 'advance', ms: 300, node: null },
  ]),
  { kind: 'roll', broker: 2, topic: 't', partition: 0 },
  { kind: 'rot', broker: 3, topic: 't', partition: 0, offset: 1 },
  { kind: 'pause', broker: 3 },
  { kind: 'cut', from: 'b2', to: 'b1' },
  { kind: 'elapse', ms: 2000 },
  { kind: 'crash', broker: 1, damage: { kind: 'torn', bytes: 100 }, indexes: 'torn', late: true },
  { kind: 'elapse', ms: 12_000 },
  { kind: 'healAll' },
  { kind: 'resume', broker: 3 },
  { kind: 'restart', broker: 1 },
  { kind: 'elapse', ms: 5000 },
]

test('observing after every operation shows at the end what observing once shows', () => {
  const often = new TestCluster()
  const once = new TestCluster()
  for (const operation of operations) {
    expect(often.side.apply(operation)).toEqual(once.side.apply(operation))
    often.side.observe()
  }
  expect(often.side.observe()).toEqual(once.side.observe())
})

test('what an operation did not touch is the same object as before it', () => {
  const cluster = new TestCluster()
  cluster.openProducer(1)
  cluster.send('a')
  cluster.do({ kind: 'settle' })
  const before = cluster.side.observe()
  expect(cluster.side.observe()).toBe(before)

  cluster.send('b')
  const sent = cluster.side.observe()
  expect(sent.brokers).toBe(before.brokers)
  expect(sent.controller).toBe(before.controller)
  expect(changedLinks(before, sent)).toEqual(['p1>b1'])

  cluster.do({ kind: 'deliver', from: 'p1', to: 'b1' })
  const appended = cluster.side.observe()
  expect(appended.brokers.b1).not.toBe(before.brokers.b1)
  expect(appended.brokers.b2).toBe(before.brokers.b2)
  expect(appended.producers).toBe(sent.producers)
  // The batches that were there already are not decoded again.
  expect(batchesOf(appended)[0]).toBe(batchesOf(before)[0])
})

test('an operation that does not apply changes nothing', () => {
  const cluster = new TestCluster()
  const before = cluster.side.observe()
  const inapplicable: readonly ClusterOperation[] = [
    { kind: 'deliver', from: 'p1', to: 'b1' },
    { kind: 'deliver', from: 'p1', to: 'nobody' },
    { kind: 'deliverLate', from: 'p1', to: 'b1' },
    { kind: 'disconnect', a: 'b1', b: 'b1', late: false },
    { kind: 'cut', from: 'b1', to: 'b1' },
    { kind: 'advance', ms: -1, node: null },
    { kind: 'advance', ms: 1, node: 'nobody' },
    { kind: 'crash', broker: 9, damage: { kind: 'kept' }, indexes: 'kept', late: false },
    { kind: 'resume', broker: 1 },
    { kind: 'expireSession', broker: 9 },
    { kind: 'setUncleanElection', topic: 't', enabled: false },
    { kind: 'flush', broker: 1, topic: 'u', partition: 0 },
    { kind: 'send', producer: 'p1', topic: 't', partition: 0, records: [{ key: 'k', value: 'a' }], draw: 0 },
    { kind: 'poll', consumer: 'c1' },
    { kind: 'killClient', client: 'b1' },
  ]
  for (const operation of inapplicable) expect(cluster.side.apply(operation)).toEqual({ kind: 'nothing' })
  expect(cluster.side.observe()).toBe(before)
})

function changedLinks(before: ClusterObservation, after: ClusterObservation): readonly string[] {
  const names = new Set([...Object.keys(before.links), ...Object.keys(after.links)])
  return Array.from(names).filter(name => before.links[name] !== after.links[name])
}

function batchesOf(observation: ClusterObservation): readonly unknown[] {
  const { b1 } = observation.brokers
  if (b1 === undefined || b1.status === 'down') throw new Error('b1 is down')
  return b1.replicas.flatMap(({ batches }) => batches)
}
