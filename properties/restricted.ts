// A scope for a subject that does not do everything: runs have only the kinds of operations that it declares, and stay so
// while they are made smaller. Claims, labels and the model are those of the whole scope.
import type { OperationOf, Run, Scope } from './scope.ts'
import { scopes } from './scopes.ts'
import type { ScopeName, Subject } from './verdict.ts'

/** The scope as far as the subject goes. */
export function scopeFor<S extends ScopeName>(name: S, subject: Subject<S>): Scope<S> {
  const whole: Scope<S> = scopes[name]
  return subject.operations === undefined ? whole : restricted(whole, new Set(subject.operations))
}

function restricted<S extends ScopeName>(scope: Scope<S>, kinds: ReadonlySet<string>): Scope<S> {
  const isDone = (operation: OperationOf<S>): boolean => kinds.has(operation.kind)
  const done = (operations: readonly OperationOf<S>[]): readonly OperationOf<S>[] => operations.filter(isDone)
  const isWithin = ({ operations }: Run<S>): boolean => operations.every(isDone)
  return {
    ...scope,
    startWalker: (random, setup, strategy) => {
      const walker = scope.startWalker(random, setup, strategy)
      const { finale } = walker
      const moves = walker.moves.map(move => ({
        ...move,
        propose: (seen: Parameters<typeof move.propose>[0]) => {
          const proposed = move.propose(seen)
          if (proposed === null) return null
          const within = done(isList(proposed) ? proposed : [proposed])
          return within.length === 0 ? null : within
        },
      }))
      return finale === undefined
        ? { ...walker, moves }
        : { ...walker, moves, finale: (seen, turn) => within(finale(seen, turn)) }
    },
    shrinking: {
      ...scope.shrinking,
      isSensible: operation => isDone(operation) && scope.shrinking.isSensible(operation),
      smallerRuns: run => filtered(scope.shrinking.smallerRuns(run), isWithin),
      restructured: run => filtered(scope.shrinking.restructured(run), isWithin),
    },
  }

  /** A turn of a finale may be left without operations; only its end is null. */
  function within(operations: readonly OperationOf<S>[] | null): readonly OperationOf<S>[] | null {
    return operations === null ? null : done(operations)
  }
}

function* filtered<T>(values: Iterable<T>, isKept: (value: T) => boolean): Iterable<T> {
  for (const value of values) if (isKept(value)) yield value
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value)
}
