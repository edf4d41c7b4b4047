// One connection to a broker, over our own codec: requests go out as they are asked, answers are matched to them by their
// correlation ids. For tests that must see what is really on the wire, which a full client hides.
import { connect, type Socket } from 'node:net'
import type { Milliseconds } from '../../../model/vocabulary/units.ts'
import { decodeResponse, encodeRequest } from '../../wire/frames.ts'
import type { Api, RequestOf, ResponseOf } from '../../wire/schema.ts'
import { FrameAssembler } from '../frame-assembler.ts'

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

const responseBytesMax = 268_435_456

/** An open connection. Whoever opened it closes it. */
export class WireConnection {
  readonly address: Address
  readonly #socket: Socket
  readonly #asked = new Map<number, Asked>()
  readonly #assembler = new FrameAssembler(responseBytesMax, 'the largest answer')
  readonly #clientId: string
  #correlationId = 0
  #isClosed = false

  private constructor(address: Address, socket: Socket, clientId: string) {
    this.address = address
    this.#socket = socket
    this.#clientId = clientId
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    socket.on('error', () => {})
    socket.on('close', () => this.#ended('the broker closed the connection'))
  }

  /** Connects. Rejects with ConnectionLost when nobody listens or it takes longer than `withinMs`. */
  static open(address: Address, clientId = 'wire-client', withinMs: Milliseconds = 5000): Promise<WireConnection> {
    const colon = address.lastIndexOf(':')
    const socket = connect({
      host: address.slice(0, colon),
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
        resolve(new WireConnection(address, socket, clientId))
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
   * Sends a request at once and gives its answer. Rejects with ConnectionLost when the connection ends before, or nothing
   * comes within `withinMs`, after which the connection is closed: what else is under way on it is not known either.
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
      const timer = setTimeout(() => this.#ended(`${api.name} was not answered within ${withinMs} ms`, true), withinMs)
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

  #write(chunks: readonly Uint8Array[]): void {
    this.#socket.cork()
    for (const chunk of chunks) this.#socket.write(chunk)
    this.#socket.uncork()
  }

  #read(chunk: Buffer): void {
    try {
      this.#assembler.take(chunk, frame => this.#answered(frame))
    } catch (error) {
      this.#ended(`what it sent cannot be read: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  #answered(frame: Buffer): boolean {
    const correlationId = frame.readInt32BE(0)
    const asked = this.#asked.get(correlationId)
    if (asked === undefined) throw new Error(`an answer to ${correlationId}, which was never asked`)
    this.#asked.delete(correlationId)
    clearTimeout(asked.timer)
    try {
      // The frame's memory is used again, and bytes of an answer are views of it.
      asked.resolve(decodeResponse(asked.api, asked.version, Buffer.from(frame)).body as never)
    } catch (error) {
      asked.reject(error instanceof Error ? error : new Error(String(error)))
    }
    return true
  }

  #ended(why: string, isLate = false): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#socket.destroy()
    const lost = new ConnectionLost(isLate ? why : `${this.address}: ${why}`)
    for (const { reject, timer } of this.#asked.values()) {
      clearTimeout(timer)
      reject(lost)
    }
    this.#asked.clear()
  }
}
