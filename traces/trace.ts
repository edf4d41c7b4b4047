// What a trace file holds: one run that is worth keeping, as plain JSON. Anyone may write one by hand.
import type { OperationOf, SetupOf } from '../properties/scope.ts'
import type { ScopeName } from '../properties/verdict.ts'

/** The version that this program reads and writes. A reader refuses every other one. */
export const traceVersion = 1

/** What replaying the trace should give. A regression that is mended expects `agree`. */
export type Expectation = { readonly verdict: 'agree' } | { readonly verdict: 'violation'; readonly claim?: string }

/** Where a trace comes from; hand-made ones have none. */
export type Origin = { readonly seed?: number; readonly run?: number; readonly subject?: string }

/** A trace of scope `S`. */
export type TraceOf<S extends ScopeName> = {
  readonly format: 'kafka-lockstep-trace'
  readonly version: typeof traceVersion
  readonly scope: S
  readonly setup: SetupOf<S>
  readonly operations: readonly OperationOf<S>[]
  readonly expect: Expectation
  readonly origin?: Origin
  /** One sentence for people. */
  readonly note?: string
}

/** A trace of one of the scopes. */
export type Trace = { readonly [S in ScopeName]: TraceOf<S> }[ScopeName]

/** A trace of which nobody asks the scope: what is run or written, whatever it is. */
export type AnyTrace = TraceOf<ScopeName>
