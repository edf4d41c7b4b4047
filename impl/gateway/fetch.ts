// Fetch for consumers: whole batches up to the high watermark, and a long poll when there is too little.
// Follows `KafkaApis.handleFetchRequest`, `DelayedFetch` and KIP-227. Fetch sessions are not kept: a session id of 0 in the
// answer tells every client to send its whole request again, which the protocol allows a broker at any time.
import type { Bytes, Milliseconds, Offset } from '../../model/vocabulary/units.ts'
import * as header from '../log/batch.ts'
import type { Replica } from '../replica/replica.ts'
import type { fetch } from '../wire/apis/fetch.ts'
import { errorCode, type KafkaErrorName } from '../wire/errors.ts'
import type { ResponseOf } from '../wire/schema.ts'
import type { Core } from './core.ts'
import { type Call, type ClientSession, guarded } from './session.ts'
import { type ClusterView, currentLeader, endpointsOf, noLeader, topicNamed } from './view.ts'

type FetchCall = Call<typeof fetch>
type Response = ResponseOf<typeof fetch>
type PartitionResponse = Response['responses'][number]['partitions'][number]

/** A call that waits for more bytes. */
type Parked = {
  readonly call: FetchCall
  readonly replicas: readonly Replica[]
  readonly dueAt: Milliseconds
  /** When it may be read for again, and whether there is more to read than there was. */
  againAt: Milliseconds
  hasMore: boolean
}
type Read = { readonly response: Response; readonly bytes: Bytes; readonly mustAnswer: boolean }

/** One answer is never larger, whatever the client allows: it is read in one go. */
const responseBytesMax: Bytes = 8_388_608
/**
 * A fetch that wants much (`fetch.min.bytes`) and has been read for in vain rests for a millisecond for each so many bytes
 * that were read: else every small batch that is produced would cost reading all of it anew.
 */
const bytesPerRestingMs: Bytes = 16_384
/** A request with one of these names all its partitions; others count on a session, of which there is none. */
const sessionEpoch = { initial: 0, none: -1 } as const
/** The first version that names topics by their ids. */
const sinceIds = 13
const noBytes = new Uint8Array(0)
const noDivergence = { epoch: -1, endOffset: -1 } as const

/** The fetches of one broker's clients. */
export class Fetches {
  readonly #core: Core
  readonly #view: ClusterView
  readonly #now: () => Milliseconds
  readonly #parked = new Set<Parked>()
  readonly #byReplica = new Map<Replica, Set<Parked>>()
  /** At or before the first due time of the parked ones. */
  #nextDue: Milliseconds = Number.POSITIVE_INFINITY

  constructor(core: Core, view: ClusterView, now: () => Milliseconds) {
    this.#core = core
    this.#view = view
    this.#now = now
  }

  /** A time before which `tick` has nothing to do. */
  get nextDue(): Milliseconds {
    return this.#nextDue
  }

  /** Carries out Fetch. */
  handle(call: FetchCall): void {
    const { request } = call
    if (request.sessionEpoch !== sessionEpoch.initial && request.sessionEpoch !== sessionEpoch.none) {
      const error = errorCode('FETCH_SESSION_ID_NOT_FOUND')
      call.answer({ throttleTimeMs: 0, errorCode: error, sessionId: 0, responses: [], nodeEndpoints: [] })
      return
    }
    if (request.replicaId >= 0 || request.replicaState.replicaId >= 0) {
      call.answer(refuseFollower(call))
      return
    }
    const read = this.#read(call)
    if (isEnough(read, request) || request.maxWaitMs <= 0) {
      call.answer(read.response)
      return
    }
    const now = this.#now()
    const dueAt = now + request.maxWaitMs
    this.#park({ call, replicas: this.#replicasOf(call), dueAt, againAt: restedAt(now, read), hasMore: false })
  }

  /** More may be read from a replica. */
  committed(replica: Replica): void {
    const parked = this.#byReplica.get(replica)
    if (parked === undefined) return
    const now = this.#now()
    for (const one of [...parked]) {
      if (now >= one.againAt) {
        this.#tryAgain(one)
      } else {
        one.hasMore = true
        this.#nextDue = Math.min(this.#nextDue, one.againAt)
      }
    }
  }

  /** The cluster has changed, so that anything may be answered otherwise than before. */
  imageChanged(): void {
    for (const one of [...this.#parked]) this.#tryAgain(one)
  }

  /** Answers what is due. */
  tick(now: Milliseconds): void {
    if (now < this.#nextDue) return
    for (const one of [...this.#parked]) {
      if (now >= one.dueAt) this.#answerDue(one)
      else if (one.hasMore && now >= one.againAt) this.#tryAgain(one)
    }
    this.#nextDue = Number.POSITIVE_INFINITY
    for (const { dueAt, againAt, hasMore } of this.#parked) {
      this.#nextDue = Math.min(this.#nextDue, dueAt, hasMore ? againAt : dueAt)
    }
  }

  /** A client is gone. */
  forget(client: ClientSession): void {
    for (const one of [...this.#parked]) if (one.call.client === client) this.#remove(one)
  }

  /** The event that this is part of goes on whatever becomes of one fetch. */
  #tryAgain(parked: Parked): void {
    guarded(parked.call.client, () => {
      const read = this.#read(parked.call)
      if (isEnough(read, parked.call.request)) {
        this.#answer(parked, read.response)
      } else {
        parked.againAt = restedAt(this.#now(), read)
        parked.hasMore = false
      }
    })
  }

  #park(parked: Parked): void {
    this.#parked.add(parked)
    this.#nextDue = Math.min(this.#nextDue, parked.dueAt)
    for (const replica of parked.replicas) {
      const others = this.#byReplica.get(replica)
      if (others === undefined) this.#byReplica.set(replica, new Set([parked]))
      else others.add(parked)
    }
  }

  #remove(parked: Parked): void {
    this.#parked.delete(parked)
    for (const replica of parked.replicas) {
      const others = this.#byReplica.get(replica)
      others?.delete(parked)
      if (others?.size === 0) this.#byReplica.delete(replica)
    }
  }

  #answerDue(parked: Parked): void {
    this.#remove(parked)
    guarded(parked.call.client, () => parked.call.answer(this.#read(parked.call).response))
  }

  #answer(parked: Parked, response: Response): void {
    this.#remove(parked)
    parked.call.answer(response)
  }

  #replicasOf({ request, version }: FetchCall): readonly Replica[] {
    const replicas = new Set<Replica>()
    for (const { topic, topicId, partitions } of request.topics) {
      const named = topicNamed(this.#view, { name: topic, topicId }, version >= sinceIds)
      for (const { partition } of partitions) {
        const replica = this.#core.broker.replica(named.topic, partition)
        if (replica !== undefined) replicas.add(replica)
      }
    }
    return [...replicas]
  }

  #read({ request, version }: FetchCall): Read {
    let left = Math.min(request.maxBytes, responseBytesMax)
    let bytes: Bytes = 0
    let mustAnswer = false
    const leaders: number[] = []
    const responses = request.topics.map(({ topic: name, topicId, partitions }) => {
      const { topic, error } = topicNamed(this.#view, { name, topicId }, version >= sinceIds)
      const read = partitions.map((asked): PartitionResponse => {
        if (error !== 'NONE') {
          mustAnswer = true
          return failed(asked.partition, error)
        }
        // The first records of an answer may be larger than all limits, so that nobody is ever stuck.
        const answered = this.#readPartition(topic, asked, left, bytes === 0)
        const length = answered.records?.length ?? 0
        bytes += length
        left -= length
        mustAnswer ||= answered.errorCode !== 0 || answered.divergingEpoch.epoch >= 0
        if (answered.currentLeader.leaderId >= 0) leaders.push(answered.currentLeader.leaderId)
        return answered
      })
      return { topic: name, topicId, partitions: read }
    })
    mustAnswer ||= request.topics.every(({ partitions }) => partitions.length === 0)
    const nodeEndpoints = endpointsOf(this.#view, leaders)
    return { response: { throttleTimeMs: 0, errorCode: 0, sessionId: 0, responses, nodeEndpoints }, bytes, mustAnswer }
  }

  #readPartition(
    topic: string,
    asked: FetchCall['request']['topics'][number]['partitions'][number],
    bytesLeft: Bytes,
    isFirst: boolean,
  ): PartitionResponse {
    const replica = this.#core.broker.replica(topic, asked.partition)
    if (replica === undefined) {
      const isKnown = this.#view.partition(topic, asked.partition) !== undefined
      const error = isKnown ? 'NOT_LEADER_OR_FOLLOWER' : 'UNKNOWN_TOPIC_OR_PARTITION'
      return { ...failed(asked.partition, error), currentLeader: currentLeader(this.#view, topic, asked.partition) }
    }
    const { partition, currentLeaderEpoch, fetchOffset, lastFetchedEpoch } = asked
    const bytesMax = Math.min(asked.partitionMaxBytes, bytesLeft)
    if (bytesMax <= 0 && !isFirst && replica.role?.kind === 'leader') {
      const { log } = replica
      return sound(partition, log.highWatermark, log.logStartOffset)
    }
    const request = { currentLeaderEpoch, fetchOffset, lastFetchedEpoch }
    const read = replica.readForConsumer(request, Math.max(0, bytesMax))
    if (read.error !== 'NONE') {
      const leader = currentLeader(this.#view, topic, partition)
      const isElsewhere = read.error === 'NOT_LEADER_OR_FOLLOWER' || read.error === 'FENCED_LEADER_EPOCH'
      return { ...failed(partition, read.error), currentLeader: isElsewhere ? leader : noLeader }
    }
    const answered = sound(partition, read.highWatermark, read.logStartOffset)
    if (read.divergingEpoch !== null) return { ...answered, divergingEpoch: read.divergingEpoch }
    // Only the first partition may go beyond what is left.
    const fits = isFirst || read.records.length <= bytesMax
    return fits ? { ...answered, records: read.records } : answered
  }
}

/**
 * Whether an answer is worth giving before the time is over: there is as much as the client wants, or more would not fit or
 * does not come in one read, so that waiting would bring nothing.
 */
function isEnough({ mustAnswer, bytes, response }: Read, { minBytes }: FetchCall['request']): boolean {
  if (mustAnswer || bytes >= minBytes) return true
  const isCutShort = ({ records, highWatermark }: PartitionResponse): boolean =>
    records !== null && records.length > 0 && endOffsetOf(records) < highWatermark
  return response.responses.some(({ partitions }) => partitions.some(isCutShort))
}

/** Where a row of whole batches ends. */
function endOffsetOf(records: Uint8Array): Offset {
  const view = header.viewOf(records)
  let last = 0
  for (let at = 0; at < records.length; at += header.sizeOf(view, at)) last = at
  return header.lastOffsetOf(view, last) + 1
}

function restedAt(now: Milliseconds, { bytes }: Read): Milliseconds {
  return now + Math.floor(bytes / bytesPerRestingMs)
}

function sound(partitionIndex: number, highWatermark: number, logStartOffset: number): PartitionResponse {
  return {
    partitionIndex,
    errorCode: 0,
    highWatermark,
    // There are no transactions, so that everything committed is stable.
    lastStableOffset: highWatermark,
    logStartOffset,
    divergingEpoch: noDivergence,
    currentLeader: noLeader,
    snapshotId: noDivergence,
    abortedTransactions: null,
    preferredReadReplica: -1,
    records: noBytes,
  }
}

function failed(partitionIndex: number, error: KafkaErrorName): PartitionResponse {
  return { ...sound(partitionIndex, -1, -1), errorCode: errorCode(error) }
}

/** Followers have a port of their own, where they say the cluster's secret first. */
function refuseFollower({ request }: FetchCall): Response {
  const responses = request.topics.map(({ topic, topicId, partitions }) => ({
    topic,
    topicId,
    partitions: partitions.map(({ partition }) => failed(partition, 'TOPIC_AUTHORIZATION_FAILED')),
  }))
  return { throttleTimeMs: 0, errorCode: 0, sessionId: 0, responses, nodeEndpoints: [] }
}
