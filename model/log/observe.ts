// What is compared of a log after every operation.

import { remembered } from '../memo.ts'
import type { LogObservation } from '../vocabulary/log.ts'
import type { Batch } from '../vocabulary/records.ts'
import { shownBatch } from './read.ts'
import { type LogState, logEndOffset, type Segment } from './state.ts'

/** The log as anyone may see it; `batches` lists all that is stored, also below the log start. */
export function observeLog(log: LogState): LogObservation {
  const { segments, batches } = shownSegments(log.segments)
  return {
    logStartOffset: log.logStartOffset,
    logEndOffset: logEndOffset(log),
    highWatermark: log.highWatermark,
    recoveryPoint: log.recoveryPoint,
    firstDirtyOffset: log.firstDirtyOffset,
    segments,
    epochs: log.epochs,
    producers: log.producers,
    batches,
    offline: log.offline,
  }
}

const shownSegments = remembered((segments: readonly Segment[]): Pick<LogObservation, 'segments' | 'batches'> => {
  const batches: Batch[] = []
  for (const segment of segments) for (const batch of segment.batches) batches.push(shownBatch(batch))
  return { segments: segments.map(({ baseOffset, sizeBytes }) => ({ baseOffset, sizeBytes })), batches }
})
