// The values that operations are made of. Bounds are wide enough for every error path (negative offsets, absurd sizes) and
// narrow enough that no trace can make a program count to 2^53.
import { anyText, boolean, integer, kinds, list, nullable, oneOfValues, record, text } from './build.ts'

const int32 = 2 ** 31 - 1
/** What epochs, ids, sequences, partitions and sizes may be: also what makes no sense. */
export const int32Range = integer(-int32, int32)
const topicPattern = '^[a-zA-Z0-9._-]{1,249}$'

export const offset = integer(-int32, 2 ** 48)
export const leaderEpoch = integer(-int32, int32)
export const sequence = integer(-int32, int32)
export const generationId = integer(-int32, int32)
export const correlationId = integer(-int32, int32)
/** A producer id, producer epoch, broker epoch or partition epoch. */
export const session = integer(-int32, int32)
export const timestamp = integer(-int32, 2 ** 53 - 1)
/** A length of time that a sequence lets pass. */
export const elapsed = integer(-int32, int32)
export const bytes = integer(-int32, int32)
export const partition = integer(-int32, int32)
export const draw = integer(0, int32)
export const brokerId = integer(-1, 1000)
export const topic = text(topicPattern)
/** Printable ASCII. */
export const name = text('^[ -~]{0,255}$')
export const endpoint = text('^(b[1-9][0-9]{0,2}|p[1-9][0-9]{0,2}|c[1-9][0-9]{0,2}|ctl)$')
/** A record's key or value: ASCII, so that both sides count the same bytes. */
export const content = text('^[\\x00-\\x7f]{0,100000}$')

export const topicPartition = record({ topic, partition })
export const topics = list(topic, 100)
export const topicPartitions = list(topicPartition, 10_000)
export const assignor = oneOfValues('range', 'roundrobin', 'sticky', 'cooperative-sticky')
export const partitioner = oneOfValues('roundRobin', 'sticky')
export const acks = oneOfValues(-1, 0, 1)
export const indexes = oneOfValues('kept', 'lost', 'torn')
export const damage = kinds({ kept: {}, lost: {}, torn: { bytes } })

export const plainRecord = record({ key: nullable(content), value: nullable(content), timestamp })
export const keyAndValue = record({ key: nullable(content), value: nullable(content) })
const stamp = { producerId: session, producerEpoch: session, baseSequence: sequence }
export const unplacedBatch = record({ ...stamp, records: list(plainRecord, 10_000) })
/** A record as it stands in a log. */
export const logRecord = record({ offset, key: nullable(content), value: nullable(content), timestamp })
export const batch = record({
  ...stamp,
  baseOffset: offset,
  lastOffset: offset,
  leaderEpoch,
  deleteHorizon: nullable(timestamp),
  records: list(logRecord, 10_000),
  corrupt: boolean,
})

/** Settings of a log. A segment of 0 bytes is odd and legal: every batch gets one of its own. */
const logFields = {
  segmentBytes: integer(0, int32),
  indexIntervalBytes: integer(0, int32),
  maxMessageBytes: integer(0, int32),
  cleanupPolicy: oneOfValues('delete', 'compact', 'compact,delete'),
  retentionMs: integer(-1, 2 ** 53 - 1),
  retentionBytes: integer(-1, 2 ** 53 - 1),
  deleteRetentionMs: integer(0, 2 ** 53 - 1),
}
export const logConfig = record(logFields)
/** `minInSyncReplicas` below 1 is a legal operation, which answers INVALID_CONFIG. */
export const topicConfig = record({
  ...logFields,
  minInSyncReplicas: integer(-int32, int32),
  uncleanLeaderElection: boolean,
})

const positiveMs = integer(1, int32)
export const clientConfig = record({
  retryBackoffMs: integer(0, int32),
  deliveryTimeoutMs: positiveMs,
  requestTimeoutMs: positiveMs,
  maxInFlight: integer(1, 1000),
  heartbeatIntervalMs: positiveMs,
  sessionTimeoutMs: positiveMs,
  rebalanceTimeoutMs: positiveMs,
})
export const brokerConfig = record({
  heartbeatIntervalMs: positiveMs,
  replicaLagTimeMaxMs: positiveMs,
  replicaFetchWaitMaxMs: integer(0, int32),
  replicaFetchBackoffMs: integer(0, int32),
  fetchBytesMax: integer(0, int32),
})
export const groupConfig = record({
  offsetsRetentionMs: integer(0, 2 ** 53 - 1),
  offsetsRetentionCheckIntervalMs: positiveMs,
  groupMaxSize: integer(1, 1000),
})

/** Any text, for keys that are hashed but never stored. */
export const hashedKey = anyText(10_000)

export const errorName = oneOfValues(
  'NONE',
  'OFFSET_OUT_OF_RANGE',
  'CORRUPT_MESSAGE',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_OR_FOLLOWER',
  'REQUEST_TIMED_OUT',
  'REPLICA_NOT_AVAILABLE',
  'MESSAGE_TOO_LARGE',
  'STALE_CONTROLLER_EPOCH',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'NOT_ENOUGH_REPLICAS',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'ILLEGAL_GENERATION',
  'INCONSISTENT_GROUP_PROTOCOL',
  'UNKNOWN_MEMBER_ID',
  'REBALANCE_IN_PROGRESS',
  'TOPIC_ALREADY_EXISTS',
  'INVALID_PARTITIONS',
  'INVALID_REPLICATION_FACTOR',
  'INVALID_REPLICA_ASSIGNMENT',
  'INVALID_CONFIG',
  'INVALID_REQUEST',
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'INVALID_PRODUCER_EPOCH',
  'KAFKA_STORAGE_ERROR',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'OFFSET_NOT_AVAILABLE',
  'STALE_BROKER_EPOCH',
  'BROKER_ID_NOT_REGISTERED',
  'DUPLICATE_BROKER_REGISTRATION',
  'MEMBER_ID_REQUIRED',
  'GROUP_MAX_SIZE_REACHED',
  'FENCED_INSTANCE_ID',
  'INVALID_RECORD',
  'INVALID_UPDATE_VERSION',
  'INELIGIBLE_REPLICA',
  'NON_EMPTY_GROUP',
  'GROUP_ID_NOT_FOUND',
  'ELIGIBLE_LEADERS_NOT_AVAILABLE',
  'PREFERRED_LEADER_NOT_AVAILABLE',
  'ELECTION_NOT_NEEDED',
)
