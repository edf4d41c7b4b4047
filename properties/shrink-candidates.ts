// What to try when a failing run is to become smaller: runs without some operations, with a smaller set-up, with simpler
// values. Both the shrinker and fast-check's shrinking draw from here.
import type { OperationOf, Run, Scope, SetupOf } from './scope.ts'
import { simplerValues, towards } from './simplify.ts'
import type { ScopeName } from './verdict.ts'

/** Everything, the boldest first. */
export function* allCandidates<S extends ScopeName>(scope: Scope<S>, run: Run<S>): Iterable<Run<S>> {
  for (let size = run.operations.length; size >= 1; size = Math.floor(size / 2)) yield* withoutChunks(run, size)
  yield* withoutPairs(scope, run)
  yield* smallerSetups(scope, run)
  for (let i = run.operations.length - 1; i >= 0; i--) yield* simplerAt(scope, run, i)
  yield* scope.shrinking.restructured(run)
}

/** The run without one chunk of `size` operations, from the end. */
export function* withoutChunks<S extends ScopeName>(run: Run<S>, size: number): Iterable<Run<S>> {
  for (let end = run.operations.length; end > 0; end -= size) yield withoutChunk(run, Math.max(0, end - size), end)
}

export function withoutChunk<R extends { readonly operations: readonly unknown[] }>(
  run: R,
  start: number,
  end: number,
): R {
  return { ...run, operations: run.operations.toSpliced(start, end - start) }
}

/** The run without two operations that belong together; in a short run, without any two. */
export function* withoutPairs<S extends ScopeName>(scope: Scope<S>, run: Run<S>): Iterable<Run<S>> {
  const { setup, operations } = run
  const isShort = operations.length <= anyPairsMost
  for (const [later, second] of operations.entries()) {
    for (const [earlier, first] of operations.slice(0, later).entries()) {
      if (!isShort && !scope.shrinking.arePaired(first, second)) continue
      yield { setup, operations: operations.toSpliced(later, 1).toSpliced(earlier, 1) }
    }
  }
}

const anyPairsMost = 12

/** The run with fewer nodes, and with a set-up that is closer to the plain one. */
export function* smallerSetups<S extends ScopeName>(scope: Scope<S>, run: Run<S>): Iterable<Run<S>> {
  yield* scope.shrinking.smallerRuns(run)
  for (const setup of towards(run.setup, { ...scope.plainSetup, ...nodesOf(run.setup) })) {
    yield { setup: setup as SetupOf<S>, operations: run.operations }
  }
}

/** How many nodes there are is for `smallerRuns` to change, which takes the operations along. */
function nodesOf(setup: object): object {
  const counts = ['brokers', 'producers', 'consumers', 'offsetsPartitions']
  return Object.fromEntries(Object.entries(setup).filter(([name]) => counts.includes(name)))
}

/** The run with a simpler version of one operation. */
export function* simplerAt<S extends ScopeName>(scope: Scope<S>, run: Run<S>, index: number): Iterable<Run<S>> {
  const { setup, operations } = run
  for (const value of simplerValues(operations[index], '')) {
    const simpler = value as OperationOf<S>
    if (scope.shrinking.isSensible(simpler)) yield { setup, operations: operations.with(index, simpler) }
  }
}
