// The order in which a failing run is made smaller, without saying how a run is executed: whoever drives it executes what it
// asks for, at once or after waiting for a live broker, and hands back what failed.
//
// In order, until nothing helps: cut after the failing step; delete chunks from the end, halves down to single operations;
// delete pairs that belong together; drop nodes and topics, make the set-up plain; make values simple; tell the same in
// fewer operations.
import { withoutChunk } from './shrink-candidates.ts'

type Sequence = { readonly operations: readonly unknown[] }

/** What there is to try besides deleting chunks. */
export type Ways<R> = {
  readonly pairs: (run: R) => Iterable<R>
  readonly setups: (run: R) => Iterable<R>
  readonly simplerAt: (run: R, index: number) => Iterable<R>
  readonly restructured: (run: R) => Iterable<R>
}

/** A run that fails, how, and how many executions it took to get there. */
export type Reduced<R, F> = { readonly run: R; readonly failure: F; readonly executions: number }

/**
 * Yields runs to execute. It is to be answered with the failure when the run fails in the same way, else with null, and
 * returns the smallest run that failed. `failure.step` is the index of the operation after which it was seen.
 */
export function* reduce<R extends Sequence, F extends { readonly step: number }>(
  run: R,
  failure: F,
  ways: Ways<R>,
  executionsMost: number,
): Generator<R, Reduced<R, F>, F | null> {
  let best = cutAfter(run, failure.step)
  let seen = failure
  let executions = 1

  function* take(candidate: R): Generator<R, boolean, F | null> {
    if (executions >= executionsMost) return false
    executions++
    const found = yield candidate
    if (found === null) return false
    best = cutAfter(candidate, found.step)
    seen = found
    return true
  }

  /** After a success the chunks before it are as they were: going from the end, none is tried twice at one size. */
  function* deleteChunks(): Generator<R, void, F | null> {
    for (let size = Math.ceil(best.operations.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      let end = best.operations.length
      while (end > 0) {
        yield* take(withoutChunk(best, Math.max(0, end - size), end))
        end = Math.min(end - size, best.operations.length)
      }
    }
  }

  /** Takes the first candidate that helps and starts over, until none does. */
  function* takeWhileAny(candidatesOf: (run: R) => Iterable<R>): Generator<R, void, F | null> {
    for (let helped = true; helped; ) {
      helped = false
      for (const candidate of candidatesOf(best)) {
        if (executions >= executionsMost) return
        if (yield* take(candidate)) {
          helped = true
          break
        }
      }
    }
  }

  for (let before: R | null = null; before !== best && executions < executionsMost; ) {
    before = best
    yield* deleteChunks()
    yield* takeWhileAny(ways.pairs)
    yield* takeWhileAny(ways.setups)
    for (let index = best.operations.length - 1; index >= 0; index--) {
      yield* takeWhileAny(candidate => ways.simplerAt(candidate, index))
    }
    yield* takeWhileAny(ways.restructured)
  }
  return { run: best, failure: seen, executions }
}

/** What comes after the failing step has no part in it; a failure of the whole run may need every step. */
function cutAfter<R extends Sequence>(run: R, step: number): R {
  return { ...run, operations: run.operations.slice(0, step + 1) }
}
