// Variations of a run that reached something new: its beginning, then a walk from there; or the same with a hole in it.
import type { Random } from '../random.ts'
import type { Run, Scope } from '../scope.ts'
import type { ScopeName } from '../verdict.ts'
import { type Take, type Walker, walk } from './walk.ts'

/** Replays part of the parent, on the parent's set-up, and lets a new walker go on where that ends. */
export function mutate<S extends ScopeName>(scope: Scope<S>, parent: Run<S>, random: Random, take: Take<S>): void {
  const { operations } = parent
  const kept = random.chance(0.5)
    ? operations.slice(0, random.below(operations.length) + 1)
    : withHole(operations, random)
  // The walker is drawn for its mix and its memory; the set-up is the parent's.
  const walker: Walker<S> = scope.startWalker(random, parent.setup)
  let last = null
  for (const operation of kept) {
    last = take(operation)
    if (last === null) return
    walker.saw?.(operation, last.outcome, last.observation)
  }
  if (last !== null) walk({ ...walker, length: Math.ceil(walker.length / 2) }, random, last.observation, take)
}

function withHole<O>(operations: readonly O[], random: Random): readonly O[] {
  const start = random.below(operations.length)
  return operations.toSpliced(start, random.between(1, 4))
}
