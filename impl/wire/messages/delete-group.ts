// DeleteGroups of one group.

import { deleteGroups as api } from '../apis/delete-groups.ts'
import { errorCode } from '../errors.ts'
import { defineFamily, errorOf, type Family, only } from './family.ts'

export const deleteGroup: Family<'DeleteGroup'> = defineFamily(
  api,
  2,
  {
    toBody: ({ groupId }) => ({ groupsNames: [groupId] }),
    toMessage: ({ groupsNames }, correlationId) => ({
      kind: 'DeleteGroup',
      correlationId,
      groupId: only(groupsNames, 'groups'),
    }),
  },
  {
    toBody: ({ groupId, error }) => ({ throttleTimeMs: 0, results: [{ groupId, errorCode: errorCode(error) }] }),
    toMessage: ({ results }, correlationId) => {
      const { groupId, errorCode: code } = only(results, 'groups')
      return { kind: 'DeleteGroupResponse', correlationId, error: errorOf(code), groupId }
    },
  },
)
