// The offset at a time: -1 is the end, -2 the start, -3 the largest timestamp (KIP-734), -4 the earliest local offset
// (KIP-405), -5 the last tiered one (KIP-1005), -6 the earliest that is to be uploaded (KIP-1023).

import { array, defineApi, int8, int16, int32, int64, string } from '../schema.ts'

export const listOffsets = defineApi({
  key: 2,
  name: 'ListOffsets',
  minVersion: 1,
  maxVersion: 11,
  flexibleSince: 6,
  request: {
    replicaId: int32(),
    isolationLevel: int8('2+'),
    topics: array('0+', {
      name: string(),
      partitions: array('0+', {
        partitionIndex: int32(),
        currentLeaderEpoch: int32('4+', -1),
        timestamp: int64(),
      }),
    }),
    timeoutMs: int32('10+'),
  },
  response: {
    throttleTimeMs: int32('2+'),
    topics: array('0+', {
      name: string(),
      partitions: array('0+', {
        partitionIndex: int32(),
        errorCode: int16(),
        timestamp: int64('1+', -1),
        offset: int64('1+', -1),
        leaderEpoch: int32('4+', -1),
      }),
    }),
  },
})
