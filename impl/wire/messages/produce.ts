// Produce of one batch to one partition. Version 12 is the last that names the topic, and lacks nothing else.

import { produce as api } from '../apis/produce.ts'
import { errorCode } from '../errors.ts'
import { zeroUuid } from '../schema.ts'
import { WireError } from '../wire-error.ts'
import { defineFamily, errorOf, type Family, only, present } from './family.ts'

export const produce: Family<'Produce'> = defineFamily(
  api,
  12,
  {
    toBody: ({ topic, partition, acks, timeoutMs, records }) => ({
      transactionalId: null,
      acks,
      timeoutMs,
      topicData: [{ name: topic, topicId: zeroUuid, partitionData: [{ index: partition, records }] }],
    }),
    toMessage: ({ acks, timeoutMs, topicData }, correlationId) => {
      const { name, partitionData } = only(topicData, 'topics')
      const { index, records } = only(partitionData, 'partitions')
      return {
        kind: 'Produce',
        correlationId,
        topic: name,
        partition: index,
        acks: checkedAcks(acks),
        timeoutMs,
        records: present(records, 'records'),
      }
    },
  },
  {
    toBody: ({ topic, partition, error, baseOffset }) => ({
      responses: [
        {
          name: topic,
          topicId: zeroUuid,
          partitionResponses: [
            {
              index: partition,
              errorCode: errorCode(error),
              baseOffset,
              logAppendTimeMs: -1,
              logStartOffset: -1,
              recordErrors: [],
              errorMessage: null,
              currentLeader: { leaderId: -1, leaderEpoch: -1 },
            },
          ],
        },
      ],
      throttleTimeMs: 0,
      nodeEndpoints: [],
    }),
    toMessage: ({ responses }, correlationId) => {
      const { name, partitionResponses } = only(responses, 'topics')
      const answer = only(partitionResponses, 'partitions')
      return {
        kind: 'ProduceResponse',
        correlationId,
        topic: name,
        partition: answer.index,
        error: errorOf(answer.errorCode),
        baseOffset: answer.baseOffset,
      }
    },
  },
)

function checkedAcks(acks: number): -1 | 0 | 1 {
  if (acks !== -1 && acks !== 0 && acks !== 1) throw new WireError(`acks of ${acks}`)
  return acks
}
