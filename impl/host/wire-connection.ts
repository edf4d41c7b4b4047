// One connection to a broker, over our own codec: requests go out as they are asked, answers are matched to them by their
// correlation ids. For those who must see what is really on the wire, which a full client hides. The broker may be
// anybody's: whatever it does instead of answering ends the connection with a sentence that says what came.
import { connect, type Socket } from 'node:net'
import type { Milliseconds } from '../../model/vocabulary/units.ts'
import { decodeResponse, encodeRequest } from '../wire/frames.ts'
import type { Api, RequestOf, ResponseOf } from '../wire/schema.ts'
import { FrameAssembler, FrameError } from './frame-assembler.ts'

/** A broker's address as clients are told it: `host:port`. */
export type Address = string

/** The connection is gone or nobody answered in time: whether the request was carried out is not known. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost'
}

type Asked = {
  readonly api: Api
  readonly version: number
  readonly resolve: (body: never) => void
  readonly reject: (error: Error) => void
  readonly timer: NodeJS.Timeout
}

/** Told of `bytes` bytes behind the body of an answer. */
export type Surplus = (api: Api, version: number, bytes: number) => void

const responseBytesMax = 268_435_456
/** How much of what cannot be understood is shown. */
const shownBytes = 24
/** How long a connection that is hung up may take to send what was written. */
const hangUpMs: Milliseconds = 2000

/** An open connection. Whoever opened it closes it. */
export class WireConnection {
  readonly address: Address
  readonly #socket: Socket
  readonly #asked = new Map<number, Asked>()
  readonly #assembler = new FrameAssembler(responseBytesMax, 'the largest answer')
  readonly #clientId: string
  readonly #surplus: Surplus | null
  #correlationId = 0
  #isClosed = false
  /** How many bytes came since the last whole answer, and the first few of them. */
  #unreadBytes = 0
  #unreadHead = Buffer.alloc(0)

  private constructor(address: Address, socket: Socket, clientId: string, surplus: Surplus | null) {
    this.address = address
    this.#socket = socket
    this.#clientId = clientId
    this.#surplus = surplus
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    socket.on('error', () => {})
    socket.on('close', () => this.#ended(this.#closedBy()))
  }

  /**
   * Connects. Rejects with ConnectionLost when nobody listens or it takes longer than `withinMs`. Bytes that follow the
   * body of an answer are told to `surplus`; without it such an answer is none.
   */
  static open(
    address: Address,
    clientId = 'wire-client',
    withinMs: Milliseconds = 5000,
    surplus: Surplus | null = null,
  ): Promise<WireConnection> {
    const colon = address.lastIndexOf(':')
    const socket = connect({
      host: address.slice(0, colon).replace(/^\[|\]$/g, ''),
      port: Number(address.slice(colon + 1)),
      noDelay: true,
    })
    return new Promise((resolve, reject) => {
      const fail = (why: string): void => {
        clearTimeout(timer)
        socket.destroy()
        reject(new ConnectionLost(`cannot connect to ${address}: ${why}`))
      }
      const timer = setTimeout(() => fail(`no answer within ${withinMs} ms`), withinMs)
      socket.once('error', error => fail(error.message))
      socket.once('connect', () => {
        clearTimeout(timer)
        resolve(new WireConnection(address, socket, clientId, surplus))
      })
    })
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Requests that are not answered yet. */
  get unanswered(): number {
    return this.#asked.size
  }

  /**
   * Sends a request at once and gives its answer. Rejects with ConnectionLost when the connection ends before, what comes
   * is no answer, or nothing comes within `withinMs`: then the connection is closed, since what else is under way on it is
   * not known either.
   */
  ask<A extends Api>(
    api: A,
    version: number,
    body: RequestOf<A>,
    withinMs: Milliseconds = 15_000,
  ): Promise<ResponseOf<A>> {
    if (this.#isClosed) return Promise.reject(new ConnectionLost(`the connection to ${this.address} is closed`))
    const correlationId = ++this.#correlationId
    const chunks = encodeRequest(api, version, correlationId, this.#clientId, body)
    const answer = new Promise<ResponseOf<A>>((resolve, reject) => {
      const late = (): void => this.#ended(this.#lateWith(api, version, withinMs))
      const timer = setTimeout(late, withinMs)
      this.#asked.set(correlationId, { api, version, resolve: resolve as (body: never) => void, reject, timer })
    })
    this.#write(chunks)
    return answer
  }

  /** Sends a request that has no answer: Produce with `acks` 0. */
  tell<A extends Api>(api: A, version: number, body: RequestOf<A>): void {
    if (!this.#isClosed) this.#write(encodeRequest(api, version, ++this.#correlationId, this.#clientId, body))
  }

  /** Closes it at once. */
  close(): void {
    this.#ended('closed from here')
  }

  /** Closes it as soon as everything written has been sent; answers are not waited for. */
  hangUp(): void {
    this.#socket.end()
    this.#end('closed from here')
    const timer = setTimeout(() => this.#socket.destroy(), hangUpMs)
    this.#socket.once('close', () => clearTimeout(timer))
  }

  #write(chunks: readonly Uint8Array[]): void {
    this.#socket.cork()
    for (const chunk of chunks) this.#socket.write(chunk)
    this.#socket.uncork()
  }

  #read(chunk: Buffer): void {
    if (this.#isClosed) return
    this.#unreadBytes += chunk.length
    if (this.#unreadHead.length < shownBytes) {
      this.#unreadHead = Buffer.concat([this.#unreadHead, chunk.subarray(0, shownBytes)]).subarray(0, shownBytes)
    }
    try {
      this.#assembler.take(chunk, frame => this.#answered(frame))
    } catch (error) {
      const why = error instanceof FrameError ? 'no answer of the Kafka protocol' : String(error)
      this.#ended(`${this.#sent(this.#unreadHead.length > 0 ? this.#unreadHead : chunk)}, which is ${why}`)
    }
  }

  #answered(frame: Buffer): boolean {
    if (this.#isClosed) return true
    const correlationId = frame.length < 4 ? Number.NaN : frame.readInt32BE(0)
    const asked = this.#asked.get(correlationId)
    if (asked === undefined) {
      const what = Number.isNaN(correlationId) ? 'without a correlation id' : `to request ${correlationId}`
      this.#ended(`${this.#sent(frame)}, an answer ${what}, where ${this.#waitedFor()} was asked`)
      return true
    }
    this.#unreadBytes = 0
    this.#unreadHead = Buffer.alloc(0)
    try {
      // The frame's memory is used again, and bytes of an answer are views of it.
      const trailing = this.#surplus === null ? 'refused' : 'ignored'
      const { body, surplus } = decodeResponse(asked.api, asked.version, Buffer.from(frame), trailing)
      if (surplus > 0) this.#surplus?.(asked.api, asked.version, surplus)
      this.#asked.delete(correlationId)
      clearTimeout(asked.timer)
      asked.resolve(body as never)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      this.#ended(`its answer to ${asked.api.name} ${asked.version} cannot be read: ${why}; ${this.#sent(frame)}`)
    }
    return true
  }

  #closedBy(): string {
    const after = this.#unreadBytes === 0 ? '' : ` after ${this.#sent(this.#unreadHead)}`
    if (this.#asked.size === 0) return `the broker closed the connection${after}`
    return `the broker closed the connection instead of answering ${this.#waitedFor()}${after}`
  }

  #lateWith(api: Api, version: number, withinMs: Milliseconds): string {
    const late = `${api.name} ${version} was not answered within ${withinMs} ms`
    return this.#unreadBytes === 0 ? late : `${late}: ${this.#sent(this.#unreadHead)}, and not more`
  }

  #waitedFor(): string {
    const asked = [...this.#asked].map(([id, { api, version }]) => `${api.name} ${version} (request ${id})`)
    return asked.length === 0 ? 'nothing' : asked.join(', ')
  }

  #sent(bytes: Buffer): string {
    return `it sent ${Math.max(this.#unreadBytes, bytes.length)} bytes that begin with ${shown(bytes)}`
  }

  #ended(why: string): void {
    this.#end(why)
    this.#socket.destroy()
  }

  #end(why: string): void {
    if (this.#isClosed) return
    this.#isClosed = true
    const lost = new ConnectionLost(`${this.address}: ${why}`)
    for (const { reject, timer } of this.#asked.values()) {
      clearTimeout(timer)
      reject(lost)
    }
    this.#asked.clear()
  }
}

/** Bytes that nobody understands, as hex and as text, and what they look like. */
function shown(bytes: Buffer): string {
  const head = bytes.subarray(0, shownBytes)
  const hex = head.toString('hex').replace(/(..)(?=.)/g, '$1 ')
  const text = head.toString('latin1').replace(/[^\x20-\x7e]/g, '.')
  return `${hex} ("${text}")${looksLike(head)}`
}

const tlsRecords = new Set([0x14, 0x15, 0x16, 0x17])

function looksLike(head: Buffer): string {
  if (head.toString('latin1').startsWith('HTTP/')) return ', as an HTTP server does'
  return tlsRecords.has(head[0] ?? 0) && head[1] === 3 ? ', as a TLS server does' : ''
}
