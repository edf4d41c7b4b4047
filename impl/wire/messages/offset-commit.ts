// OffsetCommit of one member. Version 9 is the last that names topics, and lacks nothing else; what follows from the client's
// version goes beside it. Our response has one error for all partitions but those that it names with their own.

import { offsetCommit as kafkaOffsetCommit } from '../apis/offset-commit.ts'
import { errorCode } from '../errors.ts'
import { bool, defineApi, tagged, zeroUuid } from '../schema.ts'
import { byTopic, defineFamily, errorOf, type Family, present } from './family.ts'
import { groupName, wholeErrorCode } from './own-fields.ts'

const api = defineApi({
  ...kafkaOffsetCommit,
  request: { ...kafkaOffsetCommit.request, understandsUnknownGroup: tagged(10_000, bool()) },
  response: { ...kafkaOffsetCommit.response, groupName, wholeErrorCode },
})

export const offsetCommit: Family<'OffsetCommit'> = defineFamily(
  api,
  9,
  {
    toBody: ({ groupId, memberId, groupInstanceId, generationId, understandsUnknownGroup, offsets }) => ({
      groupId,
      generationIdOrMemberEpoch: generationId,
      memberId,
      groupInstanceId,
      retentionTimeMs: -1,
      understandsUnknownGroup,
      topics: byTopic(offsets).map(({ topic, items }) => ({
        name: topic,
        topicId: zeroUuid,
        partitions: items.map(({ partition, offset, leaderEpoch, metadata }) => ({
          partitionIndex: partition,
          committedOffset: offset,
          committedLeaderEpoch: leaderEpoch,
          committedMetadata: metadata,
        })),
      })),
    }),
    toMessage: (body, correlationId) => ({
      kind: 'OffsetCommit',
      correlationId,
      groupId: body.groupId,
      memberId: body.memberId,
      groupInstanceId: body.groupInstanceId,
      generationId: body.generationIdOrMemberEpoch,
      understandsUnknownGroup: body.understandsUnknownGroup,
      offsets: body.topics.flatMap(({ name, partitions }) =>
        partitions.map(({ partitionIndex, committedOffset, committedLeaderEpoch, committedMetadata }) => ({
          topic: name,
          partition: partitionIndex,
          offset: committedOffset,
          leaderEpoch: committedLeaderEpoch,
          metadata: present(committedMetadata, 'committedMetadata'),
        })),
      ),
    }),
  },
  {
    toBody: ({ groupId, error, refused }) => ({
      throttleTimeMs: 0,
      topics: byTopic(refused).map(({ topic, items }) => ({
        name: topic,
        topicId: zeroUuid,
        partitions: items.map(({ partition, error: ofPartition }) => ({
          partitionIndex: partition,
          errorCode: errorCode(ofPartition),
        })),
      })),
      groupName: groupId,
      wholeErrorCode: errorCode(error),
    }),
    toMessage: ({ topics, groupName: groupId, wholeErrorCode: code }, correlationId) => ({
      kind: 'OffsetCommitResponse',
      correlationId,
      error: errorOf(code),
      groupId,
      refused: topics.flatMap(({ name, partitions }) =>
        partitions.map(({ partitionIndex, errorCode: ofPartition }) => ({
          topic: name,
          partition: partitionIndex,
          error: errorOf(ofPartition),
        })),
      ),
    }),
  },
)
