// One operation on a producer as claims look at it.
import type { ProducerObservation, ProducerOperation, ProducerOutcome } from '../vocabulary/clients.ts'

/** One operation on a producer, as it could be seen from outside. */
export type ProducerTransition = {
  readonly before: ProducerObservation
  readonly operation: ProducerOperation
  readonly outcome: ProducerOutcome
  readonly after: ProducerObservation
}
