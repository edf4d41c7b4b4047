// Moves partitions to other brokers (KIP-455); null replicas cancel a move.

import { array, bool, defineApi, int16, int32, nullable, string } from '../schema.ts'

export const alterPartitionReassignments = defineApi({
  key: 45,
  name: 'AlterPartitionReassignments',
  minVersion: 0,
  maxVersion: 1,
  flexibleSince: 0,
  request: {
    timeoutMs: int32('0+', 60000),
    allowReplicationFactorChange: bool('1+', true),
    topics: array('0+', {
      name: string(),
      partitions: array('0+', {
        partitionIndex: int32(),
        replicas: nullable('0+', array('0+', 'int32'), null),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32(),
    allowReplicationFactorChange: bool('1+', true),
    errorCode: int16(),
    errorMessage: nullable('0+', string()),
    responses: array('0+', {
      name: string(),
      partitions: array('0+', {
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: nullable('0+', string()),
      }),
    }),
  },
})
