// A run as a picture starts from: what both sides showed after every operation, up to where the verdict ends. When the subject
// is gone the model goes on alone, so that there is still something to look at.
import { EqualPairs } from '../../properties/compare.ts'
import { openLockstep, type Seen } from '../../properties/lockstep.ts'
import type { ObservationOf, OperationOf, SetupOf } from '../../properties/scope.ts'
import { scopes } from '../../properties/scopes.ts'
import type { ScopeName, Subject, Verdict } from '../../properties/verdict.ts'

export type RecordedStep<S extends ScopeName> = {
  readonly operation: OperationOf<S>
  readonly model: Seen<S>
  /** Null when it threw, or was gone. */
  readonly subject: Seen<S> | null
  /** Both sides show the same, whatever they answered. */
  readonly isSame: boolean
}

export type Recorded<S extends ScopeName> = {
  readonly setup: SetupOf<S>
  /** What the model shows before the first operation. */
  readonly start: ObservationOf<S>
  readonly steps: readonly RecordedStep<S>[]
  readonly verdict: Verdict
}

/** Runs the operations in lockstep. */
export function recorded<S extends ScopeName>(
  setup: SetupOf<S>,
  operations: readonly OperationOf<S>[],
  subject: Subject<S>,
): Recorded<S> {
  const lockstep = openLockstep(setup, subject, { labels: false })
  const equal = new EqualPairs()
  const steps: RecordedStep<S>[] = []
  for (const operation of operations) {
    const step = lockstep.step(operation)
    if (step === null) break
    const isSame = step.subject !== null && equal.areEqual(step.model.observation, step.subject.observation)
    steps.push({ operation, model: step.model, subject: step.subject, isSame })
    if (step.verdict !== null) break
  }
  const { verdict } = lockstep.end()
  const rest = verdict.kind === 'unknown' ? modelAlone(setup, operations, verdict).steps.slice(steps.length) : []
  return { setup, start: lockstep.start, steps: [...steps, ...rest], verdict }
}

/** What the model shows when there is nobody beside it; the verdict says why. */
export function modelAlone<S extends ScopeName>(
  setup: SetupOf<S>,
  operations: readonly OperationOf<S>[],
  verdict: Verdict,
): Recorded<S> {
  const model = scopes[setup.scope].startModel(setup)
  const start = model.observe()
  const steps = operations.map(operation => {
    const outcome = model.apply(operation)
    return { operation, model: { outcome, observation: model.observe() }, subject: null, isSame: false }
  })
  return { setup, start, steps, verdict }
}
