// One client's connection: requests are carried out as they come, and answered in the order in which they came, which
// is what Kafka promises and clients rely on.
//
// Nothing more is read while too much is unanswered or unsent, so that a client that never reads costs what the limits
// say and no more. Connections take turns, so that many requests that came at once let others through in between.
import type { Socket } from 'node:net'
import { FrameAssembler, FrameError } from './frame-assembler.ts'
import type { Limits, ReadBudget } from './limits.ts'
import { giveReadBufferBack } from './read-buffers.ts'
import { receiveFrames } from './receive.ts'

/** The place of one answer in the order of answers. */
type Slot = { chunks: readonly Uint8Array[] | null; isDone: boolean }

/** Gives the answer to one request: the chunks of its frame, or null for a request that has none. */
export type Answer = (chunks: readonly Uint8Array[] | null) => void

/** What a listener does with its connections. */
export type ConnectionEvents = {
  /** A request's frame, without its size. Answers whether nobody looks at the frame's bytes any more. */
  request(connection: Connection, frame: Buffer, answer: Answer): boolean
  closed(connection: Connection): void
  /** A connection was closed from here, and why. */
  refused(connection: Connection, why: string): void
}

/** How long one connection may keep all others waiting, unless a single request takes longer. */
const turnMs = 10
/** How long a peer whose connection is being closed has to take the last answers. */
const lingerMs = 1000

/** One connection. It closes itself on nonsense, on long silence and on `close`. */
export class Connection {
  /** Names it within its broker. */
  readonly name: string
  /** The peer as `address:port`, and its address. */
  readonly peer: string
  readonly host: string
  readonly #socket: Socket
  readonly #limits: Limits
  readonly #events: ConnectionEvents
  readonly #budget: ReadBudget<Connection>
  readonly #assembler: FrameAssembler
  #slots: Slot[] = []
  #isClosed = false
  #isHeld = false
  #isClosing = false
  #lingering: NodeJS.Timeout | undefined
  /** Why it is not read from, if it is not. */
  #waits = { forAnswers: false, forPeer: false, forBudget: false, forTurn: false }
  /** Requests that came when its turn was over already. */
  #deferred: Buffer[] = []
  /** 0 before the first request of a piece. */
  #turnEndsAt = 0
  #delayMs = 0

  /** `accepted` must be paused, and was not read from. */
  constructor(
    name: string,
    accepted: Socket,
    limits: Limits,
    budget: ReadBudget<Connection>,
    events: ConnectionEvents,
  ) {
    this.name = name
    this.host = accepted.remoteAddress ?? ''
    this.peer = `${this.host}:${accepted.remotePort ?? 0}`
    this.#limits = limits
    this.#events = events
    this.#budget = budget
    this.#assembler = new FrameAssembler(limits.requestBytesMax, 'socket.request.max.bytes', isProduce)
    const socket = receiveFrames(
      accepted,
      this.#assembler,
      frame => this.#request(frame),
      failure => this.#received(failure),
    )
    this.#socket = socket
    socket.setNoDelay(true)
    socket.setTimeout(limits.idleMs, () => this.#idle())
    socket.on('drain', () => this.#resume('forPeer'))
    // 'close' follows, and tells all that there is to tell.
    socket.on('error', () => {})
    socket.on('close', () => this.#ended())
    socket.resume()
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Requests that are not answered yet. */
  get unanswered(): number {
    return this.#slots.length
  }

  /** Closes it at once; what was not sent is lost. */
  close(): void {
    this.#socket.destroy()
  }

  /** Closes it because of what the peer did. */
  refuse(why: string): void {
    if (this.#isClosed) return
    this.#events.refused(this, why)
    this.#socket.destroy()
  }

  /**
   * Closes it when what is answered by now has been sent; what comes meanwhile is not looked at. It is read all the same:
   * to close with something unread would take the last answers away from the peer, and who does not read does not learn
   * that the peer is gone.
   */
  closeBehindAnswers(why: string): void {
    if (this.#isClosed || this.#isClosing) return
    this.#events.refused(this, why)
    this.#isClosing = true
    this.#socket.end()
    this.#lingering = setTimeout(() => this.#socket.destroy(), lingerMs)
    this.#flow()
  }

  /** Lets every answer wait, as a slow network would. */
  slowDown(ms: number): void {
    this.#delayMs = ms
  }

  /** Stops or continues reading and writing, as a network that lets nothing through. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld
    this.#flow()
    if (!isHeld) this.#flush()
  }

  /** There is room again for incomplete requests. */
  readOn(): void {
    this.#resume('forBudget')
  }

  /** After every piece of the stream. */
  #received(failure: unknown): void {
    this.#turnEndsAt = 0
    if (failure !== null && !(failure instanceof FrameError)) throw failure
    if (failure !== null && !this.#isClosing) this.refuse(failure.message)
    if (this.#isClosed || this.#isClosing) return
    this.#waits.forBudget = !this.#budget.note(this, this.#assembler.held)
    this.#waits.forAnswers = this.#slots.length >= this.#limits.inFlightMax
    this.#waits.forPeer = this.#socket.writableLength > this.#limits.unsentBytesMax
    this.#flow()
  }

  #request(frame: Buffer): boolean {
    if (this.#isClosed || this.#isClosing) return true
    const now = performance.now()
    if (this.#turnEndsAt === 0) this.#turnEndsAt = now + turnMs
    if (this.#deferred.length === 0 && now <= this.#turnEndsAt) return this.#carryOut(frame)
    if (this.#deferred.length === 0) setImmediate(() => this.#goOn())
    // What was lent is gone by then.
    this.#deferred.push(isProduce(frame) ? Buffer.from(frame) : frame)
    this.#waits.forTurn = true
    return false
  }

  /** Its next turn, after everybody else's. */
  #goOn(): void {
    this.#turnEndsAt = performance.now() + turnMs
    while (this.#deferred.length > 0 && performance.now() <= this.#turnEndsAt) {
      if (this.#isClosed || this.#isClosing) this.#deferred = []
      const frame = this.#deferred.shift()
      if (frame !== undefined) this.#carryOut(frame)
    }
    if (this.#deferred.length > 0) setImmediate(() => this.#goOn())
    else this.#resume('forTurn')
  }

  #carryOut(frame: Buffer): boolean {
    const slot: Slot = { chunks: null, isDone: false }
    this.#slots.push(slot)
    return this.#events.request(this, frame, chunks => {
      if (slot.isDone) throw new Error('a request was answered twice')
      slot.chunks = chunks
      slot.isDone = true
      if (this.#delayMs > 0) setTimeout(() => this.#flush(), this.#delayMs)
      else this.#flush()
    })
  }

  /** Sends the answers whose turn it is. */
  #flush(): void {
    if (this.#isClosed || this.#isClosing || this.#isHeld || this.#slots[0]?.isDone !== true) return
    let count = 0
    this.#socket.cork()
    for (const slot of this.#slots) {
      if (!slot.isDone) break
      count++
      for (const bytes of slot.chunks ?? []) this.#socket.write(bytes, () => giveReadBufferBack(bytes))
    }
    this.#socket.uncork()
    this.#slots = count === this.#slots.length ? [] : this.#slots.slice(count)
    if (this.#slots.length < this.#limits.inFlightMax) this.#resume('forAnswers')
  }

  #resume(reason: 'forAnswers' | 'forPeer' | 'forBudget' | 'forTurn'): void {
    if (!this.#waits[reason]) return
    this.#waits[reason] = false
    this.#flow()
  }

  #flow(): void {
    const { forAnswers, forPeer, forBudget, forTurn } = this.#waits
    const mustWait = (forAnswers || forPeer || forBudget || forTurn) && !this.#isClosing
    if (mustWait || this.#isHeld) this.#socket.pause()
    else this.#socket.resume()
  }

  #idle(): void {
    // Whoever waits for an answer of ours is not idle; but when nothing more is read for that, nobody knows who is still
    // there.
    if (this.#slots.length > 0 && !this.#waits.forAnswers) return
    const within = this.#assembler.held > 0 ? ' within a request' : ''
    this.refuse(`silent for ${this.#limits.idleMs} ms${within} (connections.max.idle.ms)`)
  }

  #ended(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#slots = []
    this.#deferred = []
    clearTimeout(this.#lingering)
    this.#budget.leave(this)
    this.#events.closed(this)
  }
}

/** Of a produce request nothing is kept: its batches are in the log, or refused, when it has been carried out. */
function isProduce(frame: Buffer): boolean {
  return frame.length >= 2 && frame.readInt16BE(0) === 0
}
