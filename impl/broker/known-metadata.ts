// The newest image as a broker knows it, and what it looks up in it. Follows `MetadataCache` (KRaftMetadataCache).
import type { BrokerRegistration, PartitionState, TopicConfig } from '../../model/vocabulary/messages.ts'
import type { BrokerId, CorrelationId } from '../../model/vocabulary/units.ts'
import { groupPartition } from '../group/partition.ts'
import type { BrokerPlace, ClusterImage, TopicId } from '../ports/image.ts'
import type { WireRequest, WireResponse } from '../ports/network.ts'
import { offsetsTopic } from './topics.ts'

type MetadataResponse = Extract<WireResponse, { kind: 'MetadataResponse' }>
type FindCoordinator = Extract<WireRequest, { kind: 'FindCoordinator' }>
type FindCoordinatorResponse = Extract<WireResponse, { kind: 'FindCoordinatorResponse' }>

/** An image with its indexes, which are made when they are first asked for. */
export class KnownMetadata {
  readonly image: ClusterImage
  readonly #registrations: ReadonlyMap<BrokerId, BrokerRegistration>
  readonly #configs: ReadonlyMap<string, TopicConfig>
  #offsets: readonly PartitionState[] | null = null
  #byTopic: ReadonlyMap<string, readonly PartitionState[]> | null = null
  #topicIds: ReadonlyMap<string, TopicId> | null = null
  #topics: ReadonlyMap<TopicId, string> | null = null
  #answer: Pick<MetadataResponse, 'brokers' | 'partitions'> | null = null

  constructor(image: ClusterImage) {
    this.image = image
    this.#registrations = new Map(image.brokers.map(registration => [registration.brokerId, registration]))
    this.#configs = new Map(image.topics.map(({ topic, config }) => [topic, config]))
  }

  /** A broker's registration, or undefined. */
  registration(brokerId: BrokerId): BrokerRegistration | undefined {
    return this.#registrations.get(brokerId)
  }

  /** The settings of a topic that has partitions. */
  config(topic: string): TopicConfig {
    const config = this.#configs.get(topic)
    if (config === undefined) throw new Error(`the image has partitions of ${topic} and no settings`)
    return config
  }

  /** Whether there is such a topic. */
  has(topic: string): boolean {
    return this.#configs.has(topic)
  }

  /** A topic's partitions in their order; none when there is no such topic. */
  partitionsOf(topic: string): readonly PartitionState[] {
    this.#byTopic ??= Map.groupBy(this.image.partitions, state => state.topic)
    return this.#byTopic.get(topic) ?? []
  }

  /** Null where clusters have no ids. */
  get clusterId(): string | null {
    return this.image.extras?.clusterId ?? null
  }

  /** The id of a topic; null when it has none or there is no such topic. */
  topicId(topic: string): TopicId | null {
    this.#topicIds ??= new Map(this.image.extras?.topicIds.map(known => [known.topic, known.topicId]))
    return this.#topicIds.get(topic) ?? null
  }

  /** The topic with an id; null when there is none. */
  topicOf(topicId: TopicId): string | null {
    this.#topics ??= new Map(this.image.extras?.topicIds.map(known => [known.topicId, known.topic]))
    return this.#topics.get(topicId) ?? null
  }

  /** Where a broker listens; null when it did not say. */
  placeOf(brokerId: BrokerId): BrokerPlace | null {
    return this.image.extras?.places.find(place => place.brokerId === brokerId) ?? null
  }

  /** The partition that keeps a group, or null when there are none. */
  partitionOfGroup(groupId: string): PartitionState | null {
    this.#offsets ??= this.image.partitions.filter(({ topic }) => topic === offsetsTopic)
    if (this.#offsets.length === 0) return null
    return this.#offsets[groupPartition(groupId, this.#offsets.length)] ?? null
  }

  /** What clients are told. */
  describe(): Pick<MetadataResponse, 'brokers' | 'partitions'> {
    this.#answer ??= {
      brokers: this.image.brokers.filter(({ fenced }) => !fenced).map(({ brokerId }) => brokerId),
      partitions: this.image.partitions.map(({ topic, partition, leader, leaderEpoch }) => ({
        topic,
        partition,
        leader,
        leaderEpoch,
      })),
    }
    return this.#answer
  }
}

/** The answer to `Metadata`; without an image nothing is known. */
export function describeCluster(known: KnownMetadata | null, correlationId: CorrelationId): MetadataResponse {
  const { brokers, partitions } = known?.describe() ?? { brokers: [], partitions: [] }
  return { kind: 'MetadataResponse', correlationId, brokers, partitions }
}

/** The answer to `FindCoordinator`: the leader of the group's partition. */
export function findCoordinator(known: KnownMetadata | null, request: FindCoordinator): FindCoordinatorResponse {
  const { correlationId, groupId } = request
  const brokerId = known?.partitionOfGroup(groupId)?.leader ?? -1
  const error = brokerId < 1 ? 'COORDINATOR_NOT_AVAILABLE' : 'NONE'
  return { kind: 'FindCoordinatorResponse', correlationId, groupId, error, brokerId }
}
