// Where a leader epoch ends (KIP-101, KIP-279); consumers may ask, too, since version 3 (KIP-320). There -2 stands for a
// replica that is none, and may see beyond the high watermark.

import { array, defineApi, int16, int32, int64, string } from '../schema.ts'

export const offsetForLeaderEpoch = defineApi({
  key: 23,
  name: 'OffsetForLeaderEpoch',
  minVersion: 2,
  maxVersion: 4,
  flexibleSince: 4,
  request: {
    replicaId: int32('3+', -2),
    topics: array('0+', {
      topic: string(),
      partitions: array('0+', {
        partition: int32(),
        currentLeaderEpoch: int32('2+', -1),
        leaderEpoch: int32(),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32('2+'),
    topics: array('0+', {
      topic: string(),
      partitions: array('0+', {
        errorCode: int16(),
        partition: int32(),
        leaderEpoch: int32('1+', -1),
        endOffset: int64('0+', -1),
      }),
    }),
  },
})
