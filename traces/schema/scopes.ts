// Set-up and operations of the five scopes around the cluster.
import { boolean, constant, integer, kinds, list, nullable, oneOfValues, record } from './build.ts'
import { groupRequest, response } from './messages.ts'
import {
  acks,
  assignor,
  batch,
  brokerId,
  bytes,
  clientConfig,
  damage,
  draw,
  elapsed,
  generationId,
  groupConfig,
  hashedKey,
  indexes,
  keyAndValue,
  leaderEpoch,
  logConfig,
  name,
  offset,
  partition,
  partitioner,
  plainRecord,
  sequence,
  session,
  timestamp,
  topic,
  topicPartitions,
  topics,
} from './parts.ts'

const count = integer(0, 10_000)

export const log = {
  setup: record({ scope: constant('log'), config: logConfig }),
  operation: kinds({
    append: {
      leaderEpoch,
      producerId: session,
      producerEpoch: session,
      baseSequence: sequence,
      records: list(plainRecord, 10_000),
    },
    replicate: { batches: list(batch, 1000) },
    read: { offset, endOffset: offset, bytesMax: bytes },
    truncate: { offset },
    truncateFully: { offset },
    updateHighWatermark: { offset },
    deleteRecords: { offset },
    assignEpoch: { leaderEpoch },
    endOffsetForEpoch: { leaderEpoch },
    listOffsets: { timestamp, endOffset: offset },
    roll: {},
    retain: { now: timestamp },
    clean: { now: timestamp },
    flush: {},
    synced: {},
    checkpoint: {},
    close: {},
    crash: { damage, indexes },
    rot: { offset },
    fillDisk: { bytes: nullable(bytes) },
  }),
}

export const partitionerScope = {
  setup: record({ scope: constant('partitioner'), partitioner }),
  operation: kinds({
    choose: {
      topic,
      given: nullable(partition),
      key: nullable(hashedKey),
      partitionCount: integer(1, 10_000),
      available: list(partition, 10_000),
      draw,
    },
    newBatch: { topic },
  }),
}

export const assignorScope = {
  setup: record({ scope: constant('assignor') }),
  operation: kinds({
    join: { memberId: name, groupInstanceId: nullable(name), topics },
    leave: { memberId: name },
    setPartitionCount: { topic, count },
    claim: { memberId: name, owned: topicPartitions, generationId },
    assign: { assignor },
  }),
}

export const producer = {
  setup: record({ scope: constant('producer'), brokers: integer(1, 9), config: clientConfig }),
  operation: kinds({
    open: {
      session: record({
        acks,
        idempotent: boolean,
        partitioner,
        producerId: session,
      }),
    },
    send: { topic, partition: nullable(partition), records: list(keyAndValue, 10_000), draw },
    respond: { broker: brokerId, response },
    disconnected: { broker: brokerId },
    advance: { ms: elapsed },
  }),
}

export const group = {
  setup: record({ scope: constant('group'), config: groupConfig }),
  operation: kinds({
    request: { client: name, request: groupRequest },
    advance: { ms: elapsed },
    replicated: { count },
    failWrites: {
      error: oneOfValues(
        'NOT_ENOUGH_REPLICAS',
        'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
        'NOT_LEADER_OR_FOLLOWER',
        'REQUEST_TIMED_OUT',
      ),
    },
    failover: { kept: count },
  }),
}
