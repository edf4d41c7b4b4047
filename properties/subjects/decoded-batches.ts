// The batches of a log as values, each decoded once: what is observed comes from the stored bytes, and what did not change
// stays the same object.
import { headerBytes, sizeOf, viewOf } from '../../impl/log/batch.ts'
import { decodeBatch } from '../../impl/log/codec.ts'
import type { Segment } from '../../impl/log/segment.ts'
import type { Batch } from '../../model/vocabulary/records.ts'
import type { Bytes } from '../../model/vocabulary/units.ts'

type Decoded = {
  readonly segment: Segment
  readonly generation: number
  readonly size: Bytes
  readonly batches: readonly Batch[]
}

/** What was decoded of one log. A segment that only grew is read from where it grew; any other is read again. */
export class DecodedBatches {
  #segments: readonly Decoded[] = []
  #batches: readonly Batch[] = []

  /** The batches of all segments; the same array while nothing changed. */
  of(segments: readonly Segment[]): readonly Batch[] {
    const before = this.#segments
    const isSame = (segment: Segment, index: number): boolean => {
      const known = before[index]
      return known?.segment === segment && known.size === segment.size && known.generation === segment.generation
    }
    if (segments.length === before.length && segments.every(isSame)) return this.#batches
    this.#segments = segments.map(segment =>
      decode(
        before.find(known => known.segment === segment),
        segment,
      ),
    )
    this.#batches = this.#segments.flatMap(({ batches }) => batches)
    return this.#batches
  }
}

function decode(known: Decoded | undefined, segment: Segment): Decoded {
  const { generation, size } = segment
  const isUsable = known !== undefined && known.generation === generation && known.size <= size
  if (isUsable && known.size === size) return known
  const from = isUsable ? known.size : 0
  const bytes = segment.readRange(from, size - from)
  const view = viewOf(bytes)
  const batches = isUsable ? known.batches.slice() : []
  for (let at = 0; at + headerBytes <= bytes.length; at += sizeOf(view, at)) batches.push(decodeBatch(bytes, view, at))
  return { segment, generation, size, batches }
}
