// G2, on one coordinator: who is not a member of the present generation changes nothing, and is told so.
import type { Violation } from '../vocabulary/claims.ts'
import type { ErrorName } from '../vocabulary/errors.ts'
import type { GroupObservation } from '../vocabulary/groups.ts'
import type { GroupRequest } from '../vocabulary/messages.ts'
import { type GroupTransition, isEqual } from './transition.ts'

/**
 * G2: a request with an unknown member id, under the instance id of another member, or of another generation is answered
 * with the error that says so, once, and leaves every group and the log as they were.
 *
 * A member that was away while the others went on to generation 8 still thinks that it owns t/0 in generation 7: were its
 * commit taken, t/0's new owner would later begin from a stale offset.
 */
export function strangersAreFenced({ before, operation, outcome, after }: GroupTransition): Violation | null {
  if (operation.kind !== 'request') return null
  const { request, client } = operation
  const group = before.groups.find(({ groupId }) => groupId === request.groupId) ?? null
  const errors = errorsFor(group, request)
  if (errors.length === 0) return null
  const [first, ...others] = outcome.responses
  const isRefused =
    first !== undefined &&
    others.length === 0 &&
    first.client === client &&
    first.response.correlationId === request.correlationId &&
    errors.includes(first.response.error)
  if (!isRefused) {
    const answers = outcome.responses.map(({ response }) => `${response.kind} ${response.error}`).join(', ')
    const sentence = `${request.kind} of ${nameOf(request)} was answered ${answers || 'nothing'} instead of ${errors.join(' or ')}`
    return { claim: 'G2', sentence }
  }
  const isUntouched =
    isEqual(before.groups, after.groups) &&
    isEqual(before.log, after.log) &&
    isEqual(before.outstanding, after.outstanding)
  if (isUntouched) return null
  return { claim: 'G2', sentence: `${request.kind} of ${nameOf(request)} was refused and yet changed something` }
}

/** The errors of which a request must get one; [] when it need not be refused. */
function errorsFor(group: GroupObservation | null, request: GroupRequest): readonly ErrorName[] {
  switch (request.kind) {
    case 'OffsetFetch':
      return []
    case 'JoinGroup': {
      if (request.memberId === '' || request.protocols.length === 0) return []
      if (request.groupInstanceId === null && group?.pendingMembers.includes(request.memberId)) return []
      const errors = strangerErrors(group, request)
      return errors.length === 0 ? [] : [...errors, 'INCONSISTENT_GROUP_PROTOCOL']
    }
    case 'LeaveGroup':
      return group?.pendingMembers.includes(request.memberId) ? [] : strangerErrors(group, request)
    case 'OffsetCommit':
      if (request.generationId < 0 && (group === null || group.state === 'Empty')) return []
      return group === null ? ['ILLEGAL_GENERATION'] : generationErrors(group, request)
    default:
      return generationErrors(group, request)
  }
}

function generationErrors(
  group: GroupObservation | null,
  request: Extract<GroupRequest, { kind: 'SyncGroup' | 'Heartbeat' | 'OffsetCommit' }>,
): readonly ErrorName[] {
  const errors = strangerErrors(group, request)
  if (errors.length > 0 || group === null) return errors
  return request.generationId === group.generationId ? [] : ['ILLEGAL_GENERATION']
}

function strangerErrors(
  group: GroupObservation | null,
  { memberId, groupInstanceId }: { readonly memberId: string; readonly groupInstanceId: string | null },
): readonly ErrorName[] {
  const members = group?.members ?? []
  if (groupInstanceId !== null) {
    const holders = members.filter(member => member.groupInstanceId === groupInstanceId)
    if (holders.length === 0) return ['UNKNOWN_MEMBER_ID']
    if (holders.every(holder => holder.memberId !== memberId)) return ['FENCED_INSTANCE_ID']
  }
  return members.some(member => member.memberId === memberId) ? [] : ['UNKNOWN_MEMBER_ID']
}

function nameOf(request: GroupRequest): string {
  return 'memberId' in request ? `member '${request.memberId}' of ${request.groupId}` : request.groupId
}
