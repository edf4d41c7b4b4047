// Since version 4, -1 partitions or replicas mean the broker's defaults (KIP-464). The answer tells the configuration since
// 5 (KIP-525), and the topic's id since 7 (KIP-516).

import { array, bool, defineApi, int8, int16, int32, nullable, string, tagged, uuid } from '../schema.ts'

export const createTopics = defineApi({
  key: 19,
  name: 'CreateTopics',
  minVersion: 2,
  maxVersion: 7,
  flexibleSince: 5,
  request: {
    topics: array('0+', {
      name: string(),
      numPartitions: int32(),
      replicationFactor: int16(),
      assignments: array('0+', {
        partitionIndex: int32(),
        brokerIds: array('0+', 'int32'),
      }),
      configs: array('0+', {
        name: string(),
        value: nullable('0+', string()),
      }),
    }),
    timeoutMs: int32('0+', 60000),
    validateOnly: bool('1+'),
  },
  response: {
    throttleTimeMs: int32('2+'),
    topics: array('0+', {
      name: string(),
      topicId: uuid('7+'),
      errorCode: int16(),
      errorMessage: nullable('0+', string('1+')),
      topicConfigErrorCode: tagged(0, int16('5+')),
      numPartitions: int32('5+', -1),
      replicationFactor: int16('5+', -1),
      configs: nullable(
        '5+',
        array('5+', {
          name: string(),
          value: nullable('5+', string()),
          readOnly: bool(),
          configSource: int8('0+', -1),
          isSensitive: bool(),
        }),
      ),
    }),
  },
})
