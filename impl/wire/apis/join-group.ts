// A member asks to be in a group. From version 4 on one without an id is given one first (KIP-394); static members since
// 5 (KIP-345); the leader can be told to keep the assignment since 9 (KIP-814). Kafka 4 asks for version 2 at least; the
// older two differ only in what they lack.

import { array, bool, bytes, defineApi, int16, int32, nullable, string } from '../schema.ts'

export const joinGroup = defineApi({
  key: 11,
  name: 'JoinGroup',
  minVersion: 0,
  maxVersion: 9,
  flexibleSince: 6,
  request: {
    groupId: string(),
    sessionTimeoutMs: int32(),
    rebalanceTimeoutMs: int32('1+', -1),
    memberId: string(),
    groupInstanceId: nullable('5+', string('5+'), null),
    protocolType: string(),
    protocols: array('0+', {
      name: string(),
      metadata: bytes(),
    }),
    reason: nullable('8+', string('8+'), null),
  },
  response: {
    throttleTimeMs: int32('2+'),
    errorCode: int16(),
    generationId: int32('0+', -1),
    protocolType: nullable('7+', string('7+'), null),
    protocolName: nullable('7+', string()),
    leader: string(),
    skipAssignment: bool('9+'),
    memberId: string(),
    members: array('0+', {
      memberId: string(),
      groupInstanceId: nullable('5+', string('5+'), null),
      metadata: bytes(),
    }),
  },
})
