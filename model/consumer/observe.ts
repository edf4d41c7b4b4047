// What can be seen of a consumer.
import { remembered } from '../memo.ts'
import type { ConsumerObservation } from '../vocabulary/clients.ts'
import type { ConsumerState, Position } from './state.ts'

/** Everything that both sides must agree on. The same state gives the same object, and so do unchanged parts. */
export const observeConsumer: (state: ConsumerState) => ConsumerObservation = remembered(state => ({
  now: state.now,
  open: state.session !== null,
  membership: state.membership,
  memberId: state.memberId,
  generationId: state.generationId,
  coordinator: state.coordinator,
  retryAt: state.retryAt,
  metadata: state.metadata,
  positions: observePositions(state.positions),
  processed: state.processed,
}))

const observePositions = remembered((positions: readonly Position[]) =>
  positions.map(({ topic, partition, offset }) => ({ topic, partition, offset })),
)
