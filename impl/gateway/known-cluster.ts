// The cluster as one broker knows it, with the indexes that clients' questions need. They are made anew with every image.
import type { MetadataImage, PartitionState } from '../../model/vocabulary/messages.ts'
import type { BrokerId, PartitionIndex } from '../../model/vocabulary/units.ts'
import type { Broker } from '../broker/broker.ts'
import type { KnownMetadata } from '../broker/known-metadata.ts'
import type { ClusterImage } from '../ports/image.ts'
import { zeroUuid } from '../wire/schema.ts'
import type { BrokerAddress, ClusterView } from './view.ts'

type Indexes = {
  readonly image: MetadataImage
  readonly topicIds: ReadonlyMap<string, string>
  readonly topics: ReadonlyMap<string, string>
  readonly partitions: ReadonlyMap<string, readonly PartitionState[]>
  readonly places: ReadonlyMap<BrokerId, BrokerAddress>
}

/** What a broker's newest image says. */
export class KnownCluster implements ClusterView {
  readonly brokerId: BrokerId
  readonly clusterId: string
  readonly #broker: Broker
  #indexes: Indexes | null = null

  constructor(broker: Broker, clusterId: string) {
    this.brokerId = broker.brokerId
    this.clusterId = clusterId
    this.#broker = broker
  }

  get known(): KnownMetadata | null {
    return this.#broker.known
  }

  get image(): MetadataImage | null {
    return this.#broker.known?.image ?? null
  }

  topicId(topic: string): string {
    return this.#now()?.topicIds.get(topic) ?? zeroUuid
  }

  topicOfId(topicId: string): string | undefined {
    return this.#now()?.topics.get(topicId)
  }

  addressOf(brokerId: BrokerId): BrokerAddress | null {
    return this.#now()?.places.get(brokerId) ?? null
  }

  partition(topic: string, partition: PartitionIndex): PartitionState | undefined {
    return this.#now()?.partitions.get(topic)?.[partition]
  }

  partitionsOf(topic: string): readonly PartitionState[] {
    return this.#now()?.partitions.get(topic) ?? []
  }

  #now(): Indexes | null {
    const { image } = this
    if (image === null) return null
    if (this.#indexes?.image !== image) this.#indexes = indexesOf(image)
    return this.#indexes
  }
}

function indexesOf(image: ClusterImage): Indexes {
  const partitions = new Map<string, PartitionState[]>()
  for (const state of image.partitions) {
    const ofTopic = partitions.get(state.topic)
    if (ofTopic === undefined) partitions.set(state.topic, [state])
    else ofTopic.push(state)
  }
  const { topicIds = [], places = [] } = image.extras ?? {}
  return {
    image,
    topicIds: new Map(topicIds.map(({ topic, topicId }) => [topic, topicId])),
    topics: new Map(topicIds.map(({ topic, topicId }) => [topicId, topic])),
    partitions,
    places: new Map(places.map(({ brokerId, host, port, rack }) => [brokerId, { host, port, rack }])),
  }
}
