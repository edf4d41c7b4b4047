// Making a failing run small enough to understand. Works on any list of operations, wherever it came from, and keeps the
// kind of failure: a smaller run counts only if it breaks the same claim, with the sides as much at odds as before.
//
// `reduce.ts` says what is tried, in which order.
import { runLockstep } from './lockstep.ts'
import { reduce } from './reduce.ts'
import { scopeFor } from './restricted.ts'
import type { Run, Scope } from './scope.ts'
import { simplerAt, smallerSetups, withoutPairs } from './shrink-candidates.ts'
import type { ScopeName, Subject, Verdict } from './verdict.ts'

export type Violated = Extract<Verdict, { readonly kind: 'violation' }>

/** A failing run with what it breaks, and how many executions it took to get there. */
export type Shrunk<S extends ScopeName> = {
  readonly run: Run<S>
  readonly verdict: Violated
  readonly executions: number
}

export type ShrinkOptions<S extends ScopeName> = {
  readonly scope?: Scope<S>
  /** Executions at most, 1000 unless given. */
  readonly executions?: number
}

/** The smallest run found that breaks the same claim; null when this one breaks none. */
export function shrink<S extends ScopeName>(
  run: Run<S>,
  subject: Subject<S>,
  options: ShrinkOptions<S> = {},
): Shrunk<S> | null {
  const scope: Scope<S> = options.scope ?? scopeFor<S>(run.setup.scope, subject)
  const execute = (candidate: Run<S>): Verdict =>
    runLockstep(candidate.setup, candidate.operations, subject, { scope, labels: false }).verdict
  const verdict = execute(run)
  if (verdict.kind !== 'violation') return null
  const steps = reduce<Run<S>, Violated>(
    run,
    verdict,
    {
      pairs: candidate => withoutPairs(scope, candidate),
      setups: candidate => smallerSetups(scope, candidate),
      simplerAt: (candidate, index) => simplerAt(scope, candidate, index),
      restructured: candidate => scope.shrinking.restructured(candidate),
    },
    options.executions ?? 1000,
  )
  for (let step = steps.next(); ; ) {
    if (step.done === true) return { ...step.value, verdict: step.value.failure }
    step = steps.next(sameKind(execute(step.value), verdict))
  }
}

/**
 * Several failures of one kind reduced independently: the smallest, and which of them it came from, because each alone may
 * be stuck. Null when none fails.
 */
export function shrinkSmallest<S extends ScopeName>(
  runs: readonly Run<S>[],
  subject: Subject<S>,
  options: ShrinkOptions<S> = {},
): (Shrunk<S> & { readonly index: number }) | null {
  let smallest: (Shrunk<S> & { readonly index: number }) | null = null
  let executions = 0
  for (const [index, run] of runs.entries()) {
    const shrunk = shrink(run, subject, options)
    executions += shrunk?.executions ?? 1
    if (shrunk !== null && (smallest === null || isSmaller(shrunk.run, smallest.run))) smallest = { ...shrunk, index }
  }
  return smallest === null ? null : { ...smallest, executions }
}

/** Fewer operations, or as many with less text. */
export function isSmaller<S extends ScopeName>(left: Run<S>, right: Run<S>): boolean {
  if (left.operations.length !== right.operations.length) return left.operations.length < right.operations.length
  return JSON.stringify(left).length < JSON.stringify(right).length
}

/** A disagreement must not turn into a rule that both sides break together, nor the other way round. */
function sameKind(found: Verdict, { claim, differences }: Violated): Violated | null {
  if (found.kind !== 'violation' || found.claim !== claim) return null
  return found.differences.length > 0 === differences.length > 0 ? found : null
}
