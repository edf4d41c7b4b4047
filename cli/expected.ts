// What a trace was written for, held against how it went: the last line that `replay` says, when the two differ.
import type { Verdict } from '../properties/verdict.ts'
import type { Expectation } from '../traces/trace.ts'

/**
 * Null when a trace went as it was written down. A violation that does not show is what somebody wants to read who has
 * just mended it, so it must not sound like a failure. `agreeing` says what agreement is: `the sides agree`.
 */
export function unexpectedText(
  { kind, claim }: { readonly kind: Verdict['kind']; readonly claim?: string },
  expect: Expectation,
  agreeing: string,
): string | null {
  if (expect.verdict === 'agree') return kind === 'agree' ? null : `The trace expects that ${agreeing}.`
  const breaks = expect.claim === undefined ? 'a violation' : `a violation of ${expect.claim}`
  if (kind === 'agree')
    return `It was written down as ${breaks}, which does not show here: it is mended, or was never there.`
  const isOther = expect.claim !== undefined && expect.claim !== claim
  return kind === 'violation' && !isOther ? null : `The trace expects ${breaks}.`
}
