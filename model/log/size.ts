// How many bytes a batch takes on disk: Kafka's message format v2 (DefaultRecordBatch, DefaultRecord).
// Sizes decide rolls, retention, reads and torn tails, so both sides must agree on every byte.
import type { Batch, LogRecord } from '../vocabulary/records.ts'
import type { Bytes, Milliseconds, Offset } from '../vocabulary/units.ts'

/** Bytes of a batch before its first record (DefaultRecordBatch.RECORD_BATCH_OVERHEAD). */
export const batchOverheadBytes: Bytes = 61

/** The stored size of a batch. One record "k" = "v" at the batch's base takes 61 + 9 = 70 bytes. */
export function batchSize(batch: Pick<Batch, 'baseOffset' | 'deleteHorizon' | 'records'>): Bytes {
  const baseTimestamp = batch.deleteHorizon ?? batch.records[0]?.timestamp ?? 0
  let size = batchOverheadBytes
  for (const record of batch.records) size += recordSize(record, batch.baseOffset, baseTimestamp)
  return size
}

/** The stored size of a row of batches. */
export function batchesSize(batches: readonly Batch[]): Bytes {
  let size = 0
  for (const batch of batches) size += batchSize(batch)
  return size
}

/** The largest timestamp in a batch, which its header keeps; -1 for a batch without records (RecordBatch.NO_TIMESTAMP). */
export function largestTimestamp(batch: Batch): Milliseconds {
  let largest: Milliseconds | null = null
  for (const { timestamp } of batch.records) if (largest === null || timestamp > largest) largest = timestamp
  return largest ?? -1
}

/** DefaultRecord.sizeInBytes: the body's length as a varint, then the body. */
function recordSize(record: LogRecord, baseOffset: Offset, baseTimestamp: Milliseconds): Bytes {
  const attributes = 1
  const headerCount = 1
  const body =
    attributes +
    varintSize(record.timestamp - baseTimestamp) +
    varintSize(record.offset - baseOffset) +
    textSize(record.key) +
    textSize(record.value) +
    headerCount
  return varintSize(body) + body
}

/** A length and that many bytes; null has the length -1, coded as a varint like any other. Text is ASCII. */
function textSize(text: string | null): Bytes {
  return text === null ? varintSize(-1) : varintSize(text.length) + text.length
}

/**
 * Bytes of a zigzag varint or varlong (ByteUtils.sizeOfVarint, sizeOfVarlong): seven bits a byte, and the sign in the
 * lowest bit, so that -64 to 63 take one byte.
 */
export function varintSize(value: number): Bytes {
  let zigzag = value >= 0 ? 2 * value : -2 * value - 1
  let size = 1
  while (zigzag >= 128) {
    zigzag = Math.floor(zigzag / 128)
    size += 1
  }
  return size
}
