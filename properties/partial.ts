// A subject that shows a part of what its scope has, or nothing: a model of its own fills in the rest, so that whoever
// compares sees whole observations. The same for a subject in this process as `subjects/exec/` does for one in another.
import type { ObservationOf, OperationOf, OutcomeOf, Scope, SetupOf } from './scope.ts'
import { scopes } from './scopes.ts'
import type { ScopeName, Scopes, Side, Subject } from './verdict.ts'

/** A side that shows what it has: the same fields after every operation. */
export type PartialSide<S extends ScopeName> = {
  /** Carries one operation out; total. */
  readonly apply: (operation: OperationOf<S>) => OutcomeOf<S>
  /** Some fields of the observation; none when this is absent, and then only outcomes are compared. */
  readonly observe?: () => Partial<ObservationOf<S>>
}

/** A subject as far as it goes. */
export type PartialSubject<S extends ScopeName> = {
  readonly name: string
  /** The kinds of operations that it does; all unless given. Runs for it have no others. */
  readonly operations?: readonly OperationOf<S>['kind'][]
  readonly start: (setup: Scopes[S]['setup']) => PartialSide<S>
}

/** The whole subject of a scope that is made of a part. */
export function partialSubject<S extends ScopeName>(scope: S, part: PartialSubject<S>): Subject<S> {
  const whole: Scope<S> = scopes[scope]
  const { name, operations, start } = part
  const startWhole = (given: Scopes[S]['setup']): Side<S> => {
    const side = start(given)
    const setup: SetupOf<S> = { ...given, scope }
    const own = whole.startModel(setup)
    return {
      apply: operation => {
        own.apply(operation)
        return side.apply(operation)
      },
      observe: () => ({ ...own.observe(), ...side.observe?.() }),
    }
  }
  return operations === undefined ? { name, start: startWhole } : { name, operations, start: startWhole }
}
