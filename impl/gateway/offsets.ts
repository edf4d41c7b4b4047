// ListOffsets and OffsetForLeaderEpoch: questions about one replica's log. Follows `KafkaApis.handleListOffsetRequest`
// (KIP-79, KIP-734) and `handleOffsetForLeaderEpochRequest` (KIP-101, KIP-320).
import type { LeaderEpoch, Milliseconds, Offset } from '../../model/vocabulary/units.ts'
import type { WireResponse } from '../ports/network.ts'
import type { Replica } from '../replica/replica.ts'
import type { listOffsets } from '../wire/apis/list-offsets.ts'
import type { offsetForLeaderEpoch } from '../wire/apis/offset-for-leader-epoch.ts'
import { errorCode, type KafkaErrorName } from '../wire/errors.ts'
import type { ResponseOf } from '../wire/schema.ts'
import type { Core } from './core.ts'
import type { Call } from './session.ts'
import type { ClusterView } from './view.ts'

/** The times that stand for something else. */
const special = {
  latest: -1,
  earliest: -2,
  maxTimestamp: -3,
  earliestLocal: -4,
  latestTiered: -5,
  earliestPending: -6,
} as const

/** The versions that brought some of them. */
const sinceVersion: ReadonlyMap<number, number> = new Map([
  [special.maxTimestamp, 7],
  [special.earliestLocal, 8],
  [special.latestTiered, 9],
  [special.earliestPending, 11],
])

type Row = ResponseOf<typeof listOffsets>['topics'][number]['partitions'][number]
type Answered = Extract<WireResponse, { kind: 'ListOffsetsResponse' }>

/** Carries out ListOffsets. */
export function handleListOffsets(core: Core, view: ClusterView, call: Call<typeof listOffsets>): void {
  const twice = askedTwice(call)
  const topics = call.request.topics.map(({ name, partitions }) => ({
    name,
    partitions: eachOnce(partitions).map(({ partitionIndex, currentLeaderEpoch, timestamp }): Row => {
      if (twice.has(`${name}-${partitionIndex}`)) return refused(partitionIndex, 'INVALID_REQUEST')
      const isUnknown = timestamp < special.earliestPending || call.version < (sinceVersion.get(timestamp) ?? 0)
      if (isUnknown) return refused(partitionIndex, 'UNSUPPORTED_VERSION')
      const replica = core.broker.replica(name, partitionIndex)
      if (replica === undefined) {
        const isKnown = view.partition(name, partitionIndex) !== undefined
        return refused(partitionIndex, isKnown ? 'NOT_LEADER_OR_FOLLOWER' : 'UNKNOWN_TOPIC_OR_PARTITION')
      }
      return ask(core, call, replica, currentLeaderEpoch, timestamp)
    }),
  }))
  call.answer({ throttleTimeMs: 0, topics })
}

/** The partitions that a request names more than once: which of the answers is whose could not be told. */
function askedTwice({ request }: Call<typeof listOffsets>): ReadonlySet<string> {
  const asked = new Set<string>()
  const twice = new Set<string>()
  for (const { name, partitions } of request.topics) {
    for (const { partitionIndex } of partitions) {
      const key = `${name}-${partitionIndex}`
      if (asked.has(key)) twice.add(key)
      asked.add(key)
    }
  }
  return twice
}

function eachOnce<Asked extends { readonly partitionIndex: number }>(partitions: readonly Asked[]): readonly Asked[] {
  return [...new Map(partitions.map(one => [one.partitionIndex, one])).values()]
}

function ask(
  core: Core,
  { client, version }: Call<typeof listOffsets>,
  replica: Replica,
  currentLeaderEpoch: number,
  timestamp: Milliseconds,
): Row {
  const { topic, partition } = replica
  const time = timeOf(replica, timestamp)
  let answered: Answered | null = null
  core.ask(
    client,
    { kind: 'ListOffsets', topic, partition, currentLeaderEpoch, timestamp: time ?? special.latest },
    response => {
      if (response.kind === 'ListOffsetsResponse') answered = response
    },
  )
  const { error, offset, timestamp: found, leaderEpoch } = answered ?? unanswered
  if (error !== 'NONE') {
    // Clients of before KIP-207 know no such error.
    const isNew = error === 'OFFSET_NOT_AVAILABLE' && version < 5
    return refused(partition, isNew ? 'LEADER_NOT_AVAILABLE' : error)
  }
  // Asked for what there is none of: the leader is right, and that is all.
  if (time === null) return { partitionIndex: partition, errorCode: 0, timestamp: -1, offset: -1, leaderEpoch: -1 }
  return {
    partitionIndex: partition,
    errorCode: 0,
    timestamp: found,
    offset,
    leaderEpoch: offset < 0 ? -1 : (epochAt(replica, offset) ?? leaderEpoch),
  }
}

/** The epoch of the record at an offset, or of the one that will be there; null where it was not noted. */
function epochAt({ log }: Replica, offset: Offset): LeaderEpoch | null {
  return log.epochs.entries.findLast(({ startOffset }) => startOffset <= offset)?.epoch ?? null
}

const unanswered: Pick<Answered, 'error' | 'offset' | 'timestamp' | 'leaderEpoch'> = {
  error: 'NOT_LEADER_OR_FOLLOWER',
  offset: -1,
  timestamp: -1,
  leaderEpoch: -1,
}

/** The time to ask the core for; null when there is no such record. Nothing is tiered here: all is local. */
function timeOf({ log }: Replica, timestamp: Milliseconds): Milliseconds | null {
  switch (timestamp) {
    case special.earliestLocal:
      return special.earliest
    case special.latestTiered:
    case special.earliestPending:
      return null
    case special.maxTimestamp: {
      const largest = log.segments.reduce((most, segment) => Math.max(most, segment.largestTimestamp), -1)
      return largest < 0 ? null : largest
    }
    default:
      return timestamp
  }
}

function refused(partitionIndex: number, error: KafkaErrorName): Row {
  return { partitionIndex, errorCode: errorCode(error), timestamp: -1, offset: -1, leaderEpoch: -1 }
}

type EpochRow = ResponseOf<typeof offsetForLeaderEpoch>['topics'][number]['partitions'][number]

/** Carries out OffsetForLeaderEpoch. */
export function handleOffsetForLeaderEpoch(
  core: Core,
  view: ClusterView,
  call: Call<typeof offsetForLeaderEpoch>,
): void {
  const topics = call.request.topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map(({ partition, currentLeaderEpoch, leaderEpoch }): EpochRow => {
      const replica = core.broker.replica(topic, partition)
      const missing =
        view.partition(topic, partition) === undefined ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'NOT_LEADER_OR_FOLLOWER'
      const end = replica?.endOffsetForEpoch(currentLeaderEpoch, leaderEpoch)
      if (end === undefined) return { errorCode: errorCode(missing), partition, leaderEpoch: -1, endOffset: -1 }
      if (typeof end === 'string') return { errorCode: errorCode(end), partition, leaderEpoch: -1, endOffset: -1 }
      return { errorCode: 0, partition, leaderEpoch: end.epoch, endOffset: end.endOffset }
    }),
  }))
  call.answer({ throttleTimeMs: 0, topics })
}
