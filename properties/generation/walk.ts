// Walking the model: operations are drawn one at a time, each by someone who sees what the model shows at that point, so
// that most of them do something. What comes out is a plain list of operations, which needs no walker to be replayed.
import type { Random } from '../random.ts'
import type { ObservationOf, OperationOf, OutcomeOf, Run, Scope, SetupOf } from '../scope.ts'
import type { ScopeName } from '../verdict.ts'
import { drawMix } from './mix.ts'
import type { Strategy } from './strategy.ts'

/** One kind of thing that a walker can do. Kinds are the walker's own: several may make the same kind of operation. */
export type Move<S extends ScopeName> = {
  readonly name: string
  /** How often, against the others, before a run's own mix changes it. */
  readonly weight: number
  /** What to do now, perhaps in several steps; null when it would be pointless here. */
  readonly propose: (seen: ObservationOf<S>) => OperationOf<S> | readonly OperationOf<S>[] | null
}

/** Someone who walks one run. */
export type Walker<S extends ScopeName> = {
  readonly setup: SetupOf<S>
  readonly moves: readonly Move<S>[]
  /** About how many operations. */
  readonly length: number
  /** How the moves are mixed; as usual unless given. */
  readonly strategy?: Strategy
  /** Told of every operation, for what it wants to remember that the model does not show. */
  readonly saw?: (operation: OperationOf<S>, outcome: OutcomeOf<S>, after: ObservationOf<S>) => void
  /** What to end with, such as healing all faults; drawn in turns until it has nothing more. */
  readonly finale?: (seen: ObservationOf<S>, turn: number) => readonly OperationOf<S>[] | null
}

/** Draws a walker, and a set-up for it unless one is given. */
export type StartWalker<S extends ScopeName> = (random: Random, setup?: SetupOf<S>, strategy?: Strategy) => Walker<S>

/** Carries a drawn operation out, and says what the model shows then; null ends the walk. */
export type Take<S extends ScopeName> = (
  operation: OperationOf<S>,
) => { readonly outcome: OutcomeOf<S>; readonly observation: ObservationOf<S> } | null

/** Walks until the walker's length is reached or `take` has had enough. */
export function walk<S extends ScopeName>(
  walker: Walker<S>,
  random: Random,
  start: ObservationOf<S>,
  take: Take<S>,
): void {
  const drawMove = drawMix(walker.moves, random, walker.strategy)
  let seen = start
  let count = 0
  const takeAll = (operations: readonly OperationOf<S>[]): boolean => {
    for (const operation of operations) {
      const taken = take(operation)
      if (taken === null) return false
      walker.saw?.(operation, taken.outcome, taken.observation)
      seen = taken.observation
      count++
    }
    return true
  }
  // A walker whose moves all find nothing to do must not walk for ever.
  for (let draws = 0; count < walker.length && draws < walker.length * drawsForEach; draws++) {
    const proposed = drawMove().propose(seen)
    if (proposed === null) continue
    if (!takeAll(isList(proposed) ? proposed : [proposed])) return
  }
  for (let turn = 0; ; turn++) {
    const last = walker.finale?.(seen, turn) ?? null
    if (last === null || !takeAll(last)) return
  }
}

const drawsForEach = 20

/** Draws a whole run on the model alone. */
export function drawRun<S extends ScopeName>(scope: Scope<S>, random: Random): Run<S> {
  const walker = scope.startWalker(random)
  const model = scope.startModel(walker.setup)
  const operations: OperationOf<S>[] = []
  walk(walker, random, model.observe(), operation => {
    operations.push(operation)
    return { outcome: model.apply(operation), observation: model.observe() }
  })
  return { setup: walker.setup, operations }
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value)
}
