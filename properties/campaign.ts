// A campaign: many runs, one report. Run i depends on (seed, i's shard) alone, so the report is the same byte for byte
// however many workers took part and in whatever order they finished. `cli/campaign.ts` runs shards on workers; here is
// what one of them adds up to, and the campaign on this thread.
import { missingLabels, sumOfReached } from './coverage.ts'
import { type Found, runShard, runsOfShard, type ShardReport } from './shard.ts'
import { isSmaller } from './shrink.ts'
import type { Reached, ScopeName, Subject } from './verdict.ts'

/** What a campaign found. Nothing in it depends on time or on the number of workers. */
export type CampaignReport = {
  readonly verdict: 'agree' | 'violation' | 'unknown'
  readonly scope: ScopeName
  readonly seed: number
  readonly runs: number
  readonly operations: number
  readonly reached: Reached
  /** Behaviours that a campaign must reach and that this one did not. */
  readonly missing: readonly string[]
  /** The smallest failure of each claim, ascending by claim. */
  readonly violations: readonly Found[]
  readonly unknown: readonly { readonly run: number; readonly sentence: string }[]
  /** Runs whose set-up the subject does not do. */
  readonly declined: number
}

/** One report of the shards of a campaign, in whatever order they come. */
export function campaignReport(scope: ScopeName, seed: number, shards: readonly ShardReport[]): CampaignReport {
  const reports = shards.toSorted((a, b) => a.shard - b.shard)
  const reached = sumOfReached(reports.map(report => report.reached))
  const violations = smallestOfEachClaim(reports.flatMap(report => report.violations))
  const unknown = reports.flatMap(report => report.unknown)
  const runs = reports.reduce((sum, report) => sum + report.runs, 0)
  const declined = reports.reduce((sum, report) => sum + report.declined, 0)
  // Where every run was declined, nothing was seen.
  const isUnknown = unknown.length > 0 || (runs > 0 && declined === runs)
  return {
    verdict: violations.length > 0 ? 'violation' : isUnknown ? 'unknown' : 'agree',
    scope,
    seed,
    runs,
    operations: reports.reduce((sum, { operations }) => sum + operations, 0),
    reached,
    missing: missingLabels(scope, reached),
    violations,
    unknown,
    declined,
  }
}

/** A campaign on one thread, against any subject, without waiting. */
export function runCampaignHere<S extends ScopeName>(
  scope: S,
  seed: number,
  runs: number,
  subject?: Subject<S>,
): CampaignReport {
  const reports: ShardReport[] = []
  for (let shard = 0; runsIn(shard, runs) > 0; shard++) {
    reports.push(runShard(seed, scope, shard, runsIn(shard, runs), subject))
  }
  return campaignReport(scope, seed, reports)
}

function runsIn(shard: number, runs: number): number {
  return Math.max(0, Math.min(runsOfShard, runs - shard * runsOfShard))
}

/** Ties go to the earlier run, and the counts of runs add up. */
function smallestOfEachClaim(all: readonly Found[]): readonly Found[] {
  const smallest = new Map<string, Found>()
  for (const found of all) {
    const known = smallest.get(found.claim)
    const runs = found.runs + (known?.runs ?? 0)
    smallest.set(found.claim, { ...(known === undefined || isSmaller(found, known) ? found : known), runs })
  }
  return [...smallest.values()].sort((a, b) => (a.claim < b.claim ? -1 : 1))
}
