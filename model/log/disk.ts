// What a log asks of its disk, and what the disk does to it: syncs, bit rot, no room left. Crashes are in recovery.ts.
import type { Batch } from '../vocabulary/records.ts'
import type { Bytes, Offset } from '../vocabulary/units.ts'
import {
  type Done,
  done,
  type LogState,
  type LogStep,
  logEndOffset,
  type Refused,
  refused,
  type Segment,
} from './state.ts'

/**
 * Who: a log that wants what is written so far to be durable.
 * Then: a sync is asked for; `synced` completes it later. What was asked before and reached further still stands.
 * Source: `UnifiedLog.flush`.
 */
export function flush(log: LogState): LogStep<Done | Refused> {
  if (log.offline) return refused(log, 'KAFKA_STORAGE_ERROR')
  const asked = logEndOffset(log)
  const isCovered = asked <= log.recoveryPoint || (log.pendingFlush !== null && asked <= log.pendingFlush)
  return done(isCovered ? log : { ...log, pendingFlush: asked })
}

/**
 * Who: the disk, when it has done what `flush` asked for; without that, nothing happens.
 * Then: the recovery point rises to what was asked.
 * Source: `LocalLog.markFlushed`.
 */
export function synced(log: LogState): LogStep<Done | Refused> {
  if (log.offline) return refused(log, 'KAFKA_STORAGE_ERROR')
  if (log.pendingFlush === null) return done(log)
  return done({ ...log, recoveryPoint: Math.max(log.recoveryPoint, log.pendingFlush), pendingFlush: null })
}

/**
 * Who: the disk, flipping one bit in the record bytes of the batch that covers `offset`.
 * When: there is one, it has records, and it is not corrupt yet (two flips could undo each other).
 * Then: nobody notices until a checksum is verified.
 */
export function rotBatch(log: LogState, offset: Offset): LogStep<Done | Refused> {
  if (log.offline) return refused(log, 'KAFKA_STORAGE_ERROR')
  if (!log.segments.some(segment => segment.batches.some(batch => canRot(batch, offset)))) return done(log)
  return done({ ...log, segments: log.segments.map(segment => rottenSegment(segment, offset)) })
}

/**
 * Who: whatever else writes to this disk.
 * Then: `room` more record bytes fit (less than 0 counts as 0), or any number for null. This is the only thing that makes
 * room: neither truncation nor a crash does. It works on an offline log, and does not bring it back.
 */
export function fillDisk(log: LogState, room: Bytes | null): LogStep<Done> {
  const left = room === null ? null : Math.max(0, room)
  return done(left === log.room ? log : { ...log, room: left })
}

function rottenSegment(segment: Segment, offset: Offset): Segment {
  if (!segment.batches.some(batch => canRot(batch, offset))) return segment
  return {
    ...segment,
    batches: segment.batches.map(batch => (canRot(batch, offset) ? { ...batch, corrupt: true } : batch)),
  }
}

function canRot(batch: Batch, offset: Offset): boolean {
  return batch.baseOffset <= offset && offset <= batch.lastOffset && batch.records.length > 0 && !batch.corrupt
}
