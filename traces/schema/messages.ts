// The messages of a cluster: what operations carry (any response to a producer, any request to a group's coordinator), and
// what a subject shows of what was sent.
import { boolean, either, integer, kinds, list, nullable, record } from './build.ts'
import {
  acks,
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
  topicConfig,
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
export const records = list(either(batch, unplacedBatch), 1000)
export const committedOffset = { ...of, offset, leaderEpoch, metadata: name }
export const committedOffsets = list(record(committedOffset), 10_000)
export const joinProtocol = record({ name: assignor, topics, owned: topicPartitions, generationId })
export const memberAssignments = list(record({ memberId, partitions: topicPartitions }), 1000)

const groupRequests = {
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
}

const partitionState = record({
  ...of,
  replicas: brokerIds,
  leader: brokerId,
  leaderEpoch,
  inSyncReplicas: brokerIds,
  eligibleLeaderReplicas: brokerIds,
  lastKnownLeader: brokerId,
  partitionEpoch: session,
})

/** The controller's decisions. */
export const metadataImage = record({
  metadataOffset: offset,
  controllerEpoch: session,
  brokers: list(record({ brokerId, brokerEpoch: session, fenced: boolean }), 1000),
  topics: list(record({ topic, config: topicConfig }), 1000),
  partitions: list(partitionState, 10_000),
})

const nodeRequests = {
  BrokerRegistration: { ...id, brokerId, previousBrokerEpoch: session },
  BrokerHeartbeat: { ...id, brokerId, brokerEpoch: session, metadataOffset: offset },
  AlterPartition: {
    ...id,
    ...of,
    brokerId,
    brokerEpoch: session,
    leaderEpoch,
    partitionEpoch: session,
    newInSyncReplicas: list(record({ brokerId, brokerEpoch: session }), 1000),
  },
  MetadataUpdate: { ...id, image: metadataImage },
  Fetch: {
    ...id,
    ...of,
    replicaId: brokerId,
    replicaEpoch: session,
    currentLeaderEpoch: leaderEpoch,
    fetchOffset: offset,
    lastFetchedEpoch: leaderEpoch,
    logStartOffset: offset,
  },
  Metadata: id,
  Produce: { ...id, ...of, acks, timeoutMs: timeout, records },
  ListOffsets: { ...id, ...of, currentLeaderEpoch: leaderEpoch, timestamp },
  FindCoordinator: { ...id, groupId },
}

const nodeResponses = {
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
}

const groupResponses = {
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
}

/** Requests to a group's coordinator. */
export const groupRequest = kinds(groupRequests)
/** What a group's coordinator answers. */
export const groupResponse = kinds(groupResponses)
/** Every request there is, and the controller's push. */
export const request = kinds({ ...nodeRequests, ...groupRequests })
/** Every response there is; a producer must take any of them at any time. */
export const response = kinds({ ...nodeResponses, ...groupResponses })
/** Every message there is. */
export const message = kinds({ ...nodeRequests, ...groupRequests, ...nodeResponses, ...groupResponses })
