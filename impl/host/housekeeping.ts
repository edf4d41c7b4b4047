// What a broker does now and then without being asked: checkpoints, retention, compaction. Each step looks after a share of
// the replicas, so that no client waits for all of them.
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { Milliseconds } from '../../model/vocabulary/units.ts'
import type { Broker } from '../broker/broker.ts'
import type { Replica } from '../replica/replica.ts'

/** Every replica has its turn within these; `replica.high.watermark.checkpoint.interval.ms` is Kafka's for the first. */
const rounds = { checkpointMs: 5000, retentionMs: 30_000, compactionMs: 15_000 } as const
const stepMs: Milliseconds = 100

/** The rounds of one broker. */
export class Housekeeping {
  readonly #event: (step: (broker: Broker) => void) => void
  readonly #now: () => Milliseconds
  readonly #timer: NodeJS.Timeout
  /** The version of a log when its offsets were last saved. */
  readonly #saved = new WeakMap<Replica, number>()
  readonly #rounds: readonly Round[]

  /** `event` does something as an event of the broker, which looks afterwards whether its disk has failed. */
  constructor(event: (step: (broker: Broker) => void) => void, now: () => Milliseconds) {
    this.#event = event
    this.#now = now
    this.#rounds = [
      new Round(rounds.checkpointMs, replica => this.#checkpoint(replica)),
      new Round(rounds.retentionMs, ({ log }) => log.retain(this.#now())),
      new Round(rounds.compactionMs, ({ log }) => log.clean(this.#now())),
    ]
    this.#timer = setInterval(() => this.#event(broker => this.#step(broker)), stepMs)
    this.#timer.unref()
  }

  /** Does no more. */
  stop(): void {
    clearInterval(this.#timer)
  }

  #step(broker: Broker): void {
    for (const round of this.#rounds) round.step(broker)
  }

  #checkpoint(replica: Replica): ErrorName {
    const { log } = replica
    if (log.offline || this.#saved.get(replica) === log.version) return 'NONE'
    const error = log.checkpoint()
    this.#saved.set(replica, log.version)
    return error
  }
}

/** Something that is done to every replica within a time. */
class Round {
  readonly #steps: number
  readonly #done: (replica: Replica) => ErrorName
  #queue: Replica[] = []
  #left = 0
  /** Steps until the next round begins. */
  #wait: number

  constructor(withinMs: Milliseconds, done: (replica: Replica) => ErrorName) {
    this.#steps = withinMs / stepMs
    this.#wait = this.#steps
    this.#done = done
  }

  step(broker: Broker): void {
    if (--this.#wait <= 0) {
      this.#wait = this.#steps
      this.#queue = [...broker.replicas]
      this.#left = this.#steps
    }
    const share = this.#queue.splice(0, Math.ceil(this.#queue.length / Math.max(1, this.#left--)))
    // One that is gone meanwhile is not found.
    for (const { topic, partition } of share) broker.administer(topic, partition, this.#done)
  }
}
