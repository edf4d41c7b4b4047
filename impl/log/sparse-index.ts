// The offset index and the time index of one segment, in one: every `indexIntervalBytes` or so an entry says where a
// batch stands, what offset it begins with, and the largest timestamp of everything before it. Both of Kafka's indexes
// gain their entries at the same moments, so that one set of positions serves both questions.
//
// The file is written behind, never synced, and believed only when its checksum and the segment's size match: an index
// can always be had again from the segment.
import type { Bytes, Milliseconds, Offset } from '../../model/vocabulary/units.ts'
import { viewOf } from './batch.ts'
import { crc32c } from './crc32c.ts'

const formatVersion = 1
const fileHeaderBytes = 16
const entryBytes = 24

/** Where to start looking in a segment. */
export type IndexEntry = { readonly position: Bytes; readonly offset: Offset; readonly largestBefore: Milliseconds }

/** Parallel arrays of numbers: a segment of a gigabyte has a quarter of a million entries. */
export class SparseIndex {
  readonly #intervalBytes: Bytes
  readonly #positions: number[] = []
  readonly #offsets: number[] = []
  readonly #largestBefore: number[] = []
  #lastPosition: Bytes = 0

  /** An empty index. */
  constructor(intervalBytes: Bytes) {
    this.#intervalBytes = intervalBytes
  }

  /** Number of entries. */
  get length(): number {
    return this.#positions.length
  }

  /** Tells of a batch that was added at `position`; keeps an entry when enough bytes passed since the last one. */
  note(position: Bytes, offset: Offset, largestBefore: Milliseconds): void {
    if (position - this.#lastPosition <= this.#intervalBytes) return
    this.#positions.push(position)
    this.#offsets.push(offset)
    this.#largestBefore.push(largestBefore)
    this.#lastPosition = position
  }

  /** The last entry whose batch begins at or below `offset`, or null for the segment's beginning. */
  floorOfOffset(offset: Offset): IndexEntry | null {
    return this.#at(firstAbove(this.#offsets, offset) - 1)
  }

  /** The last entry at or below `position`, or null for the segment's beginning. */
  floorOfPosition(position: Bytes): IndexEntry | null {
    return this.#at(firstAbove(this.#positions, position) - 1)
  }

  /** The last entry before which every timestamp is below `timestamp`, or null for the segment's beginning. */
  floorOfTimestamp(timestamp: Milliseconds): IndexEntry | null {
    return this.#at(firstAtOrAbove(this.#largestBefore, timestamp) - 1)
  }

  /** A position at or behind the end of all batches with `baseOffset < offset`; null when no entry tells. */
  ceilingOfOffset(offset: Offset): Bytes | null {
    return this.#positions[firstAtOrAbove(this.#offsets, offset)] ?? null
  }

  /** Drops the entries at or behind `position`. */
  truncate(position: Bytes): void {
    const kept = firstAtOrAbove(this.#positions, position)
    this.#positions.length = kept
    this.#offsets.length = kept
    this.#largestBefore.length = kept
    this.#lastPosition = this.#positions[kept - 1] ?? 0
  }

  /** The file's bytes, for a segment that has `segmentSize` bytes and will not change. */
  encode(segmentSize: Bytes): Uint8Array {
    const bytes = new Uint8Array(fileHeaderBytes + this.length * entryBytes)
    const view = viewOf(bytes)
    view.setUint32(4, formatVersion)
    view.setFloat64(8, segmentSize)
    for (let i = 0; i < this.length; i++) {
      const at = fileHeaderBytes + i * entryBytes
      view.setFloat64(at, this.#positions[i] ?? 0)
      view.setFloat64(at + 8, this.#offsets[i] ?? 0)
      view.setFloat64(at + 16, this.#largestBefore[i] ?? 0)
    }
    view.setUint32(0, crc32c(bytes, 4))
    return bytes
  }

  /** Takes over the entries of a file; answers false, and stays as it is, when the file is torn, foreign or stale. */
  decode(bytes: Uint8Array, segmentSize: Bytes): boolean {
    if (bytes.length < fileHeaderBytes || (bytes.length - fileHeaderBytes) % entryBytes !== 0) return false
    const view = viewOf(bytes)
    if (view.getUint32(0) !== crc32c(bytes, 4)) return false
    if (view.getUint32(4) !== formatVersion || view.getFloat64(8) !== segmentSize) return false
    for (let at = fileHeaderBytes; at < bytes.length; at += entryBytes) {
      this.#positions.push(view.getFloat64(at))
      this.#offsets.push(view.getFloat64(at + 8))
      this.#largestBefore.push(view.getFloat64(at + 16))
    }
    this.#lastPosition = this.#positions.at(-1) ?? 0
    return true
  }

  #at(i: number): IndexEntry | null {
    const position = this.#positions[i]
    const offset = this.#offsets[i]
    const largestBefore = this.#largestBefore[i]
    if (position === undefined || offset === undefined || largestBefore === undefined) return null
    return { position, offset, largestBefore }
  }
}

/** Index of the first element above `value`; the length if there is none. */
function firstAbove(sorted: readonly number[], value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? 0) > value) high = middle
    else low = middle + 1
  }
  return low
}

/** Index of the first element at or above `value`; the length if there is none. */
function firstAtOrAbove(sorted: readonly number[], value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? 0) >= value) high = middle
    else low = middle + 1
  }
  return low
}
