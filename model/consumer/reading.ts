// Where a consumer reads, and what it reads. Follows OffsetFetcher, Fetcher and CompletedFetch.
import { findLeader, isSamePartition, type MetadataResponse, mergedMetadata } from '../producer/metadata.ts'
import type { TopicPartition } from '../vocabulary/choosing.ts'
import type { GroupResponse, RecordsValue, Request, Response } from '../vocabulary/messages.ts'
import type { Batch } from '../vocabulary/records.ts'
import { coordinatorLost } from './membership.ts'
import { type ConsumerState, type Position, retryingLater, withPosition } from './state.ts'

type ResponseOf<K extends Response<RecordsValue>['kind']> = Extract<Response<RecordsValue>, { kind: K }>
type FetchRequest = Extract<Request<RecordsValue>, { kind: 'Fetch' }>

/**
 * Who: a consumer that asked.
 * Then: it learns; if not all that it subscribes to is there, or a partition of its own has no leader, it asks another
 * broker, after a while.
 */
export function consumerLearned(state: ConsumerState, answer: MetadataResponse): ConsumerState {
  const learned = { ...state, metadata: mergedMetadata(state.metadata, answer) }
  const subscribed = state.session === null || state.session.groupId === null ? [] : state.session.topics
  const isThere = (topic: string) => answer.partitions.some(partition => partition.topic === topic)
  const isLed = learned.positions.every(position => findLeader(learned.metadata, position) !== null)
  if (answer.partitions.length > 0 && subscribed.every(isThere) && isLed) return { ...learned, needsMetadata: false }
  return retryingLater({ ...learned, needsMetadata: true, failedAttempts: state.failedAttempts + 1 })
}

/** Who: a member that asked where its group is. Then: it reads on from there, unless it knows better already. */
export function committedOffsetsTold(
  state: ConsumerState,
  answer: Extract<GroupResponse, { kind: 'OffsetFetchResponse' }>,
): ConsumerState {
  const wasAsked = state.committedOffsets === 'asked'
  if (answer.error === 'NONE') {
    const told = answer.offsets.reduce((so, { offset, ...at }) => (offset < 0 ? so : positioned(so, at, offset)), state)
    return wasAsked ? { ...told, committedOffsets: 'told' } : told
  }
  const unasked: ConsumerState = wasAsked ? { ...state, committedOffsets: 'unasked' } : state
  const isLost = answer.error === 'NOT_COORDINATOR' || answer.error === 'COORDINATOR_NOT_AVAILABLE'
  return isLost ? coordinatorLost(withoutWaiting(unasked)) : unasked
}

/** Whoever waits for a place in the group waits in vain: the answer would come from an older coordinator. */
function withoutWaiting(state: ConsumerState): ConsumerState {
  const waits = state.membership === 'joining' || state.membership === 'syncing'
  return waits ? { ...state, membership: 'unjoined' } : state
}

/** Who: a consumer that asked for the first or the next offset. Then: it begins there. */
export function offsetListed(state: ConsumerState, answer: ResponseOf<'ListOffsetsResponse'>): ConsumerState {
  return answer.error === 'NONE' ? positioned(state, answer, answer.offset) : leaderDoubtful(state)
}

/**
 * Who: a consumer that fetched.
 * Then: if it still reads there, it processes what came, up to a batch that is damaged. Its position passes whole batches:
 * what compaction removed is passed too. A position that the log does not have is given up.
 */
export function fetched(
  state: ConsumerState,
  request: FetchRequest,
  answer: ResponseOf<'FetchResponse'>,
): ConsumerState {
  const position = state.positions.find(candidate => isSamePartition(candidate, request))
  switch (answer.error) {
    case 'NONE':
      return position?.offset === request.fetchOffset ? processedAll(state, position, answer.records) : state
    case 'OFFSET_OUT_OF_RANGE':
      return position === undefined ? state : withPosition(state, { ...position, offset: -1, isOutOfRange: true })
    default:
      return leaderDoubtful(state)
  }
}

/** The leader may be another: metadata are asked for, after the backoff. */
function leaderDoubtful(state: ConsumerState): ConsumerState {
  return retryingLater({ ...state, needsMetadata: true })
}

/** A partition that is still assigned and has no position gets one. */
function positioned(state: ConsumerState, at: TopicPartition, offset: number): ConsumerState {
  const position = state.positions.find(candidate => isSamePartition(candidate, at))
  if (position === undefined || position.offset !== -1) return state
  return withPosition(state, { ...position, offset, isOutOfRange: false })
}

function processedAll(state: ConsumerState, start: Position, records: RecordsValue): ConsumerState {
  const { topic, partition } = start
  const processed = [...state.processed]
  let { offset } = start
  for (const batch of records) {
    if (!isPlaced(batch) || batch.corrupt) break
    for (const record of batch.records) {
      if (record.offset < offset) continue
      processed.push({ topic, partition, offset: record.offset, key: record.key, value: record.value })
    }
    offset = batch.lastOffset + 1
  }
  if (offset === start.offset) return state
  const passed = withPosition(state, { ...start, offset })
  return processed.length === state.processed.length ? passed : { ...passed, processed }
}

function isPlaced(batch: RecordsValue[number]): batch is Batch {
  return 'baseOffset' in batch
}
