import { expect, test } from 'vitest'
import { topicConfig } from '../controller/examples.ts'
import { batch } from '../log/examples.ts'
import {
  broken,
  cluster,
  consumer,
  decided,
  history,
  leader,
  nothingYet,
  replica,
  sequenced,
  transition,
} from './examples.ts'
import { epochsRise, logsMatch, oneLeaderAnEpoch, oneRecordPerOffset, producerOrder } from './order.ts'

const healthy = cluster([leader(), replica(), replica()])
const seen = transition(nothingYet, healthy)

test('two consumers that read different records at one offset break O1', () => {
  const read = (value: string) =>
    transition(healthy, { ...healthy, consumers: { c1: consumer('c1'), c2: consumer('c2', [value]) } })
  const processed = [{ offset: 0, key: 'k', value: 'a' }]
  expect(oneRecordPerOffset(history({ processed }), read('a'))).toBeNull()
  expect(oneRecordPerOffset(history({ processed }), read('b'))).toEqual({
    claim: 'O1',
    sentence: 'c2 read "k=b" at offset 0 of t/0, where "k=a" was read before',
  })
  expect(oneRecordPerOffset(history({ processed, contract: broken }), read('b'))).toBeNull()
})

test('sequences of one session that do not go on by one break O3', () => {
  const written = (...sequences: readonly number[]) => {
    const batches = sequences.map((sequence, i) => sequenced(2 * i, 2 * i + 1, sequence))
    return transition(nothingYet, cluster([leader({ batches }), replica(), replica()]))
  }
  expect(producerOrder(history(), written(4, 6, 8))).toBeNull()
  expect(producerOrder(history(), written(2 ** 31 - 2, 0, 2))).toBeNull()
  const twice = { claim: 'O3', sentence: 'producer 7 has sequence 0 at offset 2 of t/0, out of order' }
  expect(producerOrder(history(), written(0, 0))).toEqual(twice)
  expect(producerOrder(history(), written(4, 8))).toMatchObject({ claim: 'O3' })
  expect(producerOrder(history({ contract: broken }), written(0, 0))).toBeNull()
})

test('logs that share a batch and differ below it break O4', () => {
  const followed = (batches: readonly ReturnType<typeof batch>[]) =>
    transition(nothingYet, cluster([leader(), replica({ batches }), replica()]))
  expect(logsMatch(history(), seen)).toBeNull()
  expect(logsMatch(history(), followed([batch(0, 1)]))).toBeNull()
  const other = { ...batch(0, 1), records: [{ offset: 0, key: 'k', value: 'x', timestamp: 0 }] }
  expect(logsMatch(history(), followed([other, batch(2, 2)]))).toEqual({
    claim: 'O4',
    sentence: 'b1 and b2 differ at offset 0 of t/0, below a batch that both have',
  })
  expect(logsMatch(history(), followed([batch(2, 2)]))).toBeNull()
  expect(logsMatch(history(), followed([batch(0, 0), batch(2, 2)]))).toMatchObject({ claim: 'O4' })
})

test('logs that part after the last batch that both have keep O4, and so do rotten and compacted ones', () => {
  const parted = [batch(0, 1), batch(2, 2, 1)]
  expect(
    logsMatch(history(), transition(nothingYet, cluster([leader(), replica({ batches: parted }), replica()]))),
  ).toBeNull()
  const rotten = [{ ...batch(0, 1), records: [], corrupt: true }, batch(2, 2)]
  expect(
    logsMatch(history(), transition(nothingYet, cluster([leader(), replica({ batches: rotten }), replica()]))),
  ).toBeNull()
  const compacted = decided({}, [], { ...topicConfig, cleanupPolicy: 'compact' })
  const holes = [batch(0, 0), batch(2, 2)]
  const cleaned = cluster([leader(), replica({ batches: holes }), replica()], compacted)
  expect(logsMatch(history(), transition(nothingYet, cleaned))).toBeNull()
})

test('leader epochs that fall, or that the epoch cache does not say, break O5', () => {
  const written = (epochs: readonly number[], cache: readonly number[]) =>
    transition(
      nothingYet,
      cluster([
        leader({
          batches: epochs.map((epoch, offset) => batch(offset, offset, epoch)),
          epochs: cache.map((epoch, i) => ({ epoch, startOffset: i })),
        }),
        replica(),
        replica(),
      ]),
    )
  expect(epochsRise(history(), written([0, 2, 2], [0, 2]))).toBeNull()
  expect(epochsRise(history(), written([2, 1], []))).toEqual({
    claim: 'O5',
    sentence: 'b1 has a batch of epoch 1 at offset 1 of t/0, which its epoch cache does not say',
  })
  expect(epochsRise(history(), written([0, 1], [0]))).toMatchObject({ claim: 'O5' })
})

test('two brokers that lead in one epoch break O6, whenever they did', () => {
  const led = (...leaders: readonly (readonly [number, number])[]) =>
    history({ leaders: leaders.map(([leaderEpoch, brokerId]) => ({ leaderEpoch, brokerId })) })
  expect(oneLeaderAnEpoch(led([0, 1], [1, 2], [2, 1]), seen)).toBeNull()
  expect(oneLeaderAnEpoch(led([0, 1], [1, 2], [0, 3]), seen)).toEqual({
    claim: 'O6',
    sentence: 'b1 and b3 both led t/0 in epoch 0',
  })
})
