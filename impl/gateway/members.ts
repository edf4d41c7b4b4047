// JoinGroup, SyncGroup, Heartbeat and LeaveGroup: one request, one message to the coordinator, one answer. Follows
// `KafkaApis` and KIP-345, 394, 559, 800 and 814. The coordinator copies
// the bytes that it keeps.
import { leavingMember } from '../group/messages.ts'
import type { heartbeat } from '../wire/apis/heartbeat.ts'
import type { joinGroup } from '../wire/apis/join-group.ts'
import type { leaveGroup } from '../wire/apis/leave-group.ts'
import type { syncGroup } from '../wire/apis/sync-group.ts'
import { errorCode } from '../wire/errors.ts'
import type { Core } from './core.ts'
import type { Call } from './session.ts'

/** Carries out JoinGroup; the answer comes when the group has gathered. */
export function handleJoinGroup(
  core: Core,
  { client, clientId, version, request, answer }: Call<typeof joinGroup>,
): void {
  const { groupId, memberId, groupInstanceId, sessionTimeoutMs, protocolType, protocols, reason } = request
  const refuse = (error: 'INVALID_GROUP_ID'): void =>
    answer({ ...noAnswer, errorCode: errorCode(error), memberId, protocolType: null, protocolName: emptyName(version) })
  if (groupId === '') {
    refuse('INVALID_GROUP_ID')
    return
  }
  core.ask(
    client,
    {
      kind: 'JoinGroup',
      groupId,
      memberId,
      groupInstanceId,
      sessionTimeoutMs,
      rebalanceTimeoutMs: version === 0 ? sessionTimeoutMs : request.rebalanceTimeoutMs,
      protocolType,
      protocols: protocols.map(({ name, metadata }) => ({ name, metadata })),
      clientId,
      clientHost: `/${client.host}`,
      requiresKnownMemberId: version >= 4,
      supportsSkippingAssignment: version >= 9,
      reason,
    },
    response => {
      if (response.kind !== 'JoinGroupResponse') return
      const { error, generationId, protocolName, leader, skipAssignment, members } = response
      answer({
        throttleTimeMs: 0,
        errorCode: errorCode(error),
        generationId,
        protocolType: response.protocolType,
        protocolName: protocolName ?? emptyName(version),
        leader,
        skipAssignment,
        memberId: response.memberId,
        members: [...members],
      })
    },
  )
}

const noAnswer = {
  throttleTimeMs: 0,
  generationId: -1,
  leader: '',
  skipAssignment: false,
  members: [],
} as const

/** The name cannot be null before version 7. */
function emptyName(version: number): string | null {
  return version < 7 ? '' : null
}

/** Carries out SyncGroup; the answer comes with the leader's assignment. */
export function handleSyncGroup(core: Core, { client, version, request, answer }: Call<typeof syncGroup>): void {
  const { groupId, memberId, groupInstanceId, generationId, protocolType, protocolName } = request
  // KIP-559: since version 5 a member says what it believes to have agreed upon.
  const saysNothing = version >= 5 && (protocolType === null || protocolName === null)
  if (saysNothing || groupId === '') {
    const error = saysNothing ? 'INCONSISTENT_GROUP_PROTOCOL' : 'INVALID_GROUP_ID'
    const nothing = { protocolType: null, protocolName: null, assignment: new Uint8Array(0) }
    answer({ throttleTimeMs: 0, errorCode: errorCode(error), ...nothing })
    return
  }
  const assignments = request.assignments.map(({ memberId: of, assignment }) => ({
    memberId: of,
    assignment,
  }))
  core.ask(
    client,
    { kind: 'SyncGroup', groupId, memberId, groupInstanceId, generationId, protocolType, protocolName, assignments },
    response => {
      if (response.kind !== 'SyncGroupResponse') return
      answer({
        throttleTimeMs: 0,
        errorCode: errorCode(response.error),
        protocolType: response.protocolType,
        protocolName: response.protocolName,
        assignment: response.assignment,
      })
    },
  )
}

/** Carries out Heartbeat. */
export function handleHeartbeat(core: Core, { client, request, answer }: Call<typeof heartbeat>): void {
  const { groupId, memberId, groupInstanceId, generationId } = request
  if (groupId === '') {
    answer({ throttleTimeMs: 0, errorCode: errorCode('INVALID_GROUP_ID') })
    return
  }
  core.ask(client, { kind: 'Heartbeat', groupId, memberId, groupInstanceId, generationId }, response => {
    if (response.kind === 'HeartbeatResponse') answer({ throttleTimeMs: 0, errorCode: errorCode(response.error) })
  })
}

/** Carries out LeaveGroup. */
export function handleLeaveGroup(core: Core, { client, version, request, answer }: Call<typeof leaveGroup>): void {
  const { groupId } = request
  if (groupId === '') {
    answer({ throttleTimeMs: 0, errorCode: errorCode('INVALID_GROUP_ID'), members: [] })
    return
  }
  const members =
    version < 3
      ? [{ memberId: request.memberId, groupInstanceId: null, reason: null }]
      : request.members.map(one => leavingMember(one.memberId, one.groupInstanceId, one.reason))
  core.ask(client, { kind: 'LeaveGroup', groupId, members }, response => {
    if (response.kind !== 'LeaveGroupResponse') return
    const [only] = response.members
    const ofOne = version < 3 && response.error === 'NONE' ? (only?.error ?? 'NONE') : response.error
    answer({
      throttleTimeMs: 0,
      errorCode: errorCode(ofOne),
      members: response.members.map(({ memberId, groupInstanceId, error }) => ({
        memberId: memberId ?? '',
        groupInstanceId,
        errorCode: errorCode(error),
      })),
    })
  })
}
