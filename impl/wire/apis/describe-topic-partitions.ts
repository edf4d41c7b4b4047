// Topics page by page, with their eligible leader replicas (KIP-966).

import { array, bool, defineApi, int16, int32, nullable, string, struct, uuid } from '../schema.ts'

export const describeTopicPartitions = defineApi({
  key: 75,
  name: 'DescribeTopicPartitions',
  minVersion: 0,
  maxVersion: 0,
  flexibleSince: 0,
  request: {
    topics: array('0+', {
      name: string(),
    }),
    responsePartitionLimit: int32('0+', 2000),
    cursor: nullable(
      '0+',
      struct('0+', {
        topicName: string(),
        partitionIndex: int32(),
      }),
      null,
    ),
  },
  response: {
    throttleTimeMs: int32(),
    topics: array('0+', {
      errorCode: int16(),
      name: nullable('0+', string()),
      topicId: uuid(),
      isInternal: bool(),
      partitions: array('0+', {
        errorCode: int16(),
        partitionIndex: int32(),
        leaderId: int32(),
        leaderEpoch: int32('0+', -1),
        replicaNodes: array('0+', 'int32'),
        isrNodes: array('0+', 'int32'),
        eligibleLeaderReplicas: nullable('0+', array('0+', 'int32'), null),
        lastKnownElr: nullable('0+', array('0+', 'int32'), null),
        offlineReplicas: array('0+', 'int32'),
      }),
      topicAuthorizedOperations: int32('0+', -2147483648),
    }),
    nextCursor: nullable(
      '0+',
      struct('0+', {
        topicName: string(),
        partitionIndex: int32(),
      }),
      null,
    ),
  },
})
