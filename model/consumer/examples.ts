// A consumer on the way, for the tests: brokers are played by the test.
import { config } from '../producer/examples.ts'
import type { AssignorName, TopicPartition } from '../vocabulary/choosing.ts'
import type { ConsumerSession } from '../vocabulary/clients.ts'
import type { ErrorName } from '../vocabulary/errors.ts'
import type { CommittedOffset, RecordsValue, Response } from '../vocabulary/messages.ts'
import type { Batch } from '../vocabulary/records.ts'
import { closedConsumer, openConsumer, receiveByConsumer } from './consumer.ts'
import type { ConsumerState, ConsumerStep } from './state.ts'

export type Event = (state: ConsumerState) => ConsumerStep

export const alone: ConsumerSession = {
  groupId: null,
  groupInstanceId: null,
  topics: [],
  partitions: [partition(0)],
  assignors: [],
  reset: 'earliest',
}

export function inGroup(...assignors: readonly AssignorName[]): ConsumerSession {
  return { ...alone, groupId: 'g', topics: ['t'], partitions: [], assignors }
}

export function partition(index: number): TopicPartition {
  return { topic: 't', partition: index }
}

export function open(session: ConsumerSession): Event {
  return state => openConsumer(state, session)
}

/** The consumer after some events. */
export function after(...events: readonly Event[]): ConsumerState {
  return events.reduce((state, event) => event(state).state, closedConsumer('c1', 3, config))
}

/** What the last of some events sent, as text: broker, kind and correlation id. */
export function sent(...events: readonly Event[]): readonly string[] {
  const state = after(...events.slice(0, -1))
  return events
    .slice(-1)
    .flatMap(event => event(state).requests)
    .map(({ broker, request }) => `${broker} ${request.kind} ${request.correlationId}`)
}

/** The last request of a kind that some events sent. */
export function requested(kind: string, ...events: readonly Event[]): unknown {
  let state = closedConsumer('c1', 3, config)
  let found: unknown = null
  for (const event of events) {
    const step = event(state)
    state = step.state
    for (const { request } of step.requests) if (request.kind === kind) found = request
  }
  return found
}

/** Tells that broker 2 leads t/0, t/1 and so on. */
export function metadata(correlationId: number, count: number): Event {
  const partitions = Array.from({ length: count }, (_, index) => ({ ...partition(index), leader: 2, leaderEpoch: 4 }))
  return respond({ kind: 'MetadataResponse', correlationId, brokers: [1, 2, 3], partitions })
}

export function coordinator(correlationId: number, brokerId: number): Event {
  const error = brokerId === -1 ? 'COORDINATOR_NOT_AVAILABLE' : 'NONE'
  return respond({ kind: 'FindCoordinatorResponse', correlationId, error, groupId: 'g', brokerId })
}

/** The answer to the only member's join. */
export function joined(correlationId: number, protocolName: AssignorName, error: ErrorName = 'NONE'): Event {
  const protocol = { name: protocolName, topics: ['t'], owned: [], generationId: -1 }
  return respond({
    kind: 'JoinGroupResponse',
    correlationId,
    error,
    groupId: 'g',
    generationId: error === 'NONE' ? 1 : -1,
    protocolName: error === 'NONE' ? protocolName : null,
    leader: error === 'NONE' ? 'm' : '',
    memberId: 'm',
    members: error === 'NONE' ? [{ memberId: 'm', groupInstanceId: null, protocol }] : [],
  })
}

export function synced(correlationId: number, ...partitions: readonly number[]): Event {
  return respond({
    kind: 'SyncGroupResponse',
    correlationId,
    error: 'NONE',
    groupId: 'g',
    partitions: partitions.map(partition),
  })
}

export function heartbeaten(correlationId: number, error: ErrorName): Event {
  return respond({ kind: 'HeartbeatResponse', correlationId, error, groupId: 'g' })
}

export function told(correlationId: number, ...offsets: readonly number[]): Event {
  const committed = offsets.map(
    (offset, index): CommittedOffset => ({ ...partition(index), offset, leaderEpoch: -1, metadata: '' }),
  )
  return respond({ kind: 'OffsetFetchResponse', correlationId, error: 'NONE', groupId: 'g', offsets: committed })
}

export function listed(correlationId: number, offset: number, index = 0): Event {
  const at = partition(index)
  return respond({
    kind: 'ListOffsetsResponse',
    correlationId,
    ...at,
    error: 'NONE',
    offset,
    timestamp: -1,
    leaderEpoch: 4,
  })
}

export function fetched(correlationId: number, records: RecordsValue, error: ErrorName = 'NONE'): Event {
  return respond({
    kind: 'FetchResponse',
    correlationId,
    ...partition(0),
    error,
    highWatermark: 9,
    logStartOffset: 0,
    logEndOffset: -1,
    divergingEpoch: null,
    records,
  })
}

/** A batch with the offsets from `baseOffset` to `lastOffset`, of which those given are still there. */
export function batch(baseOffset: number, lastOffset: number, offsets: readonly number[], corrupt = false): Batch {
  return {
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    baseOffset,
    lastOffset,
    leaderEpoch: 4,
    deleteHorizon: null,
    records: offsets.map(offset => ({ offset, key: null, value: `v${offset}`, timestamp: 0 })),
    corrupt,
  }
}

function respond(response: Response<RecordsValue>): Event {
  return state => receiveByConsumer(state, 1, response)
}
