// G5, on one coordinator: a static member keeps its share over a restart (KIP-345).
import type { Violation } from '../vocabulary/claims.ts'
import type { GroupMemberObservation, GroupObservation } from '../vocabulary/groups.ts'
import { chooseProtocol } from './rebalance.ts'
import { type GroupTransition, isEqual } from './transition.ts'

/**
 * G5: when the process behind an instance id comes back to a Stable group, and its members would still choose the protocol
 * that they have, it is let in under a new member id with the share that it had; nobody rebalances, and the old member id
 * is known no more. Otherwise a rolling restart would move every partition twice, and two processes could hold one share.
 */
export function staticMembersKeepTheirShare({ before, operation, outcome, after }: GroupTransition): Violation | null {
  if (operation.kind !== 'request' || operation.request.kind !== 'JoinGroup') return null
  const { request, client } = operation
  const { groupId, groupInstanceId, correlationId } = request
  const group = before.groups.find(entry => entry.groupId === groupId)
  const old = memberOfInstance(group, groupInstanceId)
  if (request.memberId !== '' || group?.state !== 'Stable' || old === undefined) return null
  const isRefused = outcome.responses.some(
    ({ client: to, response }) =>
      to === client && response.correlationId === correlationId && response.error !== 'NONE',
  )
  const offers = group.members.map(member => (member === old ? request : member))
  if (isRefused || chooseProtocol(offers) !== group.protocolName) return null
  const now = after.groups.find(entry => entry.groupId === groupId)
  const replaced = memberOfInstance(now, groupInstanceId)
  const isKept =
    now?.state === 'Stable' &&
    now.generationId === group.generationId &&
    replaced !== undefined &&
    replaced.memberId !== old.memberId &&
    !now.members.some(({ memberId }) => memberId === old.memberId) &&
    isEqual(replaced.assignment, old.assignment)
  if (isKept) return null
  return { claim: 'G5', sentence: `instance ${groupInstanceId} came back to ${groupId} and did not find its share` }
}

function memberOfInstance(
  group: GroupObservation | undefined,
  groupInstanceId: string | null,
): GroupMemberObservation | undefined {
  if (groupInstanceId === null) return undefined
  return group?.members.find(member => member.groupInstanceId === groupInstanceId)
}
