// A port that clients connect to: accepts, counts and names connections.
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
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

  private constructor(options: ListenerOptions, handler: RequestHandler) {
    this.#options = options
    this.#budget = new ReadBudget(options.limits.queuedBytesMax)
    const accept = (socket: Socket): void => this.#accept(socket, handler)
    this.#server =
      options.tls === null ? createServer(paused, accept) : createTlsServer({ ...options.tls, ...paused }, accept)
    this.#server.on('tlsClientError', (error: Error, socket: Socket) => {
      options.report(`TLS with ${socket.remoteAddress ?? 'a client'} failed: ${error.message}`)
      socket.destroy()
    })
  }

  /** Opens a port. Rejects with a sentence when it cannot be had. */
  static open(options: ListenerOptions, handler: RequestHandler): Promise<Listener> {
    const listener = new Listener(options, handler)
    return new Promise((resolve, reject) => {
      const server = listener.#server
      server.once('error', (error: NodeJS.ErrnoException) => {
        const at = `${options.host}:${options.port}`
        const why = error.code === 'EADDRINUSE' ? 'it is in use; choose another with --port' : error.message
        reject(new Error(`cannot listen on ${at}: ${why}`, { cause: error }))
      })
      server.listen(options.port, options.host, () => resolve(listener))
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
    return closed
  }

  #accept(socket: Socket, handler: RequestHandler): void {
    const { limits, report } = this.#options
    if (this.#connections.size >= limits.connectionsMax) {
      // One sentence a thousand: a flood of connections must not become a flood of lines.
      if (this.#refusedSince++ % 1000 === 0) {
        report(
          `refused a connection from ${socket.remoteAddress ?? ''}: max.connections=${limits.connectionsMax} are open`,
        )
      }
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
}
