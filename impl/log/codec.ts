// Record batches v2 between bytes and the values of the vocabulary. Used at the edges and by the cleaner's tests; the
// paths of appending and reading never decode.
import type { Batch, LogRecord, PlainRecord, ProducerStamp, UnplacedBatch } from '../../model/vocabulary/records.ts'
import type { Bytes, LeaderEpoch, Milliseconds, Offset } from '../../model/vocabulary/units.ts'
import * as header from './batch.ts'
import { varintSize, writeInt64, writeVarint } from './bytes.ts'
import { RecordCursor, readText } from './record-cursor.ts'

/** Makes a zeroed array. Whoever encodes many small batches cuts them from a larger one. */
export type Allocate = (size: Bytes) => Uint8Array

const separately: Allocate = size => new Uint8Array(size)

/** The bytes of a batch without an offset: base offset 0, leader epoch -1, records numbered from 0. */
export function encodeUnplacedBatch(batch: UnplacedBatch, allocate: Allocate = separately): Uint8Array {
  return encode(batch, 0, batch.records.length - 1, -1, null, batch.records, allocate)
}

/** The bytes of a batch as it stands in a log. A batch that is marked corrupt gets bytes that fail their checksum. */
export function encodeBatch(batch: Batch, allocate: Allocate = separately): Uint8Array {
  const { baseOffset, lastOffset, leaderEpoch, deleteHorizon, records } = batch
  const bytes = encode(batch, baseOffset, lastOffset, leaderEpoch, deleteHorizon, records, allocate)
  if (batch.corrupt) bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1
  return bytes
}

/** The batch whose first byte is at `at`, which must lie whole in `bytes`; `view` views `bytes`. */
export function decodeBatch(bytes: Uint8Array, view: DataView = header.viewOf(bytes), at = 0): Batch {
  const corrupt = !header.isSound(bytes, view, at, header.sizeOf(view, at))
  return {
    baseOffset: header.baseOffsetOf(view, at),
    lastOffset: header.lastOffsetOf(view, at),
    leaderEpoch: header.leaderEpochOf(view, at),
    producerId: header.producerIdOf(view, at),
    producerEpoch: header.producerEpochOf(view, at),
    baseSequence: header.baseSequenceOf(view, at),
    deleteHorizon: header.deleteHorizonOf(view, at),
    corrupt,
    records: corrupt ? [] : decodeRecords(view, at),
  }
}

/** All batches of `bytes`, which must be whole. */
export function decodeBatches(bytes: Uint8Array): readonly Batch[] {
  const view = header.viewOf(bytes)
  const batches: Batch[] = []
  for (let at = 0; at < bytes.length; at += header.sizeOf(view, at)) batches.push(decodeBatch(bytes, view, at))
  return batches
}

function decodeRecords(view: DataView, at: number): readonly LogRecord[] {
  const baseOffset = header.baseOffsetOf(view, at)
  const baseTimestamp = header.baseTimestampOf(view, at)
  const records: LogRecord[] = []
  const cursor = new RecordCursor(view, at + header.headerBytes)
  for (let left = header.recordCountOf(view, at); left > 0; left--) {
    cursor.next()
    records.push({
      offset: baseOffset + cursor.offsetDelta,
      key: cursor.keyLength < 0 ? null : readText(view, cursor.keyStart, cursor.keyLength),
      value: cursor.valueLength < 0 ? null : readText(view, cursor.valueStart, cursor.valueLength),
      timestamp: baseTimestamp + cursor.timestampDelta,
    })
  }
  return records
}

/** A record whose offset, when it has none yet, is its place in the batch. */
type AnyRecord = PlainRecord & { readonly offset?: Offset }

function encode(
  producer: ProducerStamp,
  baseOffset: Offset,
  lastOffset: Offset,
  leaderEpoch: LeaderEpoch,
  deleteHorizon: Milliseconds | null,
  records: readonly AnyRecord[],
  allocate: Allocate,
): Uint8Array {
  const baseTimestamp = deleteHorizon ?? records[0]?.timestamp ?? -1
  let maxTimestamp = records[0]?.timestamp ?? -1
  let size: Bytes = header.headerBytes
  records.forEach((record, index) => {
    const body = bodySize(record, index, baseOffset, baseTimestamp)
    size += varintSize(body) + body
    if (record.timestamp > maxTimestamp) maxTimestamp = record.timestamp
  })

  const bytes = allocate(size)
  const view = header.viewOf(bytes)
  let at: number = header.headerBytes
  records.forEach((record, index) => {
    at = writeVarint(view, at, bodySize(record, index, baseOffset, baseTimestamp))
    at++ // Record attributes are always 0.
    at = writeVarint(view, at, record.timestamp - baseTimestamp)
    at = writeVarint(view, at, offsetDelta(record, index, baseOffset))
    at = writeText(view, at, record.key)
    at = writeText(view, at, record.value)
    at++ // No headers.
  })
  writeHeader(bytes, view, {
    baseOffset,
    lastOffset,
    leaderEpoch,
    attributes: deleteHorizon === null ? 0 : header.attribute.deleteHorizon,
    baseTimestamp,
    maxTimestamp,
    producerId: producer.producerId,
    producerEpoch: producer.producerEpoch,
    baseSequence: producer.baseSequence,
    recordCount: records.length,
  })
  return bytes
}

/** What the header of a batch says apart from its length and checksum. */
export type HeaderFields = ProducerStamp & {
  readonly baseOffset: Offset
  readonly lastOffset: Offset
  readonly leaderEpoch: LeaderEpoch
  readonly attributes: number
  readonly baseTimestamp: Milliseconds
  readonly maxTimestamp: Milliseconds
  readonly recordCount: number
}

/** Fills in the header of a batch whose records are in place and fill `bytes` to the end. */
export function writeHeader(bytes: Uint8Array, view: DataView, fields: HeaderFields): void {
  const { field } = header
  writeInt64(view, field.baseOffset, fields.baseOffset)
  view.setInt32(field.length, bytes.length - header.lengthEnd)
  view.setInt32(field.leaderEpoch, fields.leaderEpoch)
  view.setInt8(field.magic, header.magicV2)
  view.setInt16(field.attributes, fields.attributes)
  view.setInt32(field.lastOffsetDelta, fields.lastOffset - fields.baseOffset)
  writeInt64(view, field.baseTimestamp, fields.baseTimestamp)
  writeInt64(view, field.maxTimestamp, fields.maxTimestamp)
  writeInt64(view, field.producerId, fields.producerId)
  view.setInt16(field.producerEpoch, fields.producerEpoch)
  view.setInt32(field.baseSequence, fields.baseSequence)
  view.setInt32(field.recordCount, fields.recordCount)
  view.setUint32(field.checksum, header.checksumOf(bytes, 0, bytes.length))
}

function bodySize(record: AnyRecord, index: number, baseOffset: Offset, baseTimestamp: Milliseconds): Bytes {
  const numbers = varintSize(record.timestamp - baseTimestamp) + varintSize(offsetDelta(record, index, baseOffset))
  return 1 + numbers + textSize(record.key) + textSize(record.value) + 1
}

function offsetDelta(record: AnyRecord, index: number, baseOffset: Offset): number {
  return record.offset === undefined ? index : record.offset - baseOffset
}

function textSize(text: string | null): Bytes {
  return text === null ? 1 : varintSize(text.length) + text.length
}

function writeText(view: DataView, at: number, text: string | null): number {
  if (text === null) return writeVarint(view, at, -1)
  const start = writeVarint(view, at, text.length)
  for (let index = 0; index < text.length; index++) view.setUint8(start + index, text.charCodeAt(index))
  return start + text.length
}
