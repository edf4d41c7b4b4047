// The leader hands in the assignment, and everyone gets their part. Static members since version 3 (KIP-345); since 5 both
// sides say which protocol they mean (KIP-559).

import { array, bytes, defineApi, int16, int32, nullable, string } from '../schema.ts'

export const syncGroup = defineApi({
  key: 14,
  name: 'SyncGroup',
  minVersion: 0,
  maxVersion: 5,
  flexibleSince: 4,
  request: {
    groupId: string(),
    generationId: int32(),
    memberId: string(),
    groupInstanceId: nullable('3+', string('3+'), null),
    protocolType: nullable('5+', string('5+'), null),
    protocolName: nullable('5+', string('5+'), null),
    assignments: array('0+', {
      memberId: string(),
      assignment: bytes(),
    }),
  },
  response: {
    throttleTimeMs: int32('1+'),
    errorCode: int16(),
    protocolType: nullable('5+', string('5+'), null),
    protocolName: nullable('5+', string('5+'), null),
    assignment: bytes(),
  },
})
