// Where the controller keeps what it decides: one of the only ways out of impl/.
//
// A decision says what changed, as KRaft's metadata records do. Folding all decisions since the beginning gives what the
// controller knew, and a snapshot is one decision that holds everything.
import type { BrokerRegistration, PartitionState } from '../../model/vocabulary/messages.ts'
import type {
  BrokerEpoch,
  BrokerId,
  ControllerEpoch,
  MetadataOffset,
  ProducerId,
} from '../../model/vocabulary/units.ts'
import type { BrokerPlace, TopicId } from './image.ts'

/** A broker as the controller remembers it. */
export type KeptBroker = BrokerRegistration & {
  /** The metadata offset that it must have reached, while it is fenced, before it is unfenced. */
  readonly registeredAt: MetadataOffset
  /** The epoch by which the registration was proven, until it is heard of under the new one; else null. */
  readonly claim: BrokerEpoch | null
  readonly place: BrokerPlace | null
}

/** A topic as the controller remembers it. */
export type KeptTopic = {
  readonly topic: string
  /** Null in a cluster whose topics have none. */
  readonly topicId: TopicId | null
  /** What was set for it, by Kafka's names, ascending; everything else is as the cluster's defaults say. */
  readonly settings: readonly (readonly [name: string, value: string])[]
}

/** Which replicas a reassignment is bringing in and taking out (KIP-455). Both are among the partition's replicas. */
export type Reassignment = { readonly adding: readonly BrokerId[]; readonly removing: readonly BrokerId[] }

/** A partition as the controller remembers it. */
export type KeptPartition = PartitionState & { readonly reassignment: Reassignment | null }

/** What one event of the controller changed. Removals come before everything else. */
export type Decision = {
  readonly clusterId: string
  readonly metadataOffset: MetadataOffset
  readonly controllerEpoch: ControllerEpoch
  readonly nextBrokerEpoch: BrokerEpoch
  readonly nextProducerId: ProducerId
  readonly removedTopics: readonly string[]
  readonly brokers: readonly KeptBroker[]
  readonly topics: readonly KeptTopic[]
  readonly partitions: readonly KeptPartition[]
}

/** Durable memory of one controller. */
export interface Decisions {
  /**
   * Makes a decision durable before it returns. `whole` tells everything up to and with it, for when it is time for a
   * snapshot. Throws `DiskFailure`; the decision then may or may not be kept, so that only starting again helps.
   */
  keep(decision: Decision, whole: () => Decision): void
  /** Lets go of what it holds open. */
  close(): void
}
