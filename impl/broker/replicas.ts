// The replicas of a broker by topic and partition, and in partition order: their logs begin and end here.
import type { TopicConfig } from '../../model/vocabulary/messages.ts'
import type { PartitionIndex } from '../../model/vocabulary/units.ts'
import { byPartition } from '../order.ts'
import { Replica } from '../replica/replica.ts'
import type { Surroundings } from '../replica/surroundings.ts'
import { beginLog, configureLog, type LogOrigin, openKnownLog, removeLog, type Storage } from './storage.ts'

/** Owns the replicas and their places on the disk. */
export class Replicas {
  readonly #storage: Storage
  readonly #surroundings: Surroundings
  readonly #byTopic = new Map<string, Map<PartitionIndex, Replica>>()
  readonly #origins = new WeakMap<Replica, LogOrigin>()
  #sorted: Replica[] = []

  /** Opens what the broker had before; what it was removing is gone then. */
  constructor(storage: Storage, surroundings: Surroundings) {
    this.#storage = storage
    this.#surroundings = surroundings
    for (const { topic, partition } of storage.list()) {
      const known = openKnownLog(storage, topic, partition)
      if (known === null) continue
      this.#add(new Replica(topic, partition, known.log, surroundings, known.origin.topicId), known.origin)
    }
    this.#sorted.sort(byPartition)
  }

  /** In partition order. */
  get sorted(): readonly Replica[] {
    return this.#sorted
  }

  /** One replica, or undefined. */
  get(topic: string, partition: PartitionIndex): Replica | undefined {
    return this.#byTopic.get(topic)?.get(partition)
  }

  /** The cluster for which the replica's log was begun; null where clusters have no ids. */
  clusterIdOf(replica: Replica): string | null {
    return this.#originOf(replica).clusterId
  }

  /** Begins a replica that was not there. */
  begin(topic: string, partition: PartitionIndex, config: TopicConfig, origin: LogOrigin): Replica {
    const log = beginLog(this.#storage, topic, partition, config, origin)
    const replica = new Replica(topic, partition, log, this.#surroundings, origin.topicId)
    this.#add(replica, origin)
    this.#sorted = this.#sorted.toSorted(byPartition)
    return replica
  }

  /** Lets a replica obey the topic's settings. */
  configure(replica: Replica, config: TopicConfig): void {
    const { topic, partition, log } = replica
    configureLog(this.#storage, topic, partition, config, { log, origin: this.#originOf(replica) })
    replica.configure(config.minInSyncReplicas)
  }

  /** Removes a replica that has ended, with its log. */
  remove({ topic, partition, log }: Replica): void {
    this.#byTopic.get(topic)?.delete(partition)
    this.#sorted = this.#sorted.filter(replica => replica.topic !== topic || replica.partition !== partition)
    removeLog(this.#storage, topic, partition, log)
  }

  #add(replica: Replica, origin: LogOrigin): void {
    this.#origins.set(replica, origin)
    const ofTopic = this.#byTopic.get(replica.topic)
    if (ofTopic === undefined) this.#byTopic.set(replica.topic, new Map([[replica.partition, replica]]))
    else ofTopic.set(replica.partition, replica)
    this.#sorted.push(replica)
  }

  #originOf(replica: Replica): LogOrigin {
    const origin = this.#origins.get(replica)
    if (origin === undefined) throw new Error(`${replica.topic}-${replica.partition} is no replica of this broker`)
    return origin
  }
}
