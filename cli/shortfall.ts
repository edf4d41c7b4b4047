// What a campaign did not come to, in lines: runs of which nothing is known, and behaviours that it never reached.
import type { Merged } from './campaign-report.ts'
import { styled } from './screen.ts'

/** Findings that are shown; more would say the same again. */
export const findingsShown = 5

/** Nothing for a campaign that came to everything that is asked of it. */
export function shortfallLines({ unknown, missing }: Pick<Merged, 'unknown' | 'missing'>): readonly string[] {
  const lost = unknown
    .slice(0, findingsShown)
    .map(
      ({ scope, run, runs, sentence }) =>
        `${styled('yellow', 'unknown')}    scope ${scope}, runs ${run} to ${run + runs - 1}: ${sentence}`,
    )
  if (missing.length === 0) return lost
  return [
    ...lost,
    `${styled('red', 'missing')}    these behaviours must be reached, and never were:`,
    ...missing.map(label => `  ${label}`),
  ]
}
