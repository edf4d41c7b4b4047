// MetadataUpdate: the controller pushes all that it has decided. Kafka has no such message: its brokers fetch the
// controller's log, record by record. So it is an API of ours. Its key is far above Kafka's, which counts from 0 and is
// below 100 in 4.3, and far below the 32,767 at which keys end.

import type { MetadataImage } from '../../../model/vocabulary/messages.ts'
import { array, bool, defineApi, int32, int64, nullable, string, struct, uuid } from '../schema.ts'
import { WireError } from '../wire-error.ts'
import { defineFamily, type Family } from './family.ts'

const api = defineApi({
  key: 10_000,
  name: 'MetadataUpdate',
  minVersion: 0,
  maxVersion: 0,
  flexibleSince: 0,
  request: {
    metadataOffset: int64(),
    controllerEpoch: int32(),
    brokers: array('0+', {
      brokerId: int32(),
      brokerEpoch: int64(),
      fenced: bool(),
    }),
    topics: array('0+', {
      topic: string(),
      config: struct('0+', {
        segmentBytes: int64(),
        indexIntervalBytes: int64(),
        maxMessageBytes: int64(),
        cleanupPolicy: string(),
        retentionMs: int64(),
        retentionBytes: int64(),
        deleteRetentionMs: int64(),
        minInSyncReplicas: int32(),
        uncleanLeaderElection: bool(),
      }),
    }),
    partitions: array('0+', {
      topic: string(),
      partition: int32(),
      replicas: array('0+', 'int32'),
      leader: int32(),
      leaderEpoch: int32(),
      inSyncReplicas: array('0+', 'int32'),
      eligibleLeaderReplicas: array('0+', 'int32'),
      lastKnownLeader: int32(),
      partitionEpoch: int32(),
    }),
    extras: nullable(
      '0+',
      struct('0+', {
        clusterId: string(),
        places: array('0+', {
          brokerId: int32(),
          host: string(),
          port: int32(),
          rack: nullable('0+', string()),
        }),
        topicIds: array('0+', {
          topic: string(),
          topicId: uuid(),
        }),
      }),
      null,
    ),
  },
  response: {},
})

type TopicConfig = MetadataImage['topics'][number]['config']

/** The image's own fields are the table's, so only the policy, which is one of a few words, needs a look. */
export const metadataUpdate: Family<'MetadataUpdate'> = defineFamily(
  api,
  0,
  {
    toBody: ({ image }) => ({ ...image, extras: image.extras ?? null }),
    toMessage: ({ extras, ...image }, correlationId) => ({
      kind: 'MetadataUpdate',
      correlationId,
      image: {
        ...image,
        ...(extras === null ? {} : { extras }),
        topics: image.topics.map(({ topic, config }) => ({
          topic,
          config: { ...config, cleanupPolicy: checkedPolicy(config.cleanupPolicy) },
        })),
      },
    }),
  },
  null,
)

function checkedPolicy(policy: string): TopicConfig['cleanupPolicy'] {
  if (policy === 'delete' || policy === 'compact' || policy === 'compact,delete') return policy
  throw new WireError(`a cleanup policy ${policy}`)
}
