// What can be seen of a consumer.
import { remembered } from '../memo.ts'
import type { ConsumerObservation } from '../vocabulary/clients.ts'
import type { ConsumerState, Position } from './state.ts'

/** Everything that both sides must agree on. Parts that did not change are the same objects. */
export function observeConsumer(state: ConsumerState): ConsumerObservation {
  return {
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
  }
}

const observePositions = remembered((positions: readonly Position[]) =>
  positions.map(({ topic, partition, offset }) => ({ topic, partition, offset })),
)
