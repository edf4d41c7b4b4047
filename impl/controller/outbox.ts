// What one event wants to say, held back until what it decided is durable.
import type { Endpoint } from '../../model/vocabulary/cluster.ts'
import type { Network, WireRequest, WireResponse } from '../ports/network.ts'

/** A network that sends nothing until it is told to. Messages leave in the order in which they came. */
export class Outbox implements Network {
  readonly #network: Network
  #waiting: (() => void)[] = []

  constructor(network: Network) {
    this.#network = network
  }

  send(from: Endpoint, to: Endpoint, request: WireRequest): void {
    this.#waiting.push(() => this.#network.send(from, to, request))
  }

  respond(from: Endpoint, to: Endpoint, connection: number, response: WireResponse): void {
    this.#waiting.push(() => this.#network.respond(from, to, connection, response))
  }

  /** Sends what waits. */
  release(): void {
    // Sending may lead to the next event, whose messages are another batch.
    for (const send of this.#waiting.splice(0)) send()
  }

  /** Forgets what waits: nobody may hear of it. */
  discard(): void {
    this.#waiting = []
  }
}
