// What a consumer asks for, as values.
import type { AssignorMember, AssignorName, TopicPartition } from '../../model/vocabulary/choosing.ts'
import type { ClientConfig, ConsumerSession, PartitionLeader } from '../../model/vocabulary/clients.ts'
import type { CommittedOffset } from '../../model/vocabulary/messages.ts'
import type { CorrelationId, GenerationId, LeaderEpoch } from '../../model/vocabulary/units.ts'
import {
  consumerProtocolType,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from '../client/consumer-protocol.ts'
import { assign } from '../group/assignor.ts'
import type { JoinedMember, JoinProtocol, MemberAssignment } from '../group/messages.ts'
import { byText } from '../order.ts'
import type { WireRequest } from '../ports/network.ts'
import type { Place } from './positions.ts'

/** A session that is in a group. */
export type GroupSession = ConsumerSession & { readonly groupId: string }

/** Whether members give up what they own before they join again (KIP-429 does without). */
export function isEager(assignors: readonly AssignorName[]): boolean {
  return assignors.some(name => name !== 'cooperative-sticky')
}

/** The offers of a member, in its order of preference. Only sticky assignors care for what it owns. */
export function joinProtocols(
  session: ConsumerSession,
  assignment: readonly TopicPartition[],
  generationId: GenerationId,
): readonly JoinProtocol[] {
  const topics = session.topics.toSorted(byText)
  const subscribed = { topics, userData: null, ownedPartitions: [], generationId: -1, rackId: null }
  const subscription = encodeSubscription(subscribed)
  const withOwned = encodeSubscription({ ...subscribed, ownedPartitions: assignment, generationId })
  return session.assignors.map(name => {
    const isSticky = name === 'sticky' || name === 'cooperative-sticky'
    return { name, metadata: isSticky ? withOwned : subscription }
  })
}

/** What the group's leader makes of everybody's words: a share for each, by the assignor that was chosen. */
export function sharesOf(
  { assignors }: GroupSession,
  { protocolName, members }: { readonly protocolName: string | null; readonly members: readonly JoinedMember[] },
  partitionCounts: ReadonlyMap<string, number>,
): readonly MemberAssignment[] {
  // Only a name that every member offers is chosen, so that the leader has it too.
  const chosen = assignors.find(name => name === protocolName)
  if (chosen === undefined) return []
  return assign(chosen, members.map(assignorMember), partitionCounts).map(({ memberId, partitions }) => ({
    memberId,
    assignment: encodeAssignment({ partitions, userData: null }),
  }))
}

/** A member as the assignor wants it; one that cannot be understood subscribes to nothing. */
function assignorMember({ memberId, groupInstanceId, metadata }: JoinedMember): AssignorMember {
  const decoded = decodeSubscription(metadata)
  if (decoded.kind === 'malformed') return { memberId, groupInstanceId, topics: [], owned: [], generationId: -1 }
  const { topics, ownedPartitions, generationId } = decoded.value
  return { memberId, groupInstanceId, topics, owned: ownedPartitions, generationId }
}

/** A fetch from the position on. */
export function fetchRequest(correlationId: CorrelationId, place: Place, leaderEpoch: LeaderEpoch): WireRequest {
  return {
    kind: 'Fetch',
    correlationId,
    topic: place.topic,
    partition: place.partition,
    replicaId: -1,
    replicaEpoch: -1,
    currentLeaderEpoch: leaderEpoch,
    fetchOffset: place.position,
    lastFetchedEpoch: -1,
    logStartOffset: -1,
  }
}

/** A join under the member id that the consumer has, which may be ''. */
export function joinRequest(
  correlationId: CorrelationId,
  { groupId, groupInstanceId }: GroupSession,
  { sessionTimeoutMs, rebalanceTimeoutMs }: ClientConfig,
  clientId: string,
  memberId: string,
  protocols: readonly JoinProtocol[],
): WireRequest {
  return {
    kind: 'JoinGroup',
    correlationId,
    groupId,
    memberId,
    groupInstanceId,
    sessionTimeoutMs,
    rebalanceTimeoutMs,
    protocolType: consumerProtocolType,
    protocols,
    clientId,
    clientHost: '',
    requiresKnownMemberId: true,
    supportsSkippingAssignment: true,
    reason: null,
  }
}

/** The farewell of a member. */
export function leaveRequest(
  correlationId: CorrelationId,
  { groupId, groupInstanceId }: GroupSession,
  memberId: string,
): WireRequest {
  return { kind: 'LeaveGroup', correlationId, groupId, members: [{ memberId, groupInstanceId, reason: null }] }
}

/** Asks a leader for the end at which a consumer without a committed offset begins. */
export function listOffsetsRequest(
  correlationId: CorrelationId,
  { topic, partition, leaderEpoch }: PartitionLeader,
  reset: ConsumerSession['reset'],
): WireRequest {
  const timestamp = reset === 'earliest' ? -2 : -1
  return { kind: 'ListOffsets', correlationId, topic, partition, currentLeaderEpoch: leaderEpoch, timestamp }
}

/** The known positions as offsets to commit. */
export function committable(places: readonly Place[]): readonly CommittedOffset[] {
  return places
    .filter(({ position }) => position >= 0)
    .map(({ topic, partition, position }) => ({ topic, partition, offset: position, leaderEpoch: -1, metadata: '' }))
}
