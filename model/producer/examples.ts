// A producer on the way, for the tests.
import type {
  ClientConfig,
  ProducerObservation,
  ProducerOperation,
  ProducerOutcome,
  ProducerSession,
  ProducerSetup,
} from '../vocabulary/clients.ts'
import type { ErrorName } from '../vocabulary/errors.ts'
import { initialProducerScope, observeProducerScope, stepProducerScope } from './scope.ts'
import type { ProducerState } from './state.ts'

export const config: ClientConfig = {
  retryBackoffMs: 100,
  deliveryTimeoutMs: 2_000,
  requestTimeoutMs: 500,
  maxInFlight: 2,
  heartbeatIntervalMs: 300,
  sessionTimeoutMs: 1_000,
  rebalanceTimeoutMs: 3_000,
}

export const setup: ProducerSetup = { scope: 'producer', brokers: 3, config }

export const idempotent: ProducerSession = { acks: -1, idempotent: true, partitioner: 'sticky', producerId: 9 }
export const plain: ProducerSession = { acks: -1, idempotent: false, partitioner: 'sticky', producerId: -1 }

export function open(session: ProducerSession): ProducerOperation {
  return { kind: 'open', session }
}

/** Records without keys, for a given partition or none. */
export function send(partition: number | null, ...values: readonly string[]): ProducerOperation {
  return { kind: 'send', topic: 't', partition, records: values.map(value => ({ key: null, value })), draw: 0 }
}

/** Tells the leaders of t/0, t/1 and so on. */
export function metadata(correlationId: number, leaders: readonly number[], leaderEpoch = 0): ProducerOperation {
  const partitions = leaders.map((leader, partition) => ({ topic: 't', partition, leader, leaderEpoch }))
  const response = { kind: 'MetadataResponse', correlationId, brokers: [1, 2, 3], partitions } as const
  return { kind: 'respond', broker: 1, response }
}

/** Answers a Produce request of t/0. */
export function answer(correlationId: number, error: ErrorName, baseOffset = -1): ProducerOperation {
  const response = { kind: 'ProduceResponse', correlationId, topic: 't', partition: 0, error, baseOffset } as const
  return { kind: 'respond', broker: 1, response }
}

export function advance(ms: number): ProducerOperation {
  return { kind: 'advance', ms }
}

/** The state after some operations. */
export function after(...operations: readonly ProducerOperation[]): ProducerState {
  let state = initialProducerScope(setup)
  for (const operation of operations) state = stepProducerScope(state, operation).state
  return state
}

/** What the last of some operations sent. */
export function sent(...operations: readonly ProducerOperation[]): ProducerOutcome['requests'] {
  const state = after(...operations.slice(0, -1))
  return operations.slice(-1).flatMap(operation => stepProducerScope(state, operation).outcome.requests)
}

/** The same as text: broker, kind, correlation id, and of batches where they go and their sequence. */
export function sentAs(...operations: readonly ProducerOperation[]): readonly string[] {
  return sent(...operations).map(({ broker, request }) => {
    const start = `${broker} ${request.kind} ${request.correlationId}`
    if (request.kind !== 'Produce') return start
    return `${start} ${request.topic}/${request.partition} at ${request.records[0]?.baseSequence}`
  })
}

export function seen(...operations: readonly ProducerOperation[]): ProducerObservation {
  return observeProducerScope(after(...operations))
}

/** The results, oldest first, as text. */
export function results(...operations: readonly ProducerOperation[]): readonly string[] {
  return seen(...operations).completed.map(({ batch, result }) => {
    return `${batch} ${result.kind} ${result.kind === 'acknowledged' ? result.offset : result.error}`
  })
}
