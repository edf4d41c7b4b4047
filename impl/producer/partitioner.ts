// Chooses the partition of a record in a producer: by the caller, by the key, in turn, or sticky (KIP-480).
//
// Follows `BuiltInPartitioner.partitionForKey`, `RoundRobinPartitioner` and `StickyPartitionCache`.
// Left out: KIP-794's byte counting and weighting by queue size. The dice are an argument.
import type { PartitionerName } from '../../model/vocabulary/choosing.ts'
import type { PartitionIndex } from '../../model/vocabulary/units.ts'
import { murmur2 } from './murmur2.ts'

/** What a partitioner remembers of one topic. */
export type TopicChoice = {
  /** Keyless records placed in turn so far, as a 32-bit integer that wraps. */
  readonly counter: number
  /** The partition that the open batch goes to; null when there is none. */
  readonly current: PartitionIndex | null
  /** The partition of the last batch that was closed; null before the first. */
  readonly previous: PartitionIndex | null
}

/** One producer's partitioner, with its counters and sticky choices. */
export class Partitioner {
  readonly #name: PartitionerName
  readonly #topics = new Map<string, { -readonly [Field in keyof TopicChoice]: TopicChoice[Field] }>()
  readonly #encoder = new TextEncoder()
  #keyBytes = new Uint8Array(256)

  constructor(name: PartitionerName) {
    this.#name = name
  }

  /** What is remembered, by topic; a topic that never placed a keyless record is absent. */
  get topics(): ReadonlyMap<string, TopicChoice> {
    return this.#topics
  }

  /**
   * Chooses the partition of one record.
   *
   * @param given - the partition that the caller asks for, or null.
   * @param partitionCount - at least 1.
   * @param available - the partitions that have a leader, ascending.
   * @param draw - a non-negative integer in place of the dice.
   * @returns the partition, or -1 when `given` does not exist (`UNKNOWN_TOPIC_OR_PARTITION`).
   */
  choose(
    topic: string,
    given: PartitionIndex | null,
    key: string | null,
    partitionCount: number,
    available: readonly PartitionIndex[],
    draw: number,
  ): PartitionIndex {
    if (given !== null) return given >= 0 && given < partitionCount ? given : -1
    if (key !== null) return (this.#hash(key) & 0x7fffffff) % partitionCount
    return this.#name === 'roundRobin'
      ? this.#nextInTurn(topic, partitionCount, available)
      : this.#stickTo(topic, partitionCount, available, draw)
  }

  /** Ends a topic's sticky choice, so that the next choice avoids it; without a current choice nothing happens. */
  newBatch(topic: string): void {
    const choice = this.#topics.get(topic)
    if (choice === undefined || choice.current === null) return
    choice.previous = choice.current
    choice.current = null
  }

  #hash(key: string): number {
    // UTF-8 takes at most three bytes for each UTF-16 code unit.
    if (this.#keyBytes.length < key.length * 3) this.#keyBytes = new Uint8Array(key.length * 6)
    return murmur2(this.#keyBytes, this.#encoder.encodeInto(key, this.#keyBytes).written)
  }

  #nextInTurn(topic: string, partitionCount: number, available: readonly PartitionIndex[]): PartitionIndex {
    const choice = this.#choiceOf(topic)
    const turn = choice.counter & 0x7fffffff
    choice.counter = (choice.counter + 1) | 0
    return available[turn % available.length] ?? turn % partitionCount
  }

  #stickTo(topic: string, partitionCount: number, available: readonly PartitionIndex[], draw: number): PartitionIndex {
    const choice = this.#choiceOf(topic)
    if (choice.current !== null) return choice.current
    // With one partition available, the step to the next one comes back to it.
    const drawn = draw % available.length
    const next = available[drawn] === choice.previous ? (drawn + 1) % available.length : drawn
    choice.current = available[next] ?? draw % partitionCount
    return choice.current
  }

  #choiceOf(topic: string) {
    const known = this.#topics.get(topic)
    if (known !== undefined) return known
    const fresh = { counter: 0, current: null, previous: null }
    this.#topics.set(topic, fresh)
    return fresh
  }
}
