// What a worker notes down of a portion's runs for the campaign report: the facts, and how long the slowest runs took. Only
// times depend on the machine, so they stand apart.
import type { Facts } from '../../properties/facts/facts.ts'
import { Gathering } from '../../properties/facts/gather.ts'
import type { ShardHooks } from '../../properties/shard.ts'
import type { ScopeName } from '../../properties/verdict.ts'

/** A run and how long it took. */
export type TimedRun = { readonly run: number; readonly operations: number; readonly ms: number }

export type TimedFacts = { readonly facts: Facts; readonly slowest: readonly TimedRun[] }

/** How many of the slowest runs of a scope are told. */
export const slowestTold = 5

/** Watches the shards of one portion. */
export function watchPortion<S extends ScopeName>(
  scope: S,
): { readonly hooks: () => ShardHooks<S>; readonly facts: () => TimedFacts } {
  const gathering = new Gathering(scope)
  let slowest: readonly TimedRun[] = []
  return {
    hooks: () => {
      let startedAt = performance.now()
      return {
        gathering,
        onPlayed: ({ index, run }) => {
          const now = performance.now()
          slowest = slowestOf([...slowest, { run: index, operations: run.operations.length, ms: now - startedAt }])
          startedAt = now
          return 'go on'
        },
      }
    },
    facts: () => ({ facts: gathering.facts(), slowest }),
  }
}

/** The slowest, slowest first. */
export function slowestOf(runs: readonly TimedRun[]): readonly TimedRun[] {
  return runs.toSorted((a, b) => b.ms - a.ms).slice(0, slowestTold)
}
