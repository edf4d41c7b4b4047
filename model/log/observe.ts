// What is compared of a log after every operation.
import type { LogObservation } from '../vocabulary/log.ts'
import type { Batch } from '../vocabulary/records.ts'
import { shownBatch } from './read.ts'
import { type LogState, logEndOffset } from './state.ts'

/** The log as anyone may see it; `batches` lists all that is stored, also below the log start. */
export function observeLog(log: LogState): LogObservation {
  const batches: Batch[] = []
  for (const segment of log.segments) for (const batch of segment.batches) batches.push(shownBatch(batch))
  return {
    logStartOffset: log.logStartOffset,
    logEndOffset: logEndOffset(log),
    highWatermark: log.highWatermark,
    recoveryPoint: log.recoveryPoint,
    firstDirtyOffset: log.firstDirtyOffset,
    segments: log.segments.map(({ baseOffset, sizeBytes }) => ({ baseOffset, sizeBytes })),
    epochs: log.epochs,
    producers: log.producers,
    batches,
    offline: log.offline,
  }
}
