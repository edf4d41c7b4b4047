// OffsetDelete of one group. Kafka's only version has no tagged fields, and so no room for the group's name in a response:
// ours is a version 1, which is version 0 made flexible.

import { offsetDelete as kafkaOffsetDelete } from '../apis/offset-delete.ts'
import { errorCode } from '../errors.ts'
import { defineApi } from '../schema.ts'
import { byTopic, defineFamily, errorOf, type Family } from './family.ts'
import { groupName } from './own-fields.ts'

const api = defineApi({
  ...kafkaOffsetDelete,
  maxVersion: 1,
  flexibleSince: 1,
  response: { ...kafkaOffsetDelete.response, groupName },
})

export const offsetDelete: Family<'OffsetDelete'> = defineFamily(
  api,
  1,
  {
    toBody: ({ groupId, partitions }) => ({
      groupId,
      topics: byTopic(partitions).map(({ topic, items }) => ({
        name: topic,
        partitions: items.map(({ partition }) => ({ partitionIndex: partition })),
      })),
    }),
    toMessage: ({ groupId, topics }, correlationId) => ({
      kind: 'OffsetDelete',
      correlationId,
      groupId,
      partitions: topics.flatMap(({ name, partitions }) =>
        partitions.map(({ partitionIndex }) => ({ topic: name, partition: partitionIndex })),
      ),
    }),
  },
  {
    toBody: ({ groupId, error, partitions }) => ({
      errorCode: errorCode(error),
      throttleTimeMs: 0,
      topics: byTopic(partitions).map(({ topic, items }) => ({
        name: topic,
        partitions: items.map(({ partition, error: ofPartition }) => ({
          partitionIndex: partition,
          errorCode: errorCode(ofPartition),
        })),
      })),
      groupName: groupId,
    }),
    toMessage: ({ errorCode: code, topics, groupName: groupId }, correlationId) => ({
      kind: 'OffsetDeleteResponse',
      correlationId,
      error: errorOf(code),
      groupId,
      partitions: topics.flatMap(({ name, partitions }) =>
        partitions.map(({ partitionIndex, errorCode: ofPartition }) => ({
          topic: name,
          partition: partitionIndex,
          error: errorOf(ofPartition),
        })),
      ),
    }),
  },
)
