// How bytes reach a log: writing one batch, and rolling to a new segment when it would not fit.
// Leaders and followers write alike; what they check before is in append.ts and replicate.ts.
import type { Batch } from '../vocabulary/records.ts'
import type { Bytes } from '../vocabulary/units.ts'
import { withEpoch } from './epochs.ts'
import { withBatch } from './producers.ts'
import { batchSize } from './size.ts'
import {
  type Done,
  done,
  emptySegment,
  type LogState,
  type LogStep,
  logEndOffset,
  type Refused,
  refused,
} from './state.ts'

/**
 * Writes a batch that was checked and numbered, and lets epoch cache and producer state follow. When the disk has no room
 * for it, the result is offline and otherwise as it was, but for a roll that came first: what was written of the batch is
 * no batch, and the next recovery cuts it.
 */
export function writeBatch(log: LogState, batch: Batch): LogState {
  const size = batchSize(batch)
  const target = fitsActiveSegment(log, size) ? log : rolled(log)
  if (target.room !== null && target.room < size) return { ...target, offline: true, room: 0 }
  return {
    ...target,
    segments: withBatchInActive(target, batch, size),
    epochs: withEpoch(target.epochs, batch.leaderEpoch, batch.baseOffset),
    producers: withBatch(target.producers, batch),
    room: target.room === null ? null : target.room - size,
  }
}

/**
 * Who: a log whose active segment is full, or is asked to.
 * When: the active segment holds a batch.
 * Then: a new empty segment begins at the log's end, and the closing one is synced first.
 * Source: `UnifiedLog.roll`. Kafka flushes the closed segment in the background; here it is never unsynced.
 */
export function roll(log: LogState): LogStep<Done | Refused> {
  if (log.offline) return refused(log, 'KAFKA_STORAGE_ERROR')
  return done(rolled(log))
}

/** The log after a roll; the same log when its active segment is empty. */
export function rolled(log: LogState): LogState {
  const active = log.segments[log.segments.length - 1]
  if (active === undefined || active.batches.length === 0) return log
  const baseOffset = logEndOffset(log)
  return {
    ...log,
    segments: log.segments.concat(emptySegment(baseOffset, log.producers)),
    recoveryPoint: Math.max(log.recoveryPoint, baseOffset),
  }
}

/** An empty segment takes any batch, however large (`UnifiedLog.maybeRoll`, LogSegment.shouldRoll). */
function fitsActiveSegment(log: LogState, size: Bytes): boolean {
  const active = log.segments[log.segments.length - 1]
  return active === undefined || active.batches.length === 0 || active.sizeBytes + size <= log.config.segmentBytes
}

function withBatchInActive(log: LogState, batch: Batch, size: Bytes): LogState['segments'] {
  const active = log.segments[log.segments.length - 1] ?? emptySegment(batch.baseOffset, log.producers)
  const grown = { ...active, sizeBytes: active.sizeBytes + size, batches: active.batches.concat(batch) }
  return log.segments.slice(0, -1).concat(grown)
}
