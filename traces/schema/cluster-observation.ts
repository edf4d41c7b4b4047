// What can be seen of a cluster: its controller, brokers, clients, and every message in flight.
import { boolean, constant, either, kinds, list, map, nullable, oneOfValues, record } from './build.ts'
import { message, metadataImage } from './messages.ts'
import { batches, epochs, groups, partitionLeaders, producerFields, producers } from './observations.ts'
import {
  brokerId,
  content,
  endpoint,
  generationId,
  leaderEpoch,
  name,
  offset,
  partition,
  session,
  timestamp,
  topic,
} from './parts.ts'

const many = 100_000
const brokerIds = list(brokerId, 1000)

const replica = record({
  topic,
  partition,
  logStartOffset: offset,
  logEndOffset: offset,
  highWatermark: offset,
  recoveryPoint: offset,
  firstDirtyOffset: offset,
  epochs,
  producers,
  batches,
  leaderEpoch,
  partitionEpoch: session,
  role: kinds({
    none: {},
    leader: {
      leaderEpochStartOffset: offset,
      inSyncReplicas: brokerIds,
      pendingInSyncReplicas: nullable(brokerIds),
      followers: list(record({ brokerId, fetchOffset: offset, brokerEpoch: session }), 1000),
      waiting: list(offset, many),
      parkedFetches: brokerIds,
    },
    follower: { leader: brokerId, fetch: oneOfValues('idle', 'outstanding', 'backoff') },
  }),
})

const broker = either(
  record({ status: constant('down') }),
  record({
    status: oneOfValues('running', 'paused'),
    now: timestamp,
    brokerEpoch: session,
    fenced: boolean,
    metadataOffset: offset,
    replicas: list(replica, 10_000),
    groups,
  }),
)

const consumer = record({
  now: timestamp,
  open: boolean,
  membership: oneOfValues('none', 'unjoined', 'joining', 'syncing', 'stable', 'fenced'),
  memberId: name,
  generationId,
  coordinator: brokerId,
  retryAt: nullable(timestamp),
  metadata: partitionLeaders,
  positions: list(record({ topic, partition, offset }), 10_000),
  processed: list(record({ topic, partition, offset, key: nullable(content), value: nullable(content) }), many),
})

const messages = list(message, many)
const node = '^(b|p|c)[1-9][0-9]{0,2}$'

export const clusterFields = {
  controller: record({ now: timestamp, image: metadataImage }),
  brokers: map(node, broker),
  producers: map(node, record(producerFields)),
  consumers: map(node, consumer),
  links: map('^[a-z0-9]+>[a-z0-9]+$', record({ from: endpoint, to: endpoint, cut: boolean, messages, late: messages })),
}
