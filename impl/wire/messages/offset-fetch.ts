// OffsetFetch of one group. Version 9 is the last that names topics, and lacks nothing else.

import { offsetFetch as api } from '../apis/offset-fetch.ts'
import { errorCode } from '../errors.ts'
import { zeroUuid } from '../schema.ts'
import { byTopic, defineFamily, errorOf, type Family, only, present } from './family.ts'

export const offsetFetch: Family<'OffsetFetch'> = defineFamily(
  api,
  9,
  {
    toBody: ({ groupId, partitions }) => ({
      groupId: '',
      topics: null,
      groups: [
        {
          groupId,
          memberId: null,
          memberEpoch: -1,
          topics:
            partitions === null
              ? null
              : byTopic(partitions).map(({ topic, items }) => ({
                  name: topic,
                  topicId: zeroUuid,
                  partitionIndexes: items.map(({ partition }) => partition),
                })),
        },
      ],
      requireStable: false,
    }),
    toMessage: ({ groups }, correlationId) => {
      const { groupId, topics } = only(groups, 'groups')
      return {
        kind: 'OffsetFetch',
        correlationId,
        groupId,
        partitions:
          topics === null
            ? null
            : topics.flatMap(({ name, partitionIndexes }) =>
                partitionIndexes.map(partition => ({ topic: name, partition })),
              ),
      }
    },
  },
  {
    toBody: ({ groupId, error, offsets }) => ({
      throttleTimeMs: 0,
      topics: [],
      errorCode: 0,
      groups: [
        {
          groupId,
          topics: byTopic(offsets).map(({ topic, items }) => ({
            name: topic,
            topicId: zeroUuid,
            partitions: items.map(({ partition, offset, leaderEpoch, metadata }) => ({
              partitionIndex: partition,
              committedOffset: offset,
              committedLeaderEpoch: leaderEpoch,
              metadata,
              errorCode: 0,
            })),
          })),
          errorCode: errorCode(error),
        },
      ],
    }),
    toMessage: ({ groups }, correlationId) => {
      const { groupId, topics, errorCode: code } = only(groups, 'groups')
      return {
        kind: 'OffsetFetchResponse',
        correlationId,
        error: errorOf(code),
        groupId,
        offsets: topics.flatMap(({ name, partitions }) =>
          partitions.map(({ partitionIndex, committedOffset, committedLeaderEpoch, metadata }) => ({
            topic: name,
            partition: partitionIndex,
            offset: committedOffset,
            leaderEpoch: committedLeaderEpoch,
            metadata: present(metadata, 'metadata'),
          })),
        ),
      }
    },
  },
)
