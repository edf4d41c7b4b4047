// The coordinator's answers as values.
import type { CorrelationId } from '../../model/vocabulary/units.ts'
import { byText } from '../order.ts'
import type { Group, Member } from './group.ts'
import type { GroupError, GroupRequest, GroupResponse, JoinedMember } from './messages.ts'

/** Stands where there is no assignment or metadata. */
export const noBytes = new Uint8Array(0)

/**
 * The answer that carries an error, or `NONE`, and nothing else; a broker that does not coordinate the group answers
 * `NOT_COORDINATOR` with it.
 */
export function bareAnswer(request: GroupRequest, error: GroupError): GroupResponse {
  const { correlationId, groupId } = request
  switch (request.kind) {
    case 'JoinGroup':
      return joinRefused(groupId, correlationId, request.memberId, error)
    case 'SyncGroup':
      return syncRefused(groupId, correlationId, error)
    case 'Heartbeat':
      return { kind: 'HeartbeatResponse', correlationId, error, groupId }
    case 'LeaveGroup':
      return { kind: 'LeaveGroupResponse', correlationId, error, groupId, members: [] }
    case 'OffsetCommit':
      return { kind: 'OffsetCommitResponse', correlationId, error, groupId, refused: [] }
    case 'OffsetFetch':
      return { kind: 'OffsetFetchResponse', correlationId, error, groupId, offsets: [] }
    case 'DescribeGroup': {
      const nobody = { state: 'Dead', protocolType: '', protocolName: '', members: [] } as const
      return { kind: 'DescribeGroupResponse', correlationId, error, groupId, ...nobody }
    }
    case 'DeleteGroup':
      return { kind: 'DeleteGroupResponse', correlationId, error, groupId }
    case 'OffsetDelete':
      return { kind: 'OffsetDeleteResponse', correlationId, error, groupId, partitions: [] }
  }
}

/** The members of a group that does not exist leave it, each in vain. */
export function nobodyLeft({ correlationId, groupId, members }: GroupRequest & { kind: 'LeaveGroup' }): GroupResponse {
  const unknown = members.map(({ memberId, groupInstanceId }) => ({
    memberId,
    groupInstanceId,
    error: 'UNKNOWN_MEMBER_ID' as const,
  }))
  return { kind: 'LeaveGroupResponse', correlationId, error: 'NONE', groupId, members: unknown }
}

/** A join that failed. */
export function joinRefused(
  groupId: string,
  correlationId: CorrelationId,
  memberId: string,
  error: GroupError,
): GroupResponse {
  return {
    kind: 'JoinGroupResponse',
    correlationId,
    error,
    groupId,
    generationId: -1,
    protocolType: null,
    protocolName: null,
    leader: '',
    memberId,
    skipAssignment: false,
    members: [],
  }
}

/** A join into the present generation. */
export function joined(
  group: Group,
  member: Member,
  correlationId: CorrelationId,
  members: readonly JoinedMember[],
): GroupResponse & { readonly kind: 'JoinGroupResponse' } {
  const { groupId, generationId, protocolType, protocolName } = group
  return {
    kind: 'JoinGroupResponse',
    correlationId,
    error: 'NONE',
    groupId,
    generationId,
    protocolType,
    protocolName,
    leader: group.leader ?? '',
    memberId: member.memberId,
    skipAssignment: false,
    members,
  }
}

/** What the leader is told: everybody, ascending by id, with what each offers under the chosen protocol. */
export function joinedMembers(group: Group): readonly JoinedMember[] {
  const joinedMembers: JoinedMember[] = []
  for (const { memberId, groupInstanceId, protocols } of group.members) {
    const protocol = protocols.find(({ name }) => name === group.protocolName)
    if (protocol === undefined) throw new Error(`${memberId} does not offer ${group.protocolName}, which was chosen`)
    joinedMembers.push({ memberId, groupInstanceId, metadata: protocol.metadata })
  }
  return joinedMembers.sort((a, b) => byText(a.memberId, b.memberId))
}

/** The answer to a sync of a Stable group. */
export function synced(group: Group, correlationId: CorrelationId, assignment: Uint8Array): GroupResponse {
  const { groupId, protocolType, protocolName } = group
  return { kind: 'SyncGroupResponse', correlationId, error: 'NONE', groupId, protocolType, protocolName, assignment }
}

/** A sync that failed. */
export function syncRefused(groupId: string, correlationId: CorrelationId, error: GroupError): GroupResponse {
  const nothing = { protocolType: null, protocolName: null, assignment: noBytes } as const
  return { kind: 'SyncGroupResponse', correlationId, error, groupId, ...nothing }
}
