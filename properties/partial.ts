// A subject that shows a part of what its scope has, or nothing: a model of its own fills in the rest, so that whoever
// compares sees whole observations. The same for a subject in this process as `subjects/exec/` does for one in another.
import type { ObservationOf, OperationOf, OutcomeOf, Scope, SetupOf } from './scope.ts'
import { scopes } from './scopes.ts'
import { subjectGone } from './subject-gone.ts'
import type { ScopeName, Scopes, Side, Subject } from './verdict.ts'

/** A side that shows what it has: the same fields after every operation. */
export type PartialSide<S extends ScopeName> = {
  /**
   * Carries one operation out; total. Null, for a subject that `declines`: it does not do this one, and has done nothing. Then
   * the model's answer stands; so null may only be the answer to what changes nothing that is shown.
   */
  readonly apply: (operation: OperationOf<S>) => OutcomeOf<S> | null
  /** Some fields of the observation; none when this is absent, and then only outcomes are compared. */
  readonly observe?: () => Partial<ObservationOf<S>>
}

/** A subject as far as it goes. */
export type PartialSubject<S extends ScopeName> = {
  readonly name: string
  /** The kinds of operations that it does; all unless given. Runs for it have no others. */
  readonly operations?: readonly OperationOf<S>['kind'][]
  /** It answers null now and then. A campaign is not asked for every behaviour then. */
  readonly declines?: true
  readonly start: (setup: Scopes[S]['setup']) => PartialSide<S>
}

/** The whole subject of a scope that is made of a part. */
export function partialSubject<S extends ScopeName>(scope: S, part: PartialSubject<S>): Subject<S> {
  const whole: Scope<S> = scopes[scope]
  const { start, ...rest } = part
  const startWhole = (given: Scopes[S]['setup']): Side<S> => {
    const side = start(given)
    const setup: SetupOf<S> = { ...given, scope }
    const own = whole.startModel(setup)
    let hasDeclined = false
    const apply = (operation: OperationOf<S>): OutcomeOf<S> => {
      const before = own.observe()
      const expected = own.apply(operation)
      const outcome = side.apply(operation)
      hasDeclined = outcome === null
      if (outcome !== null) return outcome
      const { kind } = operation
      if (rest.declines !== true) throw subjectGone(`it answered null to ${kind}, and does not say that it declines`)
      const changed = Object.keys(side.observe?.() ?? {}).find(field => !areEqual(field, before, own.observe()))
      if (changed === undefined) return expected
      throw subjectGone(`it declined ${kind}, which changes ${changed}, and it shows ${changed}: it must do it`)
    }
    return { apply, observe: () => ({ ...own.observe(), ...side.observe?.() }), hasDeclined: () => hasDeclined }
  }
  return { ...rest, start: startWhole }
}

function areEqual(field: string, a: object, b: object): boolean {
  return JSON.stringify(Reflect.get(a, field)) === JSON.stringify(Reflect.get(b, field))
}
