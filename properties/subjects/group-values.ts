// What members of groups say, between bytes and the values of the vocabulary: requests of a sequence become bytes before
// the implementation sees them, and whatever it shows becomes values again. So the bytes take part in lockstep.
//
// What the vocabulary has no words for must not be there: then the implementation said something that the model did not,
// and the throw is the disagreement.
import {
  consumerProtocolType,
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from '../../impl/client/consumer-protocol.ts'
import type {
  JoinProtocol as BytesProtocol,
  GroupError,
  GroupRequest,
  GroupResponse,
  MemberRequest,
} from '../../impl/group/messages.ts'
import type { ObservedGroup, ObservedMember } from '../../impl/group/observed.ts'
import type { AssignorName, TopicPartition } from '../../model/vocabulary/choosing.ts'
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { GroupMemberObservation, GroupObservation } from '../../model/vocabulary/groups.ts'
import type {
  GroupRequest as GroupRequestValue,
  GroupResponse as GroupResponseValue,
  JoinProtocol,
} from '../../model/vocabulary/messages.ts'

/** A request as the implementation takes it, from a client that speaks the newest version, but for an error that the model lacks. */
export function groupRequestBytes(request: GroupRequestValue, clientId: string): MemberRequest {
  switch (request.kind) {
    case 'JoinGroup':
      return {
        ...request,
        protocolType: consumerProtocolType,
        protocols: request.protocols.map(protocolBytes),
        clientId,
        clientHost: '',
        requiresKnownMemberId: true,
        supportsSkippingAssignment: true,
        reason: null,
      }
    case 'SyncGroup':
      return {
        ...request,
        protocolType: null,
        protocolName: null,
        assignments: request.assignments.map(({ memberId, partitions }) => ({
          memberId,
          assignment: encodeAssignment({ partitions, userData: null }),
        })),
      }
    case 'LeaveGroup': {
      const { kind, correlationId, groupId, memberId, groupInstanceId } = request
      return { kind, correlationId, groupId, members: [{ memberId, groupInstanceId, reason: null }] }
    }
    case 'OffsetCommit':
      return { ...request, understandsUnknownGroup: false }
    default:
      return request
  }
}

/** A group as it was last seen, and its members. */
type Seen = {
  readonly observed: ObservedGroup
  readonly value: GroupObservation
  readonly members: readonly SeenMember[]
}
type SeenMember = { readonly observed: ObservedMember; readonly value: GroupMemberObservation }

/** Turns the groups of one coordinator or broker into values; what has not changed is the same object as before. */
export class GroupValues {
  #observed: readonly ObservedGroup[] = []
  #values: readonly GroupObservation[] = []
  #seen: readonly Seen[] = []

  of(observed: readonly ObservedGroup[]): readonly GroupObservation[] {
    if (observed === this.#observed) return this.#values
    const before = this.#seen
    this.#observed = observed
    this.#seen = observed.map((group, index) => {
      const { groupId } = group
      const there = before[index]
      const isThere = there?.observed.groupId === groupId
      return seenGroup(group, isThere ? there : before.find(({ observed }) => observed.groupId === groupId))
    })
    this.#values = this.#seen.map(({ value }) => value)
    return this.#values
  }
}

function seenGroup(observed: ObservedGroup, before: Seen | undefined): Seen {
  if (before?.observed === observed) return before
  const { groupId, state, generationId, leader, pendingMembers, offsets } = observed
  if (observed.protocolType !== null) expectConsumers(observed.protocolType)
  const protocolName = assignorOrNull(observed.protocolName)
  const membersBefore = before?.members ?? []
  const members = observed.members.map((member, index) => {
    const there = membersBefore[index]
    const isThere = there?.observed.memberId === member.memberId
    return seenMember(
      member,
      isThere ? there : membersBefore.find(({ observed }) => observed.memberId === member.memberId),
    )
  })
  const values = members.map(({ value }) => value)
  return {
    observed,
    value: { groupId, state, generationId, protocolName, leader, members: values, pendingMembers, offsets },
    members,
  }
}

function seenMember(observed: ObservedMember, before: SeenMember | undefined): SeenMember {
  const { memberId, groupInstanceId, clientId: client, awaitingJoin, awaitingSync, sessionDeadline } = observed
  if (observed.clientHost !== '') throw new Error(`${memberId} has the host ${observed.clientHost}`)
  const hasSameOffers = before?.observed.protocols === observed.protocols
  const protocols = hasSameOffers ? before.value.protocols : observed.protocols.map(offer)
  const hasSameShare = before?.observed.assignment === observed.assignment
  const assignment = hasSameShare ? before.value.assignment : partitionsOf(observed.assignment)
  const value: GroupMemberObservation = {
    memberId,
    groupInstanceId,
    client,
    protocols,
    assignment,
    awaitingJoin,
    awaitingSync,
    sessionDeadline,
  }
  return { observed, value }
}

function offer({ name, metadata }: BytesProtocol): GroupMemberObservation['protocols'][number] {
  const { topics, owned } = protocolOf(name, metadata)
  return { name: assignor(name), topics, owned }
}

/** A request as a value. Throws on one that the model has no words for. */
export function groupRequestValue(request: GroupRequest): GroupRequestValue {
  const { correlationId, groupId } = request
  switch (request.kind) {
    case 'JoinGroup': {
      const { kind, memberId, groupInstanceId, sessionTimeoutMs, rebalanceTimeoutMs } = request
      expectConsumers(request.protocolType)
      const protocols = request.protocols.map(protocol => protocolOf(protocol.name, protocol.metadata))
      const timeouts = { sessionTimeoutMs, rebalanceTimeoutMs }
      return { kind, correlationId, groupId, memberId, groupInstanceId, ...timeouts, protocols }
    }
    case 'SyncGroup': {
      const { kind, memberId, groupInstanceId, generationId } = request
      const assignments = request.assignments.map(({ memberId, assignment }) => ({
        memberId,
        partitions: partitionsOf(assignment),
      }))
      return { kind, correlationId, groupId, memberId, groupInstanceId, generationId, assignments }
    }
    case 'LeaveGroup': {
      const [member] = request.members
      if (member?.memberId == null || request.members.length !== 1) throw new Error('not one member leaves by its id')
      const { memberId, groupInstanceId } = member
      return { kind: request.kind, correlationId, groupId, memberId, groupInstanceId }
    }
    case 'OffsetFetch': {
      const { kind, partitions } = request
      if (partitions === null) throw new Error('the offsets of all partitions are asked for')
      return { kind, correlationId, groupId, partitions }
    }
    case 'OffsetCommit': {
      const { understandsUnknownGroup: _, ...value } = request
      return value
    }
    case 'Heartbeat':
      return request
    default:
      throw new Error(`the model has no ${request.kind}`)
  }
}

/** An answer as a value. Throws likewise. */
export function groupResponseValue(response: GroupResponse): GroupResponseValue {
  const { correlationId, groupId } = response
  const error = modelError(response.error)
  switch (response.kind) {
    case 'JoinGroupResponse': {
      const { kind, generationId, leader, memberId } = response
      if (response.protocolType !== null) expectConsumers(response.protocolType)
      const protocolName = assignorOrNull(response.protocolName)
      const members = response.members.map(({ memberId, groupInstanceId, metadata }) => ({
        memberId,
        groupInstanceId,
        protocol: protocolOf(protocolName ?? '', metadata),
      }))
      return { kind, correlationId, error, groupId, generationId, protocolName, leader, memberId, members }
    }
    case 'SyncGroupResponse':
      return { kind: response.kind, correlationId, error, groupId, partitions: partitionsOf(response.assignment) }
    case 'LeaveGroupResponse': {
      const [member] = response.members
      const ofMember = member === undefined || error !== 'NONE' ? error : modelError(member.error)
      return { kind: response.kind, correlationId, error: ofMember, groupId }
    }
    case 'OffsetCommitResponse':
      if (response.refused.length > 0) throw new Error('a commit is refused in part')
      return { kind: response.kind, correlationId, error, groupId }
    case 'HeartbeatResponse':
      return { kind: response.kind, correlationId, error, groupId }
    case 'OffsetFetchResponse':
      return { kind: response.kind, correlationId, error, groupId, offsets: response.offsets }
    default:
      throw new Error(`the model has no ${response.kind}`)
  }
}

function protocolOf(name: string, metadata: Uint8Array): JoinProtocol {
  const decoded = decodeSubscription(metadata)
  if (decoded.kind === 'malformed') throw new Error(`a subscription is malformed: ${decoded.reason}`)
  const { topics, userData, ownedPartitions: owned, generationId, rackId } = decoded.value
  if (userData !== null || rackId !== null) throw new Error('a subscription says more than the model has words for')
  return { name: assignor(name), topics, owned, generationId }
}

function partitionsOf(assignment: Uint8Array): readonly TopicPartition[] {
  const decoded = decodeAssignment(assignment)
  if (decoded.kind === 'malformed') throw new Error(`an assignment is malformed: ${decoded.reason}`)
  if (decoded.value.userData !== null) throw new Error('an assignment says more than the model has words for')
  return decoded.value.partitions
}

function protocolBytes({ name, topics, owned: ownedPartitions, generationId }: JoinProtocol): BytesProtocol {
  return { name, metadata: encodeSubscription({ topics, userData: null, ownedPartitions, generationId, rackId: null }) }
}

function expectConsumers(protocolType: string): void {
  if (protocolType !== consumerProtocolType) throw new Error(`a group of type ${protocolType}`)
}

function modelError(error: GroupError): ErrorName {
  switch (error) {
    case 'INVALID_SESSION_TIMEOUT':
    case 'OFFSET_METADATA_TOO_LARGE':
    case 'GROUP_SUBSCRIBED_TO_TOPIC':
      throw new Error(`the model has no ${error}`)
    default:
      return error
  }
}

function assignorOrNull(name: string | null): AssignorName | null {
  return name === null ? null : assignor(name)
}

function assignor(name: string): AssignorName {
  if (name === 'range' || name === 'roundrobin' || name === 'sticky' || name === 'cooperative-sticky') return name
  throw new Error(`${name} is no assignor of the model`)
}
