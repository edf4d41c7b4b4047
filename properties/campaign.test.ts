import { describe, expect, test } from 'vitest'
import { campaignReport, runCampaign, runCampaignHere } from './campaign.ts'
import { logScope } from './scopes/log.ts'
import { runShard } from './shard.ts'
import { wrongSubject } from './wrong.ts'

const wrongAfterClean = wrongSubject(logScope, {
  observation: (seen, done) => (done.at(-1)?.kind === 'clean' ? { ...seen, firstDirtyOffset: -1 } : seen),
})

describe('a campaign', () => {
  test('reports the same with one worker and with two, whichever finishes first', { timeout: 30_000 }, async () => {
    const here = runCampaignHere('log', 5, 120)
    const one = await runCampaign({ scope: 'log', seed: 5, runs: 120 })
    const waits = [3, 1, 0]
    const two = await runCampaign({
      scope: 'log',
      seed: 5,
      runs: 120,
      workers: 2,
      execute: async task => {
        await new Promise(done => setTimeout(done, 5 * (waits[task.shard] ?? 0)))
        return runShard(task.seed, task.scope, task.shard, task.runs)
      },
    })
    expect(JSON.stringify(one)).toBe(JSON.stringify(here))
    expect(JSON.stringify(two)).toBe(JSON.stringify(here))
    expect(here).toMatchObject({ verdict: 'agree', runs: 120, violations: [], unknown: [] })
  })

  test('with another seed is another campaign', () => {
    expect(runCampaignHere('partitioner', 1, 20)).not.toEqual(runCampaignHere('partitioner', 2, 20))
  })

  test('shows one shrunk failure of each claim, and where it came from', () => {
    const report = runCampaignHere('log', 3, 60, wrongAfterClean)
    expect(report.verdict).toBe('violation')
    expect(report.violations).toHaveLength(1)
    const [found] = report.violations
    expect(found).toMatchObject({ claim: 'L5', seed: 3, operations: [{ kind: 'clean' }], setup: logScope.plainSetup })
    expect(found?.originalOperations).toBeGreaterThan(1)
    expect(found?.runs).toBeGreaterThan(1)
  })

  test('says which behaviours it never reached', () => {
    const report = runCampaignHere('log', 3, 1)
    expect(report.missing).toContain('tombstone removed')
    expect(report.missing.every(label => report.reached[label] === undefined)).toBe(true)
  })

  test('reaches every required behaviour of the small scopes in 2000 runs', { timeout: 60_000 }, () => {
    expect(runCampaignHere('partitioner', 1, 2000).missing).toEqual([])
    expect(runCampaignHere('assignor', 1, 2000).missing).toEqual([])
  })

  test('ends when it is told to, with what it has', async () => {
    let shards = 0
    const report = await runCampaign({ scope: 'partitioner', seed: 1, runs: null, isOver: () => shards++ === 2 })
    expect(report.runs).toBe(100)
    expect(report).toEqual(runCampaignHere('partitioner', 1, 100))
    const aborted = AbortSignal.abort()
    const nothing = await runCampaign({ scope: 'partitioner', seed: 1, runs: 500, signal: aborted })
    expect(nothing.runs).toBe(0)
  })

  test('of which a subject is gone is unknown, not passed', () => {
    const shard = {
      shard: 0,
      runs: 1,
      operations: 0,
      reached: {},
      violations: [],
      unknown: [{ run: 0, sentence: 'gone' }],
    }
    expect(campaignReport('log', 1, [shard])).toMatchObject({
      verdict: 'unknown',
      unknown: [{ run: 0, sentence: 'gone' }],
    })
  })
})
