// How a coordinator's answers look.
import { unreachable } from '../unreachable.ts'
import type { TopicPartition } from '../vocabulary/choosing.ts'
import type { ErrorName } from '../vocabulary/errors.ts'
import type { GroupRequest, GroupResponse } from '../vocabulary/messages.ts'
import type { Group, GroupAction, GroupMember, Requester, Waiting, WaitingJoin } from './state.ts'

/** The answer to `request` that carries nothing but `error` (`NONE` too, where there is nothing to carry). */
export function plainResponse(request: GroupRequest, error: ErrorName): GroupResponse {
  const { correlationId, groupId } = request
  switch (request.kind) {
    case 'JoinGroup':
      return joinError(groupId, { correlationId, memberId: request.memberId }, error)
    case 'SyncGroup':
      return { kind: 'SyncGroupResponse', correlationId, error, groupId, partitions: [] }
    case 'Heartbeat':
      return { kind: 'HeartbeatResponse', correlationId, error, groupId }
    case 'LeaveGroup':
      return { kind: 'LeaveGroupResponse', correlationId, error, groupId }
    case 'OffsetCommit':
      return { kind: 'OffsetCommitResponse', correlationId, error, groupId }
    case 'OffsetFetch':
      return { kind: 'OffsetFetchResponse', correlationId, error, groupId, offsets: [] }
    default:
      return unreachable(request)
  }
}

/** The plain answer to a request that has just come. */
export function reply(requester: Requester, request: GroupRequest, error: ErrorName): GroupAction {
  return { kind: 'respond', requester, response: plainResponse(request, error) }
}

/** The answer to a join that was accepted. `withMembers` is for the leader, who assigns. */
export function joined(group: Group, member: GroupMember, waiting: Waiting, withMembers: boolean): GroupAction {
  return {
    kind: 'respond',
    requester: waiting.requester,
    response: {
      kind: 'JoinGroupResponse',
      correlationId: waiting.correlationId,
      error: 'NONE',
      groupId: group.groupId,
      generationId: group.generationId,
      protocolName: group.protocolName,
      leader: group.leader ?? '',
      memberId: member.memberId,
      members: withMembers ? joinedMembers(group) : [],
    },
  }
}

/** The answer to a join that waited in vain. */
export function joinFailed(groupId: string, waiting: WaitingJoin, error: ErrorName): GroupAction {
  return { kind: 'respond', requester: waiting.requester, response: joinError(groupId, waiting, error) }
}

/** The answer to a sync, with the member's assignment, or [] on an error. */
export function synced(
  groupId: string,
  waiting: Waiting,
  error: ErrorName,
  partitions: readonly TopicPartition[],
): GroupAction {
  const { requester, correlationId } = waiting
  return {
    kind: 'respond',
    requester,
    response: { kind: 'SyncGroupResponse', correlationId, error, groupId, partitions },
  }
}

/** The answers, all with `error`, to what a member waits for. */
export function waitersFailed(groupId: string, member: GroupMember, error: ErrorName): readonly GroupAction[] {
  const { waitingJoin, waitingSync } = member
  return [
    ...(waitingJoin === null ? [] : [joinFailed(groupId, waitingJoin, error)]),
    ...(waitingSync === null ? [] : [synced(groupId, waitingSync, error, [])]),
  ]
}

function joinError(
  groupId: string,
  { correlationId, memberId }: Pick<WaitingJoin, 'correlationId' | 'memberId'>,
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

function joinedMembers(group: Group): Extract<GroupResponse, { kind: 'JoinGroupResponse' }>['members'] {
  const members = group.members.flatMap(({ memberId, groupInstanceId, protocols }) =>
    protocols
      .filter(({ name }) => name === group.protocolName)
      .slice(0, 1)
      .map(protocol => ({ memberId, groupInstanceId, protocol })),
  )
  return members.sort((a, b) => (a.memberId < b.memberId ? -1 : 1))
}
