// Finding an offset by time (ListOffsets, KIP-79; Kafka's UnifiedLog.fetchOffsetByTimestamp).
import type { ErrorName } from '../vocabulary/errors.ts'
import type { LogOutcome } from '../vocabulary/log.ts'
import type { LogRecord } from '../vocabulary/records.ts'
import type { Milliseconds, Offset } from '../vocabulary/units.ts'
import { largestTimestamp } from './size.ts'
import { type LogState, type LogStep, logEndOffset, type Refused, refused } from './state.ts'

export type Found = Extract<LogOutcome, { kind: 'found' }>

/** Asks for the log start (ListOffsetsRequest.EARLIEST_TIMESTAMP). */
export const earliestTimestamp: Milliseconds = -2
/** Asks for the end of what may be read (ListOffsetsRequest.LATEST_TIMESTAMP). */
export const latestTimestamp: Milliseconds = -1

/**
 * Who: a consumer that looks for its place, reading below `endOffset`.
 * Then: the first record, by offset, that is not older than `timestamp`, or null; -2 and -1 answer with the start and the
 * end. Other negative timestamps are an INVALID_REQUEST, and a corrupt batch that would have to be read CORRUPT_MESSAGE.
 * Timestamps need not rise with offsets: with 10, 50, 20 at offsets 0, 1, 2, asking for 15 finds offset 1.
 * Source: `UnifiedLog.fetchOffsetByTimestamp`, `LogSegment.findOffsetByTimestamp`.
 */
export function listOffsets(log: LogState, timestamp: Milliseconds, endOffset: Offset): LogStep<Found | Refused> {
  if (log.offline) return refused(log, 'KAFKA_STORAGE_ERROR')
  if (timestamp === earliestTimestamp) return found(log, { offset: log.logStartOffset, timestamp: -1 })
  if (timestamp === latestTimestamp)
    return found(log, { offset: Math.min(endOffset, logEndOffset(log)), timestamp: -1 })
  if (timestamp < 0) return refused(log, 'INVALID_REQUEST')
  const first = firstNotOlder(log, timestamp, endOffset)
  if (first === 'CORRUPT_MESSAGE') return refused(log, first)
  return found(log, first === null ? null : { offset: first.offset, timestamp: first.timestamp })
}

function firstNotOlder(
  log: LogState,
  timestamp: Milliseconds,
  endOffset: Offset,
): LogRecord | Extract<ErrorName, 'CORRUPT_MESSAGE'> | null {
  for (const segment of log.segments) {
    for (const batch of segment.batches) {
      if (batch.baseOffset >= endOffset) return null
      if (batch.lastOffset < log.logStartOffset) continue
      // The header tells the largest timestamp, also of a batch whose records are corrupt: such a batch is skipped unread.
      if (largestTimestamp(batch) < timestamp) continue
      if (batch.corrupt) return 'CORRUPT_MESSAGE'
      for (const record of batch.records) {
        if (record.timestamp < timestamp) continue
        if (record.offset >= log.logStartOffset && record.offset < endOffset) return record
      }
    }
  }
  return null
}

function found(log: LogState, record: Found['record']): LogStep<Found> {
  return { log, outcome: { kind: 'found', record } }
}
