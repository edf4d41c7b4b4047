// The log of one replica: a row of segments and what is known about them. Follows `UnifiedLog`; the rules and their
// numbers (§) are in docs/protocol/log.md.
//
// Bytes go in and bytes come out: appending reads the header of each batch once, and reading decodes nothing. Nothing
// here waits: a sync is asked for and completed later by the disk.
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { LogConfig } from '../../model/vocabulary/log.ts'
import type { EpochEnd } from '../../model/vocabulary/records.ts'
import type { Bytes, LeaderEpoch, Milliseconds, Offset } from '../../model/vocabulary/units.ts'
import type { Decompress } from '../ports/compression.ts'
import { type Disk, DiskFailure } from '../ports/disk.ts'
import { type AppendResult, type ReadResult, refused } from './answers.ts'
import * as header from './batch.ts'
import { checkpointNames, hintOffsets, type SavedOffsets, saveFirstDirtyOffset, saveOffsets } from './checkpoints.ts'
import { compact } from './cleaner.ts'
import { type FoundByTime, findByTime } from './find-by-time.ts'
import { Flushes } from './flushes.ts'
import type { LeaderEpochCache } from './leader-epoch-cache.ts'
import type { ProducerState } from './producer-state.ts'
import { countExpired, retentionPasses } from './retention.ts'
import type { Segment } from './segment.ts'
import type { SegmentRow } from './segment-row.ts'
import { checkProduced, checkReplicated } from './validate.ts'
import { type WriteTarget, writeBatches } from './write.ts'

/** What a log is put together from, by `openLog`. */
export type LogParts = {
  readonly config: LogConfig
  readonly segments: SegmentRow
  readonly epochs: LeaderEpochCache
  readonly producers: ProducerState
  readonly decompress: Decompress
}

const noBytes = new Uint8Array(0)

/** One replica's log. Whoever opened it closes it. */
export class Log {
  readonly epochs: LeaderEpochCache
  readonly producers: ProducerState
  readonly #disk: Disk
  readonly #folder: string
  readonly #row: SegmentRow
  readonly #target: WriteTarget
  readonly #flushes = new Flushes()
  #logStartOffset: Offset = 0
  #highWatermark: Offset = 0
  #recoveryPoint: Offset = 0
  #firstDirtyOffset: Offset = 0
  #offline = false
  #version = 0

  /** Use `openLog`. */
  constructor(parts: LogParts) {
    this.epochs = parts.epochs
    this.producers = parts.producers
    this.#row = parts.segments
    this.#disk = parts.segments.disk
    this.#folder = parts.segments.folder
    this.#target = { ...parts, roll: () => this.#roll() }
  }

  /** Takes over what was saved before the log was opened; all that is on the disk is synced by now. */
  restore(saved: SavedOffsets & { readonly firstDirtyOffset: Offset }): void {
    this.#logStartOffset = Math.max(saved.logStartOffset, this.#row.baseOffset)
    this.#recoveryPoint = this.logEndOffset
    this.#firstDirtyOffset = saved.firstDirtyOffset
    if (this.#logStartOffset > this.logEndOffset) {
      this.#startAnew(this.#logStartOffset)
      return
    }
    this.#highWatermark = this.#clamp(saved.highWatermark)
    this.epochs.truncateFromStart(this.#logStartOffset)
    this.#lowerFirstDirtyOffset(this.logEndOffset)
  }

  /** The settings that it obeys. */
  get config(): LogConfig {
    return this.#target.config
  }

  /** Obeys other settings from now on; what is written stays as it is. */
  configure(config: LogConfig): void {
    this.#target.config = config
    this.#row.configure(config)
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
    return this.#row.active.nextOffset
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
    return this.#row.all
  }

  /** Appends one batch of a producer, which is stamped in place with its offset and `leaderEpoch` (§3). */
  appendAsLeader(bytes: Uint8Array, leaderEpoch: LeaderEpoch): AppendResult {
    if (this.#offline) return refused('KAFKA_STORAGE_ERROR')
    const view = header.viewOf(bytes)
    const error = checkProduced(bytes, view, this.config, this.#target.decompress)
    if (error !== 'NONE') return refused(error)
    if (this.epochs.fences(leaderEpoch)) return refused('FENCED_LEADER_EPOCH')
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
    for (let i = this.#row.floor(offset); i < this.segments.length; i++) {
      const segment = this.segments[i]
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
      else if (offset < this.#row.baseOffset) this.#startAnew(offset)
      else this.#truncateTo(offset)
    })
  }

  /** Removes everything and begins anew at `offset` (§9.5). */
  truncateFully(offset: Offset): ErrorName {
    return this.#change(() => {
      if (offset < 0) return 'OFFSET_OUT_OF_RANGE'
      this.#startAnew(offset)
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
    })
  }

  /** Remembers that `leaderEpoch` starts at the log's end (§5.2). */
  assignEpoch(leaderEpoch: LeaderEpoch): ErrorName {
    return this.#change(() => {
      if (this.epochs.fences(leaderEpoch)) return 'FENCED_LEADER_EPOCH'
      this.epochs.assign(leaderEpoch, this.logEndOffset)
    })
  }

  /** Where the records of an epoch end (KIP-101, KIP-279, §5.5). The caller has looked whether the log is offline. */
  endOffsetForEpoch(leaderEpoch: LeaderEpoch): EpochEnd {
    return this.epochs.endOffsetFor(leaderEpoch, this.logEndOffset)
  }

  /** The first record at or after `timestamp`, which is 0 or more, among those that may be read below `endOffset` (§13). */
  findByTime(timestamp: Milliseconds, endOffset: Offset): FoundByTime {
    return findByTime(this.segments, timestamp, this.#logStartOffset, endOffset, this.#target.decompress)
  }

  /** Begins a new segment unless the active one is empty; the closing one is synced first (§6). */
  roll(): ErrorName {
    return this.#change(() => {
      this.#roll()
    })
  }

  /** Removes old segments as the settings say (§11). */
  retain(now: Milliseconds): ErrorName {
    return this.#change(() => {
      for (const pass of retentionPasses(this.config, now, this)) {
        const count = countExpired(this, pass())
        if (count === this.segments.length) this.#roll()
        this.#row.removeOldest(count)
      }
      this.#raiseLogStartOffset(this.#row.baseOffset)
    })
  }

  /** Compacts everything below the last segment that the high watermark passed (§12). */
  clean(now: Milliseconds): ErrorName {
    return this.#change(() => {
      if (this.config.cleanupPolicy === 'delete') return 'NONE'
      const start = Math.max(this.#firstDirtyOffset, this.#logStartOffset)
      const count = this.#row.floor(this.#highWatermark)
      const end = this.segments[count]?.baseOffset ?? 0
      if (start >= end) return 'NONE'
      const isSound = compact(this.#row, start, count, { ...this.#target, now })
      if (!isSound) return 'CORRUPT_MESSAGE'
      this.#firstDirtyOffset = end
      saveFirstDirtyOffset(this.#disk, this.#folder, end)
      this.#recoveryPoint = Math.max(this.#recoveryPoint, end)
    })
  }

  /** Asks to sync what is written now; the disk completes it later, and then `recoveryPoint` rises. */
  flush(): ErrorName {
    return this.#change(() => {
      this.#flushes.ask(this.#row.from(this.#recoveryPoint), this.logEndOffset, durableBelow => {
        if (durableBelow === null) this.#goOffline()
        else if (!this.#offline) this.#raiseRecoveryPoint(durableBelow)
      })
    })
  }

  /** Saves high watermark and log start offset. */
  checkpoint(): ErrorName {
    return this.#change(() => {
      hintOffsets(this.#disk, this.#folder, this)
    })
  }

  /** Syncs and saves everything, and lets go of the files: the next opening needs no scan (§14.4). */
  close(): ErrorName {
    return this.#change(() => {
      this.#row.syncFrom(this.#recoveryPoint)
      this.#recoveryPoint = this.logEndOffset
      saveOffsets(this.#disk, this.#folder, this)
      this.#row.active.writeIndex()
      this.#disk.writeAtomic(`${this.#folder}/${checkpointNames.cleanShutdown}`, noBytes)
      for (const segment of this.segments) segment.close()
    })
  }

  /** Lets go of the files as they are, as the end of a process does. */
  abandon(): void {
    this.#goOffline()
    for (const segment of this.segments) segment.close()
  }

  /** Does what may change anything, and answers the error if there is one; a disk that fails takes the log offline. */
  #change(step: () => ErrorName | undefined): ErrorName {
    if (this.#offline) return 'KAFKA_STORAGE_ERROR'
    this.#version++
    try {
      return step() ?? 'NONE'
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

  #clamp(offset: Offset): Offset {
    return Math.min(Math.max(offset, this.#logStartOffset), this.logEndOffset)
  }

  /** Writes checked batches; false when the log went offline. */
  #write(bytes: Uint8Array, view: DataView): boolean {
    this.#version++
    try {
      if (writeBatches(this.#target, bytes, view)) return true
    } catch (failure) {
      if (!(failure instanceof DiskFailure)) throw failure
    }
    this.#goOffline()
    return false
  }

  #roll(): void {
    if (this.#row.active.size > 0) this.#closeActive(this.logEndOffset)
  }

  /** Syncs everything and begins a new active segment, with the producers as they are. */
  #closeActive(nextBase: Offset): void {
    this.#row.syncFrom(this.#recoveryPoint)
    this.#recoveryPoint = nextBase
    this.#row.active.writeIndex()
    this.producers.saveSnapshot(this.#disk, this.#folder, nextBase)
    this.#row.begin(nextBase)
  }

  #raiseRecoveryPoint(offset: Offset): void {
    if (offset <= this.#recoveryPoint) return
    this.#recoveryPoint = offset
    this.#version++
  }

  #truncateTo(offset: Offset): void {
    const kept = this.#row.floor(offset)
    const active = this.segments[kept] ?? this.#row.active
    const { position, baseOffset } = active.find(offset)
    const end = Math.min(offset, baseOffset ?? offset)
    this.#row.removeBehind(kept)
    active.truncate(position)
    this.producers.restore(this.#disk, this.#folder, active)
    this.#recoveryPoint = Math.min(this.#recoveryPoint, end)
    // Behind a gap the last batch no longer tells where the log ends, but a segment's base does.
    if (active.nextOffset < end) this.#closeActive(end)
    this.epochs.truncateFromEnd(end)
    this.#highWatermark = Math.min(this.#highWatermark, end)
    this.#logStartOffset = Math.min(this.#logStartOffset, end)
    this.#lowerFirstDirtyOffset(end)
    this.#flushes.truncate(end)
  }

  #startAnew(offset: Offset): void {
    this.#row.startAnew(offset)
    this.epochs.clear()
    this.producers.clear()
    this.#logStartOffset = offset
    this.#highWatermark = offset
    this.#recoveryPoint = offset
    this.#firstDirtyOffset = offset
    saveFirstDirtyOffset(this.#disk, this.#folder, offset)
    this.#flushes.clear()
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
}
