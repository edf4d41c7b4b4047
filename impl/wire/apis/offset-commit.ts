// A group's committed offsets. The retention time ended with version 4 (KIP-211); leader epochs since 6 (KIP-320), static
// members since 7 (KIP-345), topic ids instead of names since 10 (KIP-848).

import { array, defineApi, int16, int32, int64, nullable, string, uuid } from '../schema.ts'

export const offsetCommit = defineApi({
  key: 8,
  name: 'OffsetCommit',
  minVersion: 2,
  maxVersion: 10,
  flexibleSince: 8,
  request: {
    groupId: string(),
    generationIdOrMemberEpoch: int32('1+', -1),
    memberId: string('1+'),
    groupInstanceId: nullable('7+', string('7+'), null),
    retentionTimeMs: int64('2-4', -1),
    topics: array('0+', {
      name: string('0-9'),
      topicId: uuid('10+'),
      partitions: array('0+', {
        partitionIndex: int32(),
        committedOffset: int64(),
        committedLeaderEpoch: int32('6+', -1),
        committedMetadata: nullable('0+', string()),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32('3+'),
    topics: array('0+', {
      name: string('0-9'),
      topicId: uuid('10+'),
      partitions: array('0+', {
        partitionIndex: int32(),
        errorCode: int16(),
      }),
    }),
  },
})
