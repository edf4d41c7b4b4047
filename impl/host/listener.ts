// A port that clients connect to: accepts, counts and names connections.
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { TlsOptions } from 'node:tls'
import { type Answer, Connection } from './connection.ts'
import { type Limits, ReadBudget } from './limits.ts'

/** Who takes the requests that come in. */
export type RequestHandler = {
  request(connection: Connection, frame: Buffer, answer: Answer): boolean
  closed(connection: Connection): void
}

/** Where and how to listen. */
export type ListenerOptions = {
  readonly host: string
  /** 0 takes any free one. */
  readonly port: number
  readonly limits: Limits
  /** Certificate and key for TLS, or null for plain text. */
  readonly tls: TlsOptions | null
  /** Is told in a sentence why a connection was closed from here. */
  readonly report: (problem: string) => void
}

/** Loaded by who speaks TLS only: it takes as long as the rest of a listener. */
function tls(): typeof import('node:tls') {
  return process.getBuiltinModule('node:tls')
}

/** A connection is read from when somebody has looked at it. */
const paused = { pauseOnConnect: true } as const

/** An open port. */
export class Listener {
  readonly #options: ListenerOptions
  readonly #server: Server
  readonly #budget: ReadBudget<Connection>
  readonly #connections = new Set<Connection>()
  #accepted = 0
  #refusedSince = 0
  #isHeld = false
  #delayMs = 0
  /** Connections on which TLS is still being agreed upon: nobody else knows them. */
  readonly #greeting = new Set<Socket>()

  private constructor(options: ListenerOptions, handler: RequestHandler) {
    this.#options = options
    this.#budget = new ReadBudget(options.limits.queuedBytesMax)
    const accept = (socket: Socket): void => this.#accept(socket, handler)
    this.#server =
      options.tls === null ? createServer(paused, accept) : tls().createServer({ ...options.tls, ...paused }, accept)
    if (options.tls !== null) this.#watchGreetings()
  }

  /** Opens a port. Rejects with a sentence when it cannot be had. */
  static open(options: ListenerOptions, handler: RequestHandler): Promise<Listener> {
    const listener = new Listener(options, handler)
    return new Promise((resolve, reject) => {
      const server = listener.#server
      const failed = (error: NodeJS.ErrnoException): void => {
        const at = `${options.host}:${options.port}`
        const why = error.code === 'EADDRINUSE' ? 'it is in use; choose another with --port' : error.message
        reject(new Error(`cannot listen on ${at}: ${why}`, { cause: error }))
      }
      server.once('error', failed)
      server.listen(options.port, options.host, () => {
        server.off('error', failed)
        // Such as that there are no more file descriptors: whoever is connected goes on.
        server.on('error', error => options.report(`a connection could not be accepted: ${error.message}`))
        resolve(listener)
      })
    })
  }

  /** The port that is open. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get connections(): ReadonlySet<Connection> {
    return this.#connections
  }

  /** Lets nothing through in either direction, or lets it through again. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld
    for (const connection of this.#connections) connection.hold(isHeld)
  }

  /** Lets every answer wait for so long. */
  slowDown(ms: number): void {
    this.#delayMs = ms
    for (const connection of this.#connections) connection.slowDown(ms)
  }

  /** Closes the port and all connections. */
  close(): Promise<void> {
    const closed = new Promise<void>(resolve => this.#server.close(() => resolve()))
    for (const connection of this.#connections) connection.close()
    for (const socket of this.#greeting) socket.destroy()
    return closed
  }

  #watchGreetings(): void {
    const { report, limits } = this.#options
    // Those count that have not finished greeting, too. A plain port counts by itself, in `#accept`.
    this.#server.maxConnections = limits.connectionsMax
    this.#server.on('drop', dropped => this.#sayTurnedAway(dropped?.remoteAddress))
    this.#server.on('connection', (socket: Socket) => {
      this.#greeting.add(socket)
      socket.once('close', () => this.#greeting.delete(socket))
    })
    this.#server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: Socket) => {
      report(`TLS with ${socket.remoteAddress ?? 'a client'} failed: ${whyTlsFailed(error)}`)
      socket.destroy()
    })
  }

  #accept(socket: Socket, handler: RequestHandler): void {
    const { limits, report } = this.#options
    if (this.#connections.size >= limits.connectionsMax) {
      this.#sayTurnedAway(socket.remoteAddress)
      socket.on('error', () => {})
      socket.destroy()
      return
    }
    const connection = new Connection(`k${++this.#accepted}`, socket, limits, this.#budget, {
      request: (from, frame, answer) => handler.request(from, frame, answer),
      closed: ended => {
        this.#connections.delete(ended)
        handler.closed(ended)
      },
      refused: (from, why) => report(`closed the connection of ${from.peer}: ${why}`),
    })
    this.#connections.add(connection)
    if (this.#delayMs > 0) connection.slowDown(this.#delayMs)
    if (this.#isHeld) connection.hold(true)
  }

  #sayTurnedAway(from = ''): void {
    const { limits, report } = this.#options
    // One sentence a thousand: a flood of connections must not become a flood of lines.
    if (this.#refusedSince++ % 1000 > 0) return
    report(`refused a connection from ${from}: max.connections=${limits.connectionsMax} are open`)
  }
}

/** What OpenSSL says of the commonest mistakes is for those who know OpenSSL. */
function whyTlsFailed({ code = '', message }: NodeJS.ErrnoException): string {
  if (/WRONG_VERSION_NUMBER|HTTP_REQUEST|PACKET_LENGTH_TOO_LONG/.test(code)) {
    return 'it spoke plain text, and this port speaks TLS: set security.protocol to SSL or SASL_SSL'
  }
  if (/UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN/.test(code)) {
    return 'it does not trust the certificate: give it the certificate, or that of who signed it'
  }
  if (code === 'ECONNRESET')
    return 'it closed the connection in the midst of it, as one that does not trust the certificate'
  return message
}
