// Compaction: of all records with one key, closed segments keep the last (Kafka's LogCleaner; KIP-58, KIP-534).
// Leaves out transactions and the memory limit of the cleaner's map.
import type { Batch, LogRecord, ProducerEntry } from '../vocabulary/records.ts'
import type { Milliseconds, Offset } from '../vocabulary/units.ts'
import { producerEntry } from './producers.ts'
import { batchesSize } from './size.ts'
import {
  type Done,
  done,
  type LogState,
  type LogStep,
  type Refused,
  refused,
  type Segment,
  unlessSameSegments,
} from './state.ts'

/**
 * Who: the log cleaner, at `now`.
 * When: the policy includes compact, and there is a closed segment below the high watermark that is not clean yet. A
 * corrupt batch among those to clean answers CORRUPT_MESSAGE, and nothing changes.
 * Then: every record that a later one with its key supersedes goes, and every tombstone whose horizon has passed. Small
 * neighbours become one segment. Offsets stay what they are.
 * Source: `Cleaner.doClean`, `Cleaner.cleanInto`.
 */
export function compact(log: LogState, now: Milliseconds): LogStep<Done | Refused> {
  if (log.offline) return refused(log, 'KAFKA_STORAGE_ERROR')
  if (log.config.cleanupPolicy === 'delete') return done(log)
  const start = Math.max(log.firstDirtyOffset, log.logStartOffset)
  const end = cleanableEnd(log)
  if (start >= end) return done(log)
  const cleanable = log.segments.filter(segment => segment.baseOffset < end)
  if (cleanable.some(segment => segment.batches.some(batch => batch.corrupt))) return refused(log, 'CORRUPT_MESSAGE')
  const lastOffsets = lastOffsetByKey(cleanable, start, end)
  const cleaned: Segment[] = []
  for (const group of grouped(cleanable, log.config.segmentBytes))
    cleaned.push(cleanedGroup(log, group, lastOffsets, now))
  return done({
    ...log,
    segments: unlessSameSegments(log.segments, cleaned.concat(log.segments.slice(cleanable.length))),
    firstDirtyOffset: end,
    recoveryPoint: Math.max(log.recoveryPoint, end),
  })
}

/** The largest segment base at or below the high watermark: the active segment is never cleaned (`LogCleanerManager`). */
function cleanableEnd(log: LogState): Offset {
  let end = log.logStartOffset
  for (const { baseOffset } of log.segments) if (baseOffset <= log.highWatermark) end = baseOffset
  return end
}

/** For every key in the dirty part, where it stands last (`Cleaner.buildOffsetMap`). */
function lastOffsetByKey(segments: readonly Segment[], start: Offset, end: Offset): ReadonlyMap<string, Offset> {
  const offsets = new Map<string, Offset>()
  for (const segment of segments) {
    for (const batch of segment.batches) {
      for (const { key, offset } of batch.records) {
        if (key !== null && offset >= start && offset < end) offsets.set(key, offset)
      }
    }
  }
  return offsets
}

/** Neighbours that together fit in one segment, by their sizes before cleaning (`Cleaner.groupSegmentsBySize`). */
function grouped(segments: readonly Segment[], segmentBytes: number): readonly (readonly Segment[])[] {
  const groups: Segment[][] = []
  let size = 0
  for (const segment of segments) {
    const group = groups[groups.length - 1]
    size += segment.sizeBytes
    if (group !== undefined && size <= segmentBytes) group.push(segment)
    else {
      groups.push([segment])
      size = segment.sizeBytes
    }
  }
  return groups
}

/** A group as one segment at its first one's base, with its first one's producer snapshot. */
function cleanedGroup(
  log: LogState,
  group: readonly Segment[],
  lastOffsets: ReadonlyMap<string, Offset>,
  now: Milliseconds,
): Segment {
  const batches: Batch[] = []
  let isChanged = group.length > 1
  for (const segment of group) {
    for (const batch of segment.batches) {
      const cleaned = cleanedBatch(log, batch, lastOffsets, now)
      if (cleaned !== batch) isChanged = true
      if (cleaned !== null) batches.push(cleaned)
    }
  }
  const first = group[0]
  if (first !== undefined && !isChanged) return first
  return {
    baseOffset: first?.baseOffset ?? 0,
    sizeBytes: batchesSize(batches),
    batches,
    producers: first?.producers ?? [],
  }
}

/**
 * What stays of a batch, or null. It keeps its offsets, epoch and stamp whatever it loses. An empty batch stays while it
 * is the newest of its producer, or a restart would forget the producer's last sequence (`Cleaner.cleanInto`).
 */
function cleanedBatch(
  log: LogState,
  batch: Batch,
  lastOffsets: ReadonlyMap<string, Offset>,
  now: Milliseconds,
): Batch | null {
  const records = batch.records.filter(record => isRetained(record, batch, lastOffsets, now))
  if (records.length === 0) {
    if (!isNewestOfProducer(log.producers, batch)) return null
    return batch.records.length === 0 && batch.deleteHorizon === null
      ? batch
      : { ...batch, records, deleteHorizon: null }
  }
  const deleteHorizon = batch.deleteHorizon ?? newHorizon(log, records, now)
  if (records.length === batch.records.length && deleteHorizon === batch.deleteHorizon) return batch
  return { ...batch, records, deleteHorizon }
}

/** `Cleaner.shouldRetainRecord`. A record without a key supersedes nothing, means nothing to a compacted log, and goes. */
function isRetained(
  record: LogRecord,
  batch: Batch,
  lastOffsets: ReadonlyMap<string, Offset>,
  now: Milliseconds,
): boolean {
  if (record.key === null) return false
  const lastOffset = lastOffsets.get(record.key)
  if (lastOffset !== undefined && lastOffset > record.offset) return false
  const isExpired = record.value === null && batch.deleteHorizon !== null && now >= batch.deleteHorizon
  return !isExpired
}

/**
 * Tombstones may go `deleteRetentionMs` after the first compaction that sees them, not after they were written: a
 * consumer that started from the beginning in between must still see them (KIP-534). All records of a batch share it.
 */
function newHorizon(log: LogState, records: readonly LogRecord[], now: Milliseconds): Milliseconds | null {
  return records.some(record => record.value === null) ? now + log.config.deleteRetentionMs : null
}

function isNewestOfProducer(producers: readonly ProducerEntry[], batch: Batch): boolean {
  const remembered = batch.producerId < 0 ? null : producerEntry(producers, batch.producerId)
  return remembered !== null && remembered.batches[remembered.batches.length - 1]?.lastOffset === batch.lastOffset
}
