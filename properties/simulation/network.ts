// The network of a simulated cluster: every message stays where it is until the schedule says so.
// docs/protocol/cluster.md §1. The numbers of connections make sure that an answer never reaches who did not ask for it.

import { byText } from '../../impl/order.ts'
import type { Network, Requester, Wire, WireRequest, WireResponse } from '../../impl/ports/network.ts'
import type { Endpoint } from '../../model/vocabulary/cluster.ts'
import { asItIs, type Carry } from './wire.ts'

/** What the network needs to know of its endpoints, and what it tells them. */
export interface Endpoints {
  /** `down`: connections are refused; `paused`: nothing is received, but a broken connection is noticed. */
  status(endpoint: Endpoint): 'running' | 'paused' | 'down'
  receive(endpoint: Endpoint, from: Requester, message: Wire): void
  disconnected(endpoint: Endpoint, other: Endpoint): void
}

type Envelope = { readonly message: Wire; readonly from: Requester }

/** One direction between two endpoints. */
export type Link = {
  /** `from>to`. */
  readonly name: string
  readonly from: Endpoint
  readonly to: Endpoint
  cut: boolean
  queue: Envelope[]
  late: Envelope[]
  /** Rises with every change of the above. */
  version: number
}

/** The two directions between two endpoints, and what they share. */
type Pair = { connection: number; readonly links: readonly [Link, Link] }
type Port = { readonly pair: Pair; readonly link: Link; requester: Requester }

const settledAtMost = 10_000

/** Owns every message in flight. */
export class SimulatedNetwork implements Network {
  readonly #endpoints: Endpoints
  readonly #names: readonly Endpoint[]
  readonly #carry: Carry
  readonly #ports = new Map<Endpoint, Map<Endpoint, Port>>()
  /** In order of `from`, then `to`. */
  readonly #links: readonly Link[]
  #changed = new Set<Link>()

  /** Every message goes through `carry` when it is sent, so that what is seen in flight is what will be received. */
  constructor(names: readonly Endpoint[], endpoints: Endpoints, carry: Carry = asItIs) {
    this.#endpoints = endpoints
    this.#carry = carry
    this.#names = names.toSorted(byText)
    this.#names.forEach((a, index) => {
      for (const b of this.#names.slice(index + 1)) this.#connect(a, b)
    })
    this.#links = Array.from(this.#ports.values())
      .flatMap(ports => Array.from(ports.values(), ({ link }) => link))
      .sort((x, y) => byText(x.from, y.from) || byText(x.to, y.to))
  }

  /** The links that changed since the last call, in no order. */
  takeChanged(): Iterable<Link> {
    const changed = this.#changed
    if (changed.size > 0) this.#changed = new Set()
    return changed
  }

  send(from: Endpoint, to: Endpoint, request: WireRequest): void {
    const { link, requester } = this.#port(from, to)
    link.queue.push({ message: this.#carry(request), from: requester })
    this.#touch(link)
  }

  respond(from: Endpoint, to: Endpoint, connection: number, response: WireResponse): void {
    const { link, pair, requester } = this.#port(from, to)
    if (pair.connection !== connection) return
    link.queue.push({ message: this.#carry(response), from: requester })
    this.#touch(link)
  }

  /** Moves the head of one link; false when it does not apply. */
  deliver(from: Endpoint, to: Endpoint): boolean {
    const port = this.#ports.get(from)?.get(to)
    return port !== undefined && this.#deliver(port.link)
  }

  /** Moves the head of a late list; false when it does not apply. */
  deliverLate(from: Endpoint, to: Endpoint): boolean {
    const link = this.#ports.get(from)?.get(to)?.link
    if (link === undefined || this.#endpoints.status(to) !== 'running') return false
    const head = link.late.shift()
    if (head === undefined) return false
    this.#touch(link)
    this.#endpoints.receive(to, head.from, head.message)
    return true
  }

  /** Delivers round by round until the network is quiet; answers how many messages that took. */
  settle(): number {
    let delivered = 0
    for (let before = -1; before < delivered; ) {
      before = delivered
      for (const link of this.#links) {
        if (link.queue.length === 0 || !this.#deliver(link)) continue
        delivered++
        if (delivered === settledAtMost) return delivered
      }
    }
    return delivered
  }

  /** Breaks one connection; false for what is not two endpoints. */
  disconnect(a: Endpoint, b: Endpoint, late: boolean): boolean {
    if (!this.#ports.get(a)?.has(b)) return false
    this.#break(a, b, late)
    return true
  }

  /** Breaks the connections of one endpoint with every other. */
  disconnectAll(endpoint: Endpoint, late: boolean): void {
    for (const other of this.#names) if (other !== endpoint) this.#break(endpoint, other, late)
  }

  /** Forgets what an endpoint had read of broken connections: its process is gone. */
  forgetLateTo(endpoint: Endpoint): void {
    for (const link of this.#links) {
      if (link.to !== endpoint || link.late.length === 0) continue
      link.late = []
      this.#touch(link)
    }
  }

  /** Cuts or heals one direction; false when it is so already, or for what is not two endpoints. */
  setCut(from: Endpoint, to: Endpoint, cut: boolean): boolean {
    const link = this.#ports.get(from)?.get(to)?.link
    if (link === undefined || link.cut === cut) return false
    link.cut = cut
    this.#touch(link)
    return true
  }

  /** Heals every cut; false when there was none. */
  healAll(): boolean {
    let hasHealed = false
    for (const { from, to } of this.#links) hasHealed = this.setCut(from, to, false) || hasHealed
    return hasHealed
  }

  #deliver(link: Link): boolean {
    const { from, to, queue, cut } = link
    if (cut || queue.length === 0) return false
    const status = this.#endpoints.status(to)
    if (status === 'paused') return false
    if (status === 'down') {
      this.#break(from, to, false)
      return true
    }
    const head = queue.shift()
    if (head === undefined) return false
    this.#touch(link)
    this.#endpoints.receive(to, head.from, head.message)
    return true
  }

  #break(a: Endpoint, b: Endpoint, late: boolean): void {
    const { pair } = this.#port(a, b)
    pair.connection++
    for (const link of pair.links) {
      this.#port(link.from, link.to).requester = { endpoint: link.from, connection: pair.connection }
      if (link.queue.length === 0) continue
      if (late) link.late.push(...link.queue.filter(({ message }) => isRequest(message)))
      link.queue = []
      this.#touch(link)
    }
    const [first, second] = a < b ? [a, b] : [b, a]
    this.#tell(first, second)
    this.#tell(second, first)
  }

  #tell(endpoint: Endpoint, other: Endpoint): void {
    if (this.#endpoints.status(endpoint) !== 'down') this.#endpoints.disconnected(endpoint, other)
  }

  #connect(a: Endpoint, b: Endpoint): void {
    const there = newLink(a, b)
    const back = newLink(b, a)
    const pair: Pair = { connection: 0, links: [there, back] }
    for (const link of pair.links) {
      const port = { pair, link, requester: { endpoint: link.from, connection: 0 } }
      const ports = this.#ports.get(link.from)
      if (ports === undefined) this.#ports.set(link.from, new Map([[link.to, port]]))
      else ports.set(link.to, port)
    }
  }

  #port(from: Endpoint, to: Endpoint): Port {
    const port = this.#ports.get(from)?.get(to)
    if (port === undefined) throw new Error(`there is no way from ${from} to ${to}`)
    return port
  }

  #touch(link: Link): void {
    link.version++
    this.#changed.add(link)
  }
}

function newLink(from: Endpoint, to: Endpoint): Link {
  return { name: `${from}>${to}`, from, to, cut: false, queue: [], late: [], version: 0 }
}

function isRequest({ kind }: Wire): boolean {
  return !kind.includes('Response')
}
