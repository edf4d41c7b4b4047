// LeaveGroup of one member.

import { leaveGroup as kafkaLeaveGroup } from '../apis/leave-group.ts'
import { errorCode } from '../errors.ts'
import { defineApi } from '../schema.ts'
import { defineFamily, errorOf, type Family, only } from './family.ts'
import { groupName } from './own-fields.ts'

const api = defineApi({ ...kafkaLeaveGroup, response: { ...kafkaLeaveGroup.response, groupName } })

export const leaveGroup: Family<'LeaveGroup'> = defineFamily(
  api,
  5,
  {
    toBody: ({ groupId, memberId, groupInstanceId }) => ({
      groupId,
      memberId: '',
      members: [{ memberId, groupInstanceId, reason: null }],
    }),
    toMessage: ({ groupId, members }, correlationId) => {
      const { memberId, groupInstanceId } = only(members, 'members')
      return { kind: 'LeaveGroup', correlationId, groupId, memberId, groupInstanceId }
    },
  },
  {
    toBody: ({ groupId, error }) => ({
      throttleTimeMs: 0,
      errorCode: errorCode(error),
      members: [],
      groupName: groupId,
    }),
    toMessage: ({ errorCode: code, groupName: groupId }, correlationId) => ({
      kind: 'LeaveGroupResponse',
      correlationId,
      error: errorOf(code),
      groupId,
    }),
  },
)
