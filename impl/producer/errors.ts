// What a producer makes of the errors that a broker answers; clients.md §1.5. Follows `Sender.canRetry`.
import type { ErrorName } from '../../model/vocabulary/errors.ts'

/** The batch may be sent again as it is. */
export function isRetriable(error: ErrorName): boolean {
  switch (error) {
    case 'NOT_LEADER_OR_FOLLOWER':
    case 'UNKNOWN_TOPIC_OR_PARTITION':
    case 'NOT_ENOUGH_REPLICAS':
    case 'NOT_ENOUGH_REPLICAS_AFTER_APPEND':
    case 'REQUEST_TIMED_OUT':
    case 'KAFKA_STORAGE_ERROR':
    case 'CORRUPT_MESSAGE':
      return true
    default:
      return false
  }
}

/** The leader is to be looked up anew. */
export function leadsNowhere(error: ErrorName): boolean {
  return error === 'NOT_LEADER_OR_FOLLOWER' || error === 'UNKNOWN_TOPIC_OR_PARTITION' || error === 'KAFKA_STORAGE_ERROR'
}

/** The batch may be in the log although it was not acknowledged. */
export function mayHaveStored(error: ErrorName): boolean {
  switch (error) {
    case 'REQUEST_TIMED_OUT':
    case 'NOT_ENOUGH_REPLICAS_AFTER_APPEND':
    case 'NOT_LEADER_OR_FOLLOWER':
    case 'KAFKA_STORAGE_ERROR':
      return true
    default:
      return false
  }
}
