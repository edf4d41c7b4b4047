// The producers that a partition remembers (KIP-664).

import { array, defineApi, int16, int32, int64, nullable, string } from '../schema.ts'

export const describeProducers = defineApi({
  key: 61,
  name: 'DescribeProducers',
  minVersion: 0,
  maxVersion: 0,
  flexibleSince: 0,
  request: {
    topics: array('0+', {
      name: string(),
      partitionIndexes: array('0+', 'int32'),
    }),
  },
  response: {
    throttleTimeMs: int32(),
    topics: array('0+', {
      name: string(),
      partitions: array('0+', {
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: nullable('0+', string(), null),
        activeProducers: array('0+', {
          producerId: int64(),
          producerEpoch: int32(),
          lastSequence: int32('0+', -1),
          lastTimestamp: int64('0+', -1),
          coordinatorEpoch: int32(),
          currentTxnStartOffset: int64('0+', -1),
        }),
      }),
    }),
  },
})
