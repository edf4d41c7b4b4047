// The messages that an operation can carry: any response to a producer, any request to a group's coordinator.
import { boolean, either, integer, kinds, list, nullable, record } from './build.ts'
import {
  assignor,
  batch,
  brokerId,
  correlationId,
  errorName,
  generationId,
  leaderEpoch,
  name,
  offset,
  partition,
  session,
  timestamp,
  topic,
  topicPartitions,
  topics,
  unplacedBatch,
} from './parts.ts'

const id = { correlationId }
const of = { topic, partition }
const failed = { error: errorName }
const groupId = name
const memberId = name
const groupInstanceId = nullable(name)
const timeout = integer(0, 2 ** 31 - 1)

const brokerIds = list(brokerId, 1000)
const records = list(either(batch, unplacedBatch), 1000)
const committedOffsets = list(record({ ...of, offset, leaderEpoch, metadata: name }), 10_000)
const joinProtocol = record({ name: assignor, topics, owned: topicPartitions, generationId })
const memberAssignments = list(record({ memberId, partitions: topicPartitions }), 1000)

/** Requests to a group's coordinator. */
export const groupRequest = kinds({
  JoinGroup: {
    ...id,
    groupId,
    memberId,
    groupInstanceId,
    sessionTimeoutMs: timeout,
    rebalanceTimeoutMs: timeout,
    protocols: list(joinProtocol, 10),
  },
  SyncGroup: { ...id, groupId, memberId, groupInstanceId, generationId, assignments: memberAssignments },
  Heartbeat: { ...id, groupId, memberId, groupInstanceId, generationId },
  LeaveGroup: { ...id, groupId, memberId, groupInstanceId },
  OffsetCommit: { ...id, groupId, memberId, groupInstanceId, generationId, offsets: committedOffsets },
  OffsetFetch: { ...id, groupId, partitions: topicPartitions },
})

/** Every response there is; a producer must take any of them at any time. */
export const response = kinds({
  BrokerRegistrationResponse: { ...id, ...failed, brokerEpoch: session },
  BrokerHeartbeatResponse: { ...id, ...failed, fenced: boolean },
  AlterPartitionResponse: {
    ...id,
    ...of,
    ...failed,
    leader: brokerId,
    leaderEpoch,
    inSyncReplicas: brokerIds,
    partitionEpoch: session,
  },
  FetchResponse: {
    ...id,
    ...of,
    ...failed,
    highWatermark: offset,
    logStartOffset: offset,
    logEndOffset: offset,
    divergingEpoch: nullable(record({ epoch: leaderEpoch, endOffset: offset })),
    records,
  },
  MetadataResponse: {
    ...id,
    brokers: brokerIds,
    partitions: list(record({ ...of, leader: brokerId, leaderEpoch }), 10_000),
  },
  ProduceResponse: { ...id, ...of, ...failed, baseOffset: offset },
  ListOffsetsResponse: { ...id, ...of, ...failed, offset, timestamp, leaderEpoch },
  FindCoordinatorResponse: { ...id, ...failed, groupId, brokerId },
  JoinGroupResponse: {
    ...id,
    ...failed,
    groupId,
    generationId,
    protocolName: nullable(assignor),
    leader: name,
    memberId,
    members: list(record({ memberId, groupInstanceId, protocol: joinProtocol }), 1000),
  },
  SyncGroupResponse: { ...id, ...failed, groupId, partitions: topicPartitions },
  HeartbeatResponse: { ...id, ...failed, groupId },
  LeaveGroupResponse: { ...id, ...failed, groupId },
  OffsetCommitResponse: { ...id, ...failed, groupId },
  OffsetFetchResponse: { ...id, ...failed, groupId, offsets: committedOffsets },
})
