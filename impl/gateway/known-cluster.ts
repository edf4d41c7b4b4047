// The cluster as one broker knows it, in the gateway's words. The indexes are `KnownMetadata`'s.
import type { MetadataImage, PartitionState } from '../../model/vocabulary/messages.ts'
import type { BrokerId, PartitionIndex } from '../../model/vocabulary/units.ts'
import type { Broker } from '../broker/broker.ts'
import type { KnownMetadata } from '../broker/known-metadata.ts'
import type { BrokerPlace } from '../ports/image.ts'
import { zeroUuid } from '../wire/schema.ts'
import type { ClusterView } from './view.ts'

/** What a broker's newest image says. */
export class KnownCluster implements ClusterView {
  readonly brokerId: BrokerId
  readonly clusterId: string
  readonly #broker: Broker

  constructor(broker: Broker, clusterId: string) {
    this.brokerId = broker.brokerId
    this.clusterId = clusterId
    this.#broker = broker
  }

  get known(): KnownMetadata | null {
    return this.#broker.known
  }

  get image(): MetadataImage | null {
    return this.known?.image ?? null
  }

  topicId(topic: string): string {
    return this.known?.topicId(topic) ?? zeroUuid
  }

  topicOfId(topicId: string): string | undefined {
    return this.known?.topicOf(topicId) ?? undefined
  }

  addressOf(brokerId: BrokerId): BrokerPlace | null {
    const place = this.known?.placeOf(brokerId) ?? null
    return place === null ? null : { host: place.host, port: place.port, rack: place.rack }
  }

  partition(topic: string, partition: PartitionIndex): PartitionState | undefined {
    return this.known?.partitionsOf(topic)[partition]
  }

  partitionsOf(topic: string): readonly PartitionState[] {
    return this.known?.partitionsOf(topic) ?? []
  }
}
