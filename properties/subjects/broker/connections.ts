// The connections of one run: one to each broker for whatever is asked in order, one for each purpose that must not wait
// behind another. Whatever goes wrong on one ends the run with a sentence that says what was last heard.
import { type Address, ConnectionLost, WireConnection } from '../../../impl/host/wire-connection.ts'
import { apiVersions } from '../../../impl/wire/apis/api-versions.ts'
import { type Api, defaultsOf, type RequestOf, type ResponseOf } from '../../../impl/wire/schema.ts'
import type { Milliseconds } from '../../../model/vocabulary/units.ts'
import { subjectGone } from '../../subject-gone.ts'

/** How long a broker that has just failed is asked whether it is still there. */
const onceMoreMs: Milliseconds = 1000

/** Open connections by broker and purpose. Whoever makes one closes it. */
export class Connections {
  readonly #answerWithinMs: Milliseconds
  readonly #open = new Map<string, WireConnection>()
  readonly #all = new Set<WireConnection>()
  #isClosed = false
  #lastAnswered: { readonly what: string; readonly at: number } | null = null

  readonly #oddities: Set<string>

  /** What is odd about answers that can be understood all the same is added to `oddities`, a sentence for each oddity. */
  constructor(answerWithinMs: Milliseconds, oddities: Set<string> = new Set()) {
    this.#answerWithinMs = answerWithinMs
    this.#oddities = oddities
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
      const connection = await WireConnection.open(address, clientId, this.#answerWithinMs, (api, version, bytes) => {
        this.#oddities.add(
          `${api.name} ${version}: ${bytes === 1 ? 'a byte' : `${bytes} bytes`} too many at the end of an answer, which clients do not read`,
        )
      })
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
    if (version < 0)
      throw new Error(`${api.name} cannot be spoken with this broker: see what its probe says is missing`)
    try {
      const answer = await connection.ask(api, version, body, withinMs)
      this.#lastAnswered = { what: `${api.name} ${version}`, at: performance.now() }
      return answer
    } catch (error) {
      throw this.#gone(error, { api, version, isThere: await this.#isThere(connection.address, api) })
    }
  }

  /** Closes everything at once. */
  close(): void {
    this.#isClosed = true
    for (const connection of this.#all) connection.close()
    this.#all.clear()
    this.#open.clear()
  }

  /** Whether the broker is there for others: a refusal of one request and the end of a broker are different things. */
  async #isThere(address: Address, api: Api): Promise<boolean | null> {
    if (this.#isClosed || api.name === apiVersions.name) return null
    const withinMs = Math.min(this.#answerWithinMs, onceMoreMs)
    try {
      const connection = await WireConnection.open(address, 'lockstep-probe', withinMs, () => {})
      try {
        await connection.ask(apiVersions, 0, defaultsOf(apiVersions.request), withinMs)
      } finally {
        connection.close()
      }
      return true
    } catch {
      return false
    }
  }

  #gone(
    error: unknown,
    asked: { readonly api: Api; readonly version: number; readonly isThere: boolean | null } | null = null,
  ): Error {
    if (!(error instanceof ConnectionLost)) return error instanceof Error ? error : new Error(String(error))
    const isThere = asked?.isThere ?? null
    const still =
      isThere === null ? '' : `; on a new connection it ${isThere ? 'still answers' : 'does not answer either'}`
    const unanswered = asked !== null && isThere === true ? { api: asked.api.name, version: asked.version } : null
    return subjectGone(`${error.message}; ${this.#lastSaid()}${still}`, unanswered)
  }

  #lastSaid(): string {
    if (this.#lastAnswered === null) return 'it never answered anything'
    const seconds = ((performance.now() - this.#lastAnswered.at) / 1000).toFixed(1)
    return `last answered: ${this.#lastAnswered.what}, ${seconds} s before`
  }
}
