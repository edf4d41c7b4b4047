// Reading batches from an offset on (Kafka's UnifiedLog.read and LogSegment.read). Leaves out isolation: whoever reads
// says where to stop, at the high watermark for a consumer, at the log's end for a follower.
import type { LogOutcome } from '../vocabulary/log.ts'
import type { Batch } from '../vocabulary/records.ts'
import type { Bytes, Offset } from '../vocabulary/units.ts'
import { batchSize } from './size.ts'
import { type LogState, type LogStep, logEndOffset, type Refused, refused, type Segment } from './state.ts'

/**
 * Who: a consumer or a follower.
 * When: `offset` lies within the log, its end included; otherwise OFFSET_OUT_OF_RANGE.
 * Then: whole batches that end at or above `offset` and below `endOffset`, from the first segment that has one: the first
 * always, the next while all fit in `bytesMax`. A read never crosses a segment, and never checks a checksum.
 * Source: `LogSegment.read`, KIP-74 for the first batch.
 */
export function readBatches(
  log: LogState,
  offset: Offset,
  endOffset: Offset,
  bytesMax: Bytes,
): LogStep<Extract<LogOutcome, { kind: 'batches' }> | Refused> {
  if (log.offline) return refused(log, 'KAFKA_STORAGE_ERROR')
  const logEnd = logEndOffset(log)
  if (offset < log.logStartOffset || offset > logEnd) return refused(log, 'OFFSET_OUT_OF_RANGE')
  const limit = Math.min(endOffset, logEnd)
  for (const segment of log.segments) {
    const batches = readSegment(segment, offset, limit, bytesMax)
    if (batches.length > 0) return { log, outcome: { kind: 'batches', batches } }
  }
  return { log, outcome: { kind: 'batches', batches: [] } }
}

/** A batch as readers and observers see it: nobody can tell what the records of a corrupt one were. */
export function shownBatch(batch: Batch): Batch {
  return batch.corrupt && batch.records.length > 0 ? { ...batch, records: [] } : batch
}

function readSegment(segment: Segment, offset: Offset, limit: Offset, bytesMax: Bytes): readonly Batch[] {
  const batches: Batch[] = []
  let size = 0
  for (const batch of segment.batches) {
    if (batch.lastOffset < offset) continue
    if (batch.lastOffset >= limit) break
    size += batchSize(batch)
    if (batches.length > 0 && size > bytesMax) break
    batches.push(shownBatch(batch))
  }
  return batches
}
