// A leader asks the controller for another set of in-sync replicas (KIP-497), of topics by their id (KIP-841), with the
// replicas' broker epochs since version 3 (KIP-903).

import { array, defineApi, int8, int16, int32, int64, uuid } from '../schema.ts'

export const alterPartition = defineApi({
  key: 56,
  name: 'AlterPartition',
  minVersion: 2,
  maxVersion: 3,
  flexibleSince: 0,
  request: {
    brokerId: int32(),
    brokerEpoch: int64('0+', -1),
    topics: array('0+', {
      topicId: uuid('2+'),
      partitions: array('0+', {
        partitionIndex: int32(),
        leaderEpoch: int32(),
        newIsr: array('0-2', 'int32'),
        newIsrWithEpochs: array('3+', {
          brokerId: int32(),
          brokerEpoch: int64('0+', -1),
        }),
        leaderRecoveryState: int8('1+'),
        partitionEpoch: int32(),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    topics: array('0+', {
      topicId: uuid('2+'),
      partitions: array('0+', {
        partitionIndex: int32(),
        errorCode: int16(),
        leaderId: int32(),
        leaderEpoch: int32(),
        isr: array('0+', 'int32'),
        leaderRecoveryState: int8('1+'),
        partitionEpoch: int32(),
      }),
    }),
  },
})
