// A batch again with some of its records, for the cleaner. Works on bytes, so that headers and anything else that a
// client put into a record survive.
import type { Bytes, Milliseconds } from '../../model/vocabulary/units.ts'
import * as header from './batch.ts'
import { varintSize, writeVarint } from './bytes.ts'
import { writeHeader } from './codec.ts'
import { RecordCursor } from './record-cursor.ts'

/**
 * The batch at `at` with the records that start at the positions `kept` only. Offsets, epochs, the producer's stamp and
 * the timestamps stay; the base timestamp becomes the delete horizon, or the first record's timestamp without one.
 */
export function rewriteBatch(
  view: DataView,
  at: number,
  kept: readonly number[],
  deleteHorizon: Milliseconds | null,
): Uint8Array {
  const oldBase = header.baseTimestampOf(view, at)
  let baseTimestamp = deleteHorizon ?? -1
  let maxTimestamp: Milliseconds = -1
  let size: Bytes = header.headerBytes
  kept.forEach((start, index) => {
    const cursor = recordAt(view, start)
    const timestamp = oldBase + cursor.timestampDelta
    if (index === 0 && deleteHorizon === null) baseTimestamp = timestamp
    maxTimestamp = index === 0 ? timestamp : Math.max(maxTimestamp, timestamp)
    const body = bodySize(cursor, timestamp - baseTimestamp)
    size += varintSize(body) + body
  })

  const bytes = new Uint8Array(size)
  const target = header.viewOf(bytes)
  let position: number = header.headerBytes
  for (const start of kept) {
    const cursor = recordAt(view, start)
    const delta = oldBase + cursor.timestampDelta - baseTimestamp
    position = writeVarint(target, position, bodySize(cursor, delta))
    target.setUint8(position++, cursor.attributes)
    position = writeVarint(target, position, delta)
    const tail = new Uint8Array(view.buffer, view.byteOffset + cursor.tailStart, cursor.end - cursor.tailStart)
    bytes.set(tail, position)
    position += tail.length
  }
  const otherAttributes = header.attributesOf(view, at) & ~header.attribute.deleteHorizon
  writeHeader(bytes, target, {
    baseOffset: header.baseOffsetOf(view, at),
    lastOffset: header.lastOffsetOf(view, at),
    leaderEpoch: header.leaderEpochOf(view, at),
    attributes: deleteHorizon === null ? otherAttributes : otherAttributes | header.attribute.deleteHorizon,
    baseTimestamp,
    maxTimestamp,
    producerId: header.producerIdOf(view, at),
    producerEpoch: header.producerEpochOf(view, at),
    baseSequence: header.baseSequenceOf(view, at),
    recordCount: kept.length,
  })
  return bytes
}

function recordAt(view: DataView, start: number): RecordCursor {
  const cursor = new RecordCursor(view, start)
  cursor.next()
  return cursor
}

/** Attributes, the timestamp delta, and everything behind it. */
function bodySize(cursor: RecordCursor, timestampDelta: Milliseconds): Bytes {
  return 1 + varintSize(timestampDelta) + (cursor.end - cursor.tailStart)
}
