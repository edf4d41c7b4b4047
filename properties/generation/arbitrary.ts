// Walks as a fast-check arbitrary. fast-check gives one 32-bit number; everything else follows from it, so a run is fully
// determined by (seed, path), and costs fast-check nothing. Shrinking needs no context: it works on runs that were handed
// in as examples, too.
import { Arbitrary, type Random as FastCheckRandom, Stream, Value } from 'fast-check'
import { Random } from '../random.ts'
import type { Run, Scope } from '../scope.ts'
import { allCandidates } from '../shrink-candidates.ts'
import type { ScopeName } from '../verdict.ts'
import { drawRun } from './walk.ts'

/** Runs of a scope: a set-up and a list of operations, as plain data. */
export function runs<S extends ScopeName>(scope: Scope<S>): Arbitrary<Run<S>> {
  return new Walks(scope)
}

class Walks<S extends ScopeName> extends Arbitrary<Run<S>> {
  readonly #scope: Scope<S>

  constructor(scope: Scope<S>) {
    super()
    this.#scope = scope
  }

  override generate(random: FastCheckRandom): Value<Run<S>> {
    return new Value(drawRun(this.#scope, new Random(random.nextInt())), undefined)
  }

  override canShrinkWithoutContext(value: unknown): value is Run<S> {
    return typeof value === 'object' && value !== null && 'setup' in value && 'operations' in value
  }

  override shrink(run: Run<S>): Stream<Value<Run<S>>> {
    return new Stream(values(allCandidates(this.#scope, run)))
  }
}

function* values<T>(candidates: Iterable<T>): IterableIterator<Value<T>> {
  for (const candidate of candidates) yield new Value(candidate, undefined)
}
