// A campaign: many runs, one report. Run i depends on (seed, i's shard) alone, so the report is the same byte for byte
// however many workers took part and in whatever order they finished. Who runs the shards, and the clock that may end a
// campaign, are the caller's.
import { missingLabels, sumOfReached } from './coverage.ts'
import { type Found, runShard, runsOfShard, type ShardReport } from './shard.ts'
import { isSmaller } from './shrink.ts'
import type { Reached, ScopeName, Subject } from './verdict.ts'

/** A piece of a campaign, as plain data for a worker. */
export type ShardTask = {
  readonly seed: number
  readonly scope: ScopeName
  readonly shard: number
  readonly runs: number
}

export type CampaignOptions = {
  readonly scope: ScopeName
  readonly seed: number
  /** How many runs; null goes on until `isOver`. */
  readonly runs: number | null
  /** Asked before each shard is handed out; `() => clock() > deadline` makes a campaign of a given time. */
  readonly isOver?: () => boolean
  /** Carries a shard out, here unless given: a worker pool's `run`. */
  readonly execute?: (task: ShardTask) => Promise<ShardReport> | ShardReport
  /** Shards under way at once, 1 unless given. */
  readonly workers?: number
  readonly onProgress?: (progress: CampaignProgress) => void
  /** Ends the campaign early; the report covers the shards that were finished. */
  readonly signal?: AbortSignal
}

export type CampaignProgress = {
  readonly runs: number
  readonly runsWanted: number | null
  readonly operations: number
  readonly violations: number
}

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
}

/** Runs a campaign to its end. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignReport> {
  const { scope, seed, isOver, signal } = options
  const execute = options.execute ?? (task => runShard(task.seed, task.scope, task.shard, task.runs))
  const reports: ShardReport[] = []
  let next = 0
  const work = async (): Promise<void> => {
    while (!signal?.aborted && !isOver?.()) {
      const shard = next
      const runs = runsIn(shard, options.runs)
      if (runs === 0) return
      next++
      reports.push(await execute({ seed, scope, shard, runs }))
      options.onProgress?.(progressOf(reports, options.runs))
      // Lets timers and signals have a turn between two shards in this thread.
      await Promise.resolve()
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, options.workers ?? 1) }, work))
  return campaignReport(scope, seed, reports)
}

/** One report of the shards of a campaign, in whatever order they come. */
export function campaignReport(scope: ScopeName, seed: number, shards: readonly ShardReport[]): CampaignReport {
  const reports = shards.toSorted((a, b) => a.shard - b.shard)
  const reached = sumOfReached(reports.map(report => report.reached))
  const violations = smallestOfEachClaim(reports.flatMap(report => report.violations))
  const unknown = reports.flatMap(report => report.unknown)
  return {
    verdict: violations.length > 0 ? 'violation' : unknown.length > 0 ? 'unknown' : 'agree',
    scope,
    seed,
    runs: reports.reduce((sum, { runs }) => sum + runs, 0),
    operations: reports.reduce((sum, { operations }) => sum + operations, 0),
    reached,
    missing: missingLabels(scope, reached),
    violations,
    unknown,
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

function runsIn(shard: number, runs: number | null): number {
  return runs === null ? runsOfShard : Math.max(0, Math.min(runsOfShard, runs - shard * runsOfShard))
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

function progressOf(reports: readonly ShardReport[], runsWanted: number | null): CampaignProgress {
  let runs = 0
  let operations = 0
  let violations = 0
  for (const report of reports) {
    runs += report.runs
    operations += report.operations
    violations += report.violations.length
  }
  return { runs, runsWanted, operations, violations }
}
