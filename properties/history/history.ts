// A recorded history: what producers and consumers asked of a cluster, when, and what they were told. The checks in this
// folder read nothing else. How it stands in a file: docs/histories.md.
//
// Values are unique for each partition, so that a value says which send it came from. The vocabulary is that of Jepsen's
// Kafka workload (jepsen.tests.kafka).
import type { TopicPartition } from '../../model/vocabulary/choosing.ts'
import type { GenerationId, Offset } from '../../model/vocabulary/units.ts'

/** What decides which anomalies are legal; the weakest that was in force while the history was recorded. */
export type HistorySettings = {
  /** `acks`; -1 is `all`. */
  readonly acks: -1 | 0 | 1
  /** `enable.idempotence` */
  readonly idempotent: boolean
  /** Whether producers try again by themselves (`retries` above 0). */
  readonly retries: boolean
  /** `max.in.flight.requests.per.connection` */
  readonly maxInFlight: number
  /** Whether sends belong to transactions, which may be aborted. */
  readonly transactions: boolean
  /** `isolation.level` of consumers. */
  readonly isolation: 'read_uncommitted' | 'read_committed'
  /** Whether consumers commit an offset only after they were given everything below it. */
  readonly commitsAfterProcessing: boolean
  /** `min.insync.replicas` */
  readonly minInSyncReplicas: number
  /** `unclean.leader.election.enable`, or an unclean election by an administrator. */
  readonly uncleanLeaderElection: boolean
  /** `cleanup.policy` */
  readonly cleanupPolicy: 'delete' | 'compact' | 'compact,delete'
  /** Whether records were deleted meanwhile: by retention, or by an administrator. */
  readonly recordsDeleted: boolean
  /** Whether a group was deleted, or may have been empty for so long that it was forgotten. */
  readonly groupsForgotten: boolean
  /** How often a partition got another leader epoch; null when nobody looked. */
  readonly leaderChanges: number | null
  /** The most replicas of a partition that at one time had died and were not in sync again; null when nobody looked. */
  readonly replicasLost: number | null
  /** Whether in the end every partition was read from its beginning to its end. */
  readonly readToEnd: boolean
}

/** A record that was sent; `offset` is null where the producer was not told. */
export type SentRecord = { readonly value: string; readonly offset: Offset | null; readonly key?: string | null }

/** A record that a poll gave. */
export type PolledRecord = TopicPartition & {
  readonly offset: Offset
  readonly value: string
  readonly key?: string | null
}

export type PartitionOffset = TopicPartition & { readonly offset: Offset }

/** `ok`: certainly done. `fail`: certainly not. `info`: nobody knows. */
export type Completed = 'ok' | 'fail' | 'info'

type Timed = {
  /** Who asked. One producer session, or one consumer; both can have the same name, as one process. */
  readonly client: string
  /** Milliseconds since some moment before the recording; may be fractions. */
  readonly start: number
  readonly end: number
  readonly completed: Completed
  /** What went wrong, for people. */
  readonly error?: string
}
type Membership = { readonly group: string; readonly generation: GenerationId }

export type HistoryOperation = Timed &
  (
    | (TopicPartition & { readonly kind: 'send'; readonly records: readonly SentRecord[] })
    | ({ readonly kind: 'poll'; readonly records: readonly PolledRecord[] } & Partial<Membership>)
    /** Commits of a group's offsets: what is to be read next. */
    | ({ readonly kind: 'commit'; readonly offsets: readonly PartitionOffset[] } & Membership)
    /** What the group's committed offsets were read as; -1 for none. */
    | { readonly kind: 'committed'; readonly group: string; readonly offsets: readonly PartitionOffset[] }
    /** An administrator set a group's offsets. */
    | { readonly kind: 'resetOffsets'; readonly group: string; readonly offsets: readonly PartitionOffset[] }
    /** The consumer reads these partitions from now on, and nobody assigns it others. */
    | { readonly kind: 'assign'; readonly partitions: readonly TopicPartition[] }
    /** The consumer joins a group, which gives it partitions of these topics. `groupInstanceId` makes it a static member. */
    | {
        readonly kind: 'subscribe'
        readonly group: string
        readonly topics: readonly string[]
        readonly groupInstanceId?: string
      }
    /** The group gave the consumer these partitions, and no others. */
    | ({ readonly kind: 'rebalance'; readonly partitions: readonly TopicPartition[] } & Membership)
    /** The consumer goes on elsewhere, of its own will. */
    | (TopicPartition & { readonly kind: 'seek' })
    /** The client died or was closed. */
    | { readonly kind: 'crash' }
  )

export type OperationKind = HistoryOperation['kind']

/** One operation of a kind. */
export type Of<K extends OperationKind> = Extract<HistoryOperation, { readonly kind: K }>

export type History = {
  readonly settings: HistorySettings
  /** In the order of the file; operation `i` stands in line `i + 2`, below the header. */
  readonly operations: readonly HistoryOperation[]
}

/** The line of the file in which an operation stands. */
export function lineOf(operation: number): number {
  return operation + 2
}
