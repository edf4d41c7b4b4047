// What a group has committed; null topics, since version 2, are all that it has. Only stable offsets on request since 7
// (KIP-447), several groups at once since 8 (KIP-709), topic ids instead of names since 10 (KIP-848).

import { array, bool, defineApi, int16, int32, int64, nullable, string, uuid } from '../schema.ts'

export const offsetFetch = defineApi({
  key: 9,
  name: 'OffsetFetch',
  minVersion: 1,
  maxVersion: 10,
  flexibleSince: 6,
  request: {
    groupId: string('0-7'),
    topics: nullable(
      '2-7',
      array('0-7', {
        name: string(),
        partitionIndexes: array('0+', 'int32'),
      }),
    ),
    groups: array('8+', {
      groupId: string(),
      memberId: nullable('9+', string('9+'), null),
      memberEpoch: int32('9+', -1),
      topics: nullable(
        '8+',
        array('0+', {
          name: string('8-9'),
          topicId: uuid('10+'),
          partitionIndexes: array('0+', 'int32'),
        }),
      ),
    }),
    requireStable: bool('7+'),
  },
  response: {
    throttleTimeMs: int32('3+'),
    topics: array('0-7', {
      name: string(),
      partitions: array('0+', {
        partitionIndex: int32(),
        committedOffset: int64(),
        committedLeaderEpoch: int32('5+', -1),
        metadata: nullable('0-7', string()),
        errorCode: int16(),
      }),
    }),
    errorCode: int16('2-7'),
    groups: array('8+', {
      groupId: string(),
      topics: array('0+', {
        name: string('8-9'),
        topicId: uuid('10+'),
        partitions: array('0+', {
          partitionIndex: int32(),
          committedOffset: int64(),
          committedLeaderEpoch: int32('0+', -1),
          metadata: nullable('8+', string()),
          errorCode: int16(),
        }),
      }),
      errorCode: int16(),
    }),
  },
})
