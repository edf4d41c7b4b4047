// The connections of one run: one to each broker for whatever is asked in order, one for each purpose that must not wait
// behind another. Whatever goes wrong on one ends the run with a sentence that says what was last heard.
import { type Address, ConnectionLost, WireConnection } from '../../../impl/host/wire-connection.ts'
import type { Api, RequestOf, ResponseOf } from '../../../impl/wire/schema.ts'
import type { Milliseconds } from '../../../model/vocabulary/units.ts'
import { subjectGone } from '../../subject-gone.ts'

/** Open connections by broker and purpose. Whoever makes one closes it. */
export class Connections {
  readonly #answerWithinMs: Milliseconds
  readonly #open = new Map<string, WireConnection>()
  readonly #all = new Set<WireConnection>()
  #lastAnswered: { readonly what: string; readonly at: number } | null = null

  constructor(answerWithinMs: Milliseconds) {
    this.#answerWithinMs = answerWithinMs
  }

  /** The open connection to a broker for a purpose; opened when there is none. Rejects with `subjectGone`. */
  async to(address: Address, purpose: string, clientId: string): Promise<WireConnection> {
    const key = `${address} ${purpose}`
    const known = this.#open.get(key)
    if (known !== undefined && !known.isClosed) return known
    const connection = await this.fresh(address, clientId)
    this.#open.set(key, connection)
    return connection
  }

  /** As `to`, but never one on which something is waited for: that one stays open, and a new one takes its place. */
  async idle(address: Address, purpose: string, clientId: string): Promise<WireConnection> {
    const connection = await this.to(address, purpose, clientId)
    if (connection.unanswered === 0) return connection
    this.#open.delete(`${address} ${purpose}`)
    return await this.to(address, purpose, clientId)
  }

  /** A connection that nobody else gets. Rejects with `subjectGone`. */
  async fresh(address: Address, clientId: string): Promise<WireConnection> {
    try {
      const connection = await WireConnection.open(address, clientId, this.#answerWithinMs)
      for (const one of this.#all) if (one.isClosed) this.#all.delete(one)
      this.#all.add(connection)
      return connection
    } catch (error) {
      throw this.#gone(error)
    }
  }

  /** Asks, and waits for the answer. Rejects with `subjectGone`. */
  async ask<A extends Api>(
    connection: WireConnection,
    api: A,
    version: number,
    body: RequestOf<A>,
    withinMs: Milliseconds = this.#answerWithinMs,
  ): Promise<ResponseOf<A>> {
    try {
      const answer = await connection.ask(api, version, body, withinMs)
      this.#lastAnswered = { what: `${api.name} ${version}`, at: performance.now() }
      return answer
    } catch (error) {
      throw this.#gone(error)
    }
  }

  /** Closes everything at once. */
  close(): void {
    for (const connection of this.#all) connection.close()
    this.#all.clear()
    this.#open.clear()
  }

  #gone(error: unknown): Error {
    if (!(error instanceof ConnectionLost)) return error instanceof Error ? error : new Error(String(error))
    return subjectGone(`${error.message}; ${this.#lastSaid()}`)
  }

  #lastSaid(): string {
    if (this.#lastAnswered === null) return 'it never answered anything'
    const seconds = ((performance.now() - this.#lastAnswered.at) / 1000).toFixed(1)
    return `last answered: ${this.#lastAnswered.what}, ${seconds} s before`
  }
}
