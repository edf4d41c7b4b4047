// What a log asks of bytes before it takes them. Nothing here changes anything.
// Follows `UnifiedLog.analyzeAndValidateRecords` and `LogValidator`; docs/protocol/log.md §3 and §7.
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { LogConfig } from '../../model/vocabulary/log.ts'
import type { LeaderEpoch, Offset } from '../../model/vocabulary/units.ts'
import type { Decompress } from '../ports/compression.ts'
import * as header from './batch.ts'
import { plainBatch } from './plain-batch.ts'
import { RecordCursor } from './record-cursor.ts'

const { transactional, control, deleteHorizon } = header.attribute
const notForProducers = transactional | control | deleteHorizon

/**
 * Judges what a producer sent: one sound batch of consecutively numbered records, with a sequence if it is idempotent. They are looked at only where each
 * must have a key; elsewhere the batch stays opaque, compressed or not.
 */
export function checkProduced(bytes: Uint8Array, view: DataView, config: LogConfig, decompress: Decompress): ErrorName {
  const size = header.wholeBatchSize(view, 0, bytes.length)
  if (size === 0 || !header.isSound(bytes, view, 0, size)) return 'CORRUPT_MESSAGE'
  const count = header.recordCountOf(view, 0)
  if (size !== bytes.length || count < 1) return 'INVALID_RECORD'
  if (header.lastOffsetOf(view, 0) - header.baseOffsetOf(view, 0) !== count - 1) return 'INVALID_RECORD'
  if (header.attributesOf(view, 0) & notForProducers) return 'INVALID_RECORD'
  if (header.producerIdOf(view, 0) >= 0 && header.baseSequenceOf(view, 0) < 0) return 'INVALID_RECORD'
  if (config.cleanupPolicy !== 'delete') {
    const plain = plainBatch(bytes, view, 0, size, decompress)
    if (plain === null || hasNullKey(plain.view, count)) return 'INVALID_RECORD'
  }
  return size > config.maxMessageBytes ? 'MESSAGE_TOO_LARGE' : 'NONE'
}

function hasNullKey(view: DataView, count: number): boolean {
  const cursor = new RecordCursor(view, header.headerBytes)
  for (let left = count; left > 0; left--) {
    cursor.next()
    if (cursor.keyLength < 0) return true
  }
  return false
}

/**
 * Judges what a leader sent, all of it before any is written. A corrupt batch anywhere comes before an offset that does
 * not fit anywhere, and that before an epoch.
 */
export function checkReplicated(
  bytes: Uint8Array,
  view: DataView,
  logEndOffset: Offset,
  newestEpoch: LeaderEpoch | null,
): ErrorName {
  let offsetsFit = true
  let epochsFit = true
  let nextOffset = logEndOffset
  let epoch = newestEpoch
  let size = 0
  for (let at = 0; at < bytes.length; at += size) {
    size = header.wholeBatchSize(view, at, bytes.length)
    if (size === 0 || !header.isSound(bytes, view, at, size)) return 'CORRUPT_MESSAGE'
    const lastOffset = header.lastOffsetOf(view, at)
    const baseOffset = header.baseOffsetOf(view, at)
    if (baseOffset < nextOffset || baseOffset > lastOffset) offsetsFit = false
    nextOffset = lastOffset + 1
    const leaderEpoch = header.leaderEpochOf(view, at)
    if (epoch !== null && leaderEpoch < epoch) epochsFit = false
    epoch = leaderEpoch
  }
  if (!offsetsFit) return 'OFFSET_OUT_OF_RANGE'
  return epochsFit ? 'NONE' : 'FENCED_LEADER_EPOCH'
}
