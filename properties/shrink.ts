// Making a failing run small enough to understand. Works on any list of operations, wherever it came from, and keeps the
// kind of failure: a smaller run counts only if it breaks the same claim, with the sides as much at odds as before.
//
// In order, until nothing helps: cut after the failing step; delete chunks from the end, halves down to single operations;
// delete pairs that belong together; drop nodes and topics, make the set-up plain; make values simple; tell the same in
// fewer operations.
import { runLockstep } from './lockstep.ts'
import { scopeFor } from './restricted.ts'
import type { Run, Scope } from './scope.ts'
import { simplerAt, smallerSetups, withoutChunk, withoutPairs } from './shrink-candidates.ts'
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
  return new Shrinking(scope, execute, cutAfter(run, verdict), verdict, options.executions ?? 1000).finish()
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

class Shrinking<S extends ScopeName> {
  readonly #scope: Scope<S>
  readonly #execute: (run: Run<S>) => Verdict
  readonly #kind: string
  readonly #executionsMost: number
  #best: Run<S>
  #verdict: Violated
  #executions = 1

  constructor(
    scope: Scope<S>,
    execute: (run: Run<S>) => Verdict,
    run: Run<S>,
    verdict: Violated,
    executionsMost: number,
  ) {
    this.#scope = scope
    this.#execute = execute
    this.#best = run
    this.#verdict = verdict
    this.#kind = kindOf(verdict)
    this.#executionsMost = executionsMost
  }

  finish(): Shrunk<S> {
    for (let before: Run<S> | null = null; before !== this.#best && this.#executions < this.#executionsMost; ) {
      before = this.#best
      this.#deleteChunks()
      this.#takeWhileAny(run => withoutPairs(this.#scope, run))
      this.#takeWhileAny(run => smallerSetups(this.#scope, run))
      for (let i = this.#best.operations.length - 1; i >= 0; i--)
        this.#takeWhileAny(run => simplerAt(this.#scope, run, i))
      this.#takeWhileAny(run => this.#scope.shrinking.restructured(run))
    }
    return { run: this.#best, verdict: this.#verdict, executions: this.#executions }
  }

  /** True, and the candidate is the best run now, if it breaks the same claim. */
  #take(candidate: Run<S>): boolean {
    if (this.#executions >= this.#executionsMost) return false
    this.#executions++
    const verdict = this.#execute(candidate)
    if (verdict.kind !== 'violation' || kindOf(verdict) !== this.#kind) return false
    this.#best = cutAfter(candidate, verdict)
    this.#verdict = verdict
    return true
  }

  /** After a success the chunks before it are as they were: going from the end, none is tried twice at one size. */
  #deleteChunks(): void {
    for (
      let size = Math.ceil(this.#best.operations.length / 2);
      size >= 1;
      size = size === 1 ? 0 : Math.ceil(size / 2)
    ) {
      let end = this.#best.operations.length
      while (end > 0) {
        this.#take(withoutChunk(this.#best, Math.max(0, end - size), end))
        end = Math.min(end - size, this.#best.operations.length)
      }
    }
  }

  /** Takes the first candidate that helps and starts over, until none does. */
  #takeWhileAny(candidatesOf: (run: Run<S>) => Iterable<Run<S>>): void {
    for (let helped = true; helped; ) {
      helped = false
      for (const candidate of candidatesOf(this.#best)) {
        if (this.#executions >= this.#executionsMost) return
        if (this.#take(candidate)) {
          helped = true
          break
        }
      }
    }
  }
}

/** A disagreement must not turn into a rule that both sides break together, nor the other way round. */
function kindOf({ claim, differences }: Violated): string {
  return `${claim} ${differences.length > 0}`
}

/** What comes after the failing step has no part in it; a failure of the whole run may need every step. */
function cutAfter<S extends ScopeName>({ setup, operations }: Run<S>, { step }: Violated): Run<S> {
  return { setup, operations: operations.slice(0, step + 1) }
}
