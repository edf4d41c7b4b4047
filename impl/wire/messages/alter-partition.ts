// AlterPartition of one partition. Version 3 has the replicas' broker epochs (KIP-903); no version that is left knows the
// topic by its name, so that goes beside its id, which is zero in a cluster whose topics have none.

import { alterPartition as kafkaAlterPartition } from '../apis/alter-partition.ts'
import { errorCode } from '../errors.ts'
import { defineApi, zeroUuid } from '../schema.ts'
import { defineFamily, errorOf, type Family, only } from './family.ts'
import { topicName, withTopicId } from './own-fields.ts'

const api = defineApi({
  ...kafkaAlterPartition,
  request: { ...kafkaAlterPartition.request, topicName },
  response: { ...kafkaAlterPartition.response, topicName },
})

export const alterPartition: Family<'AlterPartition'> = defineFamily(
  api,
  3,
  {
    toBody: ({
      topic,
      topicId = zeroUuid,
      partition,
      brokerId,
      brokerEpoch,
      leaderEpoch,
      partitionEpoch,
      newInSyncReplicas,
    }) => ({
      brokerId,
      brokerEpoch,
      topics: [
        {
          topicId,
          partitions: [
            {
              partitionIndex: partition,
              leaderEpoch,
              newIsr: [],
              newIsrWithEpochs: newInSyncReplicas,
              leaderRecoveryState: recovered,
              partitionEpoch,
            },
          ],
        },
      ],
      topicName: topic,
    }),
    toMessage: (body, correlationId) => {
      const { topicId, partitions } = only(body.topics, 'topics')
      const asked = only(partitions, 'partitions')
      return {
        kind: 'AlterPartition',
        correlationId,
        topic: body.topicName,
        ...withTopicId(topicId),
        partition: asked.partitionIndex,
        brokerId: body.brokerId,
        brokerEpoch: body.brokerEpoch,
        leaderEpoch: asked.leaderEpoch,
        partitionEpoch: asked.partitionEpoch,
        newInSyncReplicas: asked.newIsrWithEpochs,
      }
    },
  },
  {
    toBody: ({ topic, partition, error, leader, leaderEpoch, inSyncReplicas, partitionEpoch }) => ({
      throttleTimeMs: 0,
      errorCode: 0,
      topics: [
        {
          topicId: zeroUuid,
          partitions: [
            {
              partitionIndex: partition,
              errorCode: errorCode(error),
              leaderId: leader,
              leaderEpoch,
              isr: inSyncReplicas,
              leaderRecoveryState: recovered,
              partitionEpoch,
            },
          ],
        },
      ],
      topicName: topic,
    }),
    toMessage: (body, correlationId) => {
      const answer = only(only(body.topics, 'topics').partitions, 'partitions')
      return {
        kind: 'AlterPartitionResponse',
        correlationId,
        topic: body.topicName,
        partition: answer.partitionIndex,
        error: errorOf(answer.errorCode),
        leader: answer.leaderId,
        leaderEpoch: answer.leaderEpoch,
        inSyncReplicas: answer.isr,
        partitionEpoch: answer.partitionEpoch,
      }
    },
  },
)

/** KIP-704: an unclean leader is trusted at once with us. */
const recovered = 0
