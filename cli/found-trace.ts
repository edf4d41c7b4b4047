// What a campaign found, as a trace to keep.
import { type AnyTrace, traceVersion } from '../traces/trace.ts'
import type { ScopeFound } from './campaign-report.ts'
import type { SubjectChoice } from './subject.ts'

/** The smallest run that breaks the claim. */
export function foundTrace(
  { scope, claim, seed, run, setup, operations }: ScopeFound,
  choice: SubjectChoice,
): AnyTrace {
  return {
    format: 'kafka-lockstep-trace',
    version: traceVersion,
    scope,
    setup,
    operations,
    expect: { verdict: 'violation', claim },
    origin: { seed, run, subject: choice.subject },
  }
}
