// The committed offsets of one group, by topic and partition.
import type { TopicPartition } from '../../model/vocabulary/choosing.ts'
import type { CommittedOffset } from '../../model/vocabulary/messages.ts'
import type { Milliseconds, PartitionIndex } from '../../model/vocabulary/units.ts'
import { byPartition } from '../order.ts'

/** An offset as it was taken: `commitTimestamp` is when its commit was asked for, on the coordinator's clock. */
export type StoredOffset = CommittedOffset & { readonly commitTimestamp: Milliseconds }

/** Maps partitions to offsets. Topics are any text, so they key a map of their own. */
export class GroupOffsets {
  readonly #topics = new Map<string, Map<PartitionIndex, StoredOffset>>()
  #sorted: readonly StoredOffset[] | null = []

  /** Whether nothing is committed. */
  get isEmpty(): boolean {
    return this.#topics.size === 0
  }

  /** What is committed for a partition. */
  get({ topic, partition }: TopicPartition): StoredOffset | undefined {
    return this.#topics.get(topic)?.get(partition)
  }

  /** Takes an offset in place of the one before. */
  set(offset: StoredOffset): void {
    let partitions = this.#topics.get(offset.topic)
    if (partitions === undefined) {
      partitions = new Map()
      this.#topics.set(offset.topic, partitions)
    }
    partitions.set(offset.partition, offset)
    this.#sorted = null
  }

  /** Forgets what is committed for a partition. */
  delete({ topic, partition }: TopicPartition): void {
    const partitions = this.#topics.get(topic)
    if (partitions?.delete(partition) !== true) return
    if (partitions.size === 0) this.#topics.delete(topic)
    this.#sorted = null
  }

  /** Ascending by topic, then partition; the same array until something changes. */
  get sorted(): readonly StoredOffset[] {
    this.#sorted ??= [...this.#topics.values()].flatMap(partitions => [...partitions.values()]).sort(byPartition)
    return this.#sorted
  }
}
