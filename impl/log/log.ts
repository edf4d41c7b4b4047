// The log of one replica: a row of segments and what is known about them. Follows `UnifiedLog`; the rules and their
// numbers (§) are in docs/protocol/log.md.
//
// Bytes go in and bytes come out: appending reads the header of each batch once, and reading decodes nothing. Nothing
// here waits: a sync is asked for and completed later by the disk.
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { LogConfig } from '../../model/vocabulary/log.ts'
import type { EpochEnd } from '../../model/vocabulary/records.ts'
import type { Bytes, LeaderEpoch, Milliseconds, Offset } from '../../model/vocabulary/units.ts'
import { type Disk, DiskFailure } from '../ports/disk.ts'
import * as header from './batch.ts'
import { checkpointNames, type SavedOffsets, saveFirstDirtyOffset, saveOffsets } from './checkpoints.ts'
import { buildOffsetMap, groupSegments, swapIn, writeCleaned } from './cleaner.ts'
import { type FoundByTime, findByTime } from './find-by-time.ts'
import type { LeaderEpochCache } from './leader-epoch-cache.ts'
import type { ProducerState } from './producer-state.ts'
import { retentionPasses } from './retention.ts'
import { Segment } from './segment.ts'
import { checkProduced, checkReplicated } from './validate.ts'

/** What a log is put together from, by `openLog`. */
export type LogParts = {
  readonly disk: Disk
  readonly folder: string
  readonly config: LogConfig
  readonly segments: Segment[]
  readonly epochs: LeaderEpochCache
  readonly producers: ProducerState
}

/** The answer to an append as leader; the offsets are those of the original batch for a duplicate, -1 after an error. */
export type AppendResult = {
  readonly error: ErrorName
  readonly baseOffset: Offset
  readonly lastOffset: Offset
  readonly duplicate: boolean
}

/** The answer to a read: whole batches. */
export type ReadResult = { readonly error: ErrorName; readonly bytes: Uint8Array }

const noBytes = new Uint8Array(0)

/** One replica's log. Whoever opened it closes it. */
export class Log {
  readonly config: LogConfig
  readonly epochs: LeaderEpochCache
  readonly producers: ProducerState
  readonly #disk: Disk
  readonly #folder: string
  readonly #segments: Segment[]
  #active: Segment
  #logStartOffset: Offset = 0
  #highWatermark: Offset = 0
  #recoveryPoint: Offset = 0
  #firstDirtyOffset: Offset = 0
  /** What outstanding syncs will make durable; truncation lowers it. */
  #flushing: { offset: Offset }[] = []
  #offline = false
  #version = 0

  /** Use `openLog`. */
  constructor(parts: LogParts) {
    this.config = parts.config
    this.epochs = parts.epochs
    this.producers = parts.producers
    this.#disk = parts.disk
    this.#folder = parts.folder
    this.#segments = parts.segments
    this.#active = lastOf(parts.segments)
  }

  /** Takes over what was saved before the log was opened; all that is on the disk is synced by now. */
  restore(saved: SavedOffsets & { readonly firstDirtyOffset: Offset }): void {
    const first = this.#segments[0]?.baseOffset ?? 0
    this.#logStartOffset = Math.max(saved.logStartOffset, first)
    this.#recoveryPoint = this.logEndOffset
    this.#firstDirtyOffset = saved.firstDirtyOffset
    if (this.#logStartOffset > this.logEndOffset) {
      this.#startAnew(this.#logStartOffset)
      return
    }
    this.#highWatermark = this.#clamp(saved.highWatermark)
    this.epochs.truncateFromEnd(this.logEndOffset)
    this.#lowerFirstDirtyOffset(this.logEndOffset)
  }

  /** Rises with every change of anything that can be observed. */
  get version(): number {
    return this.#version
  }

  /** First offset that may be read. */
  get logStartOffset(): Offset {
    return this.#logStartOffset
  }

  /** End of the log, exclusive. */
  get logEndOffset(): Offset {
    return this.#active.nextOffset
  }

  /** End of what consumers may see, exclusive. */
  get highWatermark(): Offset {
    return this.#highWatermark
  }

  /** Everything below is synced. */
  get recoveryPoint(): Offset {
    return this.#recoveryPoint
  }

  /** First offset that the cleaner has not cleaned. */
  get firstDirtyOffset(): Offset {
    return this.#firstDirtyOffset
  }

  /** True after a write failed: only opening the log again helps. */
  get offline(): boolean {
    return this.#offline
  }

  /** Oldest first; the last is active. */
  get segments(): readonly Segment[] {
    return this.#segments
  }

  /** Appends one batch of a producer, which is stamped in place with its offset and `leaderEpoch` (§3). */
  appendAsLeader(bytes: Uint8Array, leaderEpoch: LeaderEpoch): AppendResult {
    if (this.#offline) return refused('KAFKA_STORAGE_ERROR')
    const view = header.viewOf(bytes)
    const error = checkProduced(bytes, view, this.config)
    if (error !== 'NONE') return refused(error)
    if (this.#isFenced(leaderEpoch)) return refused('FENCED_LEADER_EPOCH')
    const verdict = this.producers.judge(
      header.producerIdOf(view, 0),
      header.producerEpochOf(view, 0),
      header.baseSequenceOf(view, 0),
      header.lastSequenceOf(view, 0),
    )
    if (verdict.kind === 'refused') return refused(verdict.error)
    if (verdict.kind === 'duplicate') {
      return { error: 'NONE', baseOffset: verdict.of.baseOffset, lastOffset: verdict.of.lastOffset, duplicate: true }
    }
    header.stamp(view, 0, this.logEndOffset, leaderEpoch)
    if (!this.#write(bytes, view)) return refused('KAFKA_STORAGE_ERROR')
    return {
      error: 'NONE',
      baseOffset: header.baseOffsetOf(view, 0),
      lastOffset: header.lastOffsetOf(view, 0),
      duplicate: false,
    }
  }

  /** Appends batches that a leader placed: all are checked first, then each is written (§7). */
  appendAsFollower(bytes: Uint8Array): ErrorName {
    if (this.#offline) return 'KAFKA_STORAGE_ERROR'
    const view = header.viewOf(bytes)
    const error = checkReplicated(bytes, view, this.logEndOffset, this.epochs.newest)
    if (error !== 'NONE') return error
    return this.#write(bytes, view) ? 'NONE' : 'KAFKA_STORAGE_ERROR'
  }

  /**
   * Whole batches from the one that holds `offset` on, all below `endOffset`, at most `bytesMax` bytes, but at least one
   * if there is one. Never crosses a segment, and verifies no checksums (§8).
   */
  read(offset: Offset, endOffset: Offset, bytesMax: Bytes): ReadResult {
    if (this.#offline) return { error: 'KAFKA_STORAGE_ERROR', bytes: noBytes }
    if (offset < this.#logStartOffset || offset > this.logEndOffset) {
      return { error: 'OFFSET_OUT_OF_RANGE', bytes: noBytes }
    }
    const end = Math.min(endOffset, this.logEndOffset)
    for (let i = this.#floor(offset); i < this.#segments.length; i++) {
      const segment = this.#segments[i]
      if (segment === undefined || segment.baseOffset >= end) break
      const bytes = segment.read(offset, end, bytesMax)
      if (bytes.length > 0) return { error: 'NONE', bytes }
    }
    return { error: 'NONE', bytes: noBytes }
  }

  /** Removes what is at or behind `offset`; a batch that holds it goes as a whole (§9). */
  truncate(offset: Offset): ErrorName {
    return this.#change(() => {
      if (offset < 0) return 'OFFSET_OUT_OF_RANGE'
      if (offset >= this.logEndOffset) this.epochs.truncateFromEnd(offset)
      else if (offset < (this.#segments[0]?.baseOffset ?? 0)) this.#startAnew(offset)
      else this.#truncateTo(offset)
      return 'NONE'
    })
  }

  /** Removes everything and begins anew at `offset` (§9.5). */
  truncateFully(offset: Offset): ErrorName {
    return this.#change(() => {
      if (offset < 0) return 'OFFSET_OUT_OF_RANGE'
      this.#startAnew(offset)
      return 'NONE'
    })
  }

  /** Sets the high watermark, clamped to the log's bounds; it may fall. */
  updateHighWatermark(offset: Offset): ErrorName {
    if (this.#offline) return 'KAFKA_STORAGE_ERROR'
    const highWatermark = this.#clamp(offset)
    if (highWatermark !== this.#highWatermark) this.#version++
    this.#highWatermark = highWatermark
    return 'NONE'
  }

  /** Raises the log start offset to `offset`, or to the high watermark for -1 (KIP-107, §10). */
  deleteRecords(offset: Offset): ErrorName {
    return this.#change(() => {
      if (offset > this.#highWatermark || offset < -1) return 'OFFSET_OUT_OF_RANGE'
      this.#raiseLogStartOffset(offset === -1 ? this.#highWatermark : offset)
      return 'NONE'
    })
  }

  /** Remembers that `leaderEpoch` starts at the log's end (§5.2). */
  assignEpoch(leaderEpoch: LeaderEpoch): ErrorName {
    return this.#change(() => {
      if (this.#isFenced(leaderEpoch)) return 'FENCED_LEADER_EPOCH'
      this.epochs.assign(leaderEpoch, this.logEndOffset)
      return 'NONE'
    })
  }

  /** Where the records of an epoch end (KIP-101, KIP-279, §5.5). The caller has looked whether the log is offline. */
  endOffsetForEpoch(leaderEpoch: LeaderEpoch): EpochEnd {
    return this.epochs.endOffsetFor(leaderEpoch, this.logEndOffset)
  }

  /** The first record at or after `timestamp`, which is 0 or more, among those that may be read below `endOffset` (§13). */
  findByTime(timestamp: Milliseconds, endOffset: Offset): FoundByTime {
    return findByTime(this.#segments, timestamp, this.#logStartOffset, endOffset)
  }

  /** Begins a new segment unless the active one is empty; the closing one is synced first (§6). */
  roll(): ErrorName {
    return this.#change(() => {
      this.#roll()
      return 'NONE'
    })
  }

  /** Removes old segments as the settings say (§11). */
  retain(now: Milliseconds): ErrorName {
    return this.#change(() => {
      for (const pass of retentionPasses(this.config, now, this)) this.#removeOldest(pass())
      this.#raiseLogStartOffset(this.#segments[0]?.baseOffset ?? 0)
      return 'NONE'
    })
  }

  /** Compacts everything below the last segment that the high watermark passed (§12). */
  clean(now: Milliseconds): ErrorName {
    return this.#change(() => {
      if (this.config.cleanupPolicy === 'delete') return 'NONE'
      const start = Math.max(this.#firstDirtyOffset, this.#logStartOffset)
      const count = this.#floor(this.#highWatermark)
      const end = this.#segments[count]?.baseOffset ?? 0
      if (start >= end) return 'NONE'
      const dirty = this.#segments.slice(0, count)
      const map = buildOffsetMap(dirty, start)
      if (map === null) return 'CORRUPT_MESSAGE'
      const { deleteRetentionMs, segmentBytes, indexIntervalBytes } = this.config
      const rules = { now, deleteRetentionMs, lastOffsetOf: this.producers.lastOffsetOf.bind(this.producers) }
      const groups = groupSegments(dirty, segmentBytes)
      groups.forEach((group, index) => {
        const cleaned = writeCleaned(this.#disk, this.#folder, group, map, rules)
        const baseOffset = group[0]?.baseOffset ?? 0
        for (const segment of group) segment.close()
        swapIn(this.#disk, this.#folder, cleaned, baseOffset, groups[index + 1]?.[0]?.baseOffset ?? end)
        const merged = new Segment(this.#disk, this.#folder, baseOffset, indexIntervalBytes)
        merged.load('trust')
        merged.writeIndex()
        this.#segments.splice(index, group.length, merged)
      })
      this.#firstDirtyOffset = end
      saveFirstDirtyOffset(this.#disk, this.#folder, end)
      this.#recoveryPoint = Math.max(this.#recoveryPoint, end)
      return 'NONE'
    })
  }

  /** Asks to sync what is written now; the disk completes it later, and then `recoveryPoint` rises. */
  flush(): ErrorName {
    return this.#change(() => {
      const asked = { offset: this.logEndOffset }
      this.#flushing.push(asked)
      const unsynced = this.#unsynced()
      let left = unsynced.length
      const done = (durable: boolean): void => {
        if (!durable) this.#goOffline()
        if (--left === 0) this.#flushed(asked)
      }
      for (const segment of unsynced) segment.sync(done)
      return 'NONE'
    })
  }

  /** Saves high watermark and log start offset. */
  checkpoint(): ErrorName {
    return this.#change(() => {
      saveOffsets(this.#disk, this.#folder, this)
      return 'NONE'
    })
  }

  /** Syncs and saves everything, and lets go of the files: the next opening needs no scan (§14.4). */
  close(): ErrorName {
    return this.#change(() => {
      this.#syncAll()
      saveOffsets(this.#disk, this.#folder, this)
      this.#active.writeIndex()
      this.#disk.writeAtomic(`${this.#folder}/${checkpointNames.cleanShutdown}`, noBytes)
      for (const segment of this.#segments) segment.close()
      return 'NONE'
    })
  }

  /** Does what may change anything; a disk that fails takes the log offline. */
  #change(step: () => ErrorName): ErrorName {
    if (this.#offline) return 'KAFKA_STORAGE_ERROR'
    this.#version++
    try {
      return step()
    } catch (failure) {
      if (!(failure instanceof DiskFailure)) throw failure
      this.#goOffline()
      return 'KAFKA_STORAGE_ERROR'
    }
  }

  #goOffline(): void {
    this.#offline = true
    this.#version++
  }

  #isFenced(leaderEpoch: LeaderEpoch): boolean {
    const newest = this.epochs.newest
    return newest !== null && leaderEpoch < newest
  }

  #clamp(offset: Offset): Offset {
    return Math.min(Math.max(offset, this.#logStartOffset), this.logEndOffset)
  }

  /** Index of the last segment with a base at or below `offset`; 0 if there is none. */
  #floor(offset: Offset): number {
    let low = 0
    let high = this.#segments.length
    // Most reads and all appends are at the end.
    if (offset >= this.#active.baseOffset) return high - 1
    while (high - low > 1) {
      const middle = (low + high) >>> 1
      if ((this.#segments[middle]?.baseOffset ?? 0) <= offset) low = middle
      else high = middle
    }
    return low
  }

  /** Writes checked batches, with one write for as many as one segment takes; false when the log went offline. */
  #write(bytes: Uint8Array, view: DataView): boolean {
    this.#version++
    try {
      for (let from = 0; from < bytes.length; ) {
        let to = from
        let size = this.#active.size
        while (to < bytes.length) {
          const batch = header.sizeOf(view, to)
          if (size > 0 && size + batch > this.config.segmentBytes) break
          size += batch
          to += batch
        }
        if (to === from) this.#roll()
        else if (!this.#writeInto(this.#active, bytes, view, from, to)) return false
        from = to
      }
      return true
    } catch (failure) {
      if (!(failure instanceof DiskFailure)) throw failure
      this.#goOffline()
      return false
    }
  }

  #writeInto(segment: Segment, bytes: Uint8Array, view: DataView, from: number, to: number): boolean {
    const end = from + segment.append(from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to))
    for (let at = from; at < end; ) {
      const size = header.sizeOf(view, at)
      if (at + size > end) break
      segment.note(view, at, size)
      const epoch = header.leaderEpochOf(view, at)
      if (epoch !== this.epochs.newest) this.epochs.assign(epoch, header.baseOffsetOf(view, at))
      this.producers.note(view, at)
      at += size
    }
    if (end < to) this.#goOffline()
    return end === to
  }

  #roll(): void {
    if (this.#active.size === 0) return
    this.#syncAll()
    this.#active.writeIndex()
    this.#begin(this.logEndOffset)
  }

  /** A new active segment, with the producers as they are. */
  #begin(baseOffset: Offset): void {
    this.producers.saveSnapshot(this.#disk, this.#folder, baseOffset)
    this.#active = new Segment(this.#disk, this.#folder, baseOffset, this.config.indexIntervalBytes)
    this.#segments.push(this.#active)
  }

  /** The segments that may hold bytes at or above the recovery point: nearly always the active one alone. */
  #unsynced(): readonly Segment[] {
    return this.#segments.slice(Math.min(this.#floor(this.#recoveryPoint), this.#segments.length - 1))
  }

  #syncAll(): void {
    for (const segment of this.#unsynced()) segment.syncNow()
    this.#recoveryPoint = this.logEndOffset
  }

  #flushed(asked: { readonly offset: Offset }): void {
    const index = this.#flushing.indexOf(asked)
    // Forgotten since: the log began anew.
    if (index < 0) return
    this.#flushing.splice(index, 1)
    if (this.#offline || asked.offset <= this.#recoveryPoint) return
    this.#recoveryPoint = asked.offset
    this.#version++
  }

  #truncateTo(offset: Offset): void {
    const kept = this.#floor(offset)
    const active = this.#segments[kept] ?? this.#active
    const { position, baseOffset } = active.find(offset)
    const end = Math.min(offset, baseOffset ?? offset)
    // From the newest back, so that a kill in between leaves no hole.
    const gone = this.#segments.splice(kept + 1).reverse()
    if (gone.length > 0) this.#disk.remove(gone.flatMap(segment => segment.release()))
    active.truncate(position)
    this.#active = active
    this.producers.loadSnapshot(this.#disk, this.#folder, active.baseOffset)
    active.eachHeader((view, at) => this.producers.note(view, at))
    // Behind a gap the last batch no longer tells where the log ends, but a segment's base does.
    if (active.nextOffset < end) this.#begin(end)
    this.epochs.truncateFromEnd(end)
    this.#highWatermark = Math.min(this.#highWatermark, end)
    this.#logStartOffset = Math.min(this.#logStartOffset, end)
    this.#recoveryPoint = Math.min(this.#recoveryPoint, end)
    this.#lowerFirstDirtyOffset(end)
    for (const asked of this.#flushing) asked.offset = Math.min(asked.offset, end)
  }

  #startAnew(offset: Offset): void {
    this.#disk.remove(
      this.#segments
        .splice(0)
        .reverse()
        .flatMap(segment => segment.release()),
    )
    this.epochs.clear()
    this.producers.clear()
    this.#begin(offset)
    this.#logStartOffset = offset
    this.#highWatermark = offset
    this.#recoveryPoint = offset
    this.#firstDirtyOffset = offset
    saveFirstDirtyOffset(this.#disk, this.#folder, offset)
    this.#flushing = []
  }

  #lowerFirstDirtyOffset(end: Offset): void {
    if (this.#firstDirtyOffset <= end) return
    this.#firstDirtyOffset = end
    saveFirstDirtyOffset(this.#disk, this.#folder, end)
  }

  #raiseLogStartOffset(offset: Offset): void {
    if (offset <= this.#logStartOffset) return
    this.#logStartOffset = offset
    this.epochs.truncateFromStart(offset)
  }

  /** Removes segments from the oldest on while `goes` says so and the high watermark is behind them. */
  #removeOldest(goes: (segment: Segment, next: Segment | undefined) => boolean): void {
    let count = 0
    for (const segment of this.#segments) {
      const next = this.#segments[count + 1]
      const end = next?.baseOffset ?? this.logEndOffset
      if (end > this.#highWatermark || (next === undefined && segment.size === 0) || !goes(segment, next)) break
      count++
    }
    if (count === 0) return
    if (count === this.#segments.length) this.#roll()
    this.#disk.remove(this.#segments.splice(0, count).flatMap(segment => segment.release()))
  }
}

function refused(error: ErrorName): AppendResult {
  return { error, baseOffset: -1, lastOffset: -1, duplicate: false }
}

function lastOf(segments: readonly Segment[]): Segment {
  const last = segments.at(-1)
  if (last === undefined) throw new Error('a log has at least one segment')
  return last
}
