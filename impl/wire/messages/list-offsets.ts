// ListOffsets of one partition.

import { listOffsets as api } from '../apis/list-offsets.ts'
import { errorCode } from '../errors.ts'
import { defineFamily, errorOf, type Family, only } from './family.ts'

export const listOffsets: Family<'ListOffsets'> = defineFamily(
  api,
  11,
  {
    toBody: ({ topic, partition, currentLeaderEpoch, timestamp }) => ({
      replicaId: -1,
      isolationLevel: 0,
      topics: [{ name: topic, partitions: [{ partitionIndex: partition, currentLeaderEpoch, timestamp }] }],
      timeoutMs: 0,
    }),
    toMessage: ({ topics }, correlationId) => {
      const { name, partitions } = only(topics, 'topics')
      const { partitionIndex, currentLeaderEpoch, timestamp } = only(partitions, 'partitions')
      return {
        kind: 'ListOffsets',
        correlationId,
        topic: name,
        partition: partitionIndex,
        currentLeaderEpoch,
        timestamp,
      }
    },
  },
  {
    toBody: ({ topic, partition, error, offset, timestamp, leaderEpoch }) => ({
      throttleTimeMs: 0,
      topics: [
        {
          name: topic,
          partitions: [{ partitionIndex: partition, errorCode: errorCode(error), timestamp, offset, leaderEpoch }],
        },
      ],
    }),
    toMessage: ({ topics }, correlationId) => {
      const { name, partitions } = only(topics, 'topics')
      const { partitionIndex, errorCode: code, timestamp, offset, leaderEpoch } = only(partitions, 'partitions')
      return {
        kind: 'ListOffsetsResponse',
        correlationId,
        topic: name,
        partition: partitionIndex,
        error: errorOf(code),
        offset,
        timestamp,
        leaderEpoch,
      }
    },
  },
)
