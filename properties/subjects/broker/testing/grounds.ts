// Clusters of our own to drive, and the runs that a test starts on them.
import { Cluster } from '../../../../impl/host/cluster.ts'
import { Conversation, type Spoken } from './conversation.ts'

/** Every combination of a cluster and versions. */
export const settings: readonly (readonly [number, Spoken])[] = [
  [1, 'oldest'],
  [1, 'newest'],
  [3, 'oldest'],
  [3, 'newest'],
]

export const done = { kind: 'done' }
export const error = (name: string) => ({ kind: 'error', error: name })

/** Whoever starts them stops them. */
export class Grounds {
  readonly #clusters: ReadonlyMap<number, Cluster>
  readonly #runs: Conversation[] = []

  private constructor(clusters: ReadonlyMap<number, Cluster>) {
    this.#clusters = clusters
  }

  /** Starts a cluster of each of these numbers of brokers. */
  static async start(...sizes: readonly number[]): Promise<Grounds> {
    const clusters = new Map<number, Cluster>()
    for (const brokers of sizes) clusters.set(brokers, await Cluster.start({ brokers }))
    return new Grounds(clusters)
  }

  /** The cluster of so many brokers. Throws when there is none. */
  cluster(brokers: number): Cluster {
    const cluster = this.#clusters.get(brokers)
    if (cluster === undefined) throw new Error(`there is no cluster of ${brokers}`)
    return cluster
  }

  /** Starts a run. */
  async run(brokers: number, spoken: Spoken = 'newest', versions = {}): Promise<Conversation> {
    const run = await Conversation.start(this.cluster(brokers).bootstrap, spoken, { versions })
    this.#runs.push(run)
    return run
  }

  /** Ends the runs that were started since; gives what they could not remove. */
  async endRuns(): Promise<readonly string[]> {
    const left: string[] = []
    for (const run of this.#runs.splice(0)) left.push(...(await run.side.end()))
    return left
  }

  async stop(): Promise<void> {
    for (const cluster of this.#clusters.values()) await cluster.stop()
  }
}
