// The follower's side of a replica: one fetch at a time, and what its answer does to the log.
// Follows KIP-101, 279, 320 and 595 (`AbstractFetcherThread`, `ReplicaFetcherThread`); docs/protocol/cluster.md §4.4.
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { EpochEnd } from '../../model/vocabulary/records.ts'
import type { BrokerId, CorrelationId, Milliseconds, Offset } from '../../model/vocabulary/units.ts'
import * as header from '../log/batch.ts'
import { brokerEndpoint, type WireResponse } from '../ports/network.ts'
import { type Held, never, type Surroundings } from './surroundings.ts'

/** An answer to a fetch. */
export type FetchResponse = Extract<WireResponse, { kind: 'FetchResponse' }>

type Fetch =
  | { readonly kind: 'idle' }
  | { readonly kind: 'outstanding'; readonly correlationId: CorrelationId }
  | { readonly kind: 'backoff'; readonly until: Milliseconds }

const idle: Fetch = { kind: 'idle' }

/** Following one leader, or waiting for one. */
export class Following {
  readonly kind = 'follower'
  /** -1 when there is no leader. */
  readonly leader: BrokerId
  readonly #held: Held
  readonly #surroundings: Surroundings
  #fetch: Fetch = idle

  constructor(held: Held, surroundings: Surroundings, leader: BrokerId) {
    this.#held = held
    this.#surroundings = surroundings
    this.leader = leader
  }

  /** Whether a fetch is under way, due later, or neither. */
  get fetch(): Fetch['kind'] {
    return this.#fetch.kind
  }

  /** When it fetches again. */
  get nextDue(): Milliseconds {
    return this.#fetch.kind === 'backoff' ? this.#fetch.until : never
  }

  /** Fetches from the log's end on; whatever was under way is forgotten. */
  fetchNow(): void {
    if (this.leader < 1) return
    const { topic, partition, topicId, log, leaderEpoch } = this.#held
    const correlationId = this.#surroundings.nextCorrelationId()
    this.#fetch = { kind: 'outstanding', correlationId }
    this.#surroundings.send(brokerEndpoint(this.leader), {
      kind: 'Fetch',
      correlationId,
      topic,
      partition,
      replicaId: this.#surroundings.brokerId,
      replicaEpoch: this.#surroundings.brokerEpoch,
      currentLeaderEpoch: leaderEpoch,
      fetchOffset: log.logEndOffset,
      lastFetchedEpoch: log.epochs.newest ?? -1,
      logStartOffset: log.logStartOffset,
      ...(topicId === null ? null : { topicId }),
    })
  }

  /** Fetches again when the time for it has come. */
  tick(now: Milliseconds): void {
    if (now >= this.nextDue) this.fetchNow()
  }

  /** The connection to the leader broke. */
  leaderLost(): void {
    if (this.#fetch.kind === 'outstanding') this.#backOff()
  }

  /** The leader answered; true when it is what was waited for. */
  fetchAnswered(response: FetchResponse): boolean {
    if (this.#fetch.kind !== 'outstanding' || this.#fetch.correlationId !== response.correlationId) return false
    this.#fetch = idle
    switch (response.error) {
      case 'NONE':
        if (response.divergingEpoch !== null) this.#truncateTo(response.divergingEpoch)
        else this.#append(response)
        break
      case 'OFFSET_OUT_OF_RANGE':
        this.#moveInto(response.logStartOffset, response.logEndOffset)
        break
      case 'FENCED_LEADER_EPOCH':
        break
      default:
        this.#backOff()
    }
    return true
  }

  /** Cuts what the leader does not have, as far as this answer tells; the next fetch may tell more. */
  #truncateTo({ epoch, endOffset }: EpochEnd): void {
    const { log } = this.#held
    const before = { end: log.logEndOffset, epoch: log.epochs.newest }
    const own = log.endOffsetForEpoch(epoch)
    let target: Offset = Math.min(own.epoch === -1 ? endOffset : own.endOffset, before.end)
    if (own.epoch === epoch) target = Math.min(target, endOffset)
    if (!this.#done(log.truncate(target))) return
    // Nothing was cut, so that the leader would say the same again.
    if (log.logEndOffset === before.end && log.epochs.newest === before.epoch) this.#backOff()
    else this.fetchNow()
  }

  #append(response: FetchResponse): void {
    const { log } = this.#held
    if (response.records.length > 0) {
      if (!this.#beginInside(response.records)) return
      if (!this.#done(log.appendAsFollower(response.records))) return
    }
    log.updateHighWatermark(response.highWatermark)
    if (response.logStartOffset > log.logStartOffset) {
      const raised = log.deleteRecords(Math.min(response.logStartOffset, log.highWatermark))
      if (raised === 'KAFKA_STORAGE_ERROR') this.#surroundings.halt()
    }
    this.fetchNow()
  }

  /**
   * Batches are sent whole, also the one inside which the leader's log starts: a log that has nothing yet begins with it
   * (`Partition.appendRecordsToFollowerOrFutureReplica`). Answers whether the log can go on.
   */
  #beginInside(records: Uint8Array): boolean {
    const { log } = this.#held
    if (log.logStartOffset !== log.logEndOffset) return true
    const view = header.viewOf(records)
    const baseOffset = header.baseOffsetOf(view, 0)
    if (baseOffset >= log.logEndOffset || header.lastOffsetOf(view, 0) < log.logEndOffset) return true
    return this.#done(log.truncateFully(baseOffset))
  }

  /** The log ends behind the leader's end, or before its start. */
  #moveInto(startOffset: Offset, endOffset: Offset): void {
    const { log } = this.#held
    if (log.logEndOffset > endOffset) {
      if (this.#done(log.truncate(endOffset))) this.fetchNow()
    } else if (log.logEndOffset < startOffset) {
      if (this.#done(log.truncateFully(startOffset))) this.fetchNow()
    } else this.#backOff()
  }

  /** Whether the log did as it was told; if not, it is tried again later. */
  #done(error: ErrorName): boolean {
    if (error === 'NONE') return true
    if (error === 'KAFKA_STORAGE_ERROR') this.#surroundings.halt()
    this.#backOff()
    return false
  }

  #backOff(): void {
    const { replicaFetchBackoffMs } = this.#surroundings.config
    this.#fetch = { kind: 'backoff', until: this.#surroundings.now() + replicaFetchBackoffMs }
  }
}
