// Records what ordinary clients ask and are told, as a history that `lockstep verify` reads. An example to copy: nothing in
// it knows the cluster, only producers and consumers (@platformatic/kafka).
import { Consumer, MessagesStreamModes, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka'
import type { Completed, HistoryOperation, HistorySettings } from '../../properties/history/history.ts'
import { historyText } from '../../traces/write-history.ts'

type TextProducer = Producer<string, string, string, string>
type TextConsumer = Consumer<string, string, string, string>

/** What happened so far, and the clients that it happens to. Whoever made it closes it. */
export class Recorder {
  readonly #bootstrapBrokers: string[]
  readonly #operations: HistoryOperation[] = []
  readonly #open: (() => Promise<void>)[] = []
  readonly #origin = performance.now()

  constructor(bootstrapBrokers: readonly string[]) {
    this.#bootstrapBrokers = [...bootstrapBrokers]
  }

  /** The file, when everything is over. */
  text(settings: HistorySettings, note: string): string {
    return historyText({ settings, note, operations: this.#operations })
  }

  producer(client: string, { acks, idempotent }: Pick<HistorySettings, 'acks' | 'idempotent'>): RecordedProducer {
    const producer: TextProducer = new Producer({
      ...this.#common(client),
      serializers: stringSerializers,
      idempotent,
    })
    this.#open.push(() => producer.close())
    return async (topic, partition, values) => {
      const start = this.#now()
      // With each send: this client takes no heed of the "acks" that a producer was made with, as such a history showed.
      const told = await producer
        .send({ messages: values.map(value => ({ topic, partition, value })), acks })
        .then(({ offsets }) => ({ base: offsets?.[0]?.offset, error: null }), failed)
      const base = told.base === undefined ? null : Number(told.base)
      // An error may come from the last of several attempts, so that it never says that nothing was written.
      const outcome = told.error === null ? ok : { completed: 'info' as const, error: told.error }
      const records = values.map((value, index) => ({ value, offset: base === null ? null : base + index }))
      this.#operations.push({ kind: 'send', client, start, end: this.#now(), ...outcome, topic, partition, records })
    }
  }

  /** A member of a group that commits after processing, until everything is closed. */
  async member(client: string, group: string, topic: string): Promise<RecordedMember> {
    const consumer: TextConsumer = new Consumer({
      ...this.#common(client),
      deserializers: stringDeserializers,
      groupId: group,
      sessionTimeout: 6000,
      rebalanceTimeout: 6000,
      heartbeatInterval: 200,
    })
    const seen = new Set<string>()
    this.#operations.push({ kind: 'subscribe', client, ...this.#at(this.#now()), group, topics: [topic] })
    consumer.on('consumer:group:join', ({ generationId: generation = -1, assignments = [] }) => {
      const partitions = assignments.flatMap(given =>
        given.partitions.map(one => ({ topic: given.topic, partition: one })),
      )
      this.#operations.push({ kind: 'rebalance', client, ...this.#at(this.#now()), group, generation, partitions })
    })
    const stream = await consumer.consume({
      topics: [topic],
      mode: MessagesStreamModes.COMMITTED,
      fallbackMode: 'earliest',
      autocommit: false,
      maxWaitTime: 100,
    })
    stream.on('data', ({ partition, offset, value }) => {
      seen.add(value)
      const records = [{ topic, partition, offset: Number(offset), value }]
      // Without a generation: this client still gives what it had fetched before a rebalance.
      this.#operations.push({ kind: 'poll', client, ...this.#at(this.#now()), records })
      void this.#commit(consumer, client, topic, partition, offset + 1n)
    })
    // A consumer that cannot find its way back into the group ends; the others go on.
    let isOver = false
    const over = () => {
      if (!isOver) this.#operations.push({ kind: 'crash', client, ...this.#at(this.#now()) })
      isOver = true
    }
    stream.on('error', over)
    consumer.on('error', over)
    this.#open.push(async () => {
      await stream.close()
      await consumer.close(true)
    })
    return { seen }
  }

  async close(): Promise<void> {
    for (const close of this.#open.splice(0).reverse()) await close().catch(() => {})
  }

  async #commit(
    consumer: TextConsumer,
    client: string,
    topic: string,
    partition: number,
    offset: bigint,
  ): Promise<void> {
    const start = this.#now()
    const { groupId: group, generationId: generation } = consumer
    const told = await consumer
      .commit({ offsets: [{ topic, partition, offset, leaderEpoch: -1 }] })
      .then(() => ({ error: null }), failed)
    const outcome = told.error === null ? ok : { completed: 'info' as const, error: told.error }
    const offsets = [{ topic, partition, offset: Number(offset) }]
    this.#operations.push({ kind: 'commit', client, start, end: this.#now(), ...outcome, group, generation, offsets })
  }

  #common(clientId: string) {
    return { clientId, bootstrapBrokers: this.#bootstrapBrokers, retries: 50, retryDelay: 100, metadataMaxAge: 500 }
  }

  #now(): number {
    return Math.round((performance.now() - this.#origin) * 1000) / 1000
  }

  #at(moment: number) {
    return { start: moment, end: moment, ...ok }
  }
}

/** Sends values to a partition, and ends when it was answered, for good or ill. */
export type RecordedProducer = (topic: string, partition: number, values: readonly string[]) => Promise<void>
export type RecordedMember = { readonly seen: ReadonlySet<string> }

const ok: { readonly completed: Completed } = { completed: 'ok' }

function failed(error: unknown): { readonly base?: never; readonly error: string } {
  return { error: error instanceof Error ? error.message : String(error) }
}
