// Retention: whole segments go from the log's start when they are too old, too much, or deleted already.
// Follows Kafka's UnifiedLog.deleteOldSegments. Removal is durable at once.
import type { Milliseconds } from '../vocabulary/units.ts'
import { withLogStartAtLeast } from './offsets.ts'
import { largestTimestamp } from './size.ts'
import {
  type Done,
  done,
  firstBaseOffset,
  type LogState,
  type LogStep,
  logEndOffset,
  type Refused,
  refused,
  type Segment,
} from './state.ts'
import { rolled } from './write.ts'

/**
 * Who: the broker's retention task, at `now`.
 * When: a segment lies wholly below the high watermark, and so do all before it.
 * Then: segments go from the oldest on while they are expired; then while the log without them is still large enough;
 * then while the log start is beyond them. The log start follows.
 * Source: `UnifiedLog.deleteRetentionMsBreachedSegments`, `…SizeBreachedSegments`, `deleteLogStartOffsetBreachedSegments`.
 */
export function applyRetention(log: LogState, now: Milliseconds): LogStep<Done | Refused> {
  if (log.offline) return refused(log, 'KAFKA_STORAGE_ERROR')
  return done(withoutDeletedSegments(withoutExcessSegments(withoutExpiredSegments(log, now))))
}

function withoutExpiredSegments(log: LogState, now: Milliseconds): LogState {
  const { cleanupPolicy, retentionMs } = log.config
  if (cleanupPolicy === 'compact' || retentionMs < 0) return log
  return withoutOldest(log, segment => now - segmentTimestamp(segment) > retentionMs)
}

/** With 300 bytes in segments of 100 and a limit of 150, one goes: a second would leave less than the limit. */
function withoutExcessSegments(log: LogState): LogState {
  const { cleanupPolicy, retentionBytes } = log.config
  if (cleanupPolicy === 'compact' || retentionBytes < 0) return log
  let excess = -retentionBytes
  for (const segment of log.segments) excess += segment.sizeBytes
  return withoutOldest(log, segment => {
    excess -= segment.sizeBytes
    return excess >= 0
  })
}

function withoutDeletedSegments(log: LogState): LogState {
  return withoutOldest(log, (_segment, next) => next !== undefined && next.baseOffset <= log.logStartOffset)
}

/** One pass: the log without its oldest segments, up to the first that must stay or for which the reason does not hold. */
function withoutOldest(log: LogState, mayGo: (segment: Segment, next: Segment | undefined) => boolean): LogState {
  let count = 0
  for (const segment of log.segments) {
    const next = log.segments[count + 1]
    const endOffset = next === undefined ? logEndOffset(log) : next.baseOffset
    if (endOffset > log.highWatermark) break
    if (next === undefined && segment.batches.length === 0) break
    if (!mayGo(segment, next)) break
    count += 1
  }
  if (count === 0) return log
  // A log always has an active segment: when all go, a new one is begun first.
  const remaining = count === log.segments.length ? rolled(log) : log
  const segments = remaining.segments.slice(count)
  return withLogStartAtLeast({ ...remaining, segments }, firstBaseOffset(segments))
}

/** The largest timestamp of a record in the segment, or -1. */
function segmentTimestamp(segment: Segment): Milliseconds {
  let largest: Milliseconds | null = null
  for (const batch of segment.batches) {
    if (batch.records.length === 0) continue
    const timestamp = largestTimestamp(batch)
    if (largest === null || timestamp > largest) largest = timestamp
  }
  return largest ?? -1
}
