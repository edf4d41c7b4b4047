// A producer: the application's calls, answers, broken connections and time go in; requests come out. Follows
// KafkaProducer and its Sender thread (KIP-98 idempotence, KIP-91 delivery time-out).
import { initialPartitioner } from '../partitioners.ts'
import type { ClientConfig, ProducerSession } from '../vocabulary/clients.ts'
import type { RecordsValue, Response } from '../vocabulary/messages.ts'
import type { BrokerId, Milliseconds, PartitionIndex } from '../vocabulary/units.ts'
import { abandonAll, abandoned, metadataAnswered, produceAnswered, sessionFailed } from './answers.ts'
import { assigned } from './choose.ts'
import { isTopicKnown, proceed } from './proceed.ts'
import { completed, ignored, openBatches, type ProducerBatch, type ProducerState, type ProducerStep } from './state.ts'

/** A producer that has no session yet. */
export function closedProducer(name: string, brokers: number, config: ClientConfig): ProducerState {
  return {
    name,
    brokers,
    config,
    now: 0,
    session: null,
    failedAttempts: 0,
    nextCorrelationId: 1,
    metadata: [],
    needsMetadata: false,
    metadataRetryAt: null,
    metadataRequest: null,
    partitioner: initialPartitioner('sticky'),
    unassigned: [],
    queues: [],
    batchesMade: 0,
    completed: [],
  }
}

/**
 * Who: an application.
 * Then: what the session before did not complete is given up, and a new one begins with sequences from 0. Only the list of
 * completed batches, their count and the clock go on. Nothing is sent.
 */
export function openProducer(state: ProducerState, session: ProducerSession): ProducerStep {
  const { acks, idempotent, partitioner, producerId } = session
  const opened: ProducerState = {
    ...afresh(state),
    session: { acks, idempotent, partitioner, producerId, producerEpoch: 0, failed: false },
    partitioner: initialPartitioner(partitioner),
  }
  return { state: opened, requests: [], applied: true }
}

/** What an application hands over: at least one record, for one topic. */
export type Handover = {
  readonly topic: string
  readonly partition: PartitionIndex | null
  readonly records: readonly { readonly key: string | null; readonly value: string | null }[]
  readonly draw: number
}

/**
 * Who: an application with an open producer.
 * Then: its records are one batch, created now. It gets its partition at once if the topic is known, else when it is.
 * A session that has failed takes nothing any more.
 */
export function sendRecords(state: ProducerState, { topic, partition, records, draw }: Handover): ProducerStep {
  if (state.session === null || records.length === 0) return ignored(state)
  const batch: ProducerBatch = {
    batch: state.batchesMade,
    topic,
    given: partition,
    draw,
    records: records.map(({ key, value }) => ({ key, value, timestamp: state.now })),
    createdAt: state.now,
    progress: { state: 'waiting' },
    baseSequence: -1,
    isSent: false,
    mayBeInLog: false,
  }
  const made: ProducerState = { ...state, batchesMade: state.batchesMade + 1, unassigned: [...state.unassigned, batch] }
  if (state.session.failed) {
    const refused = completed(made, batch, partition ?? -1, { kind: 'failed', error: 'INVALID_PRODUCER_EPOCH' })
    return { state: refused, requests: [], applied: true }
  }
  return proceed(isTopicKnown(made, topic) ? assigned(made, batch) : made)
}

/** An answer from a broker; one that the producer does not wait for is ignored. */
export function receiveByProducer(
  state: ProducerState,
  _broker: BrokerId,
  response: Response<RecordsValue>,
): ProducerStep {
  switch (response.kind) {
    case 'MetadataResponse':
      return metadataAnswered(state, response)
    case 'ProduceResponse':
      return produceAnswered(state, response)
    default:
      return ignored(state)
  }
}

/**
 * Who: a producer whose connection to a broker broke.
 * When: it waits for an answer of that broker.
 * Then: the batches in flight may or may not be in the log; they are sent again after the backoff, to whoever leads then.
 * The next question goes to the next broker. Nothing is sent now.
 * Source: `NetworkClient.processDisconnection`, `Sender.completeBatch`.
 */
export function producerDisconnected(state: ProducerState, broker: BrokerId): ProducerStep {
  const retryAt = state.now + state.config.retryBackoffMs
  const isLost = ({ progress }: ProducerBatch) => progress.state === 'inFlight' && progress.broker === broker
  const isAsked = state.metadataRequest?.broker === broker
  const anyLost = state.queues.some(({ batches }) => batches.some(isLost))
  if (!isAsked && !anyLost) return ignored(state)
  const next: ProducerState = {
    ...state,
    failedAttempts: state.failedAttempts + 1,
    metadataRequest: isAsked ? null : state.metadataRequest,
    metadataRetryAt: isAsked ? retryAt : state.metadataRetryAt,
    needsMetadata: state.needsMetadata || anyLost,
    queues: state.queues.map(queue =>
      queue.batches.some(isLost)
        ? {
            ...queue,
            batches: queue.batches.map(
              (batch): ProducerBatch =>
                isLost(batch) ? { ...batch, progress: { state: 'retry', retryAt }, mayBeInLog: true } : batch,
            ),
          }
        : queue,
    ),
  }
  return { state: next, requests: [], applied: true }
}

/**
 * Who: a producer whose clock moved.
 * Then: batches that are too old are given up; an idempotent session fails with one that had a sequence. Then it goes on.
 * Source: KIP-91, `Sender.sendProducerData`, `RecordAccumulator.expiredBatches`.
 */
export function tickProducer(state: ProducerState, now: Milliseconds): ProducerStep {
  const later = state.now === now ? state : { ...state, now }
  const { session } = later
  if (session === null) return { state: later, requests: [], applied: true }
  const expired = openBatches(later).filter(({ batch }) => now - batch.createdAt >= later.config.deliveryTimeoutMs)
  const left = expired.reduce(
    (so, { batch, partition }) => completed(so, batch, partition, abandoned(batch, 'REQUEST_TIMED_OUT')),
    later,
  )
  const leavesGap = session.idempotent && expired.some(({ batch }) => batch.baseSequence !== -1)
  return proceed(leavesGap ? sessionFailed(left) : left)
}

/** Who: a producer whose process dies. Then: it is closed, and what it had not completed never will be. */
export function killProducer(state: ProducerState): ProducerStep {
  return state.session === null ? ignored(state) : { state: afresh(state), requests: [], applied: true }
}

/** Closed, with everything that was not completed given up. */
function afresh(state: ProducerState): ProducerState {
  const { name, brokers, config, now, batchesMade } = state
  const { completed: results } = abandonAll(state, 'REQUEST_TIMED_OUT')
  return { ...closedProducer(name, brokers, config), now, batchesMade, completed: results }
}
