// Compaction (KIP-58, KIP-534). Follows `LogCleaner` and `Cleaner`; docs/protocol/log.md §12.
//
// Old segments are read twice: once to learn the last offset of every key in the dirty part, once to copy what stays.
// A group of old segments becomes one new file, in steps that a kill may come between:
//   1. `<base>.log.cleaned` is written and synced       a kill: thrown away at the next opening
//   2. it is renamed to `<base>.log.<end>.swap`         a kill from here on: steps 3 and 4 are done at the next opening
//   3. the old segments in [base, end) are removed, but not the first one's log and snapshot
//   4. the swap file is renamed over the first one's log
// Left out: a bound on the memory of the map (Kafka cleans as far as its map reaches, and goes on the next time).
import type { LogConfig } from '../../model/vocabulary/log.ts'
import type { Bytes, Milliseconds, Offset } from '../../model/vocabulary/units.ts'
import type { Decompress } from '../ports/compression.ts'
import { type Disk, DiskFailure, type DiskFile } from '../ports/disk.ts'
import * as header from './batch.ts'
import { parseName, segmentFile, swapFile } from './names.ts'
import { type PlainBatch, plainBatch } from './plain-batch.ts'
import type { ProducerState } from './producer-state.ts'
import { RecordCursor, readText } from './record-cursor.ts'
import { rewriteBatch } from './rewrite-batch.ts'
import type { Segment } from './segment.ts'
import type { SegmentRow } from './segment-row.ts'
import { chunk, type WalkStep } from './walk.ts'

/** Last offset of every key in the dirty part of a log. */
type OffsetMap = ReadonlyMap<string, Offset>

/** Learns the map from the records in `[startOffset, …)` of `segments`; null when any batch of them is corrupt. */
function buildOffsetMap(segments: readonly Segment[], startOffset: Offset, decompress: Decompress): OffsetMap | null {
  const lastOffsets = new Map<string, Offset>()
  let sound = true
  for (const segment of segments) {
    segment.eachBatch(({ bytes, view, at, size }) => {
      sound = header.isSound(bytes, view, at, size)
      if (!sound) return false
      if (header.lastOffsetOf(view, at) < startOffset) return true
      const plain = plainBatch(bytes, view, at, size, decompress)
      sound = plain !== null
      if (plain !== null) noteKeys(plain, startOffset, lastOffsets)
      return sound
    })
    if (!sound) return null
  }
  return lastOffsets
}

function noteKeys({ view, at }: PlainBatch, startOffset: Offset, lastOffsets: Map<string, Offset>): void {
  const baseOffset = header.baseOffsetOf(view, at)
  const cursor = new RecordCursor(view, at + header.headerBytes)
  for (let left = header.recordCountOf(view, at); left > 0; left--) {
    cursor.next()
    const offset = baseOffset + cursor.offsetDelta
    if (offset < startOffset || cursor.keyLength < 0) continue
    lastOffsets.set(readText(view, cursor.keyStart, cursor.keyLength), offset)
  }
}

/** What decides over a record besides the map. */
type CleaningRules = {
  readonly now: Milliseconds
  readonly config: LogConfig
  readonly producers: ProducerState
  readonly decompress: Decompress
}

/**
 * Compacts the first `count` segments of a row, whose dirty part starts at `startOffset`. Answers false, and changes
 * nothing, when a batch of the dirty part is corrupt.
 */
export function compact(row: SegmentRow, startOffset: Offset, count: number, rules: CleaningRules): boolean {
  const map = buildOffsetMap(row.all.slice(0, count), startOffset, rules.decompress)
  if (map === null) return false
  compactSegments(row, count, map, rules)
  return true
}

/** Compacts the first `count` segments of a row, which are sound, group by group. */
function compactSegments(row: SegmentRow, count: number, map: OffsetMap, rules: CleaningRules): void {
  const { disk, folder } = row
  const end = row.all[count]?.baseOffset ?? 0
  const groups = groupSegments(row.all.slice(0, count), rules.config.segmentBytes)
  for (const [index, group] of groups.entries()) {
    const baseOffset = group[0]?.baseOffset ?? 0
    const cleaned = writeCleaned(disk, folder, group, map, rules)
    for (const segment of group) segment.close()
    swapIn(disk, folder, cleaned, baseOffset, groups[index + 1]?.[0]?.baseOffset ?? end)
    const merged = row.open(baseOffset, 'trust')
    merged.writeIndex()
    row.replace(index, group.length, merged)
  }
}

/** Rows of neighbours whose sizes before cleaning add up to at most `segmentBytes`; one too large stands alone. */
function groupSegments(segments: readonly Segment[], segmentBytes: Bytes): readonly (readonly Segment[])[] {
  const groups: Segment[][] = []
  let size = Number.POSITIVE_INFINITY
  for (const segment of segments) {
    size += segment.size
    if (size > segmentBytes) {
      groups.push([])
      size = segment.size
    }
    groups.at(-1)?.push(segment)
  }
  return groups
}

/** Step 1 for one group: writes and syncs what stays. Answers the name of the file. */
function writeCleaned(
  disk: Disk,
  folder: string,
  group: readonly Segment[],
  map: OffsetMap,
  rules: CleaningRules,
): string {
  const name = segmentFile(folder, group[0]?.baseOffset ?? 0, 'log.cleaned')
  disk.remove([name])
  const file = disk.open(name)
  const pending = new PendingBytes(file)
  for (const segment of group) {
    segment.eachBatch(step => {
      const cleaned = cleanBatch(step, map, rules)
      if (cleaned !== null) pending.add(cleaned)
      return true
    })
  }
  pending.flush()
  file.syncNow()
  file.close()
  return name
}

/** Steps 2 to 4 for one group, whose segments are released: nobody reads them any more. */
function swapIn(disk: Disk, folder: string, cleaned: string, baseOffset: Offset, endOffset: Offset): void {
  const swap = swapFile(folder, baseOffset, endOffset)
  disk.rename(cleaned, swap)
  finishSwap(disk, folder, swap, baseOffset, endOffset)
}

/** What a kill left behind is thrown away before step 2 and finished after it. Answers the names in the folder then. */
export function recoverSwaps(disk: Disk, folder: string): readonly string[] {
  const names = disk.list(folder)
  const leftBehind = names.filter(name => name.endsWith('.cleaned') || name.endsWith('.swap'))
  if (leftBehind.length === 0) return names
  for (const name of leftBehind) {
    const parsed = parseName(name)
    if (parsed?.kind === 'log.cleaned') disk.remove([name])
    if (parsed?.kind === 'swap') finishSwap(disk, folder, name, parsed.baseOffset, parsed.endOffset)
  }
  return disk.list(folder)
}

function finishSwap(disk: Disk, folder: string, swap: string, baseOffset: Offset, endOffset: Offset): void {
  const replaced = disk.list(folder).filter(name => {
    const parsed = parseName(name)
    if (parsed === null || parsed.kind === 'swap' || parsed.kind === 'log.cleaned') return false
    if (parsed.baseOffset < baseOffset || parsed.baseOffset >= endOffset) return false
    // The merged segment keeps the snapshot of its first one, and takes the place of its log in one step.
    return parsed.baseOffset !== baseOffset || parsed.kind === 'index'
  })
  disk.remove(replaced)
  disk.rename(swap, segmentFile(folder, baseOffset, 'log'))
}

/** The bytes that stay of one batch, or null when none do. */
function cleanBatch(step: WalkStep, map: OffsetMap, rules: CleaningRules): Uint8Array | null {
  const plain = plainBatch(step.bytes, step.view, step.at, step.size, rules.decompress)
  // Below the dirty part nobody has looked yet: what cannot be read stays as it is.
  if (plain === null) return step.bytes.slice(step.at, step.at + step.size)
  const { bytes, view, at, size } = plain
  const count = header.recordCountOf(view, at)
  const horizon = header.deleteHorizonOf(view, at)
  const tombstonesExpired = horizon !== null && rules.now >= horizon
  const kept: number[] = []
  let keepsTombstone = false
  const baseOffset = header.baseOffsetOf(view, at)
  const cursor = new RecordCursor(view, at + header.headerBytes)
  for (let left = count; left > 0; left--) {
    cursor.next()
    // Nothing can ever supersede a record without a key; only a leader with another policy let one in.
    if (cursor.keyLength < 0) continue
    const isTombstone = cursor.valueLength < 0
    if (isTombstone && tombstonesExpired) continue
    const lastOffset = map.get(readText(view, cursor.keyStart, cursor.keyLength))
    if (lastOffset !== undefined && lastOffset > baseOffset + cursor.offsetDelta) continue
    kept.push(cursor.start)
    keepsTombstone ||= isTombstone
  }
  if (kept.length === 0) {
    const isLastOfProducer =
      rules.producers.lastOffsetOf(header.producerIdOf(view, at)) === header.lastOffsetOf(view, at)
    return isLastOfProducer ? rewriteBatch(view, at, kept, null) : null
  }
  const newHorizon = horizon ?? (keepsTombstone ? rules.now + rules.config.deleteRetentionMs : null)
  if (kept.length === count && newHorizon === horizon) return bytes.slice(at, at + size)
  return rewriteBatch(view, at, kept, newHorizon)
}

/** Collects batches, so that the disk sees few and large writes. */
class PendingBytes {
  readonly #file: DiskFile
  #batches: Uint8Array[] = []
  #size: Bytes = 0

  constructor(file: DiskFile) {
    this.#file = file
  }

  add(batch: Uint8Array): void {
    this.#batches.push(batch)
    this.#size += batch.length
    if (this.#size >= chunk.scan) this.flush()
  }

  flush(): void {
    const all = new Uint8Array(this.#size)
    let at = 0
    for (const batch of this.#batches) {
      all.set(batch, at)
      at += batch.length
    }
    if (this.#file.append(all) < all.length) throw new DiskFailure('no room for a cleaned segment')
    this.#batches = []
    this.#size = 0
  }
}
