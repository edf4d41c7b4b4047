// Members leave: one in versions 0 to 2, several and static ones since 3 (KIP-345), with a reason since 5 (KIP-800).

import { array, defineApi, int16, int32, nullable, string } from '../schema.ts'

export const leaveGroup = defineApi({
  key: 13,
  name: 'LeaveGroup',
  minVersion: 0,
  maxVersion: 5,
  flexibleSince: 4,
  request: {
    groupId: string(),
    memberId: string('0-2'),
    members: array('3+', {
      memberId: string(),
      groupInstanceId: nullable('3+', string(), null),
      reason: nullable('5+', string('5+'), null),
    }),
  },
  response: {
    throttleTimeMs: int32('1+'),
    errorCode: int16(),
    members: array('3+', {
      memberId: string(),
      groupInstanceId: nullable('3+', string()),
      errorCode: int16(),
    }),
  },
})
