// A leader is asked for records, by followers and consumers.
// Follows Partition.fetchRecords, Replica.updateFetchStateOrThrow, DelayedFetch. Notes: docs/protocol/cluster.md §4.5.
import { epochEnd } from '../log/epochs.ts'
import { readBatches } from '../log/read.ts'
import { logEndOffset } from '../log/state.ts'
import type { Requester, Send } from '../network.ts'
import type { ErrorName } from '../vocabulary/errors.ts'
import type { RecordsValue, Response } from '../vocabulary/messages.ts'
import type { EpochEnd } from '../vocabulary/records.ts'
import type { CorrelationId, LeaderEpoch, Milliseconds } from '../vocabulary/units.ts'
import { maybeExpand, progressOf, thenAdvance } from './leader.ts'
import {
  type FetchRequest,
  type FollowerProgress,
  followedBy,
  type Parked,
  type Replica,
  type ReplicaStep,
  type Surroundings,
  unchanged,
  withLeader,
} from './state.ts'

type FetchResponse = Extract<Response<RecordsValue>, { kind: 'FetchResponse' }>

/**
 * Who: a consumer.
 * Then: it is answered at once with whole batches below the high watermark, perhaps none.
 */
export function consumerFetches(
  replica: Replica,
  around: Surroundings,
  requester: Requester,
  request: FetchRequest,
  next: CorrelationId,
): ReplicaStep {
  return { ...unchanged(replica, next), sends: [respond(requester, readFor(replica, around, request))] }
}

/**
 * Who: a follower.
 * When: it speaks for this very leadership (KIP-320: a fetch from another epoch says nothing about what the follower has
 * *now*), and its last record is one that the leader has too.
 * Then: the leader notes how far it has come, may propose to add it to the in-sync set, may commit; and answers with
 * records, or, when there are none, keeps the fetch until there are. The answer's high watermark is the one from
 * before: followers learn of a commit one fetch later.
 */
export function followerFetches(
  replica: Replica,
  around: Surroundings,
  requester: Requester,
  request: FetchRequest,
  next: CorrelationId,
): ReplicaStep {
  const response = readFor(replica, around, request)
  if (response.error !== 'NONE' || response.divergingEpoch !== null) {
    return { ...unchanged(replica, next), sends: [respond(requester, response)] }
  }
  const noted = unchanged(withProgress(replica, around, request), next)
  const expanded = followedBy(noted, (current, id) => maybeExpand(current, around, request.replicaId, id))
  const advanced = thenAdvance(expanded, around)
  if (response.records.length > 0) return { ...advanced, sends: [...advanced.sends, respond(requester, response)] }
  const parked: Parked = { requester, request, deadline: around.now + around.config.replicaFetchWaitMaxMs }
  return followedBy(advanced, (current, id) => unchanged(park(current, parked), id))
}

/**
 * When: the leader's log has grown, or the replica's part has changed.
 * Then: every parked fetch is answered that now errs, diverges or finds records; the others stay.
 */
export function answerParked(replica: Replica, around: Surroundings, next: CorrelationId): ReplicaStep {
  return answerParkedWith(replica, next, ({ request }) => {
    const response = readFor(replica, around, request)
    return isWorthAnswering(response) ? response : null
  })
}

/** When: time has passed. Then: fetches that waited long enough are answered as things are. */
export function answerDueFetches(replica: Replica, around: Surroundings, next: CorrelationId): ReplicaStep {
  return answerParkedWith(replica, next, ({ deadline, request }) =>
    around.now >= deadline ? readFor(replica, around, request) : null,
  )
}

/** Who: a node whose connection broke. Then: nobody waits for the answer to what it had asked. */
export function withoutParkedOf(replica: Replica, endpoint: string): Replica {
  if (replica.role.kind !== 'leader') return replica
  const parked = replica.role.parked.filter(fetch => fetch.requester.endpoint !== endpoint)
  return parked.length === replica.role.parked.length ? replica : withLeader(replica, { parked })
}

/** The answers that fetches get when the replica that parked them no longer leads as it did. */
export function answersAfterChange(parked: readonly Parked[], replica: Replica, around: Surroundings): readonly Send[] {
  return parked.map(({ requester, request }) => respond(requester, readFor(replica, around, request)))
}

/** The first check that fails for a request that needs the leader of `leaderEpoch`, or null. */
export function leaderRefusal(replica: Replica | null, currentLeaderEpoch: LeaderEpoch): ErrorName | null {
  if (replica === null) return 'UNKNOWN_TOPIC_OR_PARTITION'
  if (currentLeaderEpoch >= 0 && currentLeaderEpoch < replica.leaderEpoch) return 'FENCED_LEADER_EPOCH'
  if (currentLeaderEpoch >= 0 && currentLeaderEpoch > replica.leaderEpoch) return 'UNKNOWN_LEADER_EPOCH'
  return replica.role.kind === 'leader' ? null : 'NOT_LEADER_OR_FOLLOWER'
}

/** The answer of a broker that has no such replica. */
export function unknownPartition(requester: Requester, request: FetchRequest): Send {
  return respond(requester, {
    ...emptyAnswer(request),
    error: 'UNKNOWN_TOPIC_OR_PARTITION',
    highWatermark: -1,
    logStartOffset: -1,
  })
}

/** The checks and the read; changes nothing. */
function readFor(replica: Replica, around: Surroundings, request: FetchRequest): FetchResponse {
  const { log } = replica
  const answer = { ...emptyAnswer(request), highWatermark: log.highWatermark, logStartOffset: log.logStartOffset }
  const error = fetchRefusal(replica, request)
  if (error !== null) return withError(answer, error, replica)
  const diverging = divergence(replica, request)
  if (diverging === 'OFFSET_OUT_OF_RANGE') return withError(answer, diverging, replica)
  if (diverging !== null) return { ...answer, divergingEpoch: diverging }
  const end = request.replicaId === -1 ? log.highWatermark : logEndOffset(log)
  const { outcome } = readBatches(log, request.fetchOffset, end, around.config.fetchBytesMax)
  return outcome.kind === 'error' ? withError(answer, outcome.error, replica) : { ...answer, records: outcome.batches }
}

function fetchRefusal(replica: Replica, request: FetchRequest): ErrorName | null {
  const refusal = leaderRefusal(replica, request.currentLeaderEpoch)
  if (refusal !== null) return refusal
  if (request.replicaId !== -1 && replica.role.kind === 'leader') {
    const progress = progressOf(replica.role, request.replicaId)
    // An older process of the follower: what it had may be lost by now (KIP-903).
    if (progress === null || request.replicaEpoch < progress.brokerEpoch) return 'NOT_LEADER_OR_FOLLOWER'
  }
  return request.fetchOffset < replica.log.logStartOffset ? 'OFFSET_OUT_OF_RANGE' : null
}

/**
 * Whether the follower's log parts from the leader's before `fetchOffset`. The leader looks up where the follower's last
 * epoch ends *here*. If it never had that epoch, or had less of it, what the follower holds beyond is not the leader's:
 * it must truncate and ask again. Source: KIP-595's truncation on fetch, which replaced OffsetForLeaderEpoch (KIP-101).
 */
function divergence(replica: Replica, request: FetchRequest): EpochEnd | 'OFFSET_OUT_OF_RANGE' | null {
  if (request.lastFetchedEpoch < 0) return null
  const end = epochEnd(replica.log.epochs, request.lastFetchedEpoch, logEndOffset(replica.log))
  if (end.epoch === -1) return 'OFFSET_OUT_OF_RANGE'
  return end.epoch < request.lastFetchedEpoch || end.endOffset < request.fetchOffset ? end : null
}

/** What the fetch tells of the follower. Source: `Replica.updateFetchStateOrThrow`. */
function withProgress(replica: Replica, around: Surroundings, request: FetchRequest): Replica {
  if (replica.role.kind !== 'leader') return replica
  const logEnd = logEndOffset(replica.log)
  const followers = replica.role.followers.map(progress =>
    progress.brokerId !== request.replicaId
      ? progress
      : {
          brokerId: progress.brokerId,
          fetchOffset: request.fetchOffset,
          brokerEpoch: request.replicaEpoch,
          lastCaughtUp: caughtUpAt(progress, request, logEnd, around.now),
          lastFetch: { at: around.now, logEndOffset: logEnd },
        },
  )
  return withLeader(replica, { followers })
}

/** It has caught up now, or had at its previous fetch if it has by now all that there was then. */
function caughtUpAt(
  progress: FollowerProgress,
  request: FetchRequest,
  logEnd: number,
  now: Milliseconds,
): Milliseconds | null {
  if (request.fetchOffset >= logEnd) return later(progress.lastCaughtUp, now)
  const { lastFetch } = progress
  if (lastFetch !== null && request.fetchOffset >= lastFetch.logEndOffset) {
    return later(progress.lastCaughtUp, lastFetch.at)
  }
  return progress.lastCaughtUp
}

function later(a: Milliseconds | null, b: Milliseconds): Milliseconds {
  return a === null ? b : Math.max(a, b)
}

/** Fetches for which there is an answer get it; the others stay parked. */
function answerParkedWith(
  replica: Replica,
  next: CorrelationId,
  answerTo: (parked: Parked) => FetchResponse | null,
): ReplicaStep {
  if (replica.role.kind !== 'leader' || replica.role.parked.length === 0) return unchanged(replica, next)
  const sends: Send[] = []
  const staying: Parked[] = []
  for (const parked of replica.role.parked) {
    const response = answerTo(parked)
    if (response === null) staying.push(parked)
    else sends.push(respond(parked.requester, response))
  }
  if (sends.length === 0) return unchanged(replica, next)
  return { ...unchanged(withLeader(replica, { parked: staying }), next), sends }
}

function isWorthAnswering(response: FetchResponse): boolean {
  return response.error !== 'NONE' || response.divergingEpoch !== null || response.records.length > 0
}

function park(replica: Replica, parked: Parked): Replica {
  return replica.role.kind === 'leader' ? withLeader(replica, { parked: [...replica.role.parked, parked] }) : replica
}

function emptyAnswer(request: FetchRequest): FetchResponse {
  return {
    kind: 'FetchResponse',
    correlationId: request.correlationId,
    topic: request.topic,
    partition: request.partition,
    error: 'NONE',
    highWatermark: -1,
    logStartOffset: -1,
    logEndOffset: -1,
    divergingEpoch: null,
    records: [],
  }
}

function withError(answer: FetchResponse, error: ErrorName, replica: Replica): FetchResponse {
  return { ...answer, error, logEndOffset: error === 'OFFSET_OUT_OF_RANGE' ? logEndOffset(replica.log) : -1 }
}

function respond(requester: Requester, message: FetchResponse): Send {
  return { kind: 'respond', to: requester, message }
}
