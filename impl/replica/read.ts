// What may be read from a replica: fetches and offsets. Nothing here changes anything.
// Follows `ReplicaManager.fetchMessages`, `Partition.fetchOffsetForTimestamp`; docs/protocol/cluster.md §4.5 and §4.9.
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { EpochEnd } from '../../model/vocabulary/records.ts'
import type { Bytes, LeaderEpoch, Offset } from '../../model/vocabulary/units.ts'
import type { WireRequest, WireResponse } from '../ports/network.ts'
import type { FetchResponse } from './following.ts'
import type { Leadership } from './leadership.ts'
import type { FetchRequest } from './parked-fetches.ts'
import type { Held } from './surroundings.ts'

/** A question for an offset. */
export type ListOffsetsRequest = Extract<WireRequest, { kind: 'ListOffsets' }>
type ListOffsetsResponse = Extract<WireResponse, { kind: 'ListOffsetsResponse' }>

const noBytes: Uint8Array = new Uint8Array(0)

/** The answer to a fetch as things are now; `leadership` is null where the replica does not lead. */
export function readFetch(
  held: Held,
  leadership: Leadership | null,
  request: FetchRequest,
  bytesMax: Bytes,
): FetchResponse {
  const { log } = held
  const isConsumer = request.replicaId === -1
  let error = checkLeader(held, leadership, request.currentLeaderEpoch)
  let divergingEpoch: EpochEnd | null = null
  let records = noBytes
  if (error === 'NONE' && !isConsumer && isUnknownFollower(leadership, request)) error = 'NOT_LEADER_OR_FOLLOWER'
  if (error === 'NONE' && request.fetchOffset < log.logStartOffset) error = 'OFFSET_OUT_OF_RANGE'
  if (error === 'NONE' && request.lastFetchedEpoch >= 0) {
    const end = log.endOffsetForEpoch(request.lastFetchedEpoch)
    if (end.epoch === -1) error = 'OFFSET_OUT_OF_RANGE'
    else if (end.epoch < request.lastFetchedEpoch || end.endOffset < request.fetchOffset) divergingEpoch = end
  }
  if (error === 'NONE' && divergingEpoch === null) {
    const endOffset = isConsumer ? log.highWatermark : log.logEndOffset
    const read = log.read(request.fetchOffset, endOffset, bytesMax)
    error = read.error
    records = read.bytes
  }
  return {
    kind: 'FetchResponse',
    correlationId: request.correlationId,
    topic: held.topic,
    partition: held.partition,
    error,
    highWatermark: log.highWatermark,
    logStartOffset: log.logStartOffset,
    logEndOffset: error === 'OFFSET_OUT_OF_RANGE' ? log.logEndOffset : -1,
    divergingEpoch,
    records,
  }
}

/** What a consumer asks of one partition. */
export type ConsumerFetch = Pick<FetchRequest, 'currentLeaderEpoch' | 'fetchOffset' | 'lastFetchedEpoch'>

/** The answer to a fetch for a partition of which there is no replica here. */
export function refuseFetch(request: FetchRequest): FetchResponse {
  const { correlationId, topic, partition } = request
  return {
    kind: 'FetchResponse',
    correlationId,
    topic,
    partition,
    error: 'UNKNOWN_TOPIC_OR_PARTITION',
    highWatermark: -1,
    logStartOffset: -1,
    logEndOffset: -1,
    divergingEpoch: null,
    records: noBytes,
  }
}

/** The answer to a question for an offset; `held` is null where there is no replica. */
export function listOffsets(
  held: Held | null,
  leadership: Leadership | null,
  request: ListOffsetsRequest,
): ListOffsetsResponse {
  const { correlationId, topic, partition, timestamp } = request
  const base = { kind: 'ListOffsetsResponse', correlationId, topic, partition } as const
  const refused = (error: ErrorName): ListOffsetsResponse => ({
    ...base,
    error,
    offset: -1,
    timestamp: -1,
    leaderEpoch: -1,
  })
  if (held === null) return refused('UNKNOWN_TOPIC_OR_PARTITION')
  const error = checkLeader(held, leadership, request.currentLeaderEpoch)
  if (error !== 'NONE' || leadership === null) return refused(error)
  const { log, leaderEpoch } = held
  const answer = (offset: Offset, at: number): ListOffsetsResponse => ({
    ...base,
    error: 'NONE',
    offset,
    timestamp: at,
    leaderEpoch,
  })
  // KIP-207: a new leader does not know yet how far its predecessor's high watermark had come.
  const isBehind = leadership.startOffset > log.highWatermark
  if (log.offline) return refused('KAFKA_STORAGE_ERROR')
  if (timestamp === -2) return answer(log.logStartOffset, -1)
  if (timestamp === -1) return isBehind ? refused('OFFSET_NOT_AVAILABLE') : answer(log.highWatermark, -1)
  if (timestamp < 0) return refused('INVALID_REQUEST')
  const found = log.findByTime(timestamp, log.logEndOffset)
  if (found === 'CORRUPT_MESSAGE') return refused(found)
  if (found !== null && found.offset < log.highWatermark) return answer(found.offset, found.timestamp)
  return isBehind ? refused('OFFSET_NOT_AVAILABLE') : answer(-1, -1)
}

/** The answer to *end offset for epoch* from outside. */
export function endOffsetForEpoch(
  held: Held,
  leadership: Leadership | null,
  currentLeaderEpoch: LeaderEpoch,
  leaderEpoch: LeaderEpoch,
): EpochEnd | ErrorName {
  const error = checkLeader(held, leadership, currentLeaderEpoch)
  if (error !== 'NONE') return error
  return held.log.offline ? 'KAFKA_STORAGE_ERROR' : held.log.endOffsetForEpoch(leaderEpoch)
}

function checkLeader(held: Held, leadership: Leadership | null, currentLeaderEpoch: LeaderEpoch): ErrorName {
  if (currentLeaderEpoch >= 0 && currentLeaderEpoch !== held.leaderEpoch) {
    return currentLeaderEpoch < held.leaderEpoch ? 'FENCED_LEADER_EPOCH' : 'UNKNOWN_LEADER_EPOCH'
  }
  return leadership === null ? 'NOT_LEADER_OR_FOLLOWER' : 'NONE'
}

/** A fetch of an earlier life of the follower must not count for the present one (KIP-903). */
function isUnknownFollower(leadership: Leadership | null, { replicaId, replicaEpoch }: FetchRequest): boolean {
  const follower = leadership?.follower(replicaId)
  return follower === undefined || replicaEpoch < follower.brokerEpoch
}
