// What a client knows of partitions and their leaders. Follows `Metadata.java` and KIP-320: a client never goes back to
// an older leader epoch. Topics never vanish from it.
import type { TopicPartition } from '../../model/vocabulary/choosing.ts'
import type { PartitionLeader } from '../../model/vocabulary/clients.ts'
import type { PartitionIndex } from '../../model/vocabulary/units.ts'
import { byPartition } from '../order.ts'

type Topic = {
  readonly partitions: Map<PartitionIndex, PartitionLeader>
  /** Partitions with a leader, ascending; null when it has to be looked for anew. */
  available: readonly PartitionIndex[] | null
}

/** The newest leader of each partition that a client has heard of. */
export class MetadataCache {
  readonly #topics = new Map<string, Topic>()
  #sorted: readonly PartitionLeader[] | null = []

  get isEmpty(): boolean {
    return this.#topics.size === 0
  }

  has(topic: string): boolean {
    return this.#topics.has(topic)
  }

  /** What is known of a partition; its leader may be -1. */
  get(topic: string, partition: PartitionIndex): PartitionLeader | undefined {
    return this.#topics.get(topic)?.partitions.get(partition)
  }

  /** The leader of a partition, or null when none is known. */
  leaderOf({ topic, partition }: TopicPartition): PartitionLeader | null {
    const known = this.get(topic, partition)
    return known === undefined || known.leader < 1 ? null : known
  }

  /** Number of partitions; 0 for an unknown topic. */
  partitionCount(topic: string): number {
    return this.#topics.get(topic)?.partitions.size ?? 0
  }

  /** Partitions that have a leader, ascending. */
  available(topic: string): readonly PartitionIndex[] {
    const known = this.#topics.get(topic)
    if (known === undefined) return []
    known.available ??= [...known.partitions.values()]
      .filter(({ leader }) => leader >= 1)
      .map(({ partition }) => partition)
      .sort((a, b) => a - b)
    return known.available
  }

  /** The partition count of each topic. */
  partitionCounts(): ReadonlyMap<string, number> {
    return new Map(Array.from(this.#topics, ([topic, { partitions }]) => [topic, partitions.size]))
  }

  /** Takes an answer over, but for partitions whose known epoch is higher. */
  update(partitions: readonly PartitionLeader[]): void {
    for (const { topic, partition, leader, leaderEpoch } of partitions) {
      let known = this.#topics.get(topic)
      if (known === undefined) {
        known = { partitions: new Map(), available: null }
        this.#topics.set(topic, known)
      }
      const before = known.partitions.get(partition)
      if (before !== undefined) {
        if (before.leaderEpoch > leaderEpoch) continue
        if (before.leaderEpoch === leaderEpoch && before.leader === leader) continue
      }
      known.partitions.set(partition, { topic, partition, leader, leaderEpoch })
      known.available = null
      this.#sorted = null
    }
  }

  clear(): void {
    this.#topics.clear()
    this.#sorted = []
  }

  /** Ascending by topic, then partition; the same array until something changes. */
  get sorted(): readonly PartitionLeader[] {
    this.#sorted ??= [...this.#topics.values()].flatMap(topic => [...topic.partitions.values()]).sort(byPartition)
    return this.#sorted
  }
}
