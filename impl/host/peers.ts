// The network between the nodes of a cluster, over TCP on its own ports: the `Network` port of one node. Clients never
// speak here: whoever connects must first say the cluster's secret.
//
// A node opens one connection to every node to which it sends requests, and answers come back on it, in any order. A
// link can be cut or slowed down in one direction for tests; what is sent meanwhile waits, as it would in TCP.
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import type { Endpoint } from '../../model/vocabulary/cluster.ts'
import type { Network, Requester, Wire, WireRequest, WireResponse } from '../ports/network.ts'
import { decodeMessage, encodeMessage } from '../wire/messages.ts'
import { WireError } from '../wire/wire-error.ts'
import { FrameAssembler, FrameError } from './frame-assembler.ts'
import { giveReadBufferBack } from './read-buffers.ts'
import { receiveFrames } from './receive.ts'

/** The largest message between nodes: a batch, or an image. */
const frameBytesMax = 268_435_456
const loopback = '127.0.0.1'

/** What a node does with what it hears. */
export type PeerEvents = {
  receive(from: Requester, message: Wire): void
  disconnected(endpoint: Endpoint): void
  report(problem: string): void
}

/** What the nodes of one cluster know of each other, and which links are disturbed. */
export class PeerDirectory {
  /** What nodes must say to be heard. */
  readonly secret: string
  readonly #ports = new Map<Endpoint, number>()
  readonly #cuts = new Set<string>()
  readonly #delays = new Map<string, number>()
  readonly #links = new Set<Link>()

  constructor(secret: string) {
    this.secret = secret
  }

  /** Where a node listens, or undefined while it is down. */
  portOf(endpoint: Endpoint): number | undefined {
    return this.#ports.get(endpoint)
  }

  /** A node opened its port, or (undefined) closed it. */
  setPort(endpoint: Endpoint, port: number | undefined): void {
    if (port === undefined) this.#ports.delete(endpoint)
    else this.#ports.set(endpoint, port)
  }

  isCut(from: Endpoint, to: Endpoint): boolean {
    return this.#cuts.has(`${from}>${to}`)
  }

  /** Milliseconds that everything on the way takes. */
  delayOf(from: Endpoint, to: Endpoint): number {
    return this.#delays.get(`${from}>${to}`) ?? 0
  }

  /** Lets nothing through from one node to another, or lets it through again, what waited first. */
  setCut(from: Endpoint, to: Endpoint, isCut: boolean): void {
    if (isCut) this.#cuts.add(`${from}>${to}`)
    else this.#cuts.delete(`${from}>${to}`)
    if (!isCut) for (const link of this.#links) link.flush()
  }

  /** Slows one direction of a link down. */
  setDelay(from: Endpoint, to: Endpoint, ms: number): void {
    this.#delays.set(`${from}>${to}`, ms)
  }

  /** Heals and speeds up everything. */
  healAll(): void {
    this.#cuts.clear()
    this.#delays.clear()
    for (const link of this.#links) link.flush()
  }

  /** For links: they are told when a cut is healed. */
  add(link: Link): void {
    this.#links.add(link)
  }

  /** For links that ended. */
  remove(link: Link): void {
    this.#links.delete(link)
  }
}

/** One TCP connection between two nodes, as one of them holds it. */
class Link {
  readonly peer: Endpoint
  readonly #own: Endpoint
  readonly #socket: Socket
  readonly #directory: PeerDirectory
  #waiting: (readonly Uint8Array[])[] = []
  /** What a slow link has under way, first in first out, however the delay is changed meanwhile. */
  #underWay: { readonly at: number; readonly chunks: readonly Uint8Array[] }[] = []
  #isOver = false

  constructor(own: Endpoint, peer: Endpoint, socket: Socket, directory: PeerDirectory) {
    this.#own = own
    this.peer = peer
    this.#socket = socket
    this.#directory = directory
    directory.add(this)
  }

  write(chunks: readonly Uint8Array[]): void {
    const delay = this.#directory.delayOf(this.#own, this.peer)
    if (delay <= 0 && this.#underWay.length === 0) {
      this.#put(chunks)
      return
    }
    const at = Math.max(performance.now() + delay, this.#underWay.at(-1)?.at ?? 0)
    this.#underWay.push({ at, chunks })
    if (this.#underWay.length === 1) this.#arriveLater(delay)
  }

  flush(): void {
    if (this.#isOver || this.#directory.isCut(this.#own, this.peer)) return
    const waiting = this.#waiting
    this.#waiting = []
    for (const chunks of waiting) this.#put(chunks)
  }

  close(): void {
    this.#isOver = true
    this.#waiting = []
    this.#underWay = []
    this.#directory.remove(this)
    this.#socket.destroy()
  }

  #arriveLater(delay: number): void {
    setTimeout(() => {
      // A timer may ring a little before its time.
      const now = performance.now() + 1
      while ((this.#underWay[0]?.at ?? Number.POSITIVE_INFINITY) <= now) {
        const first = this.#underWay.shift()
        if (first !== undefined) this.#put(first.chunks)
      }
      const next = this.#underWay[0]
      if (next !== undefined) this.#arriveLater(next.at - now)
    }, delay)
  }

  #put(chunks: readonly Uint8Array[]): void {
    if (this.#isOver) return
    if (this.#waiting.length > 0 || this.#directory.isCut(this.#own, this.peer)) {
      // What a cut holds back is looked at again later, when its memory may have been used for other things.
      this.#waiting.push(chunks.map(bytes => bytes.slice()))
      return
    }
    this.#socket.cork()
    for (const bytes of chunks) this.#socket.write(bytes, () => giveReadBufferBack(bytes))
    this.#socket.uncork()
  }
}

/** One node's network. */
export class Peers implements Network {
  readonly endpoint: Endpoint
  readonly #directory: PeerDirectory
  readonly #events: PeerEvents
  readonly #server: Server
  readonly #outgoing = new Map<Endpoint, Link>()
  /** Connections of others, by the name that their requests carry. */
  readonly #incoming = new Map<Endpoint, Link>()
  #accepted = 0
  #isClosed = false

  private constructor(endpoint: Endpoint, directory: PeerDirectory, events: PeerEvents) {
    this.endpoint = endpoint
    this.#directory = directory
    this.#events = events
    this.#server = createServer({ pauseOnConnect: true }, socket => this.#accept(socket))
  }

  /** Opens the node's port and makes it known. */
  static open(endpoint: Endpoint, directory: PeerDirectory, events: PeerEvents): Promise<Peers> {
    const peers = new Peers(endpoint, directory, events)
    return new Promise((resolve, reject) => {
      peers.#server.once('error', reject)
      peers.#server.listen(0, loopback, () => {
        peers.#server.off('error', reject)
        peers.#server.on('error', error => events.report(`a connection could not be accepted: ${error.message}`))
        directory.setPort(endpoint, (peers.#server.address() as AddressInfo).port)
        resolve(peers)
      })
    })
  }

  send(_from: Endpoint, to: Endpoint, request: WireRequest): void {
    if (this.#isClosed) return
    const link = this.#outgoing.get(to) ?? this.#dial(to)
    link?.write(encodeMessage(request))
  }

  respond(_from: Endpoint, to: Endpoint, _connection: number, response: WireResponse): void {
    this.#incoming.get(to)?.write(encodeMessage(response))
  }

  /** Closes the port and all connections; nothing is told of it here. */
  close(): Promise<void> {
    this.#isClosed = true
    this.#directory.setPort(this.endpoint, undefined)
    const closed = new Promise<void>(resolve => this.#server.close(() => resolve()))
    for (const link of [...this.#outgoing.values(), ...this.#incoming.values()]) link.close()
    return closed
  }

  #dial(to: Endpoint): Link | null {
    const port = this.#directory.portOf(to)
    if (port === undefined) {
      setImmediate(() => this.#lost(to, null))
      return null
    }
    const assembler = newAssembler()
    const onread = {
      buffer: () => assembler.space(),
      callback: (count: number): boolean => {
        this.#attempt(to, socket, () => assembler.arrived(count, frame => this.#receive(to, frame)))
        return true
      },
    }
    const socket: Socket = connect({ port, host: loopback, noDelay: true, onread })
    const link = new Link(this.endpoint, to, socket, this.#directory)
    this.#outgoing.set(to, link)
    socket.write(hello(this.#directory.secret, this.endpoint))
    socket.on('error', () => {})
    socket.on('close', () => this.#lost(to, link))
    return link
  }

  #lost(to: Endpoint, link: Link | null): void {
    link?.close()
    if (this.#outgoing.get(to) === link) this.#outgoing.delete(to)
    if (!this.#isClosed) this.#events.disconnected(to)
  }

  #accept(accepted: Socket): void {
    const name: Endpoint = `${this.endpoint}<${++this.#accepted}`
    const from = accepted.remoteAddress ?? ''
    let link: Link | null = null
    const visit = (frame: Buffer): boolean => {
      if (link !== null) return this.#receive(name, frame)
      const endpoint = greeted(frame, this.#directory.secret)
      if (endpoint === null) {
        this.#events.report(`refused a connection to the port between brokers from ${from}`)
        socket.destroy()
        return true
      }
      link = new Link(this.endpoint, endpoint, socket, this.#directory)
      this.#incoming.set(name, link)
      return true
    }
    const socket: Socket = receiveFrames(accepted, newAssembler(), visit, failure =>
      this.#attempt(name, socket, () => {
        if (failure !== null) throw failure
      }),
    )
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.on('close', () => {
      if (link === null) return
      link.close()
      this.#incoming.delete(name)
      if (!this.#isClosed) this.#events.disconnected(name)
    })
    socket.resume()
  }

  /** Nonsense ends the connection on which it came. */
  #attempt(from: Endpoint, socket: Socket, step: () => void): void {
    try {
      step()
    } catch (error) {
      if (!(error instanceof FrameError || error instanceof WireError)) throw error
      this.#events.report(`a message between ${this.endpoint} and ${from} cannot be read: ${error.message}`)
      socket.destroy()
    }
  }

  #receive(from: Endpoint, frame: Buffer): boolean {
    if (!this.#isClosed) this.#events.receive({ endpoint: from, connection: 0 }, decodeMessage(frame))
    // Numbers and texts are copied, and batches are in the log: nobody looks at the frame any more.
    return true
  }
}

function newAssembler(): FrameAssembler {
  return new FrameAssembler(frameBytesMax, 'the largest message between brokers', () => true)
}

/** Size, secret, a space, the endpoint. */
function hello(secret: string, endpoint: Endpoint): Buffer {
  const text = Buffer.from(`${secret} ${endpoint}`)
  const size = Buffer.alloc(4)
  size.writeInt32BE(text.length)
  return Buffer.concat([size, text])
}

/** Who says hello; null for who does not know the secret. */
function greeted(frame: Buffer, secret: string): Endpoint | null {
  const [said, endpoint] = frame.subarray(0, 1024).toString('utf8').split(' ')
  return said === secret && endpoint !== undefined ? endpoint : null
}
