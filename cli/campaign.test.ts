import { describe, expect, test } from 'vitest'
import { requiredLabels } from '../properties/coverage.ts'
import type { ShardReport } from '../properties/shard.ts'
import { scopeNames } from '../traces/scope-names.ts'
import { runPortions } from './campaign.ts'
import { campaignLength, merge, type PortionOutcome } from './campaign-report.ts'
import { type Portion, planned, shares } from './plan.ts'
import type { Workers } from './workers.ts'

const nothing: ShardReport = {
  shard: 0,
  runs: 50,
  operations: 10,
  reached: {},
  violations: [],
  unknown: [],
  declined: 0,
}

/** A portion of the first scope with a number of failing runs. */
function came(firstRun: number, failing: number): PortionOutcome {
  const found = {
    claim: 'O3',
    sentence: '',
    settings: [],
    seed: 1,
    run: firstRun,
    originalOperations: 1,
    setup: { scope: 'partitioner', partitioner: 'sticky' },
    operations: [],
    runs: failing,
  } as const
  const shard: ShardReport = { ...nothing, shard: firstRun / 50, violations: failing === 0 ? [] : [found] }
  return { kind: 'result', portion: { scope: 'partitioner', firstRun, runs: 50 }, shards: [shard] }
}

describe('a plan', () => {
  test('gives every scope its share at any time, and covers each run once', () => {
    const portions = [...planned(['log', 'partitioner'], { kind: 'default' })]
    for (const scope of ['log', 'partitioner'] as const) {
      const mine = portions.filter(portion => portion.scope === scope)
      const ends = mine.map(({ firstRun, runs }) => firstRun + runs)
      expect(mine.map(({ firstRun }) => firstRun)).toEqual([0, ...ends.slice(0, -1)])
      expect(ends.at(-1)).toBe(shares[scope].defaultRuns)
      const half = portions.slice(0, portions.length / 2).filter(portion => portion.scope === scope)
      expect(half.length).toBeGreaterThan(mine.length * 0.3)
    }
  })

  test('of a number of runs shares them out, at least one for each scope', () => {
    const runs = (wanted: number) => [...planned(['log', 'cluster'], { kind: 'runs', runs: wanted })]
    expect(runs(1).map(({ scope, runs: count }) => [scope, count])).toEqual([
      ['log', 1],
      ['cluster', 1],
    ])
    expect(runs(11_000).reduce((sum, portion) => sum + portion.runs, 0)).toBe(11_000)
  })

  test('of a number of runs has exactly that many, of however many scopes', () => {
    for (let wanted = scopeNames.length; wanted < 300; wanted++) {
      const portions = [...planned(scopeNames, { kind: 'runs', runs: wanted })]
      expect(portions.reduce((sum, portion) => sum + portion.runs, 0)).toBe(wanted)
      expect(new Set(portions.map(({ scope }) => scope)).size).toBe(scopeNames.length)
    }
  })

  test('of a time has no end', () => {
    const portions = planned(['log'], { kind: 'time', ms: 1 })
    for (let count = 0; count < 1000; count++) expect(portions.next().done).toBe(false)
  })
})

describe('a report', () => {
  test('ends with the portion in which failures became too many, whatever came after it', () => {
    expect(campaignLength([came(0, 19), came(50, 0)])).toEqual({ length: 2, isOver: false })
    expect(campaignLength([came(0, 19), came(50, 1), came(100, 9)])).toEqual({ length: 2, isOver: true })
    expect(campaignLength([came(0, 0), undefined, came(100, 50)])).toEqual({ length: 1, isOver: false })
  })

  test('asks for every required behaviour, but only when there were enough runs', () => {
    const portion = { scope: 'partitioner', firstRun: 0, runs: 50 } as const
    const runs = shares.partitioner.labelRunsMin
    const few = merge([{ kind: 'result', portion, shards: [{ ...nothing, runs: runs - 1 }] }], 1)
    const many = merge([{ kind: 'result', portion, shards: [{ ...nothing, runs }] }], 1)
    expect(few.missing).toEqual([])
    expect(many.missing).toEqual(requiredLabels('partitioner').map(label => `partitioner: ${label}`))
  })

  test('counts the runs of a lost worker as unknown', () => {
    const portion = { scope: 'log', firstRun: 500, runs: 250 } as const
    const { unknown, runs, lost } = merge([came(0, 0), { kind: 'lost', portion, sentence: 'it died' }], 9)
    expect(lost).toEqual(unknown)
    expect(unknown).toEqual([{ scope: 'log', seed: 9, run: 500, runs: 250, sentence: 'it died' }])
    expect(runs).toBe(50)
  })
})

test('the outcomes of a campaign do not depend on who finishes first', async () => {
  const portions: Portion[] = [0, 50, 100, 150].map(firstRun => ({ scope: 'partitioner', firstRun, runs: 50 }))
  const campaign = (lanes: number, delays: readonly number[]) => {
    const workers: Workers = {
      run: async (_name, task) => {
        const firstRun = 'firstRun' in task ? task.firstRun : 0
        await new Promise(resolve => setTimeout(resolve, delays[firstRun / 50]))
        // The only task that a campaign gives.
        return { kind: 'result', result: { shards: [{ ...nothing, shard: firstRun / 50 }], facts: null } } as never
      },
      end: async () => {},
    }
    return runPortions(portions.values(), workers, lanes, {
      seed: 1,
      choice: { subject: 'impl', wire: false },
      timeoutMs: 1000,
      isTimeUp: () => false,
      interrupt: new AbortController().signal,
      onOutcome: () => {},
    })
  }
  const alone = await campaign(1, [0, 0, 0, 0])
  expect(alone).toHaveLength(4)
  expect(await campaign(3, [40, 20, 0, 10])).toEqual(alone)
})
