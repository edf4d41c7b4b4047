// What can be seen of a producer.
import { remembered } from '../memo.ts'
import type { ProducerObservation } from '../vocabulary/clients.ts'
import type { PartitionQueue, ProducerBatch, ProducerState } from './state.ts'

/** Everything that both sides must agree on. Parts that did not change are the same objects. */
export function observeProducer(state: ProducerState): ProducerObservation {
  return {
    now: state.now,
    session: state.session,
    metadata: state.metadata,
    needsMetadata: state.needsMetadata,
    metadataRetryAt: state.metadataRetryAt,
    unassigned: observeUnassigned(state.unassigned),
    queues: observeQueues(state.queues),
    completed: state.completed,
  }
}

const observeUnassigned = remembered((batches: readonly ProducerBatch[]) => batches.map(({ batch }) => batch))

const observeQueues = remembered((queues: readonly PartitionQueue[]) =>
  queues.filter(({ batches }) => batches.length > 0).map(observeQueue),
)

const observeQueue = remembered(({ topic, partition, batches }: PartitionQueue) => ({
  topic,
  partition,
  batches: batches.map(observeBatch),
}))

/** A batch has a broker and a correlation id only in flight, and a retry time only while it waits for it. */
const observeBatch = remembered(({ batch, baseSequence, progress }: ProducerBatch) => ({
  batch,
  state: progress.state,
  baseSequence,
  retryAt: progress.state === 'retry' ? progress.retryAt : null,
  correlationId: progress.state === 'inFlight' ? progress.correlationId : null,
  broker: progress.state === 'inFlight' ? progress.broker : -1,
}))
