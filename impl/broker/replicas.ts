// The replicas of a broker by topic and partition, and in partition order.
import type { PartitionIndex } from '../../model/vocabulary/units.ts'
import { byPartition } from '../order.ts'
import type { Replica } from '../replica/replica.ts'

/** Owns nothing but the order. */
export class Replicas {
  readonly #byTopic = new Map<string, Map<PartitionIndex, Replica>>()
  #sorted: Replica[] = []

  /** In partition order. */
  get sorted(): readonly Replica[] {
    return this.#sorted
  }

  /** One replica, or undefined. */
  get(topic: string, partition: PartitionIndex): Replica | undefined {
    return this.#byTopic.get(topic)?.get(partition)
  }

  /** Adds one that was not there. */
  add(replica: Replica): void {
    const ofTopic = this.#byTopic.get(replica.topic)
    if (ofTopic === undefined) this.#byTopic.set(replica.topic, new Map([[replica.partition, replica]]))
    else ofTopic.set(replica.partition, replica)
    this.#sorted = [...this.#sorted, replica].sort(byPartition)
  }
}
