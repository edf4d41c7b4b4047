// A broker that is as bad as a test wants it to be. It answers the questions of a probe, and who coordinates, as a lone broker would, unless
// it is told otherwise, and everything else with an answer in which every field has its default.
import { createServer, type Server, type Socket } from 'node:net'
import { FrameAssembler } from '../../../../impl/host/frame-assembler.ts'
import { apiVersions } from '../../../../impl/wire/apis/api-versions.ts'
import { findCoordinator } from '../../../../impl/wire/apis/find-coordinator.ts'
import { metadata } from '../../../../impl/wire/apis/metadata.ts'
import { apis } from '../../../../impl/wire/apis.ts'
import { decodeRequestBody, encodeResponse, readRequestHeader } from '../../../../impl/wire/frames.ts'
import { type Api, defaultsOf, type ResponseOf } from '../../../../impl/wire/schema.ts'

export type Request = {
  readonly api: string
  readonly version: number
  readonly correlationId: number
  readonly clientId: string | null
  readonly body: object
  /** The how-many-eth request of all it is, from 1. */
  readonly nth: number
}

/** What it does about a request. */
export type Reply =
  | { readonly kind: 'properly' }
  | { readonly kind: 'body'; readonly body: object }
  /** Properly, but as the answer to another request. */
  | { readonly kind: 'as'; readonly correlationId: number }
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  /** Properly, but with so many bytes more. */
  | { readonly kind: 'surplus'; readonly bytes: number }
  /** Properly, a byte at a time. */
  | { readonly kind: 'drip'; readonly everyMs: number }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'close' }

/** Properly. */
export const properly: Reply = { kind: 'properly' }

/** Whoever starts one stops it. */
export class FakeBroker {
  readonly #server: Server
  readonly #reply: (request: Request) => Reply
  readonly #sockets = new Set<Socket>()
  #count = 0
  /** How many connections it has had. */
  accepted = 0

  private constructor(reply: (request: Request) => Reply) {
    this.#reply = reply
    this.#server = createServer(socket => this.#serve(socket))
  }

  static async start(reply: (request: Request) => Reply = () => properly): Promise<FakeBroker> {
    const broker = new FakeBroker(reply)
    await new Promise<void>(resolve => broker.#server.listen(0, '127.0.0.1', resolve))
    return broker
  }

  get port(): number {
    const address = this.#server.address()
    return address === null || typeof address === 'string' ? 0 : address.port
  }

  get address(): string {
    return `127.0.0.1:${this.port}`
  }

  /** Closes all connections. */
  hangUp(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async stop(): Promise<void> {
    this.hangUp()
    await new Promise<void>(resolve => this.#server.close(() => resolve()))
  }

  #serve(socket: Socket): void {
    const assembler = new FrameAssembler(1_000_000, 'the largest request')
    this.#sockets.add(socket)
    this.accepted++
    socket.on('error', () => {})
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('data', chunk => {
      const take = (frame: Buffer): boolean => {
        this.#answer(socket, frame)
        return true
      }
      if (typeof chunk !== 'string') assembler.take(chunk, take)
    })
  }

  #answer(socket: Socket, frame: Buffer): void {
    const { apiKey, apiVersion, correlationId, clientId, bodyAt } = readRequestHeader(frame)
    const api = apis.find(({ key }) => key === apiKey)
    if (api === undefined) throw new Error(`a request of API ${apiKey}, which the codec does not have`)
    const body = decodeRequestBody(api, apiVersion, Buffer.from(frame), bodyAt)
    const reply = this.#reply({ api: api.name, version: apiVersion, correlationId, clientId, body, nth: ++this.#count })
    const proper = (to: number): Buffer => encoded(api, apiVersion, to, this.#bodyOf(api))
    switch (reply.kind) {
      case 'properly':
        socket.write(proper(correlationId))
        break
      case 'body':
        socket.write(encoded(api, apiVersion, correlationId, { ...this.#bodyOf(api), ...reply.body }))
        break
      case 'as':
        socket.write(proper(reply.correlationId))
        break
      case 'bytes':
        socket.write(reply.bytes)
        break
      case 'surplus': {
        const answer = Buffer.concat([proper(correlationId), Buffer.alloc(reply.bytes)])
        answer.writeInt32BE(answer.length - 4)
        socket.write(answer)
        break
      }
      case 'drip':
        drip(socket, proper(correlationId), reply.everyMs)
        break
      case 'nothing':
        break
      case 'close':
        socket.destroy()
    }
  }

  #bodyOf(api: Api): ResponseOf<Api> {
    if (api.name === apiVersions.name) {
      const apiKeys = apis.map(({ key, minVersion, maxVersion }) => ({ apiKey: key, minVersion, maxVersion }))
      return { ...defaultsOf(apiVersions.response), apiKeys }
    }
    if (api.name === metadata.name) {
      const brokers = [{ nodeId: 1, host: '127.0.0.1', port: this.port, rack: null }]
      return { ...defaultsOf(metadata.response), brokers, controllerId: 1 }
    }
    if (api.name === findCoordinator.name) {
      const found = { nodeId: 1, host: '127.0.0.1', port: this.port, errorCode: 0, errorMessage: null }
      return { ...defaultsOf(findCoordinator.response), ...found, coordinators: [{ key: '', ...found }] }
    }
    return defaultsOf(api.response)
  }
}

function encoded(api: Api, version: number, correlationId: number, body: object): Buffer {
  return Buffer.concat(encodeResponse(api, version, correlationId, body as ResponseOf<Api>))
}

function drip(socket: Socket, bytes: Buffer, everyMs: number): void {
  let at = 0
  const timer = setInterval(() => {
    socket.write(bytes.subarray(at, ++at))
    if (at >= bytes.length) clearInterval(timer)
  }, everyMs)
  socket.on('close', () => clearInterval(timer))
}
