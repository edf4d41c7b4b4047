// Metadata of all topics. Our brokers are known by their id alone, so hosts and ports stay empty.

import { metadata as api } from '../apis/metadata.ts'
import { zeroUuid } from '../schema.ts'
import { byTopic, defineFamily, type Family, present } from './family.ts'

export const metadata: Family<'Metadata'> = defineFamily(
  api,
  13,
  {
    toBody: () => ({
      topics: null,
      allowAutoTopicCreation: false,
      includeClusterAuthorizedOperations: false,
      includeTopicAuthorizedOperations: false,
    }),
    toMessage: (_body, correlationId) => ({ kind: 'Metadata', correlationId }),
  },
  {
    toBody: ({ brokers, partitions }) => ({
      throttleTimeMs: 0,
      brokers: brokers.map(nodeId => ({ nodeId, host: '', port: 0, rack: null })),
      clusterId: null,
      controllerId: -1,
      topics: byTopic(partitions).map(({ topic, items }) => ({
        errorCode: 0,
        name: topic,
        topicId: zeroUuid,
        isInternal: false,
        partitions: items.map(({ partition, leader, leaderEpoch }) => ({
          errorCode: 0,
          partitionIndex: partition,
          leaderId: leader,
          leaderEpoch,
          replicaNodes: [],
          isrNodes: [],
          offlineReplicas: [],
        })),
        topicAuthorizedOperations: notAsked,
      })),
      clusterAuthorizedOperations: notAsked,
      errorCode: 0,
    }),
    toMessage: ({ brokers, topics }, correlationId) => ({
      kind: 'MetadataResponse',
      correlationId,
      brokers: brokers.map(({ nodeId }) => nodeId),
      partitions: topics.flatMap(({ name, partitions }) =>
        partitions.map(({ partitionIndex, leaderId, leaderEpoch }) => ({
          topic: present(name, 'name'),
          partition: partitionIndex,
          leader: leaderId,
          leaderEpoch,
        })),
      ),
    }),
  },
)

/** KIP-430: what stands for authorized operations that nobody asked for. */
const notAsked = -2147483648
