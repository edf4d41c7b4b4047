// The messages between a group's coordinator and whoever talks to it, as the implementation carries them: what members
// say to each other through the coordinator is bytes, of whatever kind of group. docs/protocol/groups.md §8.
//
// One request speaks of one group; an answer pairs with it by its correlation id. What a version of Kafka's protocol does
// not have is said in the field's comment, for whoever turns bytes into these.
import type { TopicPartition } from '../../model/vocabulary/choosing.ts'
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { GroupState } from '../../model/vocabulary/groups.ts'
import type { CommittedOffset } from '../../model/vocabulary/messages.ts'
import type { CorrelationId, GenerationId, Milliseconds } from '../../model/vocabulary/units.ts'

type Of = { readonly correlationId: CorrelationId; readonly groupId: string }
type Failed = { readonly error: GroupError }

/** What an answer can carry: Kafka's names also of those errors that the model has no use for. */
export type GroupError =
  | ErrorName
  | 'OFFSET_METADATA_TOO_LARGE'
  | 'INVALID_SESSION_TIMEOUT'
  | 'GROUP_SUBSCRIBED_TO_TOPIC'

/** What a member offers under one protocol's name: of a consumer a subscription (`impl/client/consumer-protocol.ts`). */
export type JoinProtocol = { readonly name: string; readonly metadata: Uint8Array }

/** A member as the group's leader is told of it: what it offers under the chosen name. */
export type JoinedMember = {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly metadata: Uint8Array
}

/** A member's share as the leader hands it in. */
export type MemberAssignment = { readonly memberId: string; readonly assignment: Uint8Array }

/** Who leaves. Before version 3 of LeaveGroup it is one member without an instance id. */
export type LeavingMember = {
  /** Null: whoever holds the instance id now, as an administrator removes a static member (KIP-345). */
  readonly memberId: string | null
  readonly groupInstanceId: string | null
  /** KIP-800; null when none is given. */
  readonly reason: string | null
}

/** Requests that members make, and clients that commit or fetch offsets from outside. */
export type MemberRequest =
  | (Of & {
      readonly kind: 'JoinGroup'
      /** '' joins anew. */
      readonly memberId: string
      /** Null before version 5. */
      readonly groupInstanceId: string | null
      readonly sessionTimeoutMs: Milliseconds
      /** The session time-out in version 0. */
      readonly rebalanceTimeoutMs: Milliseconds
      /** `consumer`, `connect`, or any other. */
      readonly protocolType: string
      /** In the member's order of preference. */
      readonly protocols: readonly JoinProtocol[]
      /** From the request's header; '' when it is null. */
      readonly clientId: string
      /** The address that it comes from, as Kafka writes it: `/127.0.0.1`. */
      readonly clientHost: string
      /** Whether a member without an id is first given one to join with (KIP-394): from version 4 on. */
      readonly requiresKnownMemberId: boolean
      /** Whether the client understands `skipAssignment` (KIP-814): from version 9 on. */
      readonly supportsSkippingAssignment: boolean
      /** KIP-800, version 8; null before. */
      readonly reason: string | null
    })
  | (Of & {
      readonly kind: 'SyncGroup'
      readonly memberId: string
      readonly groupInstanceId: string | null
      readonly generationId: GenerationId
      /** What the member believes the group to use (KIP-559, version 5); null says nothing. */
      readonly protocolType: string | null
      readonly protocolName: string | null
      /** From the group's leader; empty from the others. */
      readonly assignments: readonly MemberAssignment[]
    })
  | (Of & {
      readonly kind: 'Heartbeat'
      readonly memberId: string
      readonly groupInstanceId: string | null
      readonly generationId: GenerationId
    })
  | (Of & { readonly kind: 'LeaveGroup'; readonly members: readonly LeavingMember[] })
  | (Of & {
      readonly kind: 'OffsetCommit'
      /** '' from outside the group. */
      readonly memberId: string
      readonly groupInstanceId: string | null
      /** Below 0 from outside the group, as also by version 0. */
      readonly generationId: GenerationId
      /** Whether the client understands `GROUP_ID_NOT_FOUND`: from version 9 on. */
      readonly understandsUnknownGroup: boolean
      readonly offsets: readonly CommittedOffset[]
    })
  | (Of & {
      readonly kind: 'OffsetFetch'
      /** Null: all that are committed (version 2). */
      readonly partitions: readonly TopicPartition[] | null
    })

/** Requests that administrators make. */
export type AdministratorRequest =
  | (Of & { readonly kind: 'DescribeGroup' })
  /** Only a group without members is deleted. */
  | (Of & { readonly kind: 'DeleteGroup' })
  /** KIP-496. */
  | (Of & { readonly kind: 'OffsetDelete'; readonly partitions: readonly TopicPartition[] })

/** A request to the coordinator of one group. */
export type GroupRequest = MemberRequest | AdministratorRequest

/** Lists the groups that a broker coordinates. */
export type ListGroups = {
  readonly kind: 'ListGroups'
  readonly correlationId: CorrelationId
  /** KIP-518: names of states, in any case; empty for all, as before version 4. */
  readonly states: readonly string[]
  /** KIP-848: names of types, in any case; empty for all, as before version 5. Every group here is `classic`. */
  readonly types: readonly string[]
}

export type MemberResponse =
  | (Of &
      Failed & {
        readonly kind: 'JoinGroupResponse'
        readonly generationId: GenerationId
        /** Null on an error, as the protocol's name is. */
        readonly protocolType: string | null
        readonly protocolName: string | null
        readonly leader: string
        readonly memberId: string
        /** The leader is to leave the assignment as it is (KIP-814). */
        readonly skipAssignment: boolean
        /** For the leader: everybody, ascending by member id; empty for the others. */
        readonly members: readonly JoinedMember[]
      })
  | (Of &
      Failed & {
        readonly kind: 'SyncGroupResponse'
        readonly protocolType: string | null
        readonly protocolName: string | null
        /** Without bytes on an error. */
        readonly assignment: Uint8Array
      })
  | (Of & Failed & { readonly kind: 'HeartbeatResponse' })
  | (Of &
      Failed & {
        readonly kind: 'LeaveGroupResponse'
        /**
         * What became of each, in the order of the request; empty when `error` is not `NONE`. Before version 3 the answer
         * has one error: `error`, or the only member's.
         */
        readonly members: readonly (Omit<LeavingMember, 'reason'> & Failed)[]
      })
  | (Of &
      Failed & {
        readonly kind: 'OffsetCommitResponse'
        /** Partitions that were left out, each with its own error; `error` tells of the others. */
        readonly refused: readonly (TopicPartition & Failed)[]
      })
  | (Of &
      Failed & {
        readonly kind: 'OffsetFetchResponse'
        /** In the order asked, or all ascending; an offset of -1 means that none is committed. */
        readonly offsets: readonly CommittedOffset[]
      })

/** A member as an administrator sees it. */
export type DescribedMember = {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  /** Without bytes unless the group is Stable, as the assignment is. */
  readonly metadata: Uint8Array
  readonly assignment: Uint8Array
}

/** A group in a list. */
export type ListedGroup = { readonly groupId: string; readonly protocolType: string; readonly state: GroupState }

export type AdministratorResponse =
  | (Of &
      Failed & {
        readonly kind: 'DescribeGroupResponse'
        /** Dead with `GROUP_ID_NOT_FOUND`, which version 6 begins to say; `NONE` before. */
        readonly state: GroupState
        /** '' for a group that never had a member. */
        readonly protocolType: string
        /** '' unless the group is Stable. */
        readonly protocolName: string
        /** Ascending by member id. */
        readonly members: readonly DescribedMember[]
      })
  | (Of & Failed & { readonly kind: 'DeleteGroupResponse' })
  | (Of &
      Failed & {
        readonly kind: 'OffsetDeleteResponse'
        /** In the order asked; empty when `error` is not `NONE`. */
        readonly partitions: readonly (TopicPartition & Failed)[]
      })

/** The answer to a request about one group. */
export type GroupResponse = MemberResponse | AdministratorResponse

/** Always of this broker's groups only; ascending by group id. */
export type ListGroupsResponse = {
  readonly kind: 'ListGroupsResponse'
  readonly correlationId: CorrelationId
  readonly error: GroupError
  readonly groups: readonly ListedGroup[]
}

/** A member that leaves as LeaveGroup's fields say it: an instance id without a member id names whoever holds it. */
export function leavingMember(memberId: string, groupInstanceId: string | null, reason: string | null): LeavingMember {
  const isByInstance = memberId === '' && groupInstanceId !== null
  return { memberId: isByInstance ? null : memberId, groupInstanceId, reason }
}
