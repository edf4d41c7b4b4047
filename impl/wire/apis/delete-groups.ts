// Deletes empty groups (KIP-229).

import { array, defineApi, int16, int32, string } from '../schema.ts'

export const deleteGroups = defineApi({
  key: 42,
  name: 'DeleteGroups',
  minVersion: 0,
  maxVersion: 2,
  flexibleSince: 2,
  request: {
    groupsNames: array('0+', 'string'),
  },
  response: {
    throttleTimeMs: int32(),
    results: array('0+', {
      groupId: string(),
      errorCode: int16(),
    }),
  },
})
