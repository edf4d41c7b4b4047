// What an observer of a cluster knows of its partitions: the types that its memory and the contract share.
import type { ClusterObservation, ClusterOperation, ClusterOutcome, ClusterSetup } from '../vocabulary/cluster.ts'
import type { PlainRecord } from '../vocabulary/records.ts'
import type { BrokerEpoch, BrokerId, Offset, PartitionIndex } from '../vocabulary/units.ts'

/** One operation as it could be seen from outside. */
export type ClusterTransition = {
  readonly setup: ClusterSetup
  readonly before: ClusterObservation
  readonly operation: ClusterOperation
  readonly outcome: ClusterOutcome
  readonly after: ClusterObservation
}

/** A record that somebody has been promised, or has seen. */
export type KnownRecord = {
  readonly offset: Offset
  readonly key: string | null
  readonly value: string | null
}

/** A broker that died without syncing and has not been put back into the in-sync set since. */
export type UncleanCrash = { readonly brokerId: BrokerId; readonly brokerEpoch: BrokerEpoch }

/** Whether the contract of docs/claims.md still holds for a partition; `reason` says what ended it. */
export type Contract =
  | { readonly holds: true; readonly crashes: readonly UncleanCrash[] }
  | { readonly holds: false; readonly reason: string }

export type SentBatch = {
  readonly topic: string
  readonly acks: -1 | 0 | 1
  readonly records: readonly Pick<PlainRecord, 'key' | 'value'>[]
}

export type PartitionHistory = {
  readonly topic: string
  readonly partition: PartitionIndex
  readonly contract: Contract
  /** Acknowledged with `acks=all`, in order of acknowledgement. */
  readonly acknowledged: readonly KnownRecord[]
  /** Ever seen below a leader's high watermark, by offset. */
  readonly committed: readonly KnownRecord[]
  /** Everything below was below some high watermark. */
  readonly highestWatermark: Offset
  /** Ever processed by a consumer, by offset, the first time. */
  readonly processed: readonly KnownRecord[]
  /** Who led which epoch. */
  readonly leaders: readonly { readonly leaderEpoch: number; readonly brokerId: BrokerId }[]
}
