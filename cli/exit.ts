// How the command ends: the exit codes, and the error that means bad usage or bad input.
import type { Verdict } from '../properties/verdict.ts'

/** Exit codes by what was found. */
export const exitCodes = { agree: 0, violation: 1, badInput: 2, unknown: 3 } as const

/** What the user gave cannot be used; the message says why and what to do. Ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** What an error says, in the middle of a sentence. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The exit code of one verdict. */
export function exitCodeOf(verdict: Verdict): number {
  return exitCodes[verdict.kind]
}
