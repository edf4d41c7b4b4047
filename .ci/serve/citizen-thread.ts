// The client that behaves well, in a thread of its own: what it waits for is the broker, and not whoever makes up the harm.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { Citizen } from './citizen.ts'

/** How it is with the client; `records` is null until it has verified all that it wrote. */
export type CitizenReport = {
  readonly topic: string
  readonly group: string
  readonly waits: readonly number[]
  readonly problems: readonly string[]
  readonly records: number | null
}

const reportMs = 250

/** A thread with a client in it. */
export class CitizenThread {
  #report: CitizenReport
  readonly #worker: Worker
  readonly #ended: Promise<void>

  private constructor(worker: Worker, first: CitizenReport) {
    this.#worker = worker
    this.#report = first
    worker.on('message', (report: CitizenReport) => {
      this.#report = report
    })
    this.#ended = new Promise(resolve => worker.once('exit', () => resolve()))
  }

  /** Starts it, and waits until it has its topic. */
  static start(bootstrap: string): Promise<CitizenThread> {
    const worker = new Worker(import.meta.filename, { workerData: { bootstrap } })
    return new Promise((resolve, reject) => {
      worker.once('error', reject)
      worker.once('message', (report: CitizenReport) => resolve(new CitizenThread(worker, report)))
    })
  }

  /** The last that it told. */
  get report(): CitizenReport {
    return this.#report
  }

  /** Lets it stop, verify what it wrote, and end. */
  async finish(): Promise<CitizenReport> {
    this.#worker.postMessage('stop')
    await this.#ended
    return this.#report
  }
}

if (!isMainThread && parentPort !== null) await live(parentPort)

async function live(port: NonNullable<typeof parentPort>): Promise<void> {
  const citizen = new Citizen((workerData as { readonly bootstrap: string }).bootstrap)
  const report = (records: number | null): void => {
    const { topic, group, waits, problems } = citizen
    port.postMessage({ topic, group, waits, problems, records })
  }
  await citizen.prepare()
  const stop = new AbortController()
  port.once('message', () => stop.abort())
  report(null)
  const timer = setInterval(() => report(null), reportMs)
  await citizen.run(stop.signal)
  clearInterval(timer)
  const records = await citizen.verify().catch((error: unknown) => {
    citizen.problems.push(error instanceof Error ? error.message : String(error))
    return 0
  })
  citizen.close()
  report(records)
}
