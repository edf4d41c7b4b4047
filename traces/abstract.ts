// Traces of abstract specifications: the same file format, with a specification and its bounds as the set-up, and its
// actions as operations. There is one side only; what can be wrong is an invariant.
import type { Bounds, SpecName } from '../properties/explore/specs.ts'
import type { AbstractOperation } from '../properties/explore/told.ts'
import type { Expectation, traceVersion } from './trace.ts'

export const abstractScope = 'abstract'

export type AbstractTrace = {
  readonly format: 'kafka-lockstep-trace'
  readonly version: typeof traceVersion
  readonly scope: typeof abstractScope
  readonly setup: { readonly scope: typeof abstractScope; readonly spec: SpecName; readonly bounds: Bounds }
  readonly operations: readonly AbstractOperation[]
  /** The claim is the name of an invariant. */
  readonly expect: Expectation
  readonly note?: string
}
