// The coordinator's answers as values.
import type { TopicPartition } from '../../model/vocabulary/choosing.ts'
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { GroupRequest, GroupResponse, JoinedMember } from '../../model/vocabulary/messages.ts'
import type { CorrelationId } from '../../model/vocabulary/units.ts'
import { byText } from '../order.ts'
import type { Group, Member } from './group.ts'

/**
 * The answer that carries an error, or `NONE`, and nothing else; a broker that does not coordinate the group answers
 * `NOT_COORDINATOR` with it.
 */
export function bareAnswer(request: GroupRequest, error: ErrorName): GroupResponse {
  const { correlationId, groupId } = request
  switch (request.kind) {
    case 'JoinGroup':
      return joinRefused(groupId, correlationId, request.memberId, error)
    case 'SyncGroup':
      return synced(groupId, correlationId, error, [])
    case 'Heartbeat':
      return { kind: 'HeartbeatResponse', correlationId, error, groupId }
    case 'LeaveGroup':
      return { kind: 'LeaveGroupResponse', correlationId, error, groupId }
    case 'OffsetCommit':
      return { kind: 'OffsetCommitResponse', correlationId, error, groupId }
    case 'OffsetFetch':
      return { kind: 'OffsetFetchResponse', correlationId, error, groupId, offsets: [] }
  }
}

/** A join that failed. */
export function joinRefused(
  groupId: string,
  correlationId: CorrelationId,
  memberId: string,
  error: ErrorName,
): GroupResponse {
  return {
    kind: 'JoinGroupResponse',
    correlationId,
    error,
    groupId,
    generationId: -1,
    protocolName: null,
    leader: '',
    memberId,
    members: [],
  }
}

/** A join into the present generation. */
export function joined(
  group: Group,
  member: Member,
  correlationId: CorrelationId,
  members: readonly JoinedMember[],
): GroupResponse {
  const { groupId, generationId, protocolName } = group
  return {
    kind: 'JoinGroupResponse',
    correlationId,
    error: 'NONE',
    groupId,
    generationId,
    protocolName,
    leader: group.leader ?? '',
    memberId: member.memberId,
    members,
  }
}

/** What the leader is told: everybody, ascending by id, with what each offers for the chosen assignor. */
export function joinedMembers(group: Group): readonly JoinedMember[] {
  const joinedMembers: JoinedMember[] = []
  for (const { memberId, groupInstanceId, protocols } of group.members) {
    const protocol = protocols.find(({ name }) => name === group.protocolName)
    if (protocol === undefined) throw new Error(`${memberId} does not offer ${group.protocolName}, which was chosen`)
    joinedMembers.push({ memberId, groupInstanceId, protocol })
  }
  return joinedMembers.sort((a, b) => byText(a.memberId, b.memberId))
}

/** The answer to a sync. */
export function synced(
  groupId: string,
  correlationId: CorrelationId,
  error: ErrorName,
  partitions: readonly TopicPartition[],
): GroupResponse {
  return { kind: 'SyncGroupResponse', correlationId, error, groupId, partitions }
}
