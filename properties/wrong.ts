// Subjects that are wrong on purpose, for tests of the harness: the model itself, with something changed on the way out.
import type { ObservationOf, OperationOf, OutcomeOf, Scope } from './scope.ts'
import type { ScopeName, Subject } from './verdict.ts'

/** What to change; each may also throw. */
export type Wrong<S extends ScopeName> = {
  readonly outcome?: (outcome: OutcomeOf<S>, operation: OperationOf<S>) => OutcomeOf<S>
  /** `done` are the operations so far. */
  readonly observation?: (seen: ObservationOf<S>, done: readonly OperationOf<S>[]) => ObservationOf<S>
}

/** The scope's model as a subject, with a lie in it. */
export function wrongSubject<S extends ScopeName>(scope: Scope<S>, wrong: Wrong<S>): Subject<S> {
  return {
    name: 'liar',
    start: setup => {
      const model = scope.startModel({ ...setup, scope: scope.name })
      const done: OperationOf<S>[] = []
      return {
        apply: operation => {
          done.push(operation)
          const outcome = model.apply(operation)
          return wrong.outcome?.(outcome, operation) ?? outcome
        },
        observe: () => {
          const seen = model.observe()
          return wrong.observation?.(seen, done) ?? seen
        },
      }
    },
  }
}
