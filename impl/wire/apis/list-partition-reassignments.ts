// The moves under way (KIP-455); no topics, null, means all of them.

import { array, defineApi, int16, int32, nullable, string } from '../schema.ts'

export const listPartitionReassignments = defineApi({
  key: 46,
  name: 'ListPartitionReassignments',
  minVersion: 0,
  maxVersion: 0,
  flexibleSince: 0,
  request: {
    timeoutMs: int32('0+', 60000),
    topics: nullable(
      '0+',
      array('0+', {
        name: string(),
        partitionIndexes: array('0+', 'int32'),
      }),
      null,
    ),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: nullable('0+', string()),
    topics: array('0+', {
      name: string(),
      partitions: array('0+', {
        partitionIndex: int32(),
        replicas: array('0+', 'int32'),
        addingReplicas: array('0+', 'int32'),
        removingReplicas: array('0+', 'int32'),
      }),
    }),
  },
})
