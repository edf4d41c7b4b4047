// What a replica needs of the broker that hosts it, and what the two know of a partition together.
import type { BrokerConfig, Endpoint } from '../../model/vocabulary/cluster.ts'
import type { BrokerRegistration } from '../../model/vocabulary/messages.ts'
import type {
  BrokerEpoch,
  BrokerId,
  CorrelationId,
  LeaderEpoch,
  Milliseconds,
  PartitionEpoch,
  PartitionIndex,
} from '../../model/vocabulary/units.ts'
import type { Log } from '../log/log.ts'
import type { TopicId } from '../ports/image.ts'
import type { Requester, WireRequest, WireResponse } from '../ports/network.ts'

/** The broker as its replicas see it. */
export interface Surroundings {
  readonly brokerId: BrokerId
  readonly config: BrokerConfig
  /** The epoch of the present registration; -1 before the first. */
  readonly brokerEpoch: BrokerEpoch
  /** Whether that registration is believed to be good. */
  readonly isRegistered: boolean
  now(): Milliseconds
  nextCorrelationId(): CorrelationId
  send(to: Endpoint, request: WireRequest): void
  respond(to: Requester, response: WireResponse): void
  /** What the newest image says of a broker. */
  registrationOf(brokerId: BrokerId): BrokerRegistration | undefined
  /** A leader's high watermark rose. */
  committed?(topic: string, partition: PartitionIndex): void
  /** A log went offline: the broker ends after this event. */
  halt(): void
}

/** One partition on one broker: its log, and how far its state at the controller is known (-1: not at all). */
export type Held = {
  readonly topic: string
  readonly partition: PartitionIndex
  /** Which life of its name the topic is; null where topics have no ids. */
  readonly topicId: TopicId | null
  readonly log: Log
  leaderEpoch: LeaderEpoch
  partitionEpoch: PartitionEpoch
}

/** A time that never comes. */
export const never: Milliseconds = Number.POSITIVE_INFINITY
