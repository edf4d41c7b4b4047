// A campaign in the process that asks for it, without workers: it gives the event loop a turn after every shard, so that
// time-outs and cancellations of a test runner are heard, and ends with the first shard in which something is wrong.
import { type Merged, merge } from '../cli/campaign-report.ts'
import { turn } from '../cli/interrupt.ts'
import { shares } from '../cli/plan.ts'
import { doesEverything } from '../cli/subject.ts'
import { type Found, runShard, runsOfShard, type ShardReport } from '../properties/shard.ts'
import type { ScopeName, Subject } from '../properties/verdict.ts'
import type { Wanted } from './options.ts'

/** What it came to. */
export type CampaignHere<S extends ScopeName> = Omit<Merged, 'violations'> & {
  readonly violations: readonly Found<S>[]
  /** How many runs were wanted, when the time was over before they were done. */
  readonly cutOf: number | null
}

/** Runs a campaign with this seed until it is done, something is found, or `signal` says that nobody waits any longer. */
export async function campaignHere<S extends ScopeName>(
  scope: S,
  subject: Subject<S>,
  seed: number,
  { extent, timeoutMs }: Wanted,
  signal: AbortSignal,
): Promise<CampaignHere<S>> {
  const runs = extent.kind === 'time' ? Number.POSITIVE_INFINITY : (extent.runs ?? shares[scope].defaultRuns)
  const endsAt = performance.now() + (extent.kind === 'time' ? extent.ms : timeoutMs)
  const isOver = (): boolean => performance.now() >= endsAt || signal.aborted
  const shards: ShardReport<S>[] = []
  let done = 0
  while (done < runs && !isOver()) {
    const wanted = Math.min(runsOfShard, runs - done)
    const onPlayed = (): 'go on' | 'last' => (isOver() ? 'last' : 'go on')
    const shard = runShard(seed, scope, done / runsOfShard, wanted, subject, { onPlayed })
    shards.push(shard)
    done += shard.runs
    if (shard.violations.length > 0 || shard.unknown.length > 0 || shard.runs < wanted) break
    await turn()
  }
  const portion = { scope, firstRun: 0, runs: done }
  const merged = merge([{ kind: 'result', portion, shards }], seed, doesEverything(scope, subject))
  // The last shard is the only one that can have any.
  const violations = shards.at(-1)?.violations ?? []
  const isCut = extent.kind === 'runs' && done < runs && violations.length === 0 && merged.unknown.length === 0
  return { ...merged, violations, cutOf: isCut ? runs : null }
}
