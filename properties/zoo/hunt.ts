// Looks for one planted bug: campaigns of random runs until the first that fails, which is then made small.

import type { Strategy } from '../generation/strategy.ts'
import type { Run } from '../scope.ts'
import { playShard, runsOfShard } from '../shard.ts'
import { shrink, type Violated } from '../shrink.ts'
import type { ScopeName, Subject } from '../verdict.ts'
import type { PlantedBug } from './planted-bug.ts'

/** A run that caught a bug. */
export type Caught<S extends ScopeName = ScopeName> = {
  /** Index of the run in the campaign, so that one more runs were needed. */
  readonly run: number
  readonly failing: Run<S>
  readonly verdict: Violated
}

/** The first run of a campaign with this seed that fails under one of the bug's claims; null when `runsMost` do not. */
export function hunt<S extends ScopeName>(
  { caughtBy }: PlantedBug,
  scope: S,
  subject: Subject<S>,
  seed: number,
  runsMost: number,
  strategy?: Strategy,
): Caught<S> | null {
  for (let first = 0; first < runsMost; first += runsOfShard) {
    const runs = Math.min(runsOfShard, runsMost - first)
    for (const { index, run, verdict } of playShard(seed, scope, first / runsOfShard, runs, subject, {
      labels: false,
      ...(strategy === undefined ? {} : { strategy }),
    })) {
      if (verdict.kind === 'violation' && caughtBy.includes(verdict.claim)) {
        return { run: index, failing: run, verdict }
      }
    }
  }
  return null
}

/** Makes what was caught small; a failure that does not come back stays as it was. */
export function reduceCaught<S extends ScopeName>(caught: Caught<S>, subject: Subject<S>): Caught<S> {
  const shrunk = shrink(caught.failing, subject, { executions: executionsMost })
  return shrunk === null ? caught : { run: caught.run, failing: shrunk.run, verdict: shrunk.verdict }
}

/** What making one failure small may cost. */
const executionsMost = 3000
