import { describe, expect, test } from 'vitest'
import { campaignReport, runCampaignHere } from './campaign.ts'
import { logScope } from './scopes/log.ts'
import { runShard } from './shard.ts'
import { wrongSubject } from './wrong.ts'

const wrongAfterClean = wrongSubject(logScope, {
  observation: (seen, done) => (done.at(-1)?.kind === 'clean' ? { ...seen, firstDirtyOffset: -1 } : seen),
})

describe('a campaign', () => {
  test('reports the same, in whatever order its shards come', { timeout: 30_000 }, () => {
    const here = runCampaignHere('log', 5, 120)
    const shards = [runShard(5, 'log', 2, 20), runShard(5, 'log', 0, 50), runShard(5, 'log', 1, 50)]
    expect(JSON.stringify(campaignReport('log', 5, shards))).toBe(JSON.stringify(here))
    expect(here).toMatchObject({ verdict: 'agree', runs: 120, violations: [], unknown: [], declined: 0 })
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

  test('of which a subject is gone is unknown, not passed', () => {
    const shard = {
      shard: 0,
      runs: 1,
      operations: 0,
      reached: {},
      violations: [],
      unknown: [{ run: 0, sentence: 'gone' }],
      declined: 0,
    }
    expect(campaignReport('log', 1, [shard])).toMatchObject({
      verdict: 'unknown',
      unknown: [{ run: 0, sentence: 'gone' }],
    })
  })

  test('says nothing when every run was declined', () => {
    const shard = { shard: 0, runs: 2, operations: 0, reached: {}, violations: [], unknown: [], declined: 2 }
    expect(campaignReport('log', 1, [shard]).verdict).toBe('unknown')
    expect(campaignReport('log', 1, [{ ...shard, declined: 1 }]).verdict).toBe('agree')
  })
})
