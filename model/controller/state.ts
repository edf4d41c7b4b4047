// What the controller has decided, and since when it has heard of each broker. Kafka: ClusterControlManager and
// ReplicationControlManager over a replicated log; here the log is one number, because its decisions are durable at once.
// Notes: docs/protocol/cluster.md §3.
import type { Send } from '../network.ts'
import type { BrokerRegistration, MetadataImage, PartitionState, TopicConfig } from '../vocabulary/messages.ts'
import type { BrokerEpoch, BrokerId, MetadataOffset, Milliseconds, ProducerId } from '../vocabulary/units.ts'

/** What the controller keeps of a broker beyond its registration; by broker id. */
export type BrokerContact = {
  readonly brokerId: BrokerId
  /** On the controller's clock. */
  readonly lastContact: Milliseconds
  /** A broker that names one of these as its last epoch stopped cleanly and has written nothing since. */
  readonly provingEpochs: readonly BrokerEpoch[]
  /** A fenced broker must have seen the metadata up to here before it is trusted again. */
  readonly registrationOffset: MetadataOffset
}

export type ControllerState = {
  readonly now: Milliseconds
  readonly brokerSessionTimeoutMs: Milliseconds
  readonly image: MetadataImage
  readonly contacts: readonly BrokerContact[]
  readonly nextBrokerEpoch: BrokerEpoch
  readonly nextProducerId: ProducerId
}

/** The controller after an event, and what it sends, in order. */
export type ControllerStep = { readonly controller: ControllerState; readonly sends: readonly Send[] }

export function brokerOf(image: MetadataImage, brokerId: BrokerId): BrokerRegistration | null {
  return image.brokers.find(broker => broker.brokerId === brokerId) ?? null
}

export function isUnfenced(image: MetadataImage, brokerId: BrokerId): boolean {
  return brokerOf(image, brokerId)?.fenced === false
}

export function topicConfigOf(image: MetadataImage, topic: string): TopicConfig | null {
  return image.topics.find(entry => entry.topic === topic)?.config ?? null
}

export function partitionOf(image: MetadataImage, topic: string, partition: number): PartitionState | null {
  return image.partitions.find(state => state.topic === topic && state.partition === partition) ?? null
}

/** The number of in-sync replicas that a partition needs: as configured, but never more than it has replicas. */
export function minInSyncOf(image: MetadataImage, topic: string, replicaCount: number): number {
  return Math.min(topicConfigOf(image, topic)?.minInSyncReplicas ?? 1, replicaCount)
}

/**
 * A decision is made: one more in the log, and every registered broker is told (after whoever asked has been answered).
 * Source: KIP-500's metadata log; here every push carries the whole image.
 */
export function decided(controller: ControllerState, image: MetadataImage, answer: readonly Send[]): ControllerStep {
  const next: MetadataImage = { ...image, metadataOffset: controller.image.metadataOffset + 1 }
  return {
    controller: { ...controller, image: next },
    sends: [...answer, ...next.brokers.map(b => push(next, b.brokerId))],
  }
}

/** The image, for one broker. */
export function push(image: MetadataImage, brokerId: BrokerId): Send {
  return { kind: 'request', to: `b${brokerId}`, message: { kind: 'MetadataUpdate', correlationId: 0, image } }
}

/** The contacts with one broker's replaced. */
export function withContact(contacts: readonly BrokerContact[], contact: BrokerContact): readonly BrokerContact[] {
  return contacts.map(other => (other.brokerId === contact.brokerId ? contact : other))
}

/** The image with one broker's registration replaced. */
export function withBroker(image: MetadataImage, broker: BrokerRegistration): MetadataImage {
  return { ...image, brokers: image.brokers.map(other => (other.brokerId === broker.brokerId ? broker : other)) }
}
