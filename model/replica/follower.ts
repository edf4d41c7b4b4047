// The follower: it fetches, appends, and cuts what the leader does not have.
// Follows AbstractFetcherThread and ReplicaFetcherThread. Notes: docs/protocol/cluster.md §4.4.
import { epochEnd, newestEpoch } from '../log/epochs.ts'
import { deleteRecords, updateHighWatermark } from '../log/offsets.ts'
import { appendAsFollower } from '../log/replicate.ts'
import { type LogState, logEndOffset } from '../log/state.ts'
import { truncateFully, truncateTo } from '../log/truncate.ts'
import type { RecordsValue, Response } from '../vocabulary/messages.ts'
import type { Batch, EpochEnd } from '../vocabulary/records.ts'
import type { CorrelationId, Offset } from '../vocabulary/units.ts'
import { type Follower, type Replica, type ReplicaStep, type Surroundings, unchanged, withLog } from './state.ts'

type FetchResponse = Extract<Response<RecordsValue>, { kind: 'FetchResponse' }>

/**
 * Who: a follower that knows its leader.
 * Then: it asks for what comes after its log's end, and says which epoch its last record is from, so that the leader can
 * see whether the logs agree that far.
 */
export function fetchNow(replica: Replica, around: Surroundings, next: CorrelationId): ReplicaStep {
  const { role, log } = replica
  if (role.kind !== 'follower') return unchanged(replica, next)
  if (role.leader < 1) return unchanged(withFetch(replica, { kind: 'idle' }), next)
  return {
    replica: withFetch(replica, { kind: 'outstanding', correlationId: next }),
    sends: [
      {
        kind: 'request',
        to: `b${role.leader}`,
        message: {
          kind: 'Fetch',
          correlationId: next,
          topic: replica.topic,
          partition: replica.partition,
          replicaId: around.brokerId,
          replicaEpoch: around.brokerEpoch,
          currentLeaderEpoch: replica.leaderEpoch,
          fetchOffset: logEndOffset(log),
          lastFetchedEpoch: newestEpoch(log.epochs) ?? -1,
          logStartOffset: log.logStartOffset,
        },
      },
    ],
    nextCorrelationId: next + 1,
    finished: [],
  }
}

/** Who: a follower, answered by its leader. An answer that it does not wait for is ignored. */
export function fetchAnswered(
  replica: Replica,
  around: Surroundings,
  response: FetchResponse,
  next: CorrelationId,
): ReplicaStep {
  const { role } = replica
  if (role.kind !== 'follower' || role.fetch.kind !== 'outstanding') return unchanged(replica, next)
  if (role.fetch.correlationId !== response.correlationId) return unchanged(replica, next)
  const idle = withFetch(replica, { kind: 'idle' })
  switch (response.error) {
    case 'NONE':
      return response.divergingEpoch === null
        ? appendFetched(idle, around, response, next)
        : truncateDiverging(idle, around, response.divergingEpoch, next)
    case 'OFFSET_OUT_OF_RANGE':
      return moveIntoRange(idle, around, response, next)
    case 'FENCED_LEADER_EPOCH':
      // The leader is in a later epoch; the metadata that say so are on their way.
      return unchanged(idle, next)
    default:
      return backOff(idle, around, next)
  }
}

/** When: the back-off is over. */
export function retryFetch(replica: Replica, around: Surroundings, next: CorrelationId): ReplicaStep {
  const { role } = replica
  const isDue = role.kind === 'follower' && role.fetch.kind === 'backoff' && around.now >= role.fetch.until
  return isDue ? fetchNow(replica, around, next) : unchanged(replica, next)
}

/** When: the connection to a broker broke. Then: a fetch that was under way to it is tried again later. */
export function fetchLost(replica: Replica, around: Surroundings, brokerName: string): Replica {
  const { role } = replica
  if (role.kind !== 'follower' || role.fetch.kind !== 'outstanding' || `b${role.leader}` !== brokerName) return replica
  return withFetch(replica, { kind: 'backoff', until: around.now + around.config.replicaFetchBackoffMs })
}

/**
 * Then: the records are appended, and the leader's high watermark (as of its answer) and log start are taken over as far
 * as the own log reaches.
 */
function appendFetched(
  replica: Replica,
  around: Surroundings,
  response: FetchResponse,
  next: CorrelationId,
): ReplicaStep {
  const batches = placedOnly(response.records)
  const appended = appendAsFollower(beganInside(replica.log, batches), batches)
  if (appended.outcome.kind === 'error') return backOff(withLog(replica, appended.log), around, next)
  const committed = updateHighWatermark(appended.log, response.highWatermark).log
  const log =
    response.logStartOffset > committed.logStartOffset
      ? deleteRecords(committed, Math.min(response.logStartOffset, committed.highWatermark)).log
      : committed
  return fetchNow(withLog(replica, log), around, next)
}

/**
 * The leader's log may start inside a batch (deleteRecords), and batches are sent whole. A follower that has nothing yet
 * begins where that batch begins; the log start that comes with the answer hides the rest.
 * Source: `Partition.appendRecordsToFollowerOrFutureReplica`, UnexpectedAppendOffsetException.
 */
function beganInside(log: LogState, batches: readonly Batch[]): LogState {
  const first = batches[0]
  const end = logEndOffset(log)
  const isInside = first !== undefined && first.baseOffset < end && end <= first.lastOffset
  return isInside && log.logStartOffset === end ? truncateFully(log, first.baseOffset).log : log
}

/**
 * Then: the log is cut where the two logs can still agree. The leader said that *its* epoch e ends at `end`. If the
 * follower has e, they agree up to the smaller of both ends of e. If it has not, its own records of later epochs are
 * foreign to the leader: it cuts to where its newest epoch below e ends, and asks again (KIP-279). Cutting to the
 * leader's end without looking at the epoch is the bug of KAFKA-6361: a diverging suffix below it would stay.
 */
function truncateDiverging(replica: Replica, around: Surroundings, leader: EpochEnd, next: CorrelationId): ReplicaStep {
  const { log } = replica
  const logEnd = logEndOffset(log)
  const own = epochEnd(log.epochs, leader.epoch, logEnd)
  const truncated = truncateTo(log, truncationOffset(own, leader, logEnd)).log
  const isAsBefore = logEndOffset(truncated) === logEnd && newestEpoch(truncated.epochs) === newestEpoch(log.epochs)
  const after = withLog(replica, truncated)
  return isAsBefore ? backOff(after, around, next) : fetchNow(after, around, next)
}

function truncationOffset(own: EpochEnd, leader: EpochEnd, logEnd: Offset): Offset {
  if (own.epoch === -1) return Math.min(leader.endOffset, logEnd)
  if (own.epoch !== leader.epoch) return Math.min(own.endOffset, logEnd)
  return Math.min(own.endOffset, leader.endOffset, logEnd)
}

/** Then: a log that ends beyond the leader's is cut; one that ends before the leader's begins starts anew there. */
function moveIntoRange(
  replica: Replica,
  around: Surroundings,
  response: FetchResponse,
  next: CorrelationId,
): ReplicaStep {
  const logEnd = logEndOffset(replica.log)
  let moved: LogState | null = null
  if (logEnd > response.logEndOffset) moved = truncateTo(replica.log, response.logEndOffset).log
  else if (logEnd < response.logStartOffset) moved = truncateFully(replica.log, response.logStartOffset).log
  return moved === null ? backOff(replica, around, next) : fetchNow(withLog(replica, moved), around, next)
}

function backOff(replica: Replica, around: Surroundings, next: CorrelationId): ReplicaStep {
  const until = around.now + around.config.replicaFetchBackoffMs
  return unchanged(withFetch(replica, { kind: 'backoff', until }), next)
}

function withFetch(replica: Replica, fetch: Follower['fetch']): Replica {
  return replica.role.kind === 'follower' ? { ...replica, role: { ...replica.role, fetch } } : replica
}

/** A fetch response carries placed batches only; anything else would be a mistake of whoever built it. */
function placedOnly(records: RecordsValue): readonly Batch[] {
  return records.flatMap(batch => ('baseOffset' in batch ? [batch] : []))
}
