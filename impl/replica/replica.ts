// One partition's replica on one broker: which role it has, and every event that concerns it.
// Follows `Partition` and `ReplicaManager`; docs/protocol/cluster.md §4.3 to §4.9.
//
// The roles are in leadership.ts and following.ts; answers that only read are in read.ts.
import type { Endpoint } from '../../model/vocabulary/cluster.ts'
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { PartitionState } from '../../model/vocabulary/messages.ts'
import type { EpochEnd } from '../../model/vocabulary/records.ts'
import type {
  Bytes,
  LeaderEpoch,
  Milliseconds,
  Offset,
  PartitionEpoch,
  PartitionIndex,
} from '../../model/vocabulary/units.ts'
import type { Log } from '../log/log.ts'
import type { TopicId } from '../ports/image.ts'
import {
  brokerEndpoint,
  controllerEndpoint,
  type Requester,
  type WireRequest,
  type WireResponse,
} from '../ports/network.ts'
import { type FetchResponse, Following } from './following.ts'
import { Leadership } from './leadership.ts'
import type { FetchRequest, ParkedFetch } from './parked-fetches.ts'
import { type ConsumerFetch, endOffsetForEpoch, type ListOffsetsRequest, listOffsets, readFetch } from './read.ts'
import { type Held, never, type Surroundings } from './surroundings.ts'

/** A batch for a partition. */
export type ProduceRequest = Extract<WireRequest, { kind: 'Produce' }>
type AlterPartitionResponse = Extract<WireResponse, { kind: 'AlterPartitionResponse' }>

/** What new metadata did to the leadership of this broker: `renewed` ended one and began the next. */
export type LeadershipChange = 'began' | 'renewed' | 'ended' | 'none'

/** A replica. The broker owns it, tells it of every event and asks it for its next deadline after each. */
export class Replica {
  readonly #held: Held
  readonly #surroundings: Surroundings
  #role: Leadership | Following | null = null
  #version = 0

  constructor(
    topic: string,
    partition: PartitionIndex,
    log: Log,
    surroundings: Surroundings,
    topicId: TopicId | null = null,
  ) {
    this.#held = { topic, partition, topicId, log, leaderEpoch: -1, partitionEpoch: -1 }
    this.#surroundings = surroundings
  }

  get topic(): string {
    return this.#held.topic
  }

  get partition(): PartitionIndex {
    return this.#held.partition
  }

  /** Null where topics have no ids. */
  get topicId(): TopicId | null {
    return this.#held.topicId
  }

  get log(): Log {
    return this.#held.log
  }

  /** -1 until the first metadata, as the partition epoch. */
  get leaderEpoch(): LeaderEpoch {
    return this.#held.leaderEpoch
  }

  get partitionEpoch(): PartitionEpoch {
    return this.#held.partitionEpoch
  }

  /** Null until the first metadata. */
  get role(): Leadership | Following | null {
    return this.#role
  }

  /** Rises whenever anything but the log may have changed; the log has its own version. */
  get version(): number {
    return this.#version
  }

  /** A time before which `tick` has nothing to do. */
  get nextDeadline(): Milliseconds {
    if (this.#role === null) return never
    if (this.#role.kind === 'follower') return this.#role.nextDue
    return Math.min(this.#role.parked.nextDue, this.#role.waiting.nextDue)
  }

  /** The controller's word on this partition; ignored unless it is newer than what is known. */
  apply(state: PartitionState, minInSyncReplicas: number): LeadershipChange {
    if (state.partitionEpoch <= this.#held.partitionEpoch) return 'none'
    this.#version++
    const isNewEpoch = state.leaderEpoch > this.#held.leaderEpoch
    this.#held.partitionEpoch = state.partitionEpoch
    if (state.leader === this.#surroundings.brokerId) {
      if (this.#role?.kind === 'leader' && !isNewEpoch) {
        if (state.replicas.length !== this.#role.followers.length + 1) this.#role.takeReplicas(state.replicas)
        this.#role.takeInSyncReplicas(state.inSyncReplicas)
        return 'none'
      }
      return this.#becomeLeader(state, minInSyncReplicas)
    }
    return isNewEpoch || this.#role === null ? this.#becomeFollower(state) : 'none'
  }

  /** Obeys another `min.insync.replicas`. */
  configure(minInSyncReplicas: number): void {
    this.#leadership?.takeMinInSyncReplicas(minInSyncReplicas)
    this.#leadership?.advance()
  }

  /** This broker has the partition no more: whoever waits is told, and nothing happens here again. */
  end(): LeadershipChange {
    const before = this.#leadership
    before?.waiting.end('NOT_LEADER_OR_FOLLOWER')
    this.#role = null
    this.#version++
    this.#answerAll(before)
    return before === null ? 'none' : 'ended'
  }

  /**
   * Who: anybody. When: at any time. Then: it is answered, or parked when a follower already has everything.
   * Source: `ReplicaManager.fetchMessages`, `DelayedFetch`.
   */
  fetch(from: Requester, request: FetchRequest): void {
    const leadership = this.#leadership
    const response = this.#read(request)
    const follower = request.replicaId === -1 ? undefined : leadership?.follower(request.replicaId)
    if (
      leadership !== null &&
      follower !== undefined &&
      response.error === 'NONE' &&
      response.divergingEpoch === null
    ) {
      this.#version++
      leadership.noteFetch(follower, request)
      if (response.records.length === 0) {
        const dueAt = this.#surroundings.now() + this.#surroundings.config.replicaFetchWaitMaxMs
        leadership.parked.add({ from, request, dueAt })
        return
      }
    }
    this.#surroundings.respond(from, response)
  }

  /**
   * Who: a producer. When: this replica leads, and enough are in sync for `acks` -1. Then: the batch is appended, and
   * answered at once or when the high watermark passed it. Source: `ReplicaManager.appendRecords`, `DelayedProduce`.
   */
  produce(from: Requester, request: ProduceRequest): void {
    const { correlationId, topic, partition, acks } = request
    const answer = (error: ErrorName, baseOffset: Offset): void => {
      if (acks === 0) return
      const respondedOffset = error === 'NONE' ? baseOffset : -1
      const response = { kind: 'ProduceResponse', correlationId, topic, partition, error } as const
      this.#surroundings.respond(from, { ...response, baseOffset: respondedOffset })
    }
    const appended = this.#append(request.records, acks === -1)
    if (appended.error !== 'NONE' || acks !== -1) {
      answer(appended.error, appended.baseOffset)
      return
    }
    const dueAt = this.#surroundings.now() + request.timeoutMs
    const complete = (error: ErrorName): void => answer(error, appended.baseOffset)
    this.#await({ endOffset: appended.lastOffset + 1, dueAt, isGroupWrite: false, complete })
  }

  /** A write of the group coordinator, as by a producer with `acks` -1 and all the time in the world. */
  writeGroup(records: Uint8Array, done: (error: ErrorName) => void): void {
    const { error, lastOffset } = this.#append(records, true)
    if (error !== 'NONE') done(error)
    else this.#await({ endOffset: lastOffset + 1, dueAt: never, isGroupWrite: true, complete: done })
  }

  /** Answers a question for an offset. */
  listOffsets(from: Requester, request: ListOffsetsRequest): void {
    this.#surroundings.respond(from, listOffsets(this.#held, this.#leadership, request))
  }

  /** What a consumer may read from here, at most `bytesMax` bytes but always the first batch. Changes nothing. */
  readForConsumer(fetch: ConsumerFetch, bytesMax: Bytes): FetchResponse {
    const { topic, partition } = this.#held
    const asked = { kind: 'Fetch', correlationId: 0, topic, partition, logStartOffset: -1, ...fetch } as const
    return readFetch(this.#held, this.#leadership, { ...asked, replicaId: -1, replicaEpoch: -1 }, bytesMax)
  }

  /** Where the records of an epoch end here, for a client that wants to know whether it still agrees (KIP-320). */
  endOffsetForEpoch(currentLeaderEpoch: LeaderEpoch, leaderEpoch: LeaderEpoch): EpochEnd | ErrorName {
    return endOffsetForEpoch(this.#held, this.#leadership, currentLeaderEpoch, leaderEpoch)
  }

  /** The leader answered a fetch. */
  fetchAnswered(response: FetchResponse): void {
    if (this.#role?.kind === 'follower' && this.#role.fetchAnswered(response)) this.#version++
  }

  /** The controller answered a proposal. */
  proposalAnswered(response: AlterPartitionResponse): void {
    if (this.#leadership?.proposalAnswered(response)) this.#version++
  }

  /** Something was done to the log that no event of this replica did. */
  logTouched(): void {
    this.#version++
  }

  /** Deletes what is below `offset`; only a leader may (KIP-107). */
  deleteRecords(offset: Offset): ErrorName {
    return this.#leadership === null ? 'NOT_LEADER_OR_FOLLOWER' : this.#held.log.deleteRecords(offset)
  }

  /** The connection to an endpoint broke. */
  disconnected(endpoint: Endpoint): void {
    if (this.#role === null) return
    if (this.#role.kind === 'leader') {
      if (endpoint === controllerEndpoint) this.#role.controllerLost()
      if (this.#role.parked.forget(endpoint)) this.#version++
    } else if (this.#role.leader >= 1 && endpoint === brokerEndpoint(this.#role.leader)) {
      this.#role.leaderLost()
      this.#version++
    }
  }

  /** The in-sync check of a leader. */
  checkInSyncReplicas(): void {
    if (this.#leadership === null) return
    this.#version++
    this.#leadership.checkInSyncReplicas()
  }

  /** Does what is due. */
  tick(now: Milliseconds): void {
    if (this.#role === null) return
    this.#version++
    if (this.#role.kind === 'follower') {
      this.#role.tick(now)
      return
    }
    this.#role.parked.tick(now, fetch => this.#answerParked(fetch))
    this.#role.waiting.tick(now)
  }

  get #leadership(): Leadership | null {
    return this.#role?.kind === 'leader' ? this.#role : null
  }

  #becomeLeader(state: PartitionState, minInSyncReplicas: number): LeadershipChange {
    const before = this.#leadership
    before?.waiting.end('NOT_LEADER_OR_FOLLOWER')
    if (this.#held.log.assignEpoch(state.leaderEpoch) === 'KAFKA_STORAGE_ERROR') this.#surroundings.halt()
    this.#held.leaderEpoch = state.leaderEpoch
    const leadership = new Leadership(this.#held, this.#surroundings, state, minInSyncReplicas)
    this.#role = leadership
    this.#answerAll(before)
    leadership.advance()
    return before === null ? 'began' : 'renewed'
  }

  #becomeFollower(state: PartitionState): LeadershipChange {
    const before = this.#leadership
    before?.waiting.end('NOT_LEADER_OR_FOLLOWER')
    this.#held.leaderEpoch = state.leaderEpoch
    const following = new Following(this.#held, this.#surroundings, state.leader)
    this.#role = following
    this.#answerAll(before)
    following.fetchNow()
    return before === null ? 'none' : 'ended'
  }

  /** Fetches that were parked in a leadership that is over. */
  #answerAll(ended: Leadership | null): void {
    ended?.parked.offer(fetch => {
      this.#answerParked(fetch)
      return true
    })
  }

  #answerParked({ from, request }: ParkedFetch): void {
    this.#surroundings.respond(from, this.#read(request))
  }

  #read(request: FetchRequest): FetchResponse {
    return readFetch(this.#held, this.#leadership, request, this.#surroundings.config.fetchBytesMax)
  }

  /** Appends one batch, and tells whoever waits for records or for the high watermark. */
  #append(
    records: Uint8Array,
    needsInSyncReplicas: boolean,
  ): { readonly error: ErrorName; readonly baseOffset: Offset; readonly lastOffset: Offset } {
    const leadership = this.#leadership
    if (leadership === null) return refused('NOT_LEADER_OR_FOLLOWER')
    if (needsInSyncReplicas && leadership.isShort) return refused('NOT_ENOUGH_REPLICAS')
    const appended = this.#held.log.appendAsLeader(records, this.#held.leaderEpoch)
    if (appended.error !== 'NONE') {
      if (this.#held.log.offline) this.#surroundings.halt()
      return appended
    }
    this.#version++
    leadership.advance()
    if (!appended.duplicate) this.#offerParked(leadership)
    return appended
  }

  /** The log has grown: parked fetches that are of another opinion by now are answered. */
  #offerParked(leadership: Leadership): void {
    leadership.parked.offer(({ from, request }) => {
      const response = this.#read(request)
      if (response.error === 'NONE' && response.divergingEpoch === null && response.records.length === 0) return false
      this.#surroundings.respond(from, response)
      return true
    })
  }

  #await(append: Parameters<Leadership['waiting']['add']>[0]): void {
    const leadership = this.#leadership
    if (leadership === null) return
    if (this.#held.log.highWatermark < append.endOffset) {
      leadership.waiting.add(append)
      return
    }
    append.complete(leadership.isShort ? 'NOT_ENOUGH_REPLICAS_AFTER_APPEND' : 'NONE')
  }
}

function refused(error: ErrorName): {
  readonly error: ErrorName
  readonly baseOffset: Offset
  readonly lastOffset: Offset
} {
  return { error, baseOffset: -1, lastOffset: -1 }
}
