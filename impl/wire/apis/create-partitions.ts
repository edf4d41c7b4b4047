// Adds partitions to topics (KIP-195): `count` is how many there are to be. Since version 3 the quota of KIP-599 may be
// exceeded.

import { array, bool, defineApi, int16, int32, nullable, string } from '../schema.ts'

export const createPartitions = defineApi({
  key: 37,
  name: 'CreatePartitions',
  minVersion: 0,
  maxVersion: 3,
  flexibleSince: 2,
  request: {
    topics: array('0+', {
      name: string(),
      count: int32(),
      assignments: nullable(
        '0+',
        array('0+', {
          brokerIds: array('0+', 'int32'),
        }),
      ),
    }),
    timeoutMs: int32(),
    validateOnly: bool(),
  },
  response: {
    throttleTimeMs: int32(),
    results: array('0+', {
      name: string(),
      errorCode: int16(),
      errorMessage: nullable('0+', string(), null),
    }),
  },
})
