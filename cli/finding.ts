// What a campaign found, as a trace file, and where it comes from in words.
import { counted } from '../traces/render/failure.ts'
import { type AnyTrace, traceVersion } from '../traces/trace.ts'
import type { ScopeFound } from './campaign-report.ts'

/** The trace of a finding; `subject` is how the command line names what was tested. */
export function findingTrace(found: ScopeFound, subject: string): AnyTrace {
  const { scope, claim, seed, run, setup, operations } = found
  return {
    format: 'kafka-lockstep-trace',
    version: traceVersion,
    scope,
    setup,
    operations,
    expect: { verdict: 'violation', claim },
    origin: { seed, run, subject },
  }
}

/** The name of its file. Several scopes have claims in common, so that traces of several are told apart by it. */
export function findingFile({ scope, claim, seed, run }: ScopeFound, isOneScope: boolean): string {
  return `${isOneScope ? '' : `${scope}-`}${claim}-${seed}-${run}.json`
}

/** `scope log, seed 41207, run 318, shrunk from 64 operations to 6`. */
export function originText({ scope, seed, run, originalOperations, operations }: ScopeFound): string {
  const shrunk = `shrunk from ${counted(originalOperations, 'operation')} to ${operations.length}`
  return `scope ${scope}, seed ${seed}, run ${run}, ${shrunk}`
}
