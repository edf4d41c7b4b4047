// What must have been there for the claims on one producer to say something.
import type { Premises } from './premise.ts'

export const producerPremises: Premises<'producer'> = {
  L8: {
    what: 'a batch that was completed',
    isThere: ({ before, operation, after }) =>
      operation.kind !== 'open' && after.completed.length > before.completed.length,
  },
  O3: {
    what: 'several batches of an idempotent session that wait for one partition',
    isThere: ({ before, after }) =>
      after.session?.idempotent === true &&
      after.queues !== before.queues &&
      after.queues.some(({ batches }) => batches.length > 1),
  },
  P3: {
    what: 'a batch that waits',
    isThere: ({ after }) => after.unassigned.length > 0 || after.queues.length > 0,
  },
}
