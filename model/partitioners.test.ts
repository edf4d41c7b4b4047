import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  initialPartitioner,
  observePartitioner,
  type PartitionerState,
  partitionForKey,
  stepPartitioner,
} from './partitioners.ts'
import type { PartitionerOperation } from './vocabulary/choosing.ts'

type Choose = Extract<PartitionerOperation, { kind: 'choose' }>

const keyless: Choose = {
  kind: 'choose',
  topic: 't',
  given: null,
  key: null,
  partitionCount: 4,
  available: [0, 1, 2, 3],
  draw: 0,
}
const newBatch: PartitionerOperation = { kind: 'newBatch', topic: 't' }

function run(state: PartitionerState, ...operations: readonly PartitionerOperation[]) {
  let last = state
  const outcomes = operations.map(operation => {
    const step = stepPartitioner(last, operation)
    last = step.state
    return step.outcome.kind === 'chosen' ? step.outcome.partition : step.outcome.kind
  })
  return { outcomes, observation: observePartitioner(last), state: last }
}

test('a given partition is taken as it is, before any key, if it exists', () => {
  const state = initialPartitioner('sticky')
  const given = (partition: number): Choose => ({ ...keyless, given: partition, key: 'abc', available: [] })
  expect(stepPartitioner(state, given(3))).toEqual({ state, outcome: { kind: 'chosen', partition: 3 } })
  for (const partition of [-1, 4]) {
    expect(stepPartitioner(state, given(partition)).outcome).toEqual({
      kind: 'error',
      error: 'UNKNOWN_TOPIC_OR_PARTITION',
    })
  }
})

test('a key chooses its partition by murmur2 without the sign bit, whether or not it is available', () => {
  expect(partitionForKey('abc', 10)).toBe(479470107 % 10)
  expect(partitionForKey('foobar', 10)).toBe((-790332482 & 0x7fffffff) % 10)
  const state = initialPartitioner('roundRobin')
  expect(stepPartitioner(state, { ...keyless, key: 'abc', available: [] })).toEqual({
    state,
    outcome: { kind: 'chosen', partition: 479470107 % 4 },
  })
})

test('round robin counts for each topic, over the available partitions', () => {
  const twoUp = { ...keyless, available: [1, 3] }
  const { outcomes, observation } = run(
    initialPartitioner('roundRobin'),
    twoUp,
    twoUp,
    twoUp,
    { ...keyless, topic: 'a', available: [] },
    { ...twoUp, available: [] },
  )
  expect(outcomes).toEqual([1, 3, 1, 0, 3])
  expect(observation).toEqual({
    topics: [
      { topic: 'a', counter: 1, current: null, previous: null },
      { topic: 't', counter: 4, current: null, previous: null },
    ],
  })
})

test('sticky keeps to one partition until its batch is closed, and then moves to another', () => {
  const draw = (number: number) => ({ ...keyless, draw: number })
  const { outcomes, observation } = run(
    initialPartitioner('sticky'),
    draw(6),
    draw(1),
    newBatch,
    draw(2),
    newBatch,
    newBatch,
    draw(7),
  )
  expect(outcomes).toEqual([2, 2, 'done', 3, 'done', 'done', 0])
  expect(observation).toEqual({ topics: [{ topic: 't', counter: 0, current: 0, previous: 3 }] })
})

test('sticky takes the only available partition again, and any one when none is available', () => {
  const one = { ...keyless, available: [2] }
  expect(run(initialPartitioner('sticky'), one, newBatch, one).outcomes).toEqual([2, 'done', 2])
  expect(run(initialPartitioner('sticky'), { ...keyless, available: [], draw: 7 }).outcomes).toEqual([3])
})

test('closing a batch of a topic without a choice changes nothing', () => {
  const state = initialPartitioner('sticky')
  expect(stepPartitioner(state, newBatch).state).toBe(state)
})

test('whatever is asked, a chosen partition exists', () => {
  const choices = fc.array(
    fc.record({
      kind: fc.constant('choose' as const),
      topic: fc.constantFrom('a', 't'),
      given: fc.option(fc.integer({ min: -2, max: 9 })),
      key: fc.option(fc.string()),
      partitionCount: fc.constant(5),
      available: fc.subarray([0, 1, 2, 3, 4]),
      draw: fc.nat(),
    }),
  )
  fc.assert(
    fc.property(fc.constantFrom('sticky', 'roundRobin'), choices, (partitioner, operations) => {
      for (const outcome of run(initialPartitioner(partitioner), ...operations).outcomes) {
        expect(outcome === 'error' || [0, 1, 2, 3, 4].includes(Number(outcome))).toBe(true)
      }
    }),
  )
})
