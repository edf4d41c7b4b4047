// What can be seen of a subject after an operation, in the five scopes around the cluster: field by field, so that a
// subject may show some of them.
import { anyText, boolean, integer, kinds, list, nullable, oneOfValues, record } from './build.ts'
import { committedOffset } from './messages.ts'
import {
  acks,
  assignor,
  batch,
  brokerId,
  bytes,
  correlationId,
  errorName,
  generationId,
  leaderEpoch,
  name,
  offset,
  partition,
  partitioner,
  sequence,
  session,
  timestamp,
  topic,
  topicPartitions,
  topics,
} from './parts.ts'

const many = 100_000
const number = integer(-(2 ** 31), 2 ** 53 - 1)

export const epochs = list(record({ epoch: leaderEpoch, startOffset: offset }), many)
export const producers = list(
  record({
    producerId: session,
    producerEpoch: session,
    batches: list(
      record({ baseSequence: sequence, lastSequence: sequence, baseOffset: offset, lastOffset: offset }),
      many,
    ),
  }),
  many,
)
export const batches = list(batch, many)

export const logFields = {
  logStartOffset: offset,
  logEndOffset: offset,
  highWatermark: offset,
  recoveryPoint: offset,
  firstDirtyOffset: offset,
  segments: list(record({ baseOffset: offset, sizeBytes: bytes }), many),
  epochs,
  producers,
  batches,
  offline: boolean,
}

export const partitionerFields = {
  topics: list(record({ topic, counter: number, current: nullable(partition), previous: nullable(partition) }), many),
}

export const assignorFields = {
  generationId,
  topics: list(record({ topic, count: integer(0, 10_000) }), many),
  members: list(
    record({ memberId: name, groupInstanceId: nullable(name), topics, owned: topicPartitions, generationId }),
    1000,
  ),
}

export const partitionLeaders = list(record({ topic, partition, leader: brokerId, leaderEpoch }), many)

export const producerFields = {
  now: timestamp,
  session: nullable(
    record({
      acks,
      idempotent: boolean,
      partitioner,
      producerId: session,
      producerEpoch: session,
      failed: boolean,
    }),
  ),
  metadata: partitionLeaders,
  needsMetadata: boolean,
  metadataRetryAt: nullable(timestamp),
  unassigned: list(number, many),
  queues: list(
    record({
      topic,
      partition,
      batches: list(
        record({
          batch: number,
          state: oneOfValues('waiting', 'inFlight', 'retry'),
          baseSequence: sequence,
          retryAt: nullable(timestamp),
          correlationId: nullable(correlationId),
          broker: brokerId,
        }),
        many,
      ),
    }),
    many,
  ),
  completed: list(
    record({
      batch: number,
      topic,
      partition,
      result: kinds({ acknowledged: { offset }, failed: { error: errorName }, unknown: { error: errorName } }),
    }),
    many,
  ),
}

const member = record({
  memberId: name,
  groupInstanceId: nullable(name),
  client: name,
  protocols: list(record({ name: assignor, topics, owned: topicPartitions }), 10),
  assignment: topicPartitions,
  awaitingJoin: boolean,
  awaitingSync: boolean,
  sessionDeadline: timestamp,
})
const groupLogRecord = record({ key: anyText(100_000), value: nullable(anyText(1_000_000)) })

export const groups = list(
  record({
    groupId: name,
    state: oneOfValues('Empty', 'PreparingRebalance', 'CompletingRebalance', 'Stable', 'Dead'),
    generationId,
    protocolName: nullable(assignor),
    leader: nullable(name),
    members: list(member, 1000),
    pendingMembers: list(name, 1000),
    offsets: list(record({ ...committedOffset, commitTimestamp: timestamp }), 10_000),
  }),
  1000,
)

export const groupFields = {
  now: timestamp,
  groups,
  log: list(groupLogRecord, many),
  outstanding: list(list(groupLogRecord, many), many),
}
