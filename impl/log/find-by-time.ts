// The first record at or after a timestamp (`ListOffsets`, KIP-79); docs/protocol/log.md §13.
import type { Milliseconds, Offset } from '../../model/vocabulary/units.ts'
import type { Decompress } from '../ports/compression.ts'
import * as header from './batch.ts'
import { plainBatch } from './plain-batch.ts'
import { RecordCursor } from './record-cursor.ts'
import type { Segment } from './segment.ts'
import type { WalkStep } from './walk.ts'

/** What was found: a record, nothing, or a batch that had to be read and is corrupt. */
export type FoundByTime = { readonly offset: Offset; readonly timestamp: Milliseconds } | null | 'CORRUPT_MESSAGE'

/** Searches the records in `[startOffset, endOffset)` for the first, in offset order, at or after `timestamp`. */
export function findByTime(
  segments: readonly Segment[],
  timestamp: Milliseconds,
  startOffset: Offset,
  endOffset: Offset,
  decompress: Decompress,
): FoundByTime {
  let found: FoundByTime = null
  const visit = (step: WalkStep): boolean => {
    const { view, at } = step
    if (header.baseOffsetOf(view, at) >= endOffset) return false
    if (header.lastOffsetOf(view, at) < startOffset) return true
    if (header.maxTimestampOf(view, at) < timestamp) return true
    found = searchBatch(step, timestamp, startOffset, endOffset, decompress)
    return found === null
  }
  for (const segment of segments) {
    if (segment.baseOffset >= endOffset) break
    if (segment.nextOffset <= startOffset || segment.largestTimestamp < timestamp) continue
    segment.eachBatch(visit, segment.positionOfTimestamp(timestamp))
    if (found !== null) break
  }
  return found
}

function searchBatch(
  step: WalkStep,
  timestamp: Milliseconds,
  startOffset: Offset,
  endOffset: Offset,
  decompress: Decompress,
): FoundByTime {
  if (!header.isSound(step.bytes, step.view, step.at, step.size)) return 'CORRUPT_MESSAGE'
  const plain = plainBatch(step.bytes, step.view, step.at, step.size, decompress)
  if (plain === null) return 'CORRUPT_MESSAGE'
  const { view, at } = plain
  const baseOffset = header.baseOffsetOf(view, at)
  const baseTimestamp = header.baseTimestampOf(view, at)
  const cursor = new RecordCursor(view, at + header.headerBytes)
  for (let left = header.recordCountOf(view, at); left > 0; left--) {
    cursor.next()
    const offset = baseOffset + cursor.offsetDelta
    if (offset >= endOffset) return null
    const recordTimestamp = baseTimestamp + cursor.timestampDelta
    if (offset >= startOffset && recordTimestamp >= timestamp) return { offset, timestamp: recordTimestamp }
  }
  return null
}
