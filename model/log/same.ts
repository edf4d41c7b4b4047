// When two observed batches or records say the same, whoever made the objects.
import type { Batch, LogRecord } from '../vocabulary/records.ts'

/** True when both are there and equal in every field. */
export function isSameBatch(left: Batch | undefined, right: Batch | undefined): boolean {
  if (left === undefined || right === undefined) return false
  if (left === right) return true
  return (
    left.baseOffset === right.baseOffset &&
    left.lastOffset === right.lastOffset &&
    left.leaderEpoch === right.leaderEpoch &&
    left.producerId === right.producerId &&
    left.producerEpoch === right.producerEpoch &&
    left.baseSequence === right.baseSequence &&
    left.deleteHorizon === right.deleteHorizon &&
    left.corrupt === right.corrupt &&
    left.records.length === right.records.length &&
    left.records.every((record, index) => isSameRecord(record, right.records[index]))
  )
}

/** True when both are there and equal in offset, key, value and timestamp. */
export function isSameRecord(left: LogRecord | undefined, right: LogRecord | undefined): boolean {
  if (left === undefined || right === undefined) return false
  if (left === right) return true
  return (
    left.offset === right.offset &&
    left.key === right.key &&
    left.value === right.value &&
    left.timestamp === right.timestamp
  )
}

/** True when both rows hold the same batches in the same order. */
export function areSameBatches(left: readonly Batch[], right: readonly Batch[]): boolean {
  return left.length === right.length && left.every((batch, index) => isSameBatch(batch, right[index]))
}

/** All records of a row of batches; those of corrupt batches are not seen. */
export function recordsOf(batches: readonly Batch[]): readonly LogRecord[] {
  const records: LogRecord[] = []
  for (const batch of batches) for (const record of batch.records) records.push(record)
  return records
}
