// A member is alive, and hears whether the group rebalances. Static members since version 3 (KIP-345).

import { defineApi, int16, int32, nullable, string } from '../schema.ts'

export const heartbeat = defineApi({
  key: 12,
  name: 'Heartbeat',
  minVersion: 0,
  maxVersion: 4,
  flexibleSince: 4,
  request: {
    groupId: string(),
    generationId: int32(),
    memberId: string(),
    groupInstanceId: nullable('3+', string('3+'), null),
  },
  response: {
    throttleTimeMs: int32('1+'),
    errorCode: int16(),
  },
})
