// Writing checked batches into a row of segments: the hot path. Each batch's header is read once, and one write carries
// as many batches as the segment takes.
import type { LogConfig } from '../../model/vocabulary/log.ts'
import type { Bytes } from '../../model/vocabulary/units.ts'
import type { Decompress } from '../ports/compression.ts'
import * as header from './batch.ts'
import type { LeaderEpochCache } from './leader-epoch-cache.ts'
import type { ProducerState } from './producer-state.ts'
import type { SegmentRow } from './segment-row.ts'

/** What a written batch leaves its mark on. */
export type WriteTarget = {
  readonly segments: SegmentRow
  readonly epochs: LeaderEpochCache
  readonly producers: ProducerState
  config: LogConfig
  readonly decompress: Decompress
  /** Begins a new active segment. */
  readonly roll: () => void
}

/** Writes all batches of `bytes`; false when the disk took less, in which case the batches that it took whole count. */
export function writeBatches(target: WriteTarget, bytes: Uint8Array, view: DataView): boolean {
  for (let from = 0; from < bytes.length; ) {
    const to = endOfFitting(view, from, bytes.length, target.segments.active.size, target.config.segmentBytes)
    if (to === from) target.roll()
    else if (!writeIntoActive(target, bytes, view, from, to)) return false
    from = to
  }
  return true
}

/** How far the batches from `from` on fit into a segment that has `size` bytes. An empty segment takes any first one. */
function endOfFitting(view: DataView, from: number, end: number, size: Bytes, segmentBytes: Bytes): number {
  let to = from
  let total = size
  while (to < end) {
    const batch = header.sizeOf(view, to)
    if (total > 0 && total + batch > segmentBytes) break
    total += batch
    to += batch
  }
  return to
}

function writeIntoActive(target: WriteTarget, bytes: Uint8Array, view: DataView, from: number, to: number): boolean {
  const { epochs, producers } = target
  const segment = target.segments.active
  const end = from + segment.append(from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to))
  for (let at = from; at < end; ) {
    const size = header.sizeOf(view, at)
    if (at + size > end) break
    segment.note(view, at, size)
    const epoch = header.leaderEpochOf(view, at)
    if (epoch !== epochs.newest) epochs.assign(epoch, header.baseOffsetOf(view, at))
    producers.note(view, at)
    at += size
  }
  return end === to
}
