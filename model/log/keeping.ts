// The claims on what a log keeps when it throws something away: compaction (L5) and recovery (L6).
import type { Violation } from '../vocabulary/claims.ts'
import type { LogObservation } from '../vocabulary/log.ts'
import type { Batch, LogRecord } from '../vocabulary/records.ts'
import type { Offset } from '../vocabulary/units.ts'
import { areSameBatches, isSameBatch, recordsOf } from './same.ts'
import { type LogTransition, violated } from './transition.ts'

/**
 * L5: compaction removes a record only if a later one with its key stands below the end of what is cleaned, or if it is a
 * tombstone whose horizon has passed, or has no key. It never touches the active segment nor anything at or above the
 * high watermark, and never changes what it keeps (offsets and order are F5's).
 */
export function compactionKeepsLastValues(transition: LogTransition): Violation | null {
  const { before, operation, outcome, after } = transition
  if (operation.kind !== 'clean') return null
  if (outcome.kind === 'error') {
    return areSameBatches(before.batches, after.batches)
      ? null
      : violated('L5', `a compaction that answered ${outcome.error} changed the log`)
  }
  return (
    boundsAreKept(before, after) ??
    uncleanableIsKept(before, after) ??
    removalHasReason(before, after, operation.now) ??
    tombstonesHaveHorizon(transition, operation.now)
  )
}

/**
 * L6: recovery keeps a prefix of the log. It contains every batch that was synced and stands before the first corrupt one
 * of the active segment, unless the checkpointed log start is above it; and what the log remembers of producers is what
 * that prefix tells. A clean close keeps everything.
 */
export function recoveryKeepsPrefix({ before, operation, outcome, after }: LogTransition): Violation | null {
  if (operation.kind === 'close' && outcome.kind === 'done') {
    return areSameBatches(before.batches, after.batches)
      ? null
      : violated('L6', 'a clean restart changed what the log stores')
  }
  if (operation.kind !== 'crash') return null
  for (const [index, batch] of after.batches.entries()) {
    if (!isSameBatch(batch, before.batches[index])) {
      return violated(
        'L6',
        `after recovery offset ${batch.baseOffset} stands where offset ${before.batches[index]?.baseOffset ?? 'nothing'} was`,
      )
    }
  }
  const active = activeBase(before)
  const firstCorrupt = before.batches.find(batch => batch.corrupt && batch.baseOffset >= active)
  for (const batch of before.batches.slice(after.batches.length)) {
    if (batch === firstCorrupt) break
    if (batch.lastOffset < before.recoveryPoint && batch.lastOffset >= after.logStartOffset) {
      return violated(
        'L6',
        `recovery lost offset ${batch.baseOffset}, which was synced: everything below ${before.recoveryPoint} was`,
      )
    }
  }
  const kept = after.batches.find(batch => batch.corrupt && batch.baseOffset >= activeBase(after))
  if (kept !== undefined) return violated('L6', `recovery kept the corrupt batch at offset ${kept.baseOffset}`)
  return producersEqualScan(after)
}

function boundsAreKept(before: LogObservation, after: LogObservation): Violation | null {
  const isKept =
    before.logStartOffset === after.logStartOffset &&
    before.highWatermark === after.highWatermark &&
    before.logEndOffset === after.logEndOffset
  return isKept ? null : violated('L5', 'compaction moved the log start, the high watermark or the log end')
}

function uncleanableIsKept(before: LogObservation, after: LogObservation): Violation | null {
  const end = cleanableEnd(before)
  const kept = before.batches.filter(({ baseOffset }) => baseOffset >= end)
  if (
    areSameBatches(
      kept,
      after.batches.filter(({ baseOffset }) => baseOffset >= end),
    )
  )
    return null
  return violated(
    'L5',
    `compaction changed something at or above ${end}, where the active segment or the high watermark is`,
  )
}

function removalHasReason(before: LogObservation, after: LogObservation, now: number): Violation | null {
  const end = cleanableEnd(before)
  const lastOffsets = new Map<string | null, Offset>()
  for (const { key, offset } of recordsOf(before.batches)) if (offset < end) lastOffsets.set(key, offset)
  const keptOffsets = new Set(recordsOf(after.batches).map(({ offset }) => offset))
  for (const batch of before.batches) {
    for (const record of batch.records) {
      if (keptOffsets.has(record.offset) || record.key === null) continue
      if (lastOffsets.get(record.key) !== record.offset || isExpired(batch, record, now)) continue
      const what = record.value === null ? 'the tombstone' : 'the last value'
      return violated(
        'L5',
        `compaction removed ${what} of key ${JSON.stringify(record.key)} at offset ${record.offset}`,
      )
    }
  }
  return null
}

/** A tombstone that was cleaned and stays must say until when; a horizon that is set already never moves. */
function tombstonesHaveHorizon({ config, before, after }: LogTransition, now: number): Violation | null {
  const end = cleanableEnd(before)
  const isCleaned = after.firstDirtyOffset !== before.firstDirtyOffset
  for (const batch of after.batches) {
    if (!isCleaned || batch.baseOffset >= end || batch.records.length === 0) continue
    const horizon = before.batches.find(({ baseOffset }) => baseOffset === batch.baseOffset)?.deleteHorizon ?? null
    const isTombstoneIn = batch.records.some(({ value }) => value === null)
    const expected = horizon ?? (isTombstoneIn ? now + config.deleteRetentionMs : null)
    if (batch.deleteHorizon !== expected) {
      return violated(
        'L5',
        `compaction left the delete horizon ${batch.deleteHorizon} at offset ${batch.baseOffset} instead of ${expected}`,
      )
    }
  }
  return null
}

function isExpired(batch: Batch, record: LogRecord, now: number): boolean {
  return record.value === null && batch.deleteHorizon !== null && now >= batch.deleteHorizon
}

/** The largest segment base at or below the high watermark. */
function cleanableEnd({ segments, highWatermark }: LogObservation): Offset {
  let end = 0
  for (const { baseOffset } of segments) if (baseOffset <= highWatermark) end = baseOffset
  return end
}

/** Nothing is remembered beyond the log's end, and of the batches in the active segment each producer's newest is. */
function producersEqualScan(after: LogObservation): Violation | null {
  for (const { producerId, batches } of after.producers) {
    const beyond = batches.find(({ lastOffset }) => lastOffset >= after.logEndOffset)
    if (beyond !== undefined)
      return violated(
        'L6',
        `after recovery producer ${producerId} is remembered up to offset ${beyond.lastOffset}, beyond the log's end`,
      )
  }
  const active = activeBase(after)
  for (const batch of after.batches) {
    if (batch.producerId < 0 || batch.baseOffset < active) continue
    const entry = after.producers.find(({ producerId }) => producerId === batch.producerId)
    const newest = entry?.batches[entry.batches.length - 1]
    const isRemembered =
      entry !== undefined &&
      newest !== undefined &&
      (entry.producerEpoch > batch.producerEpoch ||
        (entry.producerEpoch === batch.producerEpoch && newest.lastOffset >= batch.lastOffset))
    if (!isRemembered)
      return violated(
        'L6',
        `after recovery producer ${batch.producerId} is not remembered for its batch at offset ${batch.baseOffset}`,
      )
  }
  return null
}

function activeBase({ segments }: LogObservation): Offset {
  return segments[segments.length - 1]?.baseOffset ?? 0
}
