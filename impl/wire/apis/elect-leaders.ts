// Elects preferred leaders (0), and others regardless of what is lost (1) since version 1 (KIP-183, KIP-460). No topics,
// null, means all partitions.

import { array, defineApi, int8, int16, int32, nullable, string } from '../schema.ts'

export const electLeaders = defineApi({
  key: 43,
  name: 'ElectLeaders',
  minVersion: 0,
  maxVersion: 2,
  flexibleSince: 2,
  request: {
    electionType: int8('1+'),
    topicPartitions: nullable(
      '0+',
      array('0+', {
        topic: string(),
        partitions: array('0+', 'int32'),
      }),
    ),
    timeoutMs: int32('0+', 60000),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16('1+'),
    replicaElectionResults: array('0+', {
      topic: string(),
      partitionResult: array('0+', {
        partitionId: int32(),
        errorCode: int16(),
        errorMessage: nullable('0+', string()),
      }),
    }),
  },
})
