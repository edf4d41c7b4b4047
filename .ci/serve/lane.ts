// A producer for one partition that writes numbered batches without waiting for each other.
//
// A plain one sends nothing twice: what became of a batch whose answer was lost is not known. An idempotent one sends all
// that was not acknowledged again, in order and with the same sequences, also after the cluster was killed.
import { setTimeout as pause } from 'node:timers/promises'
import { accept, produceBody, Refused, type WireClient } from '../../impl/host/testing/wire-client.ts'
import type { WireConnection } from '../../impl/host/wire-connection.ts'
import { encodeUnplacedBatch } from '../../impl/log/codec.ts'
import { produce } from '../../impl/wire/apis/produce.ts'
import type { Book, LaneName, Sent } from './book.ts'
import type { Dice } from './dice.ts'

/** As many as brokers remember of a producer (KIP-98). */
const underWayIdempotent = 5
const underWayPlain = 12
const produceVersion = 12
const keyCount = 40

/** One producer's way to one partition. */
export class Lane {
  readonly name: LaneName
  readonly #client: WireClient
  readonly #book: Book
  readonly #dice: Dice
  readonly #keyed: boolean
  readonly #producerId: number
  #underWay: Sent[] = []
  #connection: WireConnection | null = null
  #attempt = 0
  #order = 0
  #sequence = 0

  constructor(name: LaneName, client: WireClient, book: Book, dice: Dice, producerId: number, keyed: boolean) {
    this.name = name
    this.#client = client
    this.#book = book
    this.#dice = dice
    this.#producerId = producerId
    this.#keyed = keyed
    book.lanes.push(name)
  }

  /** Batches that an idempotent lane has still to see acknowledged. */
  get open(): number {
    return this.#underWay.length
  }

  /** Writes until the signal; with `isDraining`, an idempotent lane only sees through what is open. */
  async run(signal: AbortSignal, isDraining = false): Promise<void> {
    const { isIdempotent } = this.name
    const most = isIdempotent ? underWayIdempotent : underWayPlain
    while (!signal.aborted && (!isDraining || this.#underWay.length > 0)) {
      if (this.#connection === null) await this.#connect()
      else if (!isDraining && this.#underWay.length < most) this.#send(this.#next(), this.#connection)
      await pause(this.#dice.chance(0.3) ? 0 : this.#dice.between(1, 12))
    }
    this.#lose()
  }

  /** Plain batches whose answers are lost are given up; idempotent ones are sent again. */
  async #connect(): Promise<void> {
    const { topic, partition, isIdempotent } = this.name
    try {
      const connection = await this.#client.leader(topic, partition)
      this.#connection = connection
      if (!isIdempotent) this.#underWay = []
      for (const sent of this.#underWay) this.#send(sent, connection)
    } catch {
      this.#client.forget()
      await pause(30)
    }
  }

  #send(sent: Sent, connection: WireConnection): void {
    const attempt = this.#attempt
    const { topic, partition } = this.name
    const failed = (error: unknown): void => {
      if (attempt === this.#attempt) this.#failed(sent, error)
    }
    // The broker stamps what it is sent, and so does nobody here: the chunks are written to the socket as they are.
    connection.ask(produce, produceVersion, produceBody(topic, partition, sent.bytes, 10_000)).then(answer => {
      const row = answer.responses[0]?.partitionResponses[0]
      try {
        accept(row?.errorCode ?? -1, sent.name)
      } catch (error) {
        failed(error)
        return
      }
      this.#book.acknowledge(sent, row?.baseOffset ?? -1)
      this.#underWay = this.#underWay.filter(other => other !== sent)
    }, failed)
  }

  /** The first failure of an attempt: it concerns the oldest batch that is open. */
  #failed(sent: Sent, error: unknown): void {
    this.#lose()
    this.#client.forget()
    if (!(error instanceof Refused)) return
    const isOfSequences = error.error === 'OUT_OF_ORDER_SEQUENCE_NUMBER' || error.error === 'INVALID_PRODUCER_EPOCH'
    const isPassing = /LEADER|REPLICAS|TIMED_OUT|UNKNOWN_TOPIC/.test(error.error)
    if (isOfSequences || !isPassing) this.#book.problem(`${sent.name} was refused: ${error.error}`)
  }

  #lose(): void {
    this.#attempt++
    this.#connection = null
  }

  #next(): Sent {
    const { lane, topic, partition, isIdempotent } = this.name
    const order = this.#order++
    const name = `${lane}/${order}`
    const count = this.#dice.between(1, 6)
    const records = Array.from({ length: count }, (_, k) => ({
      key: this.#keyed ? `key-${this.#dice.below(keyCount)}` : null,
      value: this.#keyed && this.#dice.chance(0.1) ? null : `${name}/${k}/${'.'.repeat(this.#dice.below(150))}`,
      // Neither the order of times nor that of batches says anything about the other: that is what time indexes are for.
      timestamp: Date.now() + this.#dice.between(-300, 300),
    }))
    const baseSequence = isIdempotent ? this.#sequence : -1
    const producer = { producerId: this.#producerId, producerEpoch: isIdempotent ? 0 : -1, baseSequence }
    const bytes = encodeUnplacedBatch({ ...producer, records })
    const sent: Sent = {
      name,
      lane,
      topic,
      partition,
      order,
      baseSequence,
      bytes,
      records,
      acknowledged: -1,
      found: -1,
    }
    this.#sequence += count
    this.#book.sent.set(name, sent)
    this.#underWay.push(sent)
    return sent
  }
}
