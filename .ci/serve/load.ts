// Everything that goes on while a cluster is killed.
import { WireClient } from '../../impl/host/testing/wire-client.ts'
import { administer } from './administration-load.ts'
import type { Book, Commits, Membership } from './book.ts'
import type { Dice } from './dice.ts'
import { commitOffsets, stayMember } from './group-load.ts'
import { Lane } from './lane.ts'

const replicas = 3
const common = { 'min.insync.replicas': '2' }

/** The topics that are written to. Small segments and index intervals, so that a short run rolls often and looks up much. */
export const topics = [
  { topic: 'plain', partitions: 3, config: { ...common, 'segment.bytes': '24000', 'index.interval.bytes': '700' } },
  { topic: 'once', partitions: 3, config: { ...common, 'segment.bytes': '12000', 'index.interval.bytes': '300' } },
  {
    topic: 'compacted',
    partitions: 2,
    config: { ...common, 'cleanup.policy': 'compact', 'segment.bytes': '9000', 'index.interval.bytes': '300' },
  },
  { topic: 'trimmed', partitions: 1, config: { ...common, 'segment.bytes': '10000', 'index.interval.bytes': '300' } },
] as const

/** The load of one run; it is stopped and goes on again with each start of the cluster. */
export class Load {
  readonly #book: Book
  readonly #dice: Dice
  readonly #bootstrap: string
  readonly #lanes: readonly Lane[]
  readonly #clients: readonly WireClient[]
  readonly #membership: Membership = { group: 'members', memberId: '', generationId: -1 }
  readonly #commits: readonly Commits[]
  readonly #memberCommits: Commits = { group: 'members', topic: 'plain', partition: 0, asked: 0, acknowledged: -1 }
  #stop = new AbortController()
  #running: Promise<unknown> = Promise.resolve()

  private constructor(
    bootstrap: string,
    book: Book,
    dice: Dice,
    clients: readonly WireClient[],
    ids: readonly number[],
  ) {
    this.#bootstrap = bootstrap
    this.#book = book
    this.#dice = dice
    this.#clients = clients
    const [first, second] = clients
    if (first === undefined || second === undefined) throw new Error('two clients produce')
    const lane = (name: string, topic: string, partition: number, idOf: number, keyed = false): Lane => {
      const producerId = idOf < 0 ? -1 : (ids[idOf] ?? -1)
      const isIdempotent = producerId >= 0
      const client = isIdempotent ? second : first
      return new Lane(
        { lane: `${name}-${partition}`, topic, partition, isIdempotent },
        client,
        book,
        dice,
        producerId,
        keyed,
      )
    }
    this.#lanes = [
      ...[0, 1, 2].map(partition => lane('plain', 'plain', partition, -1)),
      lane('other', 'plain', 1, -1),
      ...[0, 1, 2].map(partition => lane('once', 'once', partition, 0)),
      lane('twin', 'once', 2, 1),
      lane('keyed', 'compacted', 0, -1, true),
      lane('keyed-once', 'compacted', 1, 0, true),
      lane('short', 'trimmed', 0, 1),
    ]
    this.#commits = ['g1', 'g2', 'g3', 'g4'].flatMap(group => [
      { group, topic: 'plain', partition: 0, asked: 0, acknowledged: -1 },
      { group, topic: 'once', partition: 1, asked: 0, acknowledged: -1 },
    ])
    book.commits.push(...this.#commits, this.#memberCommits)
    book.memberships.push(this.#membership)
  }

  /** Creates the topics. */
  static async prepare(bootstrap: string, book: Book, dice: Dice): Promise<Load> {
    const clients = [0, 1, 2, 3].map(k => new WireClient(bootstrap, { clientId: `load-${k}`, patienceMs: 3000 }))
    const [first] = clients
    if (first === undefined) throw new Error('there is a client')
    for (const { topic, partitions, config } of topics) await first.createTopic(topic, partitions, replicas, config)
    return new Load(bootstrap, book, dice, clients, [await first.producerId(), await first.producerId()])
  }

  /** Begins, or goes on. */
  start(): void {
    this.#stop = new AbortController()
    const { signal } = this.#stop
    const [, , ofGroups, ofAdministrator] = this.#clients
    if (ofGroups === undefined || ofAdministrator === undefined) throw new Error('there are four clients')
    const ground = { trimmed: 'trimmed', partitioned: topics }
    const commit = (commits: Commits, membership: Membership | null = null): Promise<void> =>
      commitOffsets(commits, ofGroups, this.#book, this.#dice, signal, membership)
    this.#running = Promise.all([
      ...this.#lanes.map(lane => lane.run(signal)),
      ...this.#commits.map(commits => commit(commits)),
      commit(this.#memberCommits, this.#membership),
      stayMember(this.#membership, ofGroups, this.#book, signal),
      administer(ground, ofAdministrator, this.#book, this.#dice, signal),
    ])
  }

  /** Stops everything; what is under way stays open. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  /** Lets the idempotent producers see through what is open. Answers what is still open in the end. */
  async drain(withinMs: number): Promise<number> {
    await Promise.all(
      this.#lanes.filter(({ name }) => name.isIdempotent).map(lane => lane.run(AbortSignal.timeout(withinMs), true)),
    )
    return this.#lanes.filter(({ name }) => name.isIdempotent).reduce((sum, { open }) => sum + open, 0)
  }

  /** A client for questions. */
  questioner(): WireClient {
    return new WireClient(this.#bootstrap, { clientId: 'questions', patienceMs: 20_000 })
  }

  close(): void {
    for (const client of this.#clients) client.close()
  }
}
