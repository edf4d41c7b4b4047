// What a producer sends when it may: a question for metadata, and batches to their leaders. Follows Sender.sendProducerData
// and RecordAccumulator.drain.
import type { TopicPartition } from '../vocabulary/choosing.ts'
import type { BrokerId, ProducerEpoch, ProducerId, Sequence } from '../vocabulary/units.ts'
import { brokerToAsk, findLeader } from './metadata.ts'
import {
  completed,
  type OpenSession,
  type ProducerBatch,
  type ProducerState,
  type ProducerStep,
  queueOf,
  withBatch,
  withQueue,
} from './state.ts'

/**
 * Who: a producer, after every send, every answer and every move of its clock.
 * Then: it asks for metadata if it needs any, then sends what may be sent, partition by partition; when that shows that a
 * leader is not known it asks again.
 */
export function proceed(state: ProducerState): ProducerStep {
  const { session } = state
  if (session === null) return { state, requests: [], applied: true }
  let step = askForMetadata(state)
  for (const queue of state.queues) step = after(step, next => sendQueue(next, session, queue))
  return after(step, askForMetadata)
}

/** One question at a time, and not before the retry time. */
function askForMetadata(state: ProducerState): ProducerStep {
  const { needsMetadata, metadataRetryAt, metadataRequest, now, nextCorrelationId: correlationId } = state
  const isNeeded = needsMetadata || state.unassigned.some(({ topic }) => !isTopicKnown(state, topic))
  const isDue = metadataRetryAt === null || now >= metadataRetryAt
  if (!isNeeded || !isDue || metadataRequest !== null) return { state, requests: [], applied: true }
  const broker = brokerToAsk(state.failedAttempts, state.brokers)
  return {
    state: { ...state, nextCorrelationId: correlationId + 1, metadataRequest: { correlationId, broker } },
    requests: [{ broker, request: { kind: 'Metadata', correlationId } }],
    applied: true,
  }
}

/** Whether the metadata have any partition of a topic. */
export function isTopicKnown(state: ProducerState, topic: string): boolean {
  return state.metadata.some(known => known.topic === topic)
}

/**
 * Who: a partition's queue.
 * Then: its batches leave from the front, as long as their leader is known and has room for more in flight. A batch that
 * waits for its retry holds up those behind it; those in flight do not.
 */
function sendQueue(state: ProducerState, session: OpenSession, at: TopicPartition): ProducerStep {
  let step: ProducerStep = { state, requests: [], applied: true }
  for (const batch of queueOf(state, at).batches) {
    if (batch.progress.state === 'inFlight') continue
    if (batch.progress.state === 'retry' && state.now < batch.progress.retryAt) return step
    const leader = findLeader(state.metadata, at)?.leader
    if (leader === undefined) {
      return step.state.needsMetadata ? step : { ...step, state: { ...step.state, needsMetadata: true } }
    }
    if (countInFlight(step.state, leader) >= state.config.maxInFlight) return step
    step = after(step, next => sendBatch(next, session, at, batch, leader))
  }
  return step
}

/**
 * Who: the next batch of a queue.
 * Then: it goes to the leader. An idempotent batch gets its sequence when it is first sent and keeps it ever after, so
 * that the log can tell a repetition. Nobody answers `acks` 0: such a batch is done with when it has left.
 * Source: KIP-98, `RecordAccumulator.drainBatchesForOneNode`.
 */
function sendBatch(
  state: ProducerState,
  session: OpenSession,
  at: TopicPartition,
  batch: ProducerBatch,
  broker: BrokerId,
): ProducerStep {
  const { nextCorrelationId: correlationId } = state
  const queue = queueOf(state, at)
  const isFirst = session.idempotent && batch.baseSequence === -1
  const baseSequence = isFirst ? queue.nextSequence : batch.baseSequence
  const numbered = isFirst
    ? withQueue(state, { ...queue, nextSequence: sequenceAfter(baseSequence, batch.records.length) })
    : state
  const sent: ProducerBatch = {
    ...batch,
    baseSequence,
    isSent: true,
    progress: { state: 'inFlight', correlationId, broker },
  }
  const flying = withBatch({ ...numbered, nextCorrelationId: correlationId + 1 }, at, sent)
  const result = { kind: 'acknowledged', offset: -1 } as const
  return {
    state: session.acks === 0 ? completed(flying, sent, at.partition, result) : flying,
    requests: [
      {
        broker,
        request: {
          kind: 'Produce',
          correlationId,
          topic: at.topic,
          partition: at.partition,
          acks: session.acks,
          timeoutMs: state.config.requestTimeoutMs,
          records: [{ ...stamp(session), baseSequence, records: batch.records }],
        },
      },
    ],
    applied: true,
  }
}

/** Sequences have 31 bits and wrap to 0. Source: `DefaultRecordBatch.incrementSequence`. */
export function sequenceAfter(baseSequence: Sequence, count: number): Sequence {
  return (baseSequence + count) % 2 ** 31
}

function stamp(session: OpenSession): { readonly producerId: ProducerId; readonly producerEpoch: ProducerEpoch } {
  if (!session.idempotent) return { producerId: -1, producerEpoch: -1 }
  return { producerId: session.producerId, producerEpoch: session.producerEpoch }
}

function countInFlight(state: ProducerState, broker: BrokerId): number {
  const batches = state.queues.flatMap(queue => queue.batches)
  return batches.filter(({ progress }) => progress.state === 'inFlight' && progress.broker === broker).length
}

function after(step: ProducerStep, next: (state: ProducerState) => ProducerStep): ProducerStep {
  const second = next(step.state)
  return { state: second.state, requests: [...step.requests, ...second.requests], applied: true }
}
