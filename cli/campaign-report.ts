// What a campaign over several scopes found, put together in the order of the plan: the same with any number of workers.
import { type CampaignReport, campaignReport } from '../properties/campaign.ts'
import type { Found, ShardReport } from '../properties/shard.ts'
import type { Reached, ScopeName } from '../properties/verdict.ts'
import { type Portion, shares } from './plan.ts'

/** A portion that came back, or a sentence that says why it did not. */
export type PortionOutcome =
  | { readonly kind: 'result'; readonly portion: Portion; readonly shards: readonly ShardReport[] }
  | { readonly kind: 'lost'; readonly portion: Portion; readonly sentence: string }

/** Runs of which nothing is known. */
export type UnknownRuns = {
  readonly scope: ScopeName
  readonly seed: number
  readonly run: number
  readonly runs: number
  readonly sentence: string
}

/** A claim that runs of a scope broke, with the smallest sequence that breaks it. */
export type ScopeFound = Found & { readonly scope: ScopeName }

export type ScopeTotals = { readonly runs: number; readonly operations: number; readonly declined: number }

export type Merged = {
  readonly runs: number
  readonly operations: number
  /** Keyed `scope: behaviour`. */
  readonly reached: Reached
  /** Required behaviours that were not reached, as `scope: behaviour`. */
  readonly missing: readonly string[]
  readonly violations: readonly ScopeFound[]
  readonly failingRuns: number
  readonly unknown: readonly UnknownRuns[]
  /** Those of `unknown` that were never counted, because their worker hung or died. */
  readonly lost: readonly UnknownRuns[]
  /** Runs whose set-up the subject does not do. */
  readonly declined: number
  readonly scopes: Readonly<Partial<Record<ScopeName, ScopeTotals>>>
}

/** A campaign ends with the portion in which the failing runs become this many: a broken subject fails everywhere. */
const failingRunsMost = 20
/** A portion that hangs costs its whole time-out: four of them tell enough. */
const lostWeight = 5

/** How many of these outcomes, from the first on, belong to the campaign. A gap ends it: what comes there is not known. */
export function campaignLength(outcomes: readonly (PortionOutcome | undefined)[]): {
  readonly length: number
  readonly isOver: boolean
} {
  let failing = 0
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome === undefined) return { length: index, isOver: false }
    failing += outcome.kind === 'lost' ? lostWeight : failingRunsOf(outcome.shards.flatMap(shard => shard.violations))
    if (failing >= failingRunsMost) return { length: index + 1, isOver: true }
  }
  return { length: outcomes.length, isOver: false }
}

/** Adds the portions up. A subject that does not do everything is not asked for every behaviour. */
export function merge(outcomes: readonly PortionOutcome[], seed: number, doesEverything = true): Merged {
  const shardsOf = new Map<ScopeName, ShardReport[]>()
  const lost: UnknownRuns[] = []
  for (const outcome of outcomes) {
    const { scope, firstRun, runs } = outcome.portion
    const shards = shardsOf.get(scope) ?? []
    shardsOf.set(scope, shards)
    if (outcome.kind === 'result') shards.push(...outcome.shards)
    else lost.push({ scope, seed, run: firstRun, runs, sentence: outcome.sentence })
  }
  const reports = Array.from(shardsOf, ([scope, shards]) => campaignReport(scope, seed, shards))
  const violations = reports.flatMap(({ scope, violations: found }) => found.map(one => ({ ...one, scope })))
  const unknown = reports.flatMap(({ scope, unknown: runs }) => runs.map(one => ({ scope, seed, runs: 1, ...one })))
  const runs = reports.reduce((sum, report) => sum + report.runs, 0)
  const declined = reports.reduce((sum, report) => sum + report.declined, 0)
  return {
    runs,
    operations: reports.reduce((sum, { operations }) => sum + operations, 0),
    reached: Object.fromEntries(reports.flatMap(reachedOf)),
    missing: doesEverything && declined === 0 ? reports.flatMap(missingOf) : [],
    violations,
    failingRuns: failingRunsOf(violations),
    unknown: [...lost, ...unknown],
    lost,
    declined,
    scopes: Object.fromEntries(
      reports.map(({ scope, runs, operations, declined }) => [scope, { runs, operations, declined }]),
    ),
  }
}

function reachedOf({ scope, reached }: CampaignReport): readonly (readonly [string, number])[] {
  return Object.entries(reached).map(([label, count]) => [`${scope}: ${label}`, count] as const)
}

/** Nothing is asked of a scope that had too few runs to be held to it. */
function missingOf({ scope, runs, missing }: CampaignReport): readonly string[] {
  return runs < shares[scope].labelRunsMin ? [] : missing.map(label => `${scope}: ${label}`)
}

function failingRunsOf(violations: readonly Found[]): number {
  return violations.reduce((sum, { runs }) => sum + runs, 0)
}
