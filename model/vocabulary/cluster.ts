// A whole cluster: scope `cluster`. Operations are plain data; `step` is total over them.

import type { PartitionerName } from './choosing.ts'
import type { ClientConfig, ConsumerObservation, ConsumerSession, ProducerObservation } from './clients.ts'
import type { ErrorName } from './errors.ts'
import type { GroupConfig, GroupObservation } from './groups.ts'
import type { CrashDamage } from './log.ts'
import type { MessageValue, MetadataImage, TopicConfig } from './messages.ts'
import type { Batch, EpochEntry, ProducerEntry } from './records.ts'
import type {
  BrokerEpoch,
  BrokerId,
  Bytes,
  LeaderEpoch,
  MetadataOffset,
  Milliseconds,
  Offset,
  PartitionEpoch,
  PartitionIndex,
} from './units.ts'

/** Name of a node: `b1`… brokers, `p1`… producers, `c1`… consumers, `ctl` the controller. */
export type Endpoint = string

export type BrokerConfig = {
  readonly heartbeatIntervalMs: Milliseconds
  readonly replicaLagTimeMaxMs: Milliseconds
  readonly replicaFetchWaitMaxMs: Milliseconds
  readonly replicaFetchBackoffMs: Milliseconds
  readonly fetchBytesMax: Bytes
}

export type ClusterSetup = {
  readonly scope: 'cluster'
  readonly brokers: number
  readonly producers: number
  readonly consumers: number
  /** Partitions of the topic that keeps the groups' offsets; 0: there are no groups. It is replicated to all brokers. */
  readonly offsetsPartitions: number
  readonly offsetsConfig: TopicConfig
  readonly brokerSessionTimeoutMs: Milliseconds
  readonly broker: BrokerConfig
  readonly group: GroupConfig
  readonly client: ClientConfig
}

type At = { readonly broker: BrokerId; readonly topic: string; readonly partition: PartitionIndex }

export type ClusterOperation =
  // The network.
  | { readonly kind: 'deliver'; readonly from: Endpoint; readonly to: Endpoint }
  | { readonly kind: 'deliverLate'; readonly from: Endpoint; readonly to: Endpoint }
  | { readonly kind: 'settle' }
  | { readonly kind: 'disconnect'; readonly a: Endpoint; readonly b: Endpoint; readonly late: boolean }
  | { readonly kind: 'cut'; readonly from: Endpoint; readonly to: Endpoint }
  | { readonly kind: 'heal'; readonly from: Endpoint; readonly to: Endpoint }
  | { readonly kind: 'healAll' }
  // Time: all clocks, or one node's. `elapse` lets time pass in slices of 500 ms with a `settle` after each.
  | { readonly kind: 'advance'; readonly ms: Milliseconds; readonly node: Endpoint | null }
  | { readonly kind: 'elapse'; readonly ms: Milliseconds }
  // Processes.
  | {
      readonly kind: 'crash'
      readonly broker: BrokerId
      readonly damage: CrashDamage
      readonly indexes: 'kept' | 'lost' | 'torn'
      /** Requests that it had sent were read already and will be processed late. */
      readonly late: boolean
    }
  | { readonly kind: 'restart'; readonly broker: BrokerId }
  | { readonly kind: 'pause'; readonly broker: BrokerId }
  | { readonly kind: 'resume'; readonly broker: BrokerId }
  // The controller and administration.
  | {
      readonly kind: 'createTopic'
      readonly topic: string
      readonly assignment: readonly (readonly BrokerId[])[]
      readonly config: TopicConfig
    }
  | { readonly kind: 'setUncleanElection'; readonly topic: string; readonly enabled: boolean }
  | {
      readonly kind: 'electLeader'
      readonly topic: string
      readonly partition: PartitionIndex
      readonly election: 'preferred' | 'unclean'
    }
  | { readonly kind: 'expireSession'; readonly broker: BrokerId }
  | { readonly kind: 'failoverController' }
  | (At & { readonly kind: 'deleteRecords'; readonly offset: Offset })
  // Disks.
  | (At & { readonly kind: 'flush' })
  | { readonly kind: 'synced'; readonly broker: BrokerId }
  | { readonly kind: 'checkpoint'; readonly broker: BrokerId }
  | (At & { readonly kind: 'roll' })
  | (At & { readonly kind: 'clean' })
  | (At & { readonly kind: 'retain' })
  | (At & { readonly kind: 'rot'; readonly offset: Offset })
  | (At & { readonly kind: 'fillDisk'; readonly bytes: Bytes | null })
  // Clients.
  | {
      readonly kind: 'openProducer'
      readonly producer: Endpoint
      readonly acks: -1 | 0 | 1
      readonly idempotent: boolean
      readonly partitioner: PartitionerName
    }
  | {
      readonly kind: 'send'
      readonly producer: Endpoint
      readonly topic: string
      readonly partition: PartitionIndex | null
      readonly records: readonly { readonly key: string | null; readonly value: string | null }[]
      readonly draw: number
    }
  | ({ readonly kind: 'openConsumer'; readonly consumer: Endpoint } & ConsumerSession)
  | { readonly kind: 'poll'; readonly consumer: Endpoint }
  | { readonly kind: 'commit'; readonly consumer: Endpoint }
  | { readonly kind: 'closeConsumer'; readonly consumer: Endpoint }
  | { readonly kind: 'killClient'; readonly client: Endpoint }

export type ClusterOutcome =
  | { readonly kind: 'done' }
  /** The operation did not apply. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'error'; readonly error: ErrorName }
  /** Number of messages that a `settle` or `elapse` delivered. */
  | { readonly kind: 'delivered'; readonly messages: number }

export type ReplicaObservation = {
  readonly topic: string
  readonly partition: PartitionIndex
  readonly logStartOffset: Offset
  readonly logEndOffset: Offset
  readonly highWatermark: Offset
  readonly recoveryPoint: Offset
  readonly firstDirtyOffset: Offset
  readonly epochs: readonly EpochEntry[]
  readonly producers: readonly ProducerEntry[]
  readonly batches: readonly Batch[]
  /** -1 until the first metadata. */
  readonly leaderEpoch: LeaderEpoch
  readonly partitionEpoch: PartitionEpoch
  readonly role:
    | { readonly kind: 'none' }
    | {
        readonly kind: 'leader'
        readonly leaderEpochStartOffset: Offset
        readonly inSyncReplicas: readonly BrokerId[]
        /** The in-sync set that was proposed and is not decided yet, or null. */
        readonly pendingInSyncReplicas: readonly BrokerId[] | null
        /** The other replicas, ascending; `fetchOffset` -1 until heard of in this epoch. */
        readonly followers: readonly {
          readonly brokerId: BrokerId
          readonly fetchOffset: Offset
          readonly brokerEpoch: BrokerEpoch
        }[]
        /** End offsets that waiting `acks=all` batches and group writes need, in order of arrival. */
        readonly waiting: readonly Offset[]
        readonly parkedFetches: readonly BrokerId[]
      }
    | { readonly kind: 'follower'; readonly leader: BrokerId; readonly fetch: 'idle' | 'outstanding' | 'backoff' }
}

export type BrokerObservation =
  | { readonly status: 'down' }
  | {
      readonly status: 'running' | 'paused'
      readonly now: Milliseconds
      readonly brokerEpoch: BrokerEpoch
      readonly fenced: boolean
      readonly metadataOffset: MetadataOffset
      /** Ascending by topic, then partition. */
      readonly replicas: readonly ReplicaObservation[]
      /** The groups that this broker coordinates, ascending by id. */
      readonly groups: readonly GroupObservation[]
    }

/** Messages in flight between two endpoints, oldest first; `late` ones come from a broken connection. */
export type LinkObservation = {
  readonly from: Endpoint
  readonly to: Endpoint
  readonly cut: boolean
  readonly messages: readonly MessageValue[]
  readonly late: readonly MessageValue[]
}

export type ClusterObservation = {
  readonly controller: { readonly now: Milliseconds; readonly image: MetadataImage }
  /** Keyed by endpoint. */
  readonly brokers: Readonly<Record<Endpoint, BrokerObservation>>
  readonly producers: Readonly<Record<Endpoint, ProducerObservation>>
  readonly consumers: Readonly<Record<Endpoint, ConsumerObservation>>
  /** Keyed `from>to`; links that are empty, without late messages and not cut are absent. */
  readonly links: Readonly<Record<string, LinkObservation>>
}
