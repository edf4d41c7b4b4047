// What a campaign does in which order: portions of each scope in turn, so that every scope has its share at any time.
import { runsOfShard } from '../properties/shard.ts'
import type { ScopeName } from '../properties/verdict.ts'

/** A piece of work for one worker: some runs of a scope, whole shards but for the last of all. */
export type Portion = { readonly scope: ScopeName; readonly firstRun: number; readonly runs: number }

/** How a scope is cut into portions, and how much of it there is. */
export type Share = {
  /** Shards in a portion: so many that handing it over costs nothing beside, so few that Ctrl-C is quick. */
  readonly shards: number
  /** Runs in a campaign that says nothing else. */
  readonly defaultRuns: number
  /** A campaign with fewer runs may miss a required behaviour by chance, so it is not asked for any. */
  readonly labelRunsMin: number
}

/** Each scope's share; docs/decisions/0003-campaigns.md says how the numbers were found. */
export const shares: Readonly<Record<ScopeName, Share>> = {
  log: { shards: 5, defaultRuns: 2500, labelRunsMin: 2000 },
  partitioner: { shards: 10, defaultRuns: 1000, labelRunsMin: 500 },
  assignor: { shards: 5, defaultRuns: 1500, labelRunsMin: 1000 },
  producer: { shards: 5, defaultRuns: 1500, labelRunsMin: 1000 },
  group: { shards: 5, defaultRuns: 1500, labelRunsMin: 1000 },
  cluster: { shards: 1, defaultRuns: 750, labelRunsMin: 2000 },
}

/** How much to do. Without a number of runs, `time` is the limit; without either, each scope's default. */
export type Extent =
  | { readonly kind: 'default' }
  | { readonly kind: 'runs'; readonly runs: number }
  | { readonly kind: 'time'; readonly ms: number }

/**
 * The portions of a campaign, scopes in turn; without end when time is the limit. A number of runs is shared out in
 * proportion to the defaults: exactly that number, unless it is less than one for each scope.
 */
export function* planned(scopes: readonly ScopeName[], extent: Extent): Generator<Portion> {
  const rows = scopes.map(scope => ({ scope, done: 0, total: totalRuns(scope, scopes, extent) }))
  for (;;) {
    // The scope that has the smallest part of its share done is next.
    let next: (typeof rows)[number] | null = null
    for (const row of rows) {
      if (row.done < row.total && (next === null || progress(row) < progress(next))) next = row
    }
    if (next === null) return
    const { scope, done, total } = next
    const runs = Math.min(shares[scope].shards * runsOfShard, total - done)
    yield { scope, firstRun: done, runs }
    next.done += runs
  }
}

/** Runs that are planned for one scope; infinite when time is the limit. */
export function totalRuns(scope: ScopeName, scopes: readonly ScopeName[], extent: Extent): number {
  switch (extent.kind) {
    case 'default':
      return shares[scope].defaultRuns
    case 'runs':
      return sharedOut(extent.runs, scopes)[scopes.indexOf(scope)] ?? 0
    case 'time':
      return Number.POSITIVE_INFINITY
  }
}

/** By scope; what rounding leaves over, or has taken too much, goes to whom it moved farthest. */
function sharedOut(runs: number, scopes: readonly ScopeName[]): readonly number[] {
  const whole = scopes.reduce((sum, name) => sum + shares[name].defaultRuns, 0)
  const exact = scopes.map(name => (runs * shares[name].defaultRuns) / whole)
  const rounded = exact.map(share => Math.max(1, Math.round(share)))
  const missing = runs - rounded.reduce((sum, share) => sum + share, 0)
  const step = Math.sign(missing)
  for (let left = Math.abs(missing); left > 0; left--) {
    let farthest = -1
    for (const [place, share] of rounded.entries()) {
      if (share + step < 1) continue
      const moved = (at: number): number => step * ((exact[at] ?? 0) - (rounded[at] ?? 0))
      if (farthest < 0 || moved(place) > moved(farthest)) farthest = place
    }
    if (farthest < 0) break
    rounded[farthest] = (rounded[farthest] ?? 0) + step
  }
  return rounded
}

function progress({ scope, done }: { readonly scope: ScopeName; readonly done: number }): number {
  return done / shares[scope].defaultRuns
}
