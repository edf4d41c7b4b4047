// What answers and broken connections mean to a producer. Follows Sender.completeBatch, canRetry and
// handleProduceResponse, and Metadata.
import type { BatchResult } from '../vocabulary/clients.ts'
import type { ErrorName } from '../vocabulary/errors.ts'
import type { RecordsValue, Response } from '../vocabulary/messages.ts'
import type { PartitionIndex } from '../vocabulary/units.ts'
import { assigned } from './choose.ts'
import { findLeader, type MetadataResponse, mergedMetadata } from './metadata.ts'
import { isTopicKnown, proceed } from './proceed.ts'
import {
  completed,
  ignored,
  openBatches,
  type ProducerBatch,
  type ProducerState,
  type ProducerStep,
  queueOf,
  withBatch,
} from './state.ts'

type ProduceResponse = Extract<Response<RecordsValue>, { kind: 'ProduceResponse' }>

/**
 * Who: a producer that asked.
 * Then: it learns, chooses the partitions that waited for this, and goes on. If what it needs is still not there (a
 * topic, or a leader for what it has to send), it asks another broker, after a while.
 */
export function metadataAnswered(state: ProducerState, answer: MetadataResponse): ProducerStep {
  if (state.session === null || state.metadataRequest?.correlationId !== answer.correlationId) return ignored(state)
  const learned: ProducerState = {
    ...state,
    metadata: mergedMetadata(state.metadata, answer),
    metadataRequest: null,
    needsMetadata: false,
    metadataRetryAt: null,
  }
  const isMissing = learned.unassigned.some(({ topic }) => !isTopicKnown(learned, topic))
  const ready = learned.unassigned.filter(({ topic }) => isTopicKnown(learned, topic))
  const chosen = ready.reduce(assigned, learned)
  const isLeaderless = chosen.queues.some(
    queue => queue.batches.length > 0 && findLeader(chosen.metadata, queue) === null,
  )
  if (!isMissing && !isLeaderless) return proceed(chosen)
  return proceed({
    ...chosen,
    needsMetadata: isLeaderless,
    metadataRetryAt: chosen.now + chosen.config.retryBackoffMs,
    failedAttempts: chosen.failedAttempts + 1,
  })
}

/**
 * Who: a producer with that batch in flight.
 * Then: it is acknowledged; or it is sent again later, if another attempt may do; or it has failed. It has failed for
 * certain only if no earlier attempt may be in the log.
 */
export function produceAnswered(state: ProducerState, answer: ProduceResponse): ProducerStep {
  const { session } = state
  const flying = findInFlight(state, answer)
  if (session === null || flying === null) return ignored(state)
  const { batch, partition } = flying
  const { error } = answer
  const at = { topic: batch.topic, partition }
  if (error === 'NONE') {
    return proceed(completed(state, batch, partition, { kind: 'acknowledged', offset: answer.baseOffset }))
  }
  const isFirst = queueOf(state, at).batches[0]?.batch === batch.batch
  if (retriable.has(error) || (error === 'OUT_OF_ORDER_SEQUENCE_NUMBER' && session.idempotent && !isFirst)) {
    const retrying = withBatch(state, at, {
      ...batch,
      progress: { state: 'retry', retryAt: state.now + state.config.retryBackoffMs },
      mayBeInLog: batch.mayBeInLog || ambiguous.has(error),
    })
    return proceed({ ...retrying, needsMetadata: retrying.needsMetadata || staleMetadata.has(error) })
  }
  const failed = completed(state, batch, partition, { kind: batch.mayBeInLog ? 'unknown' : 'failed', error })
  return proceed(session.idempotent ? sessionFailed(failed) : failed)
}

/**
 * Who: an idempotent session that lost a batch which had a sequence (or may have): the next would leave a gap.
 * Then: everything that it still has is completed, and it takes no more; the application opens anew.
 * Source: `TransactionManager.requestEpochBumpForPartition`, but without going on (KIP-360).
 */
export function sessionFailed(state: ProducerState): ProducerState {
  const abandoned = abandonAll(state, 'INVALID_PRODUCER_EPOCH')
  return abandoned.session === null ? abandoned : { ...abandoned, session: { ...abandoned.session, failed: true } }
}

/** All batches that are left are completed: the unassigned ones first, then in partition order. */
export function abandonAll(state: ProducerState, error: ErrorName): ProducerState {
  return openBatches(state).reduce(
    (so, { batch, partition }) => completed(so, batch, partition, abandoned(batch, error)),
    state,
  )
}

/** The result of a batch that nobody waits for any longer. */
export function abandoned(batch: ProducerBatch, error: ErrorName): BatchResult {
  return { kind: batch.isSent ? 'unknown' : 'failed', error }
}

/** Errors after which another attempt may succeed. */
const retriable: ReadonlySet<ErrorName> = new Set<ErrorName>([
  'NOT_LEADER_OR_FOLLOWER',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'NOT_ENOUGH_REPLICAS',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'REQUEST_TIMED_OUT',
  'KAFKA_STORAGE_ERROR',
  'CORRUPT_MESSAGE',
])

/** Errors that say that the leader is another. */
const staleMetadata: ReadonlySet<ErrorName> = new Set<ErrorName>([
  'NOT_LEADER_OR_FOLLOWER',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'KAFKA_STORAGE_ERROR',
])

/** Errors that leave open whether the batch is in the log. */
const ambiguous: ReadonlySet<ErrorName> = new Set<ErrorName>([
  'REQUEST_TIMED_OUT',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'NOT_LEADER_OR_FOLLOWER',
  'KAFKA_STORAGE_ERROR',
])

function findInFlight(
  state: ProducerState,
  { correlationId }: ProduceResponse,
): { readonly batch: ProducerBatch; readonly partition: PartitionIndex } | null {
  return (
    openBatches(state).find(
      ({ batch: { progress } }) => progress.state === 'inFlight' && progress.correlationId === correlationId,
    ) ?? null
  )
}
