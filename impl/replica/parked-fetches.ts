// Followers' fetches that found nothing to read and wait for records: Kafka's purgatory for `DelayedFetch`, of one partition.
import type { Endpoint } from '../../model/vocabulary/cluster.ts'
import type { BrokerId, Milliseconds } from '../../model/vocabulary/units.ts'
import type { Requester, WireRequest } from '../ports/network.ts'
import { never } from './surroundings.ts'

/** A fetch as it came. */
export type FetchRequest = Extract<WireRequest, { kind: 'Fetch' }>

/** One fetch that waits. */
export type ParkedFetch = { readonly from: Requester; readonly request: FetchRequest; readonly dueAt: Milliseconds }

/** The row of one leadership, in order of arrival. */
export class ParkedFetches {
  #row: ParkedFetch[] = []
  #nextDue = never

  /** A time before which none is due. */
  get nextDue(): Milliseconds {
    return this.#nextDue
  }

  /** Whose fetches they are, in order of arrival. */
  brokerIds(): readonly BrokerId[] {
    return this.#row.map(({ request }) => request.replicaId)
  }

  /** Puts one at the end. */
  add(fetch: ParkedFetch): void {
    this.#row.push(fetch)
    if (fetch.dueAt < this.#nextDue) this.#nextDue = fetch.dueAt
  }

  /** Offers each to `answer`, and lets go of those for which it says that they were answered. */
  offer(answer: (fetch: ParkedFetch) => boolean): void {
    if (this.#row.length > 0) this.#row = this.#row.filter(fetch => !answer(fetch))
  }

  /** Answers those that are due. */
  tick(now: Milliseconds, answer: (fetch: ParkedFetch) => void): void {
    if (now < this.#nextDue) return
    this.#nextDue = never
    this.offer(fetch => {
      if (now >= fetch.dueAt) {
        answer(fetch)
        return true
      }
      this.#nextDue = Math.min(this.#nextDue, fetch.dueAt)
      return false
    })
  }

  /** Forgets those that came over a connection to `endpoint`, which is broken now; true when there were any. */
  forget(endpoint: Endpoint): boolean {
    const before = this.#row.length
    if (before > 0) this.#row = this.#row.filter(({ from }) => from.endpoint !== endpoint)
    return this.#row.length < before
  }
}
