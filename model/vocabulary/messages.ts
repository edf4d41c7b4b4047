// The messages of a cluster as values: Kafka's requests and responses, one partition or group each. `Records` is how a
// side carries record batches: the model as `Batch` values, the implementation as bytes.
import type { AssignorName, TopicPartition } from './choosing.ts'
import type { ErrorName } from './errors.ts'
import type { LogConfig } from './log.ts'
import type { Batch, EpochEnd, UnplacedBatch } from './records.ts'
import type {
  BrokerEpoch,
  BrokerId,
  ControllerEpoch,
  CorrelationId,
  GenerationId,
  LeaderEpoch,
  MetadataOffset,
  Milliseconds,
  Offset,
  PartitionEpoch,
  PartitionIndex,
} from './units.ts'

/** Settings of a topic. `minInSyncReplicas` counts at most the number of replicas. */
export type TopicConfig = LogConfig & {
  readonly minInSyncReplicas: number
  readonly uncleanLeaderElection: boolean
}

/** What the controller has decided about one partition. Sets are ascending arrays; a leader of -1 means none. */
export type PartitionState = {
  readonly topic: string
  readonly partition: PartitionIndex
  /** In the order of preference. */
  readonly replicas: readonly BrokerId[]
  readonly leader: BrokerId
  readonly leaderEpoch: LeaderEpoch
  readonly inSyncReplicas: readonly BrokerId[]
  /** KIP-966: not in sync any more, but known to hold everything committed. */
  readonly eligibleLeaderReplicas: readonly BrokerId[]
  /** The newest leader there was, for when nobody else is eligible. */
  readonly lastKnownLeader: BrokerId
  readonly partitionEpoch: PartitionEpoch
}

export type BrokerRegistration = {
  readonly brokerId: BrokerId
  readonly brokerEpoch: BrokerEpoch
  readonly fenced: boolean
}

/** The controller's decisions up to `metadataOffset`. Brokers by id, topics by name, partitions by topic then number. */
export type MetadataImage = {
  readonly metadataOffset: MetadataOffset
  readonly controllerEpoch: ControllerEpoch
  readonly brokers: readonly BrokerRegistration[]
  readonly topics: readonly { readonly topic: string; readonly config: TopicConfig }[]
  readonly partitions: readonly PartitionState[]
}

type Id = { readonly correlationId: CorrelationId }
type Of = { readonly topic: string; readonly partition: PartitionIndex }
type Failed = { readonly error: ErrorName }

/** A member's offer for one assignor: what it subscribes to, and what it owns since which generation. */
export type JoinProtocol = {
  readonly name: AssignorName
  readonly topics: readonly string[]
  readonly owned: readonly TopicPartition[]
  readonly generationId: GenerationId
}

/** A member as the group's leader is told of it. */
export type JoinedMember = {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly protocol: JoinProtocol
}

export type MemberAssignment = { readonly memberId: string; readonly partitions: readonly TopicPartition[] }

export type CommittedOffset = Of & {
  readonly offset: Offset
  readonly leaderEpoch: LeaderEpoch
  readonly metadata: string
}

/** Requests to a group's coordinator. `memberId` '' joins anew; generation -1 with member '' commits from outside. */
export type GroupRequest =
  | (Id & {
      readonly kind: 'JoinGroup'
      readonly groupId: string
      readonly memberId: string
      readonly groupInstanceId: string | null
      readonly sessionTimeoutMs: Milliseconds
      readonly rebalanceTimeoutMs: Milliseconds
      /** In the member's order of preference. */
      readonly protocols: readonly JoinProtocol[]
    })
  | (Id & {
      readonly kind: 'SyncGroup'
      readonly groupId: string
      readonly memberId: string
      readonly groupInstanceId: string | null
      readonly generationId: GenerationId
      /** From the group's leader; empty from the others. Ascending by member id. */
      readonly assignments: readonly MemberAssignment[]
    })
  | (Id & {
      readonly kind: 'Heartbeat'
      readonly groupId: string
      readonly memberId: string
      readonly groupInstanceId: string | null
      readonly generationId: GenerationId
    })
  | (Id & {
      readonly kind: 'LeaveGroup'
      readonly groupId: string
      readonly memberId: string
      readonly groupInstanceId: string | null
    })
  | (Id & {
      readonly kind: 'OffsetCommit'
      readonly groupId: string
      readonly memberId: string
      readonly groupInstanceId: string | null
      readonly generationId: GenerationId
      /** Ascending by topic, then partition. */
      readonly offsets: readonly CommittedOffset[]
    })
  | (Id & { readonly kind: 'OffsetFetch'; readonly groupId: string; readonly partitions: readonly TopicPartition[] })

export type GroupResponse =
  | (Id &
      Failed & {
        readonly kind: 'JoinGroupResponse'
        readonly groupId: string
        readonly generationId: GenerationId
        /** The chosen assignor, or null on an error. */
        readonly protocolName: AssignorName | null
        readonly leader: string
        readonly memberId: string
        /** For the leader: everybody, ascending by member id; empty for the others. */
        readonly members: readonly JoinedMember[]
      })
  | (Id &
      Failed & {
        readonly kind: 'SyncGroupResponse'
        readonly groupId: string
        readonly partitions: readonly TopicPartition[]
      })
  | (Id & Failed & { readonly kind: 'HeartbeatResponse'; readonly groupId: string })
  | (Id & Failed & { readonly kind: 'LeaveGroupResponse'; readonly groupId: string })
  | (Id & Failed & { readonly kind: 'OffsetCommitResponse'; readonly groupId: string })
  | (Id &
      Failed & {
        readonly kind: 'OffsetFetchResponse'
        readonly groupId: string
        /** In the order asked; an offset of -1 means that none is committed. */
        readonly offsets: readonly CommittedOffset[]
      })

/** Requests and the controller's push. */
export type Request<Records> =
  | (Id & {
      readonly kind: 'BrokerRegistration'
      readonly brokerId: BrokerId
      readonly previousBrokerEpoch: BrokerEpoch
    })
  | (Id & {
      readonly kind: 'BrokerHeartbeat'
      readonly brokerId: BrokerId
      readonly brokerEpoch: BrokerEpoch
      readonly metadataOffset: MetadataOffset
    })
  | (Id &
      Of & {
        readonly kind: 'AlterPartition'
        readonly brokerId: BrokerId
        readonly brokerEpoch: BrokerEpoch
        readonly leaderEpoch: LeaderEpoch
        readonly partitionEpoch: PartitionEpoch
        /** Ascending by broker id. */
        readonly newInSyncReplicas: readonly { readonly brokerId: BrokerId; readonly brokerEpoch: BrokerEpoch }[]
      })
  /** Not answered. Its correlation id is always 0. */
  | (Id & { readonly kind: 'MetadataUpdate'; readonly image: MetadataImage })
  | (Id &
      Of & {
        readonly kind: 'Fetch'
        /** The follower's broker id, or -1 for a consumer. */
        readonly replicaId: BrokerId
        /** The follower's broker epoch, or -1 for a consumer (KIP-903). */
        readonly replicaEpoch: BrokerEpoch
        readonly currentLeaderEpoch: LeaderEpoch
        readonly fetchOffset: Offset
        /** Epoch of the last record that the follower has; -1 when it has none, and for consumers. */
        readonly lastFetchedEpoch: LeaderEpoch
        readonly logStartOffset: Offset
      })
  | (Id & { readonly kind: 'Metadata' })
  | (Id &
      Of & {
        readonly kind: 'Produce'
        readonly acks: -1 | 0 | 1
        readonly timeoutMs: Milliseconds
        readonly records: Records
      })
  | (Id &
      Of & {
        readonly kind: 'ListOffsets'
        readonly currentLeaderEpoch: LeaderEpoch
        /** -1 latest, -2 earliest, else by time. */
        readonly timestamp: Milliseconds
      })
  | (Id & { readonly kind: 'FindCoordinator'; readonly groupId: string })
  | GroupRequest

export type Response<Records> =
  | (Id & Failed & { readonly kind: 'BrokerRegistrationResponse'; readonly brokerEpoch: BrokerEpoch })
  | (Id & Failed & { readonly kind: 'BrokerHeartbeatResponse'; readonly fenced: boolean })
  | (Id &
      Of &
      Failed & {
        readonly kind: 'AlterPartitionResponse'
        readonly leader: BrokerId
        readonly leaderEpoch: LeaderEpoch
        readonly inSyncReplicas: readonly BrokerId[]
        readonly partitionEpoch: PartitionEpoch
      })
  | (Id &
      Of &
      Failed & {
        readonly kind: 'FetchResponse'
        readonly highWatermark: Offset
        readonly logStartOffset: Offset
        /** The leader's end, told only with OFFSET_OUT_OF_RANGE; -1 otherwise. */
        readonly logEndOffset: Offset
        readonly divergingEpoch: EpochEnd | null
        readonly records: Records
      })
  | (Id & {
      readonly kind: 'MetadataResponse'
      /** Unfenced brokers, ascending. */
      readonly brokers: readonly BrokerId[]
      readonly partitions: readonly (Of & { readonly leader: BrokerId; readonly leaderEpoch: LeaderEpoch })[]
    })
  | (Id & Of & Failed & { readonly kind: 'ProduceResponse'; readonly baseOffset: Offset })
  | (Id &
      Of &
      Failed & {
        readonly kind: 'ListOffsetsResponse'
        readonly offset: Offset
        readonly timestamp: Milliseconds
        readonly leaderEpoch: LeaderEpoch
      })
  | (Id & Failed & { readonly kind: 'FindCoordinatorResponse'; readonly groupId: string; readonly brokerId: BrokerId })
  | GroupResponse

export type Message<Records> = Request<Records> | Response<Records>

/** Record batches as values: as placed in a log, or (in a Produce request, exactly one) not yet placed. */
export type RecordsValue = readonly (Batch | UnplacedBatch)[]

/** A message as both sides are observed to send it. */
export type MessageValue = Message<RecordsValue>
