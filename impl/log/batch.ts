// The header of a record batch v2, read and stamped in place. Follows `DefaultRecordBatch`.
//
// Every function takes a view and the position `at` of a batch in it, so that walking a megabyte of batches allocates
// nothing. Base offset, length, leader epoch and magic stand before the checksum and are not covered by it: that is why
// a broker can place a batch without summing it again.
import type {
  Bytes,
  LeaderEpoch,
  Milliseconds,
  Offset,
  ProducerEpoch,
  ProducerId,
  Sequence,
} from '../../model/vocabulary/units.ts'
import { readInt64, writeInt64 } from './bytes.ts'
import { crc32c } from './crc32c.ts'

/** Bytes of a batch before its first record. */
export const headerBytes: Bytes = 61
/** Bytes up to and including the length field: what the length does not count. */
export const lengthEnd: Bytes = 12
/** The only magic there is here. */
export const magicV2 = 2
/** Where each field stands. */
export const field = {
  baseOffset: 0,
  length: 8,
  leaderEpoch: 12,
  magic: 16,
  checksum: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  recordCount: 57,
} as const
/** Bits of the attributes: compression is the lowest three, bit 4 a transaction's batch, bit 5 a control batch, bit 6 says that the base timestamp is the delete horizon. */
export const attribute = { compression: 0x07, transactional: 0x10, control: 0x20, deleteHorizon: 0x40 } as const

const sequenceMax = 0x7fff_ffff

/** A view of exactly the given bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Size of the batch at `at` when it lies whole before `end`, else 0 (also when its length is nonsense). */
export function wholeBatchSize(view: DataView, at: number, end: number): Bytes {
  if (at + headerBytes > end) return 0
  const size = lengthEnd + view.getInt32(at + field.length)
  return size < headerBytes || at + size > end ? 0 : size
}

/** Size of the batch, its header included. */
export function sizeOf(view: DataView, at: number): Bytes {
  return lengthEnd + view.getInt32(at + field.length)
}

/** First offset that the batch covers. */
export function baseOffsetOf(view: DataView, at: number): Offset {
  return readInt64(view, at)
}

/** Last offset that the batch covers, inclusive. */
export function lastOffsetOf(view: DataView, at: number): Offset {
  return readInt64(view, at) + view.getInt32(at + field.lastOffsetDelta)
}

/** Epoch of the leader that placed the batch. */
export function leaderEpochOf(view: DataView, at: number): LeaderEpoch {
  return view.getInt32(at + field.leaderEpoch)
}

/** What timestamp deltas count from. */
export function baseTimestampOf(view: DataView, at: number): Milliseconds {
  return readInt64(view, at + field.baseTimestamp)
}

/** Largest timestamp of its records; -1 without records. */
export function maxTimestampOf(view: DataView, at: number): Milliseconds {
  return readInt64(view, at + field.maxTimestamp)
}

/** The delete horizon, or null before the first compaction that met a tombstone (KIP-534). */
export function deleteHorizonOf(view: DataView, at: number): Milliseconds | null {
  return attributesOf(view, at) & attribute.deleteHorizon ? baseTimestampOf(view, at) : null
}

/** The attribute bits. */
export function attributesOf(view: DataView, at: number): number {
  return view.getInt16(at + field.attributes)
}

/** The producer's id; -1 without idempotence. */
export function producerIdOf(view: DataView, at: number): ProducerId {
  return readInt64(view, at + field.producerId)
}

/** The producer's epoch; -1 without idempotence. */
export function producerEpochOf(view: DataView, at: number): ProducerEpoch {
  return view.getInt16(at + field.producerEpoch)
}

/** Sequence of the first record; -1 without idempotence. */
export function baseSequenceOf(view: DataView, at: number): Sequence {
  return view.getInt32(at + field.baseSequence)
}

/** Sequence of the last record, removed ones counted: 0 follows 2^31-1. */
export function lastSequenceOf(view: DataView, at: number): Sequence {
  return sequenceAfter(baseSequenceOf(view, at), view.getInt32(at + field.lastOffsetDelta))
}

/** The sequence `count` steps later. */
export function sequenceAfter(sequence: Sequence, count: number): Sequence {
  return sequence > sequenceMax - count ? sequence + count - sequenceMax - 1 : sequence + count
}

/** Number of records that are still in the batch. */
export function recordCountOf(view: DataView, at: number): number {
  return view.getInt32(at + field.recordCount)
}

/** The checksum that the bytes of a whole batch should have, over everything from the attributes on. */
export function checksumOf(bytes: Uint8Array, at: number, size: Bytes): number {
  return crc32c(bytes, at + field.attributes, at + size)
}

/** Whether a whole batch has the magic of v2 and matches its checksum. `view` views `bytes`. */
export function isSound(bytes: Uint8Array, view: DataView, at: number, size: Bytes): boolean {
  return (
    view.getInt8(at + field.magic) === magicV2 && view.getUint32(at + field.checksum) === checksumOf(bytes, at, size)
  )
}

/** Places a batch: the two fields that the broker decides, in place. */
export function stamp(view: DataView, at: number, baseOffset: Offset, leaderEpoch: LeaderEpoch): void {
  writeInt64(view, at, baseOffset)
  view.setInt32(at + field.leaderEpoch, leaderEpoch)
}
