// The segments of one log in a row, the last of them active, and their coming and going on the disk.
import type { LogConfig } from '../../model/vocabulary/log.ts'
import type { Offset } from '../../model/vocabulary/units.ts'
import type { Disk } from '../ports/disk.ts'
import { type LoadMode, Segment } from './segment.ts'

/** At least one segment, with rising base offsets. */
export class SegmentRow {
  readonly disk: Disk
  readonly folder: string
  #config: LogConfig
  readonly #all: Segment[] = []
  #active: Segment

  /** Takes over the segments with these base offsets, of which there is at least one. */
  constructor(disk: Disk, folder: string, config: LogConfig, bases: readonly Offset[], modeOfActive: LoadMode) {
    this.disk = disk
    this.folder = folder
    this.#config = config
    for (const [index, base] of bases.entries()) {
      // Only the active segment can hold a batch that a crash tore; the others were synced when they were closed.
      this.#all.push(this.open(base, index < bases.length - 1 ? 'trust' : modeOfActive))
    }
    this.#active = lastOf(this.#all)
    this.#active.becomeActive()
  }

  /** Segments that are begun or opened from now on obey other settings. */
  configure(config: LogConfig): void {
    this.#config = config
  }

  /** Oldest first. */
  get all(): readonly Segment[] {
    return this.#all
  }

  /** The last one, which takes appends. */
  get active(): Segment {
    return this.#active
  }

  /** Where the row begins. */
  get baseOffset(): Offset {
    return (this.#all[0] ?? this.#active).baseOffset
  }

  /** Index of the last segment with a base at or below `offset`; 0 if there is none. */
  floor(offset: Offset): number {
    let low = 0
    let high = this.#all.length
    // Most reads and all appends are at the end.
    if (offset >= this.#active.baseOffset) return high - 1
    while (high - low > 1) {
      const middle = (low + high) >>> 1
      if ((this.#all[middle]?.baseOffset ?? 0) <= offset) low = middle
      else high = middle
    }
    return low
  }

  /** A segment that is on the disk, outside of the row. */
  open(baseOffset: Offset, mode: LoadMode): Segment {
    const segment = new Segment(this.disk, this.folder, baseOffset, this.#config.indexIntervalBytes)
    segment.load(mode)
    return segment
  }

  /** Begins a new active segment behind all others. */
  begin(baseOffset: Offset): void {
    this.#active = new Segment(this.disk, this.folder, baseOffset, this.#config.indexIntervalBytes)
    this.#all.push(this.#active)
  }

  /** Removes the segments behind the one at `index`, from the newest back, so that a kill in between leaves no hole. */
  removeBehind(index: number): void {
    this.#remove(this.#all.splice(index + 1).reverse())
    this.#active = lastOf(this.#all)
  }

  /** Removes the `count` oldest segments, but not all. */
  removeOldest(count: number): void {
    this.#remove(this.#all.splice(0, count))
  }

  /** Removes all segments and begins one at `baseOffset`. */
  startAnew(baseOffset: Offset): void {
    this.#remove(this.#all.splice(0).reverse())
    this.begin(baseOffset)
  }

  /** Puts a segment in the place of `count` others, whose files are gone. */
  replace(index: number, count: number, segment: Segment): void {
    this.#all.splice(index, count, segment)
  }

  /** The segments that may hold bytes at or above `offset`. */
  from(offset: Offset): readonly Segment[] {
    return this.#all.slice(this.floor(offset))
  }

  /** Syncs what is at or above `offset`. */
  syncFrom(offset: Offset): void {
    for (const segment of this.from(offset)) segment.syncNow()
  }

  #remove(segments: readonly Segment[]): void {
    if (segments.length > 0) this.disk.remove(segments.flatMap(segment => segment.release()))
  }
}

function lastOf(segments: readonly Segment[]): Segment {
  const last = segments.at(-1)
  if (last === undefined) throw new Error('a log has at least one segment')
  return last
}
