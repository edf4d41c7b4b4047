// The client that behaves well: it writes, reads back, commits and asks, and notes how long it waits for each.
import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { WireClient } from '../../impl/host/testing/wire-client.ts'
import { encodeUnplacedBatch } from '../../impl/log/codec.ts'
import { readLog } from './read-log.ts'

const partitions = 2
/** Anything that takes longer counts as a hang. */
export const hangMs = 10_000

/** One client and what it has written. */
export class Citizen {
  readonly problems: string[] = []
  readonly waits: number[] = []
  readonly #client: WireClient
  /** Nobody else can know or guess this name, so that whatever happens to the topic is the broker's fault. */
  readonly #topic = `kept-${randomBytes(12).toString('hex')}`
  readonly #written: string[][] = Array.from({ length: partitions }, () => [])
  readonly #ends: number[] = Array.from({ length: partitions }, () => 0)
  #producerId = -1
  #commits = 0

  constructor(bootstrap: string) {
    this.#client = new WireClient(bootstrap, { clientId: 'citizen', patienceMs: 2 * hangMs })
  }

  get topic(): string {
    return this.#topic
  }

  get group(): string {
    return `group-of-${this.#topic}`
  }

  async prepare(): Promise<void> {
    await this.#client.createTopic(this.#topic, partitions, 3, { 'min.insync.replicas': '2' })
    this.#producerId = await this.#client.producerId()
  }

  /** Goes on until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      for (let partition = 0; partition < partitions; partition++) await this.#turn(partition)
      await pause(25)
    }
  }

  /** Reads all that it ever wrote, and says whether it is all there, in order, and nothing else. */
  async verify(): Promise<number> {
    for (let partition = 0; partition < partitions; partition++) {
      const log = await readLog(this.#client, this.#topic, partition)
      const found = log.rows.flatMap(({ records }) => records.map(({ value }) => value))
      const written = this.#written[partition] ?? []
      const wrong = written.findIndex((value, index) => found[index] !== value)
      if (found.length !== written.length || wrong !== -1) {
        this.problems.push(
          `partition ${partition} holds ${found.length} records, ${written.length} were written; first difference at ${wrong}`,
        )
      }
      for (const row of log.rows)
        if (row.corrupt) this.problems.push(`partition ${partition} is corrupt at ${row.baseOffset}`)
    }
    const committed = await this.#client.committed(this.group, this.#topic, 0)
    if (committed !== this.#commits - 1)
      this.problems.push(`${committed} is committed, and should be ${this.#commits - 1}`)
    return this.#written.reduce((sum, { length }) => sum + length, 0)
  }

  close(): void {
    this.#client.close()
  }

  async #turn(partition: number): Promise<void> {
    const written = this.#written[partition] ?? []
    const values = Array.from({ length: 5 }, (_, k) => `${partition}/${written.length + k}/${'.'.repeat(90)}`)
    const records = values.map(value => ({ key: null, value, timestamp: Date.now() }))
    const producer = { producerId: this.#producerId, producerEpoch: 0, baseSequence: written.length }
    const batch = encodeUnplacedBatch({ ...producer, records })
    const offset = await this.#timed('produce', () => this.#client.produce(this.#topic, partition, batch))
    if (offset !== null && offset !== this.#ends[partition]) {
      this.problems.push(`a batch went to ${offset}, and not to ${this.#ends[partition]}`)
    }
    written.push(...values)
    this.#ends[partition] = written.length
    const from = Math.max(0, written.length - 50)
    const fetched = await this.#timed('fetch', () => this.#client.fetch(this.#topic, partition, from))
    if (fetched !== null && (fetched.records?.length ?? 0) === 0) this.problems.push(`nothing to fetch at ${from}`)
    if (partition !== 0) return
    await this.#timed('commit', () =>
      this.#client.patiently(() => this.#client.commitOnce(this.group, this.#topic, 0, this.#commits++)),
    )
  }

  async #timed<Result>(what: string, step: () => Promise<Result>): Promise<Result | null> {
    const from = performance.now()
    try {
      return await step()
    } catch (error) {
      this.problems.push(`${what} failed: ${error instanceof Error ? error.message : String(error)}`)
      return null
    } finally {
      const ms = performance.now() - from
      this.waits.push(ms)
      if (ms > hangMs) this.problems.push(`${what} took ${Math.round(ms)} ms`)
    }
  }
}
