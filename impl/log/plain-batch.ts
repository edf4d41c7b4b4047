// A batch whose records can be stepped through. Batches are stored as their producers made them, and nobody has looked
// into them; whoever does (the cleaner, a search by time, a topic that must have keys) comes here first.
import type { Bytes } from '../../model/vocabulary/units.ts'
import type { Decompress } from '../ports/compression.ts'
import * as header from './batch.ts'

/** A producer may not make us hold more than this for one batch. */
const plainBytesMax: Bytes = 134_217_728
/** Length, attributes, timestamp delta, offset delta, key length, value length, number of headers: a byte each. */
const recordBytesMin = 7

/** Bytes that hold a batch at `at`, uncompressed, all of whose records lie within it. */
export type PlainBatch = {
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly at: number
  readonly size: Bytes
}

/** Whether the batch at `at` is compressed. */
export function isCompressed(view: DataView, at: number): boolean {
  return (header.attributesOf(view, at) & header.attribute.compression) !== 0
}

/**
 * The batch at `at`, itself where it is not compressed; null when its records are not what its header says. A batch that
 * was decompressed has its own bytes, the same offsets and stamps, and a checksum that fits.
 */
export function plainBatch(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  size: Bytes,
  decompress: Decompress,
): PlainBatch | null {
  if (!isCompressed(view, at)) {
    return areWhole(view, at, view, at + header.headerBytes, at + size) ? { bytes, view, at, size } : null
  }
  const codec = header.attributesOf(view, at) & header.attribute.compression
  const records = decompress(codec, bytes.subarray(at + header.headerBytes, at + size), plainBytesMax)
  // A few bytes can become a hundred million: they are looked at before anything more is done with them.
  if (records === null || !areWhole(view, at, header.viewOf(records), 0, records.length)) return null
  return withRecords(bytes.subarray(at, at + header.headerBytes), records)
}

function withRecords(head: Uint8Array, records: Uint8Array): PlainBatch {
  const bytes = new Uint8Array(header.headerBytes + records.length)
  bytes.set(head)
  bytes.set(records, header.headerBytes)
  const view = header.viewOf(bytes)
  view.setInt32(header.field.length, bytes.length - header.lengthEnd)
  view.setInt16(header.field.attributes, header.attributesOf(view, 0) & ~header.attribute.compression)
  view.setUint32(header.field.checksum, header.checksumOf(bytes, 0, bytes.length))
  return { bytes, view, at: 0, size: bytes.length }
}

/**
 * Whether the records between `from` and `end` of `records`, as many as the header at `at` of `view` says, follow each
 * other up to the end, with rising offsets.
 */
function areWhole(view: DataView, at: number, records: DataView, from: number, end: number): boolean {
  const count = header.recordCountOf(view, at)
  if (count < 0 || count * recordBytesMin > end - from) return false
  const lastDelta = header.lastOffsetOf(view, at) - header.baseOffsetOf(view, at)
  const reader = new VarintReader(records, from, end)
  let offsetDelta = -1
  for (let left = count; left > 0; left--) {
    const length = reader.next()
    const recordEnd = reader.at + length
    if (reader.failed || length < recordBytesMin - 1 || recordEnd > end) return false
    reader.at++
    reader.next()
    const delta = reader.next()
    if (delta <= offsetDelta || delta > lastDelta) return false
    offsetDelta = delta
    for (let parts = 2; parts > 0; parts--) {
      const partLength = reader.next()
      if (reader.failed || partLength < -1 || partLength > recordEnd - reader.at) return false
      if (partLength > 0) reader.at += partLength
    }
    if (reader.failed || reader.at >= recordEnd) return false
    reader.at = recordEnd
  }
  return reader.at === end
}

/** Zigzag varints that stay below `end`; `failed` once one did not. */
class VarintReader {
  at: number
  failed = false
  readonly #view: DataView
  readonly #end: number

  constructor(view: DataView, at: number, end: number) {
    this.#view = view
    this.at = at
    this.#end = end
  }

  next(): number {
    let value = 0
    let scale = 1
    for (let count = 0; count < 10 && this.at < this.#end; count++) {
      const byte = this.#view.getUint8(this.at++)
      value += (byte & 127) * scale
      scale *= 128
      if (byte < 128) return value % 2 === 0 ? value / 2 : -(value + 1) / 2
    }
    this.failed = true
    return -2
  }
}
