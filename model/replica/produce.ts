// A leader appends for producers and for its group coordinator, and tells readers where the log is.
// Follows ReplicaManager.appendRecords, DelayedProduce, Partition.fetchOffsetForTimestamp.
// Notes: docs/protocol/cluster.md §4.8 and §4.9.
import { appendAsLeader } from '../log/append.ts'
import { logEndOffset } from '../log/state.ts'
import { earliestTimestamp, latestTimestamp, listOffsets } from '../log/time.ts'
import type { Requester, Send } from '../network.ts'
import type { ErrorName } from '../vocabulary/errors.ts'
import type { RecordsValue, Request } from '../vocabulary/messages.ts'
import type { UnplacedBatch } from '../vocabulary/records.ts'
import type { CorrelationId, Offset } from '../vocabulary/units.ts'
import { answerParked, leaderRefusal } from './fetch.ts'
import { advanceHighWatermark, beginWaiting, minInSync } from './leader.ts'
import {
  followedBy,
  type Replica,
  type ReplicaStep,
  type Surroundings,
  unchanged,
  type Waiting,
  withLeader,
} from './state.ts'

type Produce = Extract<Request<RecordsValue>, { kind: 'Produce' }>
type ListOffsets = Extract<Request<RecordsValue>, { kind: 'ListOffsets' }>

/**
 * Who: a producer.
 * When: this broker leads, and for `acks=all` enough replicas are in sync *before* the append.
 * Then: the batch is appended (or recognised). `acks=1` is answered now; `acks=all` when the high watermark has passed
 * the batch's *last* record; `acks=0` never.
 */
export function produced(
  replica: Replica,
  around: Surroundings,
  requester: Requester,
  request: Produce,
  next: CorrelationId,
): ReplicaStep {
  const batch = request.records[0]
  const refusal = produceRefusal(replica, around, request.acks)
  if (refusal !== null || batch === undefined) {
    return answered(unchanged(replica, next), requester, request, refusal ?? 'INVALID_RECORD', -1)
  }
  const { log, outcome } = appendAsLeader(replica.log, batch, replica.leaderEpoch)
  if (outcome.kind === 'error') {
    return answered(unchanged({ ...replica, log }, next), requester, request, outcome.error, -1)
  }
  const appended = afterAppend({ ...replica, log }, around, !outcome.duplicate, next)
  if (request.acks !== -1) return answered(appended, requester, request, 'NONE', outcome.baseOffset)
  const waiting: Waiting = {
    endOffset: outcome.lastOffset + 1,
    writer: {
      kind: 'produce',
      requester,
      correlationId: request.correlationId,
      baseOffset: outcome.baseOffset,
      deadline: around.now + request.timeoutMs,
    },
  }
  return followedBy(appended, (current, id) => beginWaiting(current, around, waiting, id))
}

/** What became of a group's write: it waits (or is finished already), or it was refused. */
export type GroupWrite = ReplicaStep & { readonly refused: ErrorName | null }

/** Who: the group coordinator on the leader. Then: as a produce with `acks=all`, without a time-out. */
export function groupWrote(
  replica: Replica,
  around: Surroundings,
  batch: UnplacedBatch,
  writeId: number,
  next: CorrelationId,
): GroupWrite {
  const refusal = produceRefusal(replica, around, -1)
  if (refusal !== null) return { ...unchanged(replica, next), refused: refusal }
  const { log, outcome } = appendAsLeader(replica.log, batch, replica.leaderEpoch)
  if (outcome.kind === 'error') return { ...unchanged({ ...replica, log }, next), refused: outcome.error }
  const appended = afterAppend({ ...replica, log }, around, true, next)
  const waiting: Waiting = { endOffset: outcome.lastOffset + 1, writer: { kind: 'group', writeId } }
  return { ...followedBy(appended, (current, id) => beginWaiting(current, around, waiting, id)), refused: null }
}

/** When: time has passed. Then: producers that waited too long learn that; their records stay in the log. */
export function timeOutWaiting(replica: Replica, around: Surroundings, next: CorrelationId): ReplicaStep {
  if (replica.role.kind !== 'leader') return unchanged(replica, next)
  const sends: Send[] = []
  const staying: Waiting[] = []
  for (const waiting of replica.role.waiting) {
    const { writer } = waiting
    if (writer.kind === 'produce' && around.now >= writer.deadline) {
      sends.push(produceResponse(replica, writer.requester, writer.correlationId, 'REQUEST_TIMED_OUT', -1))
    } else staying.push(waiting)
  }
  if (sends.length === 0) return unchanged(replica, next)
  return { ...unchanged(withLeader(replica, { waiting: staying }), next), sends }
}

/**
 * Who: a consumer that looks for an offset.
 * Then: only what is committed is told. A new leader whose high watermark still lags behind its epoch's start does not
 * know the end: it says OFFSET_NOT_AVAILABLE rather than a smaller end than its predecessor told (KIP-207).
 */
export function offsetsListed(replica: Replica, requester: Requester, request: ListOffsets): Send {
  const refusal = leaderRefusal(replica, request.currentLeaderEpoch)
  if (refusal !== null) return listed(requester, request, refusal, -1, -1, -1)
  const { log, leaderEpoch } = replica
  const isLagging = replica.role.kind === 'leader' && replica.role.leaderEpochStartOffset > log.highWatermark
  const asked = request.timestamp
  const { outcome } = listOffsets(log, asked, asked === latestTimestamp ? log.highWatermark : logEndOffset(log))
  if (outcome.kind === 'error') return listed(requester, request, outcome.error, -1, -1, -1)
  const found = outcome.record
  if (asked === earliestTimestamp && found !== null)
    return listed(requester, request, 'NONE', found.offset, -1, leaderEpoch)
  if (asked === latestTimestamp && found !== null && !isLagging) {
    return listed(requester, request, 'NONE', found.offset, -1, leaderEpoch)
  }
  if (asked >= 0 && found !== null && found.offset < log.highWatermark) {
    return listed(requester, request, 'NONE', found.offset, found.timestamp, leaderEpoch)
  }
  return isLagging
    ? listed(requester, request, 'OFFSET_NOT_AVAILABLE', -1, -1, -1)
    : listed(requester, request, 'NONE', -1, -1, leaderEpoch)
}

/** The answer of a broker that has no such replica, or must not write to it. */
export function produceRefused(requester: Requester, request: Produce, error: ErrorName): readonly Send[] {
  return request.acks === 0 ? [] : [produceResponse(request, requester, request.correlationId, error, -1)]
}

/** The answer of a broker that has no such replica. */
export function listRefused(requester: Requester, request: ListOffsets, error: ErrorName): Send {
  return listed(requester, request, error, -1, -1, -1)
}

function produceRefusal(replica: Replica, around: Surroundings, acks: -1 | 0 | 1): ErrorName | null {
  const { role } = replica
  if (role.kind !== 'leader') return 'NOT_LEADER_OR_FOLLOWER'
  return acks === -1 && role.inSyncReplicas.length < minInSync(replica, around) ? 'NOT_ENOUGH_REPLICAS' : null
}

/** The high watermark may move (a leader alone in sync commits at once); followers that wait get the news. */
function afterAppend(replica: Replica, around: Surroundings, hasGrown: boolean, next: CorrelationId): ReplicaStep {
  const advanced = advanceHighWatermark(replica, around, next)
  return hasGrown ? followedBy(advanced, (current, id) => answerParked(current, around, id)) : advanced
}

function answered(
  step: ReplicaStep,
  requester: Requester,
  request: Produce,
  error: ErrorName,
  baseOffset: Offset,
): ReplicaStep {
  if (request.acks === 0) return step
  const answer = produceResponse(request, requester, request.correlationId, error, baseOffset)
  return { ...step, sends: [...step.sends, answer] }
}

function produceResponse(
  of: { readonly topic: string; readonly partition: number },
  requester: Requester,
  correlationId: CorrelationId,
  error: ErrorName,
  baseOffset: Offset,
): Send {
  const { topic, partition } = of
  return {
    kind: 'respond',
    to: requester,
    message: { kind: 'ProduceResponse', correlationId, topic, partition, error, baseOffset },
  }
}

function listed(
  requester: Requester,
  request: ListOffsets,
  error: ErrorName,
  offset: Offset,
  timestamp: number,
  leaderEpoch: number,
): Send {
  const { correlationId, topic, partition } = request
  return {
    kind: 'respond',
    to: requester,
    message: { kind: 'ListOffsetsResponse', correlationId, topic, partition, error, offset, timestamp, leaderEpoch },
  }
}
