// Fetch of one partition, without a session. Version 18 carries the follower's broker epoch (KIP-903, since 15) but no
// name of the topic: the name goes beside its id, which is zero in a cluster whose topics have none.

import { fetch as kafkaFetch } from '../apis/fetch.ts'
import { errorCode } from '../errors.ts'
import { defineApi, zeroUuid } from '../schema.ts'
import { defineFamily, errorOf, type Family, only, present } from './family.ts'
import { leaderLogEndOffset, topicName, withTopicId } from './own-fields.ts'

const api = defineApi({
  ...kafkaFetch,
  request: { ...kafkaFetch.request, topicName },
  response: { ...kafkaFetch.response, topicName, leaderLogEndOffset },
})

export const fetch: Family<'Fetch'> = defineFamily(
  api,
  18,
  {
    toBody: ({
      topic,
      topicId = zeroUuid,
      partition,
      replicaId,
      replicaEpoch,
      currentLeaderEpoch,
      fetchOffset,
      lastFetchedEpoch,
      logStartOffset,
    }) => ({
      clusterId: null,
      replicaId: -1,
      replicaState: { replicaId, replicaEpoch },
      // How long to wait for how many bytes is the leader's own setting with us.
      maxWaitMs: 0,
      minBytes: 0,
      maxBytes: wholeInt32,
      isolationLevel: 0,
      sessionId: 0,
      sessionEpoch: noSession,
      topics: [
        {
          topic: '',
          topicId,
          partitions: [
            {
              partition,
              currentLeaderEpoch,
              fetchOffset,
              lastFetchedEpoch,
              logStartOffset,
              partitionMaxBytes: wholeInt32,
              replicaDirectoryId: zeroUuid,
              highWatermark: Number.MAX_SAFE_INTEGER,
            },
          ],
        },
      ],
      forgottenTopicsData: [],
      rackId: '',
      topicName: topic,
    }),
    toMessage: (body, correlationId) => {
      const { topicId, partitions } = only(body.topics, 'topics')
      const asked = only(partitions, 'partitions')
      return {
        kind: 'Fetch',
        correlationId,
        topic: body.topicName,
        ...withTopicId(topicId),
        partition: asked.partition,
        replicaId: body.replicaState.replicaId,
        replicaEpoch: body.replicaState.replicaEpoch,
        currentLeaderEpoch: asked.currentLeaderEpoch,
        fetchOffset: asked.fetchOffset,
        lastFetchedEpoch: asked.lastFetchedEpoch,
        logStartOffset: asked.logStartOffset,
      }
    },
  },
  {
    toBody: ({ topic, partition, error, highWatermark, logStartOffset, logEndOffset, divergingEpoch, records }) => ({
      throttleTimeMs: 0,
      errorCode: 0,
      sessionId: 0,
      responses: [
        {
          topic: '',
          topicId: zeroUuid,
          partitions: [
            {
              partitionIndex: partition,
              errorCode: errorCode(error),
              highWatermark,
              // Without transactions it is the high watermark.
              lastStableOffset: highWatermark,
              logStartOffset,
              divergingEpoch: divergingEpoch ?? noDivergence,
              currentLeader: { leaderId: -1, leaderEpoch: -1 },
              snapshotId: { endOffset: -1, epoch: -1 },
              abortedTransactions: null,
              preferredReadReplica: -1,
              records,
            },
          ],
        },
      ],
      nodeEndpoints: [],
      topicName: topic,
      leaderLogEndOffset: logEndOffset,
    }),
    toMessage: (body, correlationId) => {
      const answer = only(only(body.responses, 'topics').partitions, 'partitions')
      const { epoch, endOffset } = answer.divergingEpoch
      return {
        kind: 'FetchResponse',
        correlationId,
        topic: body.topicName,
        partition: answer.partitionIndex,
        error: errorOf(answer.errorCode),
        highWatermark: answer.highWatermark,
        logStartOffset: answer.logStartOffset,
        logEndOffset: body.leaderLogEndOffset,
        // A log diverges at an epoch that its leader knows, so there is no such answer without an epoch.
        divergingEpoch:
          epoch === noDivergence.epoch && endOffset === noDivergence.endOffset ? null : { epoch, endOffset },
        records: present(answer.records, 'records'),
      }
    },
  },
)

const wholeInt32 = 0x7fffffff
/** KIP-227: a full fetch that asks for no session. */
const noSession = -1
const noDivergence = { epoch: -1, endOffset: -1 }
