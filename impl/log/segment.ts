// One segment: an append-only file of batches, its sparse index, and the few numbers that follow from its batches.
// Follows `LogSegment`. It knows nothing of epochs, producers or its neighbours.
import type { Bytes, Milliseconds, Offset } from '../../model/vocabulary/units.ts'
import type { Disk, DiskFile } from '../ports/disk.ts'
import * as header from './batch.ts'
import { filesOfSegment, segmentFile } from './names.ts'
import { SparseIndex } from './sparse-index.ts'
import { chunk, type WalkStep, walkBatches } from './walk.ts'

/** The largest timestamp of no records at all, so that any record's is larger. */
const noTimestamp: Milliseconds = Number.NEGATIVE_INFINITY
const noBytes = new Uint8Array(0)

/** How the file of a segment is taken over at opening. */
export type LoadMode =
  /** The bytes were synced: believe them, and the index file if it fits. */
  | 'trust'
  /** Check every batch, and cut at the first that is incomplete, corrupt or out of order. */
  | 'verify'

/** A segment. Whoever holds one closes it or removes it. */
export class Segment {
  readonly baseOffset: Offset
  readonly #disk: Disk
  readonly #folder: string
  readonly #file: DiskFile
  readonly #index: SparseIndex
  #size: Bytes = 0
  #nextOffset: Offset
  #largestTimestamp = noTimestamp
  #generation = 0
  #indexOnDisk = false
  /** Where the next read probably starts: a consumer reads on where it stopped. */
  #hint = { offset: -1, position: 0 }

  /** Opens the file, and creates it when it is absent; `load` takes over what is in it. */
  constructor(disk: Disk, folder: string, baseOffset: Offset, indexIntervalBytes: Bytes) {
    this.baseOffset = baseOffset
    this.#disk = disk
    this.#folder = folder
    this.#file = disk.open(segmentFile(folder, baseOffset, 'log'))
    this.#index = new SparseIndex(indexIntervalBytes)
    this.#nextOffset = baseOffset
  }

  /** Bytes of its whole batches. */
  get size(): Bytes {
    return this.#size
  }

  /** End of its last batch, exclusive; its base offset when it is empty. */
  get nextOffset(): Offset {
    return this.#nextOffset
  }

  /** Largest timestamp of its records; -1 without records. */
  get largestTimestamp(): Milliseconds {
    return this.#largestTimestamp === noTimestamp ? -1 : this.#largestTimestamp
  }

  /** Changes whenever bytes below `size` may have changed, so never by appending. */
  get generation(): number {
    return this.#generation
  }

  /** The name of its file of batches. */
  get name(): string {
    return segmentFile(this.#folder, this.baseOffset, 'log')
  }

  /** Writes at the end of the file and answers how many bytes were taken. The caller then notes the whole batches. */
  append(bytes: Uint8Array): Bytes {
    return this.#file.append(bytes)
  }

  /** Counts a batch that the file holds behind all others. */
  note(view: DataView, at: number, size: Bytes): void {
    this.#index.note(this.#size, header.baseOffsetOf(view, at), this.#largestTimestamp)
    this.#size += size
    this.#nextOffset = header.lastOffsetOf(view, at) + 1
    if (header.recordCountOf(view, at) > 0) {
      this.#largestTimestamp = Math.max(this.#largestTimestamp, header.maxTimestampOf(view, at))
    }
  }

  /** Bytes from anywhere below `size`. */
  readRange(position: Bytes, length: Bytes): Uint8Array {
    return this.#file.read(position, Math.min(length, this.#size - position))
  }

  /**
   * The whole batches with `lastOffset ≥ offset` and `lastOffset < endOffset`, at most `bytesMax` bytes of them, but
   * always the first.
   */
  read(offset: Offset, endOffset: Offset, bytesMax: Bytes): Uint8Array {
    if (this.#nextOffset <= offset) return noBytes
    const position = this.#hint.offset === offset ? this.#hint.position : this.find(offset).position
    // The header first: a batch that is larger than what may be read would otherwise be read twice.
    const head = this.readRange(position, header.headerBytes)
    if (head.length < header.headerBytes) return noBytes
    const headView = header.viewOf(head)
    const first = header.sizeOf(headView, 0)
    if (header.lastOffsetOf(headView, 0) >= endOffset) return noBytes
    // Only rot in a length field could say so.
    if (first < header.headerBytes || position + first > this.#size) return noBytes
    const bound = this.#index.ceilingOfOffset(endOffset) ?? this.#size
    const bytes = this.readRange(position, Math.max(first, Math.min(bytesMax, bound - position)))
    if (bytes.length < first) return noBytes
    const view = header.viewOf(bytes)
    let taken = 0
    let size = first
    while (size > 0 && header.lastOffsetOf(view, taken) < endOffset && (taken === 0 || taken + size <= bytesMax)) {
      this.#hint.offset = header.lastOffsetOf(view, taken) + 1
      taken += size
      size = header.wholeBatchSize(view, taken, bytes.length)
    }
    this.#hint.position = position + taken
    return taken === bytes.length ? bytes : bytes.subarray(0, taken)
  }

  /** Where the first batch with `lastOffset ≥ offset` stands and begins; the end and null if there is none. */
  find(offset: Offset): { readonly position: Bytes; readonly baseOffset: Offset | null } {
    let baseOffset: Offset | null = null
    const from = this.#index.floorOfOffset(offset)?.position ?? 0
    const position = this.#walk(from, this.#size, 'lookUp', ({ view, at }) => {
      if (header.lastOffsetOf(view, at) < offset) return true
      baseOffset = header.baseOffsetOf(view, at)
      return false
    })
    return { position, baseOffset }
  }

  /** A position before which every batch has timestamps below `timestamp` only. */
  positionOfTimestamp(timestamp: Milliseconds): Bytes {
    return this.#index.floorOfTimestamp(timestamp)?.position ?? 0
  }

  /** Visits the headers of its batches below `end`. */
  eachHeader(visit: (view: DataView, at: number) => void, end: Bytes = this.#size): void {
    this.#walk(0, end, 'scan', ({ view, at }) => {
      visit(view, at)
      return true
    })
  }

  /** Visits its batches from `position` with all their bytes, until `visit` answers false. */
  eachBatch(visit: (step: WalkStep) => boolean, position: Bytes = 0): void {
    walkBatches(this.#file, position, this.#size, { chunkBytes: chunk.scan, whole: true }, visit)
  }

  /** Drops the batches from `position` on, which must be where one starts. Durable at once. */
  truncate(position: Bytes): void {
    this.becomeActive()
    if (position === this.#size) return
    this.#file.truncate(position)
    this.#generation++
    this.#hint.offset = -1
    this.#index.truncate(position)
    const known = this.#index.floorOfPosition(position)
    this.#size = known?.position ?? 0
    this.#nextOffset = known?.offset ?? this.baseOffset
    this.#largestTimestamp = known?.largestBefore ?? noTimestamp
    this.#walk(this.#size, position, 'scan', step => this.#noteStep(step))
  }

  /** Makes ready for appends: a stale index file would speak of bytes that are no longer there. */
  becomeActive(): void {
    if (!this.#indexOnDisk) return
    this.#disk.remove([segmentFile(this.#folder, this.baseOffset, 'index')])
    this.#indexOnDisk = false
  }

  /** Takes over the file as it is found at opening, and cuts what is not a row of whole batches. */
  load(mode: LoadMode): void {
    const onDisk = this.#file.size
    let from: Bytes = 0
    if (mode === 'trust') {
      const indexFile = this.#disk.readWhole(segmentFile(this.#folder, this.baseOffset, 'index'))
      this.#indexOnDisk = indexFile !== null
      if (indexFile !== null && this.#index.decode(indexFile, onDisk)) {
        const known = this.#index.floorOfPosition(onDisk)
        from = known?.position ?? 0
        this.#largestTimestamp = known?.largestBefore ?? noTimestamp
      }
      this.#size = from
    } else {
      this.#indexOnDisk = true
      this.becomeActive()
    }
    const options = { chunkBytes: chunk.scan, whole: mode === 'verify' }
    const end = walkBatches(this.#file, from, onDisk, options, step => {
      const { bytes, view, at, size } = step
      if (mode === 'verify') {
        if (!header.isSound(bytes, view, at, size) || header.baseOffsetOf(view, at) < this.#nextOffset) return false
      }
      return this.#noteStep(step)
    })
    if (end < onDisk) this.#file.truncate(end)
  }

  /** Writes the index behind, for a segment that will not change soon. One that has no entries needs no file. */
  writeIndex(): void {
    if (this.#index.length === 0) return
    this.becomeActive()
    const file = this.#disk.open(segmentFile(this.#folder, this.baseOffset, 'index'))
    file.append(this.#index.encode(this.#size))
    file.close()
    this.#indexOnDisk = true
  }

  /** Asks for a sync of what is written. */
  sync(done: (durable: boolean) => void): void {
    this.#file.sync(done)
  }

  /** Syncs what is written. */
  syncNow(): void {
    this.#file.syncNow()
  }

  /** Tells that bits below `size` were changed from outside. */
  invalidate(): void {
    this.#generation++
  }

  /** Lets go of the file. */
  close(): void {
    this.#file.close()
  }

  /** Lets go of the file and answers the names of all that belong to the segment, to be removed. */
  release(): readonly string[] {
    this.#file.close()
    return filesOfSegment(this.#folder, this.baseOffset)
  }

  #walk(from: Bytes, to: Bytes, chunkOf: keyof typeof chunk, visit: (step: WalkStep) => boolean): Bytes {
    return walkBatches(this.#file, from, to, { chunkBytes: chunk[chunkOf], whole: false }, visit)
  }

  #noteStep({ view, at, size }: WalkStep): boolean {
    this.note(view, at, size)
    return true
  }
}
