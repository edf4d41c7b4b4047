import { describe, expect, test } from 'vitest'
import type { PlantedBug } from '../properties/zoo/planted-bug.ts'
import { type AnyTrace, traceVersion } from '../traces/trace.ts'
import { type HuntOutcome, zooJson, zooRow, zooTable } from './zoo-report.ts'

const bug: PlantedBug = {
  name: 'one-bug',
  kind: 'slip',
  mechanism: 'something is wrong',
  source: null,
  claim: 'O3',
  caughtBy: ['O3', 'L1'],
  scope: 'log',
  patches: [],
  shortestCounterExample: 4,
}

function hunted(runs: number, claim: string, operations: number, seconds = 1): HuntOutcome {
  const trace: AnyTrace = {
    format: 'kafka-lockstep-trace',
    version: traceVersion,
    scope: 'partitioner',
    setup: { scope: 'partitioner', partitioner: 'sticky' },
    operations: Array.from({ length: operations }, () => ({ kind: 'newBatch', topic: 't' })),
    expect: { verdict: 'violation', claim },
  }
  return { kind: 'hunted', result: { seconds, caught: { runs, claim, originalOperations: 40, trace } } }
}

describe('a row of the zoo', () => {
  test('has the median and the worst of its seeds, and the shortest trace of all', () => {
    const row = zooRow(bug, [hunted(9, 'O3', 6, 2), hunted(1, 'L1', 3, 0.5), hunted(4, 'O3', 8)])
    expect(row).toMatchObject({
      caught: true,
      caughtSeeds: 3,
      missedSeeds: 0,
      claims: ['L1', 'O3'],
      operationsMedian: 6,
    })
    expect(row.runs).toEqual({ median: 4, worst: 9 })
    expect(zooJson(row, 'a.json')).toMatchObject({
      name: 'one-bug',
      claim: 'L1',
      caught: true,
      medianRuns: 4,
      worstRuns: 9,
      medianSeconds: 1,
      operations: 3,
      trace: 'a.json',
    })
    expect(zooTable([row])).toEqual([
      'bug      caught  claims  runs  worst  seconds  worst  operations  explorer',
      'one-bug  3 of 3  L1 O3      4      9      1.0    2.0           3         4',
    ])
  })

  test('is caught with every seed, or not at all', () => {
    const missed: HuntOutcome = { kind: 'hunted', result: { seconds: 9, caught: null } }
    const row = zooRow(bug, [hunted(9, 'O3', 6), missed, { kind: 'late' }])
    expect(row).toMatchObject({ caught: false, caughtSeeds: 1, missedSeeds: 2, unknown: [] })
  })

  test('does not take for missed what nobody knows', () => {
    const row = zooRow(bug, [{ kind: 'unknown', sentence: 'the worker died' }])
    expect(row).toMatchObject({ caught: false, missedSeeds: 0, unknown: ['the worker died'] })
    expect(zooJson(row, null)).toMatchObject({ claim: null, caught: false, medianRuns: null, operations: null })
    expect(zooTable([row])[1]).toBe('one-bug  0 of 1             -      -        -      -           -         4')
  })
})
