// Which errors refuse somebody. The others are how Kafka answers when all is well: come again with this id, join anew, look
// the leader up again before there is one.
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { MessageValue } from '../../model/vocabulary/messages.ts'

const isRefusal: { readonly [Name in ErrorName]: boolean } = {
  NONE: false,
  OFFSET_OUT_OF_RANGE: true,
  CORRUPT_MESSAGE: true,
  UNKNOWN_TOPIC_OR_PARTITION: true,
  LEADER_NOT_AVAILABLE: false,
  NOT_LEADER_OR_FOLLOWER: true,
  REQUEST_TIMED_OUT: false,
  REPLICA_NOT_AVAILABLE: true,
  MESSAGE_TOO_LARGE: true,
  STALE_CONTROLLER_EPOCH: true,
  COORDINATOR_NOT_AVAILABLE: false,
  NOT_COORDINATOR: true,
  NOT_ENOUGH_REPLICAS: true,
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: false,
  ILLEGAL_GENERATION: true,
  INCONSISTENT_GROUP_PROTOCOL: true,
  UNKNOWN_MEMBER_ID: true,
  REBALANCE_IN_PROGRESS: false,
  TOPIC_ALREADY_EXISTS: true,
  INVALID_PARTITIONS: true,
  INVALID_REPLICATION_FACTOR: true,
  INVALID_REPLICA_ASSIGNMENT: true,
  INVALID_CONFIG: true,
  INVALID_REQUEST: true,
  OUT_OF_ORDER_SEQUENCE_NUMBER: true,
  INVALID_PRODUCER_EPOCH: true,
  KAFKA_STORAGE_ERROR: true,
  FENCED_LEADER_EPOCH: true,
  UNKNOWN_LEADER_EPOCH: true,
  OFFSET_NOT_AVAILABLE: false,
  STALE_BROKER_EPOCH: true,
  BROKER_ID_NOT_REGISTERED: true,
  DUPLICATE_BROKER_REGISTRATION: true,
  MEMBER_ID_REQUIRED: false,
  GROUP_MAX_SIZE_REACHED: true,
  FENCED_INSTANCE_ID: true,
  INVALID_RECORD: true,
  INVALID_UPDATE_VERSION: true,
  INELIGIBLE_REPLICA: true,
  NON_EMPTY_GROUP: true,
  GROUP_ID_NOT_FOUND: true,
  ELIGIBLE_LEADERS_NOT_AVAILABLE: true,
  PREFERRED_LEADER_NOT_AVAILABLE: true,
  ELECTION_NOT_NEEDED: true,
}

/** The error with which a response refuses its request; null when it does not. */
export function refusalIn(message: MessageValue): ErrorName | null {
  return 'error' in message && isRefusal[message.error] ? message.error : null
}

/** The error with which one of these responses refuses a request; null when none does. */
export function refusalOf(request: MessageValue, responses: readonly MessageValue[]): ErrorName | null {
  const answer = responses.find(
    ({ kind, correlationId }) => kind === `${request.kind}Response` && correlationId === request.correlationId,
  )
  return answer === undefined ? null : refusalIn(answer)
}

/** What was asked for and did not happen, with the error that it was answered with. */
export function refusedText(operation: string, error: ErrorName): string {
  return `${operation}, refused: ${error}`
}

/** Whether an error that somebody else's broker names is a refusal; one that we do not know is. */
export function isRefusalName(error: string): boolean {
  return Object.entries(isRefusal).find(([name]) => name === error)?.[1] ?? true
}
