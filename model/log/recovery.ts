// Stopping and starting: a crash and the recovery after it, and a clean close (Kafka's LogLoader, LogSegment.recover,
// UnifiedLog.close). Epoch cache, producer snapshots, checkpoints and segment swaps are written atomically, and survive.

import { unreachable } from '../unreachable.ts'
import type { CrashDamage } from '../vocabulary/log.ts'
import type { Batch } from '../vocabulary/records.ts'
import type { Bytes, Offset } from '../vocabulary/units.ts'
import { epochsAtOpening } from './epochs.ts'
import { withSavedCheckpoints } from './offsets.ts'
import { producersAtEnd, unlessSameProducers } from './producers.ts'
import { batchesSize, batchSize } from './size.ts'
import {
  type Done,
  done,
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
import { emptiedAt } from './truncate.ts'

/**
 * Who: a broker whose process or machine dies and comes back.
 * When: always, also for an offline log, which is online again afterwards.
 * Then: of what was not synced the damage decides; of the active segment what stands before its first corrupt batch is
 * kept; everything else follows from that and from the checkpoints. What was kept is synced.
 * Source: `LogLoader.load`, `LogLoader.recoverLog`, `LogSegment.recover`.
 */
export function crashLog(log: LogState, damage: CrashDamage): LogStep<Done> {
  const segments = withSoundActiveSegment(survivingSegments(log, damage))
  const active = segments[segments.length - 1]
  const endOffset = endOfSegments(segments)
  const logStartOffset = Math.max(log.savedLogStartOffset, firstBaseOffset(segments))
  if (logStartOffset > endOffset) {
    // The start was made durable and the records up to it were not: nothing that is left may be read
    // (`LogLoader.deleteSegmentsIfLogStartGreaterThanLogEnd`).
    const emptied = emptiedAt(log, logStartOffset)
    return done(emptied.offline ? { ...emptied, offline: false } : emptied)
  }
  return done(
    unlessSame(log, {
      ...log,
      segments,
      logStartOffset,
      highWatermark: Math.max(logStartOffset, Math.min(log.savedHighWatermark, endOffset)),
      recoveryPoint: endOffset,
      firstDirtyOffset: Math.min(log.firstDirtyOffset, endOffset),
      epochs: epochsAtOpening(log.epochs, segments, active?.batches ?? [], logStartOffset, true),
      producers: unlessSameProducers(log.producers, producersAtEnd(active)),
      pendingFlush: null,
      offline: false,
    }),
  )
}

/**
 * Who: a broker that shuts down in order and starts again.
 * Then: everything is synced and checkpointed, and the log opens without a scan: also a corrupt batch stays. Opening
 * forgets epochs that have no record, and remembers of producers what their stored batches and the snapshots tell.
 * Source: `UnifiedLog.close`, `LogLoader.load` after a clean shutdown.
 */
export function closeLog(log: LogState): LogStep<Done | Refused> {
  if (log.offline) return refused(log, 'KAFKA_STORAGE_ERROR')
  const endOffset = logEndOffset(log)
  return done(
    unlessSame(log, {
      ...withSavedCheckpoints(log),
      recoveryPoint: endOffset,
      epochs: epochsAtOpening(log.epochs, log.segments, [], log.logStartOffset, false),
      producers: unlessSameProducers(log.producers, producersAtEnd(log.segments[log.segments.length - 1])),
      pendingFlush: null,
    }),
  )
}

/** The segments with what the damage left of the bytes at or above the recovery point: complete batches only. */
function survivingSegments(log: LogState, damage: CrashDamage): readonly Segment[] {
  let bytesLeft = unsyncedBytesKept(damage)
  const segments = log.segments.map(segment =>
    withBatches(segment, batch => {
      if (batch.baseOffset < log.recoveryPoint) return true
      bytesLeft -= batchSize(batch)
      return bytesLeft >= 0
    }),
  )
  return bytesLeft >= 0 ? log.segments : segments
}

function unsyncedBytesKept(damage: CrashDamage): Bytes {
  switch (damage.kind) {
    case 'kept':
      return Number.POSITIVE_INFINITY
    case 'lost':
      return 0
    case 'torn':
      return damage.bytes
    default:
      return unreachable(damage)
  }
}

/** Recovery reads the active segment from its beginning, synced or not, and cuts it at the first batch that fails its checksum. */
function withSoundActiveSegment(segments: readonly Segment[]): readonly Segment[] {
  const active = segments[segments.length - 1]
  const firstCorrupt = active?.batches.find(batch => batch.corrupt)
  if (active === undefined || firstCorrupt === undefined) return segments
  const end: Offset = firstCorrupt.baseOffset
  return segments.slice(0, -1).concat(withBatches(active, batch => batch.baseOffset < end))
}

function withBatches(segment: Segment, isKept: (batch: Batch) => boolean): Segment {
  const batches = segment.batches.filter(isKept)
  return batches.length === segment.batches.length ? segment : { ...segment, batches, sizeBytes: batchesSize(batches) }
}
