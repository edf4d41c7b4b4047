// One operation on a log as it could be seen from outside: what the claims of invariants.ts and keeping.ts look at.
import type { Violation } from '../vocabulary/claims.ts'
import type { LogConfig, LogObservation, LogOperation, LogOutcome } from '../vocabulary/log.ts'

export type LogTransition = {
  readonly config: LogConfig
  readonly before: LogObservation
  readonly operation: LogOperation
  readonly outcome: LogOutcome
  readonly after: LogObservation
}

/** A violation of the claim with this id. */
export function violated(claim: string, sentence: string): Violation {
  return { claim, sentence }
}
