// What must have been there for the claims on one group coordinator to say something.

import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { GroupObservation } from '../../model/vocabulary/groups.ts'
import type { Premises } from './premise.ts'

export const groupPremises: Premises<'group'> = {
  F6: {
    what: 'a group with committed offsets, over which time, a failure or a commit went',
    isThere: ({ before, operation }) =>
      before.groups.some(({ offsets }) => offsets.length > 0) &&
      (operation.kind !== 'request' ||
        operation.request.kind === 'OffsetCommit' ||
        operation.request.kind === 'OffsetFetch'),
  },
  G1: {
    what: 'a generation of several members',
    isThere: ({ before, after }) =>
      before.groups !== after.groups &&
      after.groups.some(({ state, members }) => state === 'Stable' && members.length > 1),
  },
  G2: {
    what: 'a request of an old generation, an unknown member or a fenced instance',
    isThere: ({ operation, outcome }) =>
      operation.kind === 'request' && outcome.responses.some(({ response }) => strangers.has(response.error)),
  },
  G3: {
    what: 'a group that went from one state to another',
    isThere: ({ before, after }) =>
      before.groups !== after.groups && after.groups.some(group => hasMoved(before.groups, group)),
  },
  G5: {
    what: 'a static member with a share that came back under another id',
    isThere: ({ before, operation, after }) =>
      operation.kind === 'request' &&
      before.groups !== after.groups &&
      before.groups.some(group =>
        isReplaced(
          group,
          after.groups.find(({ groupId }) => groupId === group.groupId),
        ),
      ),
  },
}

const strangers: ReadonlySet<ErrorName> = new Set(['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'FENCED_INSTANCE_ID'])

/** True when a group is in another state than it was, or new. */
export function hasMoved(before: readonly GroupObservation[], { groupId, state }: GroupObservation): boolean {
  return before.find(group => group.groupId === groupId)?.state !== state
}

function isReplaced(before: GroupObservation, after: GroupObservation | undefined): boolean {
  return before.members.some(
    ({ memberId, groupInstanceId, assignment }) =>
      groupInstanceId !== null &&
      assignment.length > 0 &&
      after?.members.some(member => member.groupInstanceId === groupInstanceId && member.memberId !== memberId) ===
        true,
  )
}
