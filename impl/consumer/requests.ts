// What a consumer asks for, as values.
import type { AssignorMember, AssignorName, TopicPartition } from '../../model/vocabulary/choosing.ts'
import type { ClientConfig, ConsumerSession, PartitionLeader } from '../../model/vocabulary/clients.ts'
import type { CommittedOffset, JoinedMember, JoinProtocol, Request } from '../../model/vocabulary/messages.ts'
import type { CorrelationId, GenerationId, LeaderEpoch } from '../../model/vocabulary/units.ts'
import { byText } from '../order.ts'
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
  const owned = assignment.map(({ topic, partition }) => ({ topic, partition }))
  return session.assignors.map(name =>
    name === 'sticky' || name === 'cooperative-sticky'
      ? { name, topics, owned, generationId }
      : { name, topics, owned: [], generationId: -1 },
  )
}

/** The members as the assignor wants them. */
export function assignorMembers(members: readonly JoinedMember[]): readonly AssignorMember[] {
  return members.map(({ memberId, groupInstanceId, protocol: { topics, owned, generationId } }) => ({
    memberId,
    groupInstanceId,
    topics,
    owned,
    generationId,
  }))
}

/** A fetch from the position on. */
export function fetchRequest(
  correlationId: CorrelationId,
  place: Place,
  leaderEpoch: LeaderEpoch,
): Request<Uint8Array> {
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
  memberId: string,
  protocols: readonly JoinProtocol[],
): Request<Uint8Array> {
  return {
    kind: 'JoinGroup',
    correlationId,
    groupId,
    memberId,
    groupInstanceId,
    sessionTimeoutMs,
    rebalanceTimeoutMs,
    protocols,
  }
}

/** The farewell of a member. */
export function leaveRequest(
  correlationId: CorrelationId,
  { groupId, groupInstanceId }: GroupSession,
  memberId: string,
): Request<Uint8Array> {
  return { kind: 'LeaveGroup', correlationId, groupId, memberId, groupInstanceId }
}

/** Asks a leader for the end at which a consumer without a committed offset begins. */
export function listOffsetsRequest(
  correlationId: CorrelationId,
  { topic, partition, leaderEpoch }: PartitionLeader,
  reset: ConsumerSession['reset'],
): Request<Uint8Array> {
  const timestamp = reset === 'earliest' ? -2 : -1
  return { kind: 'ListOffsets', correlationId, topic, partition, currentLeaderEpoch: leaderEpoch, timestamp }
}

/** The known positions as offsets to commit. */
export function committable(places: readonly Place[]): readonly CommittedOffset[] {
  return places
    .filter(({ position }) => position >= 0)
    .map(({ topic, partition, position }) => ({ topic, partition, offset: position, leaderEpoch: -1, metadata: '' }))
}
