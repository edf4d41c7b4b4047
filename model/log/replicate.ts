// Appending as a follower: take batches as the leader numbered them, or none of them.
// Follows Kafka's UnifiedLog.appendAsFollower.
import type { ErrorName } from '../vocabulary/errors.ts'
import type { Batch } from '../vocabulary/records.ts'
import { newestEpoch } from './epochs.ts'
import { type Done, done, type LogState, type LogStep, logEndOffset, type Refused, refused } from './state.ts'
import { writeBatch } from './write.ts'

/**
 * Who: a follower, with what a fetch brought.
 * When: all batches are sound, rise from the log's end (gaps are fine: compaction makes them) and their epochs never fall.
 * Then: they are written one after the other as they are. Producers are not checked: the leader did.
 * When the disk fills up, the batches before the one that did not fit stay, and the answer is KAFKA_STORAGE_ERROR.
 * Source: `UnifiedLog.appendAsFollower`.
 */
export function appendAsFollower(log: LogState, batches: readonly Batch[]): LogStep<Done | Refused> {
  if (log.offline) return refused(log, 'KAFKA_STORAGE_ERROR')
  const error = firstError(log, batches)
  if (error !== null) return refused(log, error)
  let written = log
  for (const batch of batches) {
    written = writeBatch(written, batch)
    if (written.offline) return refused(written, 'KAFKA_STORAGE_ERROR')
  }
  return done(written)
}

/** Each check looks at all batches before the next check does: a corrupt batch anywhere outranks a bad offset. */
function firstError(log: LogState, batches: readonly Batch[]): ErrorName | null {
  if (batches.some(batch => batch.corrupt)) return 'CORRUPT_MESSAGE'
  let nextOffset = logEndOffset(log)
  for (const batch of batches) {
    if (batch.baseOffset > batch.lastOffset || batch.baseOffset < nextOffset) return 'OFFSET_OUT_OF_RANGE'
    nextOffset = batch.lastOffset + 1
  }
  let newest = newestEpoch(log.epochs)
  for (const batch of batches) {
    if (newest !== null && batch.leaderEpoch < newest) return 'FENCED_LEADER_EPOCH'
    newest = batch.leaderEpoch
  }
  return null
}
