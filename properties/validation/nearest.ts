// Of several answers that are allowed, the one that is most like what came: the one whose differences say something.
import type { ServiceOutcome } from '../../model/vocabulary/service.ts'
import { differences } from '../compare.ts'
import type { Difference } from '../verdict.ts'

const differencesMost = 20

/** The nearest of them, and on what it differs. */
export function nearest(
  outcome: ServiceOutcome,
  expected: readonly ServiceOutcome[],
): { readonly outcome: ServiceOutcome; readonly differences: readonly Difference[] } {
  const ranked = expected.map(one => ({
    outcome: one,
    differences: differences(one, outcome, 'answer', differencesMost),
  }))
  const isOfKind = (one: ServiceOutcome): boolean => one.kind === outcome.kind
  const candidates = ranked.filter(one => isOfKind(one.outcome))
  const sorted = (candidates.length > 0 ? candidates : ranked).sort(
    (a, b) => a.differences.length - b.differences.length,
  )
  return sorted[0] ?? { outcome, differences: [] }
}
