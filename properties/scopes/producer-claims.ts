// Claims on one producer that can be seen from outside: O3 (its sequences leave in order, without gaps) and L8 (a batch is
// completed once, and is not said to have failed when it may be in the log).
import type { Violation } from '../../model/vocabulary/claims.ts'
import type { Checker, ObservationOf, Transition } from '../scope.ts'

/** Remembers the next sequence of each partition of a session, and what was completed. */
export function startProducerChecker(): Checker<'producer'> {
  const nextSequence = new Map<string, number>()
  return {
    check: transition => {
      if (transition.operation.kind === 'open') nextSequence.clear()
      return sequencesAreDense(transition, nextSequence) ?? completedOnce(transition)
    },
    atEnd: () => null,
  }
}

/** A first sending takes the next sequence of its partition; a repetition takes one that was used. */
function sequencesAreDense({ outcome }: Transition<'producer'>, nextSequence: Map<string, number>): Violation | null {
  for (const { request } of outcome.requests) {
    if (request.kind !== 'Produce') continue
    const [batch] = request.records
    if (batch === undefined || batch.producerId < 0) continue
    const partition = `${request.topic}-${request.partition}`
    const expected = nextSequence.get(partition) ?? 0
    if (batch.baseSequence > expected) {
      return {
        claim: 'O3',
        sentence: `${partition} was sent sequence ${batch.baseSequence}, and ${expected} never was`,
      }
    }
    nextSequence.set(partition, Math.max(expected, batch.baseSequence + batch.records.length))
  }
  return null
}

function completedOnce({ before, after }: Transition<'producer'>): Violation | null {
  if (before.completed === after.completed) return null
  const known = new Set(before.completed.map(({ batch }) => batch))
  for (const { batch } of after.completed.slice(before.completed.length)) {
    if (known.has(batch)) return { claim: 'L8', sentence: `batch ${batch} was completed twice` }
    known.add(batch)
  }
  const open = openBatches(after).find(batch => known.has(batch))
  return open === undefined ? null : { claim: 'L8', sentence: `batch ${open} was completed and is still to be sent` }
}

function openBatches({ queues, unassigned }: ObservationOf<'producer'>): readonly number[] {
  return unassigned.concat(queues.flatMap(({ batches }) => batches.map(({ batch }) => batch)))
}
