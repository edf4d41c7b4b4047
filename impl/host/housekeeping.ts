// What a broker does now and then without being asked: checkpoints, retention, compaction. One replica at a time, so that
// no client waits for all of them.
import type { Milliseconds } from '../../model/vocabulary/units.ts'
import type { Broker } from '../broker/broker.ts'
import type { Replica } from '../replica/replica.ts'

/** `replica.high.watermark.checkpoint.interval.ms` of Kafka; every replica that changed has its turn within it. */
const checkpointMs: Milliseconds = 5000
const retentionMs: Milliseconds = 30_000
const compactionMs: Milliseconds = 15_000
const stepMs: Milliseconds = 100

/** The rounds of one broker. */
export class Housekeeping {
  readonly #event: (step: (broker: Broker) => void) => void
  readonly #now: () => Milliseconds
  readonly #timer: NodeJS.Timeout
  /** The version of a log when its offsets were last saved. */
  readonly #saved = new WeakMap<Replica, number>()
  #queue: Replica[] = []
  #steps = 0

  /** `event` does something as an event of the broker, which looks afterwards whether its disk has failed. */
  constructor(event: (step: (broker: Broker) => void) => void, now: () => Milliseconds) {
    this.#event = event
    this.#now = now
    this.#timer = setInterval(() => this.#event(broker => this.#step(broker)), stepMs)
    this.#timer.unref()
  }

  /** Does no more. */
  stop(): void {
    clearInterval(this.#timer)
  }

  #step(broker: Broker): void {
    this.#steps++
    if (isDue(this.#steps, checkpointMs)) this.#queue = broker.replicas.filter(replica => this.#hasChanged(replica))
    const count = Math.ceil(this.#queue.length / (checkpointMs / stepMs))
    for (const replica of this.#queue.splice(0, count)) this.#checkpoint(broker, replica)
    if (isDue(this.#steps, retentionMs)) each(broker, ({ log }) => log.retain(this.#now()))
    if (isDue(this.#steps, compactionMs)) each(broker, ({ log }) => log.clean(this.#now()))
  }

  #hasChanged(replica: Replica): boolean {
    return this.#saved.get(replica) !== replica.log.version
  }

  #checkpoint(broker: Broker, replica: Replica): void {
    if (replica.log.offline) return
    broker.administer(replica.topic, replica.partition, ({ log }) => log.checkpoint())
    this.#saved.set(replica, replica.log.version)
  }
}

function each(broker: Broker, step: (replica: Replica) => ReturnType<Replica['deleteRecords']>): void {
  for (const { topic, partition } of broker.replicas) broker.administer(topic, partition, step)
}

function isDue(steps: number, interval: Milliseconds): boolean {
  return steps % Math.max(1, Math.round(interval / stepMs)) === 0
}
