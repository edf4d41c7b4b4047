// State and members of groups. Static members since version 4 (KIP-345). Since 6 an unknown group is an error, where it
// used to be a group in the state Dead (KIP-1043).

import { array, bool, bytes, defineApi, int16, int32, nullable, string } from '../schema.ts'

export const describeGroups = defineApi({
  key: 15,
  name: 'DescribeGroups',
  minVersion: 0,
  maxVersion: 6,
  flexibleSince: 5,
  request: {
    groups: array('0+', 'string'),
    includeAuthorizedOperations: bool('3+'),
  },
  response: {
    throttleTimeMs: int32('1+'),
    groups: array('0+', {
      errorCode: int16(),
      errorMessage: nullable('6+', string('6+'), null),
      groupId: string(),
      groupState: string(),
      protocolType: string(),
      protocolData: string(),
      members: array('0+', {
        memberId: string(),
        groupInstanceId: nullable('4+', string('4+'), null),
        clientId: string(),
        clientHost: string(),
        memberMetadata: bytes(),
        memberAssignment: bytes(),
      }),
      authorizedOperations: int32('3+', -2147483648),
    }),
  },
})
