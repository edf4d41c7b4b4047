// One broker's replica of one partition: its log, and the part it plays.
// Kafka: Partition, Replica, and the fetcher's state of a partition. Notes: docs/protocol/cluster.md §4.
import type { LogState } from '../log/state.ts'
import type { Requester, Send } from '../network.ts'
import type { BrokerConfig } from '../vocabulary/cluster.ts'
import type { MetadataImage, RecordsValue, Request } from '../vocabulary/messages.ts'
import type {
  BrokerEpoch,
  BrokerId,
  CorrelationId,
  LeaderEpoch,
  Milliseconds,
  Offset,
  PartitionEpoch,
  PartitionIndex,
} from '../vocabulary/units.ts'

export type FetchRequest = Extract<Request<RecordsValue>, { kind: 'Fetch' }>

/** A replica. `leaderEpoch` and `partitionEpoch` are -1 until the first metadata after a start. */
export type Replica = {
  readonly topic: string
  readonly partition: PartitionIndex
  readonly log: LogState
  readonly leaderEpoch: LeaderEpoch
  readonly partitionEpoch: PartitionEpoch
  readonly role: Role
}

export type Role = { readonly kind: 'none' } | Leader | Follower

export type Leader = {
  readonly kind: 'leader'
  /** Where the log ended when this leadership began. */
  readonly leaderEpochStartOffset: Offset
  /** The set that the controller has decided, as far as this leader knows. */
  readonly inSyncReplicas: readonly BrokerId[]
  readonly proposal: Proposal | null
  /** The other replicas, by id. */
  readonly followers: readonly FollowerProgress[]
  /** What waits for the high watermark, in order of arrival. */
  readonly waiting: readonly Waiting[]
  /** Fetches that found nothing, in order of arrival. */
  readonly parked: readonly Parked[]
}

export type Follower = {
  readonly kind: 'follower'
  /** -1: there is none. */
  readonly leader: BrokerId
  readonly fetch:
    | { readonly kind: 'idle' }
    | { readonly kind: 'outstanding'; readonly correlationId: CorrelationId }
    | { readonly kind: 'backoff'; readonly until: Milliseconds }
}

/** What a leader knows of another replica, from its fetches in this leadership. */
export type FollowerProgress = {
  readonly brokerId: BrokerId
  /** It has everything below; -1 until it has fetched. */
  readonly fetchOffset: Offset
  readonly brokerEpoch: BrokerEpoch
  /** On the leader's clock; null: long ago. */
  readonly lastCaughtUp: Milliseconds | null
  readonly lastFetch: { readonly at: Milliseconds; readonly logEndOffset: Offset } | null
}

/** An in-sync set that was asked of the controller. Until it is decided, both sets count (the maximal set). */
export type Proposal = {
  readonly inSyncReplicas: readonly BrokerId[]
  readonly members: readonly { readonly brokerId: BrokerId; readonly brokerEpoch: BrokerEpoch }[]
  /** `again`: to be sent at the next check. `unknown`: refused in a way that leaves open what holds; metadata will tell. */
  readonly sending:
    | { readonly kind: 'outstanding'; readonly correlationId: CorrelationId }
    | { readonly kind: 'again' | 'unknown' }
}

/** A batch in the log whose writer waits until the high watermark reaches `endOffset`. */
export type Waiting = {
  readonly endOffset: Offset
  readonly writer:
    | {
        readonly kind: 'produce'
        readonly requester: Requester
        readonly correlationId: CorrelationId
        readonly baseOffset: Offset
        readonly deadline: Milliseconds
      }
    | { readonly kind: 'group'; readonly writeId: number }
}

export type Parked = { readonly requester: Requester; readonly request: FetchRequest; readonly deadline: Milliseconds }

/** A group write that has come to its end. */
export type FinishedWrite = { readonly writeId: number; readonly error: 'NONE' | 'NOT_ENOUGH_REPLICAS_AFTER_APPEND' }

/** What the rules of a replica need to know about its broker. */
export type Surroundings = {
  readonly brokerId: BrokerId
  readonly brokerEpoch: BrokerEpoch
  /** False while the broker has no valid registration. */
  readonly registered: boolean
  readonly now: Milliseconds
  readonly config: BrokerConfig
  readonly image: MetadataImage | null
}

/**
 * A replica after a rule: what its broker sends, in order; requests have correlation ids from `nextCorrelationId` on.
 * `finished` are group writes that came to an end, in order.
 */
export type ReplicaStep = {
  readonly replica: Replica
  readonly sends: readonly Send[]
  readonly nextCorrelationId: CorrelationId
  readonly finished: readonly FinishedWrite[]
}

/** Nothing happened (yet). */
export function unchanged(replica: Replica, nextCorrelationId: CorrelationId): ReplicaStep {
  return { replica, sends: [], nextCorrelationId, finished: [] }
}

/** One rule after another. */
export function followedBy(
  step: ReplicaStep,
  rule: (replica: Replica, next: CorrelationId) => ReplicaStep,
): ReplicaStep {
  const after = rule(step.replica, step.nextCorrelationId)
  return {
    replica: after.replica,
    sends: after.sends.length === 0 ? step.sends : [...step.sends, ...after.sends],
    nextCorrelationId: after.nextCorrelationId,
    finished: after.finished.length === 0 ? step.finished : [...step.finished, ...after.finished],
  }
}

/** The replica with its leader part changed; a replica that does not lead stays as it is. */
export function withLeader(replica: Replica, change: Partial<Leader>): Replica {
  return replica.role.kind === 'leader' ? { ...replica, role: { ...replica.role, ...change } } : replica
}

/** The replica with another log. */
export function withLog(replica: Replica, log: LogState): Replica {
  return log === replica.log ? replica : { ...replica, log }
}
