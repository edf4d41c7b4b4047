// Variations of a run that reached something new: its beginning, then a walk from there; or the same with a hole in it.
import type { Random } from '../random.ts'
import type { ObservationOf, Run, Scope } from '../scope.ts'
import type { ScopeName } from '../verdict.ts'
import type { Strategy } from './strategy.ts'
import { type Take, walk } from './walk.ts'

/** Replays part of the parent, on the parent's set-up, and lets a new walker go on where that ends. */
export function mutate<S extends ScopeName>(
  scope: Scope<S>,
  parent: Run<S>,
  random: Random,
  start: ObservationOf<S>,
  take: Take<S>,
  strategy: Strategy,
): void {
  const { operations } = parent
  const kept = random.chance(0.5)
    ? operations.slice(0, random.below(operations.length + 1))
    : withHole(operations, random)
  const walker = scope.startWalker(random, parent.setup, strategy)
  let seen = start
  for (const operation of kept) {
    const taken = take(operation)
    if (taken === null) return
    walker.saw?.(operation, taken.outcome, taken.observation)
    seen = taken.observation
  }
  walk({ ...walker, strategy, length: Math.ceil(walker.length / 2) }, random, seen, take)
}

function withHole<O>(operations: readonly O[], random: Random): readonly O[] {
  const start = random.below(operations.length)
  return operations.toSpliced(start, random.between(1, 4))
}
