// One client's connection: requests are carried out as they come, and answered in the order in which they came, which
// is what Kafka promises and clients rely on.
//
// Nothing more is carried out while too much is unanswered or unsent, and nothing more is read then, so that a client that
// never reads costs what the limits say and no more. Connections take turns, so that many requests that came at once let
// others through in between.
import type { Socket } from 'node:net'
import { ownError } from '../gateway/session.ts'
import { FrameAssembler, FrameError } from './frame-assembler.ts'
import type { Limits, ReadBudget } from './limits.ts'
import { giveReadBufferBack } from './read-buffers.ts'
import { receiveFrames } from './receive.ts'

/** The place of one answer in the order of answers. */
type Slot = { chunks: readonly Uint8Array[] | null; isDone: boolean }

/** Gives the answer to one request: the chunks of its frame, or null for a request that has none. */
export type Answer = (chunks: readonly Uint8Array[] | null) => void

/** How long a connection that is closed here goes on taking what it does not look at, so that its last answers arrive. */
const lingerMs = 1000

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
  /** Requests that came while too much was unanswered or unsent: what one piece of the stream held beyond the limits. */
  #later: Buffer[] = []
  #isClosed = false
  #isHeld = false
  #isPaused = false
  #isLaterSoon = false
  /** When its turn is over; 0 before the first request of a piece. */
  #turnEndsAt = 0
  /** Nothing that comes is looked at any more; and the end has been sent behind the last answer. */
  #isClosing = false
  #hasEnded = false
  #linger: NodeJS.Timeout | null = null
  #waitsForBudget = false
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
    socket.setTimeout(limits.idleMs)
    // Not as an argument of setTimeout, which would call it once: a silence that was allowed is followed by others.
    socket.on('timeout', () => this.#idle())
    // 'close' follows, and tells all that there is to tell.
    socket.on('error', () => {})
    socket.on('close', () => this.#ended())
    socket.resume()
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Requests that are being carried out. */
  get unanswered(): number {
    return this.#slots.length
  }

  /** Closes it at once; what was not sent is lost. */
  close(): void {
    this.#socket.destroy()
  }

  /** Closes it because of what the peer did. */
  refuse(why: string): void {
    if (this.#socket.destroyed) return
    if (!this.#isClosing) this.#events.refused(this, why)
    this.#socket.destroy()
  }

  /**
   * Closes it when what is answered by now has been sent; what comes meanwhile is not looked at. It is read all the same:
   * to close with something unread would take the last answers away from the peer, and who does not read does not learn
   * that the peer is gone.
   */
  closeBehindAnswers(why: string): void {
    if (this.#socket.destroyed || this.#isClosing) return
    this.#events.refused(this, why)
    this.#isClosing = true
    this.#later = []
    this.#budget.leave(this)
    if (this.#delayMs > 0) setTimeout(() => this.#end(), this.#delayMs)
    else this.#end()
  }

  /** Lets every answer wait, as a slow network would. */
  slowDown(ms: number): void {
    this.#delayMs = ms
  }

  /** Stops or continues reading and writing, as a network that lets nothing through. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld
    this.#flow()
    if (isHeld) return
    this.#flush()
    if (this.#isClosing) this.#end()
  }

  /** There is room again for incomplete requests. */
  readOn(): void {
    this.#waitsForBudget = false
    this.#flow()
  }

  /** After every piece of the stream. */
  #received(failure: unknown): void {
    this.#turnEndsAt = 0
    if (failure instanceof FrameError) this.refuse(failure.message)
    else if (failure !== null) this.closeBehindAnswers(ownError(failure))
    if (this.#socket.destroyed || this.#isClosing) return
    this.#waitsForBudget = !this.#budget.note(this, this.#assembler.held)
    this.#flow()
  }

  /** Answers whether nobody looks at the frame's bytes any more. */
  #request(frame: Buffer): boolean {
    if (this.#socket.destroyed || this.#isClosing) return true
    const now = performance.now()
    if (this.#turnEndsAt === 0) this.#turnEndsAt = now + turnMs
    const isItsTurn = !this.#isFull && now <= this.#turnEndsAt
    if (isItsTurn && this.#later.length === 0) return this.#carryOut(frame)
    this.#later.push(Buffer.from(frame))
    if (!this.#isFull) this.#makeRoom()
    return true
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

  /** More must not be begun before something is answered or taken by the peer. */
  get #isFull(): boolean {
    return this.#slots.length >= this.#limits.inFlightMax || this.#socket.writableLength > this.#limits.unsentBytesMax
  }

  /** Sends the answers whose turn it is. */
  #flush(): void {
    if (this.#socket.destroyed || this.#hasEnded || this.#isHeld || this.#slots[0]?.isDone !== true) return
    let count = 0
    this.#socket.cork()
    for (const { chunks, isDone } of this.#slots) {
      if (!isDone) break
      count++
      for (const bytes of chunks ?? []) this.#socket.write(bytes, () => this.#sent(bytes))
    }
    this.#socket.uncork()
    this.#slots = count === this.#slots.length ? [] : this.#slots.slice(count)
    this.#makeRoom()
  }

  /** The peer has taken some bytes, or the connection is gone. */
  #sent(bytes: Uint8Array): void {
    giveReadBufferBack(bytes)
    this.#makeRoom()
  }

  /** What had to wait is carried out, but not at once: whoever gives an answer is in the midst of something. */
  #makeRoom(): void {
    if (this.#later.length === 0) this.#flow()
    else if (!this.#isLaterSoon) {
      this.#isLaterSoon = true
      setImmediate(() => this.#carryOutLater())
    }
  }

  #carryOutLater(): void {
    this.#isLaterSoon = false
    this.#turnEndsAt = performance.now() + turnMs
    const isItsTurn = (): boolean =>
      !this.#isFull && !this.#socket.destroyed && !this.#isClosing && performance.now() <= this.#turnEndsAt
    while (this.#later.length > 0 && isItsTurn()) {
      const [frame] = this.#later.splice(0, 1)
      if (frame !== undefined) this.#carryOut(frame)
    }
    // The rest at its next turn, after everybody else's.
    if (this.#later.length > 0 && !this.#isFull) this.#makeRoom()
    else this.#flow()
  }

  #flow(): void {
    if (this.#socket.destroyed) return
    const isWaiting = !this.#isClosing && (this.#waitsForBudget || this.#later.length > 0 || this.#isFull)
    const isPaused = this.#isHeld || isWaiting
    if (isPaused === this.#isPaused) return
    this.#isPaused = isPaused
    if (isPaused) this.#socket.pause()
    else this.#socket.resume()
  }

  /** Says that nothing more comes, and listens on for a while: closing on what was not read would lose the last answers. */
  #end(): void {
    if (this.#socket.destroyed || this.#hasEnded || this.#isHeld) return
    this.#flush()
    this.#hasEnded = true
    this.#socket.end()
    this.#linger = setTimeout(() => this.#socket.destroy(), lingerMs)
    this.#flow()
  }

  #idle(): void {
    // Whoever waits for an answer of ours is not idle; but when nothing more is read for that, nobody knows who is still
    // there.
    if (this.#slots.length > 0 && !this.#isFull) return
    const within = this.#assembler.held > 0 ? ' within a request' : ''
    this.refuse(`silent for ${this.#limits.idleMs} ms${within} (connections.max.idle.ms)`)
  }

  #ended(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#slots = []
    this.#later = []
    if (this.#linger !== null) clearTimeout(this.#linger)
    this.#budget.leave(this)
    this.#events.closed(this)
  }
}

/** Of a produce request nothing is kept: its batches are in the log, or refused, when it has been carried out. */
function isProduce(frame: Buffer): boolean {
  return frame.length >= 2 && frame.readInt16BE(0) === 0
}
