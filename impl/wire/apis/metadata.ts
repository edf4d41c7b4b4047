// Brokers, topics and who leads which partition. No topics means all of them in version 0, where the array cannot be
// null; from version 1 on that is null, and an empty array means none. Topic ids since version 10 (KIP-516).

import { array, bool, defineApi, int16, int32, nullable, string, uuid } from '../schema.ts'

export const metadata = defineApi({
  key: 3,
  name: 'Metadata',
  minVersion: 0,
  maxVersion: 13,
  flexibleSince: 9,
  request: {
    topics: nullable(
      '1+',
      array('0+', {
        topicId: uuid('10+'),
        name: nullable('10+', string()),
      }),
    ),
    allowAutoTopicCreation: bool('4+', true),
    includeClusterAuthorizedOperations: bool('8-10'),
    includeTopicAuthorizedOperations: bool('8+'),
  },
  response: {
    throttleTimeMs: int32('3+'),
    brokers: array('0+', {
      nodeId: int32(),
      host: string(),
      port: int32(),
      rack: nullable('1+', string('1+'), null),
    }),
    clusterId: nullable('2+', string('2+'), null),
    controllerId: int32('1+', -1),
    topics: array('0+', {
      errorCode: int16(),
      name: nullable('12+', string()),
      topicId: uuid('10+'),
      isInternal: bool('1+'),
      partitions: array('0+', {
        errorCode: int16(),
        partitionIndex: int32(),
        leaderId: int32(),
        leaderEpoch: int32('7+', -1),
        replicaNodes: array('0+', 'int32'),
        isrNodes: array('0+', 'int32'),
        offlineReplicas: array('5+', 'int32'),
      }),
      topicAuthorizedOperations: int32('8+', -2147483648),
    }),
    clusterAuthorizedOperations: int32('8-10', -2147483648),
    errorCode: int16('13+'),
  },
})
