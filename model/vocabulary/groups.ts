// One group coordinator, alone: scope `group`.
import type { AssignorName, TopicPartition } from './choosing.ts'
import type { CommittedOffset, GroupRequest, GroupResponse } from './messages.ts'
import type { GenerationId, Milliseconds } from './units.ts'

export type GroupConfig = {
  /** How long the offsets of an empty group are kept. */
  readonly offsetsRetentionMs: Milliseconds
  readonly offsetsRetentionCheckIntervalMs: Milliseconds
  readonly groupMaxSize: number
}

export type GroupSetup = { readonly scope: 'group'; readonly config: GroupConfig }

/**
 * One operation on one coordinator, whose writes to its log complete when the sequence says so.
 * - `request`: a request of client `client`. Its `correlationId` names it in the answers.
 * - `advance`: the clock moves by `ms` and due timers fire.
 * - `replicated`: the oldest `count` outstanding writes are replicated.
 * - `failWrites`: all outstanding writes fail with `error`.
 * - `failover`: the coordinator gives up its partition; a new one (broker epoch + 1) loads the log, of whose outstanding
 *   writes the oldest `kept` survived.
 */
export type GroupOperation =
  | { readonly kind: 'request'; readonly client: string; readonly request: GroupRequest }
  | { readonly kind: 'advance'; readonly ms: Milliseconds }
  | { readonly kind: 'replicated'; readonly count: number }
  | {
      readonly kind: 'failWrites'
      readonly error:
        | 'NOT_ENOUGH_REPLICAS'
        | 'NOT_ENOUGH_REPLICAS_AFTER_APPEND'
        | 'NOT_LEADER_OR_FOLLOWER'
        | 'REQUEST_TIMED_OUT'
    }
  | { readonly kind: 'failover'; readonly kept: number }

/** The responses that an operation caused, in the order sent. */
export type GroupOutcome = {
  readonly kind: 'responses'
  readonly responses: readonly { readonly client: string; readonly response: GroupResponse }[]
}

export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead'

export type GroupMemberObservation = {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly client: string
  readonly protocols: readonly {
    readonly name: AssignorName
    readonly topics: readonly string[]
    readonly owned: readonly TopicPartition[]
  }[]
  readonly assignment: readonly TopicPartition[]
  readonly awaitingJoin: boolean
  readonly awaitingSync: boolean
  /** When the session runs out, on the coordinator's clock. */
  readonly sessionDeadline: Milliseconds
}

export type GroupObservation = {
  readonly groupId: string
  readonly state: GroupState
  readonly generationId: GenerationId
  readonly protocolName: AssignorName | null
  readonly leader: string | null
  /** Ascending by member id. */
  readonly members: readonly GroupMemberObservation[]
  /** Member ids that were handed out and not used yet, ascending. */
  readonly pendingMembers: readonly string[]
  /** Ascending by topic, then partition. */
  readonly offsets: readonly (CommittedOffset & { readonly commitTimestamp: Milliseconds })[]
}

/** A record of the coordinator's log: `value` null is a tombstone. */
export type GroupLogRecord = { readonly key: string; readonly value: string | null }

/** Groups ascending by id; `log` is what is replicated, `outstanding` the writes that are not, oldest first. */
export type GroupScopeObservation = {
  readonly now: Milliseconds
  readonly groups: readonly GroupObservation[]
  readonly log: readonly GroupLogRecord[]
  readonly outstanding: readonly (readonly GroupLogRecord[])[]
}
