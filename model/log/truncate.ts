// Cutting a log at its end: a follower makes its log a prefix of its leader's (Kafka's UnifiedLog.truncateTo and
// truncateFullyAndStartAt). A truncation is durable at once.
import type { Offset } from '../vocabulary/units.ts'
import { epochsBelow } from './epochs.ts'
import { producersAtEnd, unlessSameProducers } from './producers.ts'
import { batchesSize } from './size.ts'
import {
  type Done,
  done,
  emptySegment,
  endOfSegments,
  firstBaseOffset,
  type LogState,
  type LogStep,
  logEndOffset,
  type Refused,
  refused,
  type Segment,
  unlessSame,
} from './state.ts'

/**
 * Who: a follower whose leader's log parts from its own at `offset`.
 * When: always, for an offset that is not negative. At or beyond the end only epochs without records go.
 * Then: batches that reach to `offset` or above go, and everything that pointed above the new end points at it. An offset
 * inside a batch cuts the whole batch: the new end is the batch's base.
 * Source: `UnifiedLog.truncateTo`, `LocalLog.truncateTo`.
 */
export function truncateTo(log: LogState, offset: Offset): LogStep<Done | Refused> {
  if (log.offline) return refused(log, 'KAFKA_STORAGE_ERROR')
  if (offset < 0) return refused(log, 'OFFSET_OUT_OF_RANGE')
  if (offset >= logEndOffset(log)) {
    const epochs = epochsBelow(log.epochs, offset)
    return done(epochs === log.epochs ? log : { ...log, epochs })
  }
  return done(offset < firstBaseOffset(log.segments) ? emptiedAt(log, offset) : cutAt(log, newEndFor(log, offset)))
}

/**
 * Who: a follower that shares nothing with its leader, whose log starts at `offset`.
 * Then: nothing is left, and the log starts and ends at `offset`.
 * Source: `UnifiedLog.truncateFullyAndStartAt`.
 */
export function truncateFully(log: LogState, offset: Offset): LogStep<Done | Refused> {
  if (log.offline) return refused(log, 'KAFKA_STORAGE_ERROR')
  if (offset < 0) return refused(log, 'OFFSET_OUT_OF_RANGE')
  return done(emptiedAt(log, offset))
}

/** The log with one empty segment at `offset`, and nothing remembered but its checkpoints and its disk. */
export function emptiedAt(log: LogState, offset: Offset): LogState {
  return unlessSame(log, {
    ...log,
    segments: isEmptyAt(log, offset) ? log.segments : [emptySegment(offset, [])],
    logStartOffset: offset,
    highWatermark: offset,
    recoveryPoint: offset,
    firstDirtyOffset: offset,
    epochs: log.epochs.length === 0 ? log.epochs : [],
    producers: log.producers.length === 0 ? log.producers : [],
    pendingFlush: null,
  })
}

function isEmptyAt(log: LogState, offset: Offset): boolean {
  const active = log.segments[0]
  if (active === undefined || log.segments.length > 1) return false
  return active.baseOffset === offset && active.batches.length === 0 && active.producers.length === 0
}

/** Where the log ends after a cut at `offset`: there, or at the base of the batch around it. */
function newEndFor(log: LogState, offset: Offset): Offset {
  for (const segment of log.segments) {
    for (const batch of segment.batches) {
      if (batch.baseOffset < offset && offset <= batch.lastOffset) return batch.baseOffset
    }
  }
  return offset
}

function cutAt(log: LogState, newEnd: Offset): LogState {
  const segments: Segment[] = []
  for (const segment of log.segments) if (segment.baseOffset <= newEnd) segments.push(segmentBelow(segment, newEnd))
  const producers = producersAtEnd(segments[segments.length - 1])
  // Batches 0..2 and 5..9 cut at 4: the last batch ends at 3, and only a segment that begins at 4 makes the log end there.
  // It begins as by a roll: what stands before it is synced, for only the active segment may hold unsynced bytes.
  const isInGap = endOfSegments(segments) !== newEnd
  if (isInGap) segments.push(emptySegment(newEnd, producers))
  return {
    ...log,
    segments,
    logStartOffset: Math.min(log.logStartOffset, newEnd),
    highWatermark: Math.min(log.highWatermark, newEnd),
    recoveryPoint: isInGap ? newEnd : Math.min(log.recoveryPoint, newEnd),
    firstDirtyOffset: Math.min(log.firstDirtyOffset, newEnd),
    epochs: epochsBelow(log.epochs, newEnd),
    producers: unlessSameProducers(log.producers, producers),
    pendingFlush: log.pendingFlush === null ? null : Math.min(log.pendingFlush, newEnd),
  }
}

/** The segment without the batches that reach to `end` or above. */
function segmentBelow(segment: Segment, end: Offset): Segment {
  const batches = segment.batches.filter(batch => batch.lastOffset < end)
  return batches.length === segment.batches.length ? segment : { ...segment, batches, sizeBytes: batchesSize(batches) }
}
