// The offsets that bound what may be read: high watermark and log start, and their checkpoints.
// Follows Kafka's UnifiedLog, KIP-107 and ReplicaManager's checkpoint files.
import type { Offset } from '../vocabulary/units.ts'
import { epochsFrom } from './epochs.ts'
import { type Done, done, type LogState, type LogStep, logEndOffset, type Refused, refused } from './state.ts'

/**
 * Who: a leader that saw its followers fetch, or a follower that its leader told.
 * Then: the high watermark becomes `offset`, within the log's bounds. It may fall: a follower's does.
 * Source: `UnifiedLog.updateHighWatermark`.
 */
export function updateHighWatermark(log: LogState, offset: Offset): LogStep<Done | Refused> {
  if (log.offline) return refused(log, 'KAFKA_STORAGE_ERROR')
  const highWatermark = Math.max(log.logStartOffset, Math.min(offset, logEndOffset(log)))
  return done(highWatermark === log.highWatermark ? log : { ...log, highWatermark })
}

/**
 * Who: an administrator who deletes the records below `offset`; -1 stands for the high watermark.
 * When: `offset` is at most the high watermark; otherwise OFFSET_OUT_OF_RANGE.
 * Then: the log start rises to it. The bytes stay until retention takes their segment.
 * Source: KIP-107; `Partition.deleteRecordsOnLeader`, `UnifiedLog.maybeIncrementLogStartOffset`.
 */
export function deleteRecords(log: LogState, offset: Offset): LogStep<Done | Refused> {
  if (log.offline) return refused(log, 'KAFKA_STORAGE_ERROR')
  if (offset < -1 || offset > log.highWatermark) return refused(log, 'OFFSET_OUT_OF_RANGE')
  return done(withLogStartAtLeast(log, offset === -1 ? log.highWatermark : offset))
}

/** The log with its start raised to `offset`, and the epoch cache cut with it; the same log if it starts there already. */
export function withLogStartAtLeast(log: LogState, offset: Offset): LogState {
  if (offset <= log.logStartOffset) return log
  return { ...log, logStartOffset: offset, epochs: epochsFrom(log.epochs, offset) }
}

/**
 * Who: the broker, every few seconds and when it stops.
 * Then: high watermark and log start are durable: a crash falls back to these.
 * Source: `ReplicaManager.checkpointHighWatermarks`, `LogManager.checkpointLogStartOffsets`.
 */
export function saveCheckpoints(log: LogState): LogStep<Done | Refused> {
  if (log.offline) return refused(log, 'KAFKA_STORAGE_ERROR')
  return done(withSavedCheckpoints(log))
}

/** The log with its checkpoints up to date. */
export function withSavedCheckpoints(log: LogState): LogState {
  const { highWatermark, logStartOffset } = log
  if (log.savedHighWatermark === highWatermark && log.savedLogStartOffset === logStartOffset) return log
  return { ...log, savedHighWatermark: highWatermark, savedLogStartOffset: logStartOffset }
}
