// `lockstep serve` as a process that can be killed.
import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'

const launcher = join(import.meta.dirname, '../../cli/lockstep.js')
const startWithinMs = 60_000

export type ServerOptions = {
  readonly data: string
  readonly port: number
  readonly brokers: number
  readonly args?: readonly string[]
  /** Options of Node itself. */
  readonly node?: readonly string[]
}

/** One process. */
export class Server {
  readonly bootstrap: string
  readonly #process: ChildProcess
  readonly #gone: Promise<string>
  readonly #lines: string[] = []
  #isEnded = false
  #death: string | null = null

  private constructor({ data, port, brokers, args = [], node = [] }: ServerOptions) {
    this.bootstrap = Array.from({ length: brokers }, (_, k) => `127.0.0.1:${port + k}`).join(',')
    const given = ['serve', '--brokers', `${brokers}`, '--data', data, '--port', `${port}`, '--json', ...args]
    this.#process = spawn(process.execPath, [...node, launcher, ...given], { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#lines.push(...text.split('\n').filter(line => line !== ''))
      this.#lines.splice(0, this.#lines.length - 200)
    })
    this.#gone = new Promise(resolve => {
      this.#process.on('exit', (code, signal) => {
        const how = `serve ended by itself (${signal ?? `exit code ${code}`})`
        if (!this.#isEnded) this.#death = how
        resolve(how)
      })
    })
  }

  /** Starts the process and does not wait until it is ready. */
  static launch(options: ServerOptions): Server {
    return new Server(options)
  }

  /** Starts the process and waits until it is ready. Rejects with what it said when it never is. */
  static async start(options: ServerOptions): Promise<Server> {
    const server = new Server(options)
    await server.ready()
    return server
  }

  get pid(): number {
    return this.#process.pid ?? -1
  }

  /** How it ended although nobody ended it; null while it runs. */
  get death(): string | null {
    return this.#death === null ? null : `${this.#death}: ${this.said}`
  }

  /** The last 200 lines that it said on stderr. */
  get lines(): readonly string[] {
    return this.#lines
  }

  /** The last that it said on stderr. */
  get said(): string {
    return this.#lines.slice(-12).join('\n  ')
  }

  /** Waits for the line that says that it is ready. */
  async ready(): Promise<void> {
    const stdout = this.#process.stdout
    if (stdout === null) throw new Error('serve has no stdout')
    let timer: NodeJS.Timeout | undefined
    const ready = new Promise<string>(resolve => {
      stdout.setEncoding('utf8').on('data', (text: string) => {
        if (text.includes('"ready":true')) resolve('ready')
      })
      timer = setTimeout(() => resolve(`serve was not ready within ${startWithinMs} ms`), startWithinMs)
    })
    const outcome = await Promise.race([ready, this.#gone])
    clearTimeout(timer)
    if (outcome === 'ready') return
    await this.kill()
    throw new Error(`${outcome}: ${this.said}`)
  }

  /** `kill -9`, and waits until it is gone. */
  async kill(): Promise<void> {
    this.#isEnded = true
    this.#process.kill('SIGKILL')
    await this.#gone
  }

  /** Resident memory in bytes, and open file descriptors. */
  get resources(): { readonly memory: number; readonly descriptors: number } {
    const pages = Number(readFileSync(`/proc/${this.pid}/statm`, 'utf8').split(' ')[1])
    return { memory: pages * 4096, descriptors: readdirSync(`/proc/${this.pid}/fd`).length }
  }
}

/** A port from which on `count` ports are free. */
export async function freePorts(count: number, from: number): Promise<number> {
  for (let first = from; first < from + 2000; first += count) {
    const all = await Promise.all(Array.from({ length: count }, (_, k) => isFree(first + k)))
    if (all.every(free => free)) return first
  }
  throw new Error(`there are no ${count} free ports behind ${from}`)
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
