// What an event wants to say, held back until what it decided is durable.
import type { Endpoint } from '../../model/vocabulary/cluster.ts'
import type { Network, WireRequest, WireResponse } from '../ports/network.ts'

/**
 * A network that sends nothing until it is told to. Messages leave in the order in which they came, but of several images
 * for one broker only the last: it tells everything that the others told, as if those had been lost on their way.
 */
export class Outbox implements Network {
  readonly #network: Network
  #waiting: ((() => void) | null)[] = []
  /** Where the image for each broker stands in the row. */
  readonly #images = new Map<Endpoint, number>()

  constructor(network: Network) {
    this.#network = network
  }

  send(from: Endpoint, to: Endpoint, request: WireRequest): void {
    if (request.kind === 'MetadataUpdate') {
      const before = this.#images.get(to)
      if (before !== undefined) this.#waiting[before] = null
      this.#images.set(to, this.#waiting.length)
    }
    this.#waiting.push(() => this.#network.send(from, to, request))
  }

  respond(from: Endpoint, to: Endpoint, connection: number, response: WireResponse): void {
    this.#waiting.push(() => this.#network.respond(from, to, connection, response))
  }

  /** Sends what waits. */
  release(): void {
    this.#images.clear()
    // Sending may lead to the next event, whose messages are another row.
    for (const send of this.#waiting.splice(0)) send?.()
  }

  /** Forgets what waits: nobody may hear of it. */
  discard(): void {
    this.#images.clear()
    this.#waiting = []
  }
}
