// Which leader epoch began at which offset (KIP-101, KIP-279), durable as soon as it changes.
// Follows `LeaderEpochFileCache`; docs/protocol/log.md §5.
import type { EpochEnd, EpochEntry } from '../../model/vocabulary/records.ts'
import type { LeaderEpoch, Offset } from '../../model/vocabulary/units.ts'
import type { Disk } from '../ports/disk.ts'
import { checkpointNames, readRows, writeRows } from './checkpoints.ts'

/** The cache of one log. Its entries rise strictly in both fields. */
export class LeaderEpochCache {
  readonly #disk: Disk
  readonly #name: string
  #entries: readonly EpochEntry[]

  /** Reads what was saved; empty when nothing was. */
  constructor(disk: Disk, folder: string) {
    this.#disk = disk
    this.#name = `${folder}/${checkpointNames.leaderEpochs}`
    this.#entries = (readRows(disk, this.#name) ?? []).map(([epoch = 0, startOffset = 0]) => ({ epoch, startOffset }))
  }

  /** Oldest first. The array is never changed, only replaced. */
  get entries(): readonly EpochEntry[] {
    return this.#entries
  }

  /** The newest epoch, or null when there is none. */
  get newest(): LeaderEpoch | null {
    return this.#entries.at(-1)?.epoch ?? null
  }

  /** Whether a leader of this epoch is one of the past. */
  fences(epoch: LeaderEpoch): boolean {
    const newest = this.newest
    return newest !== null && epoch < newest
  }

  /** Remembers that `epoch` starts at `startOffset`. The caller has refused epochs below the newest. */
  assign(epoch: LeaderEpoch, startOffset: Offset): void {
    if (this.newest === epoch) return
    this.#replace([...this.#entries.filter(entry => entry.startOffset < startOffset), { epoch, startOffset }])
  }

  /** Forgets the epochs that start at or behind the log's new end, also those without records. */
  truncateFromEnd(endOffset: Offset): void {
    const newest = this.#entries.at(-1)
    if (newest === undefined || newest.startOffset < endOffset) return
    this.#replace(this.#entries.filter(entry => entry.startOffset < endOffset))
  }

  /** Forgets the epochs that end at or below the log's new start, and moves the start of the one that goes on. */
  truncateFromStart(startOffset: Offset): void {
    const later = this.#entries.filter(entry => entry.startOffset > startOffset)
    const earlier = this.#entries[this.#entries.length - later.length - 1]
    if (earlier === undefined || (earlier === this.#entries[0] && earlier.startOffset === startOffset)) return
    this.#replace([{ epoch: earlier.epoch, startOffset }, ...later])
  }

  /** Puts epochs before the oldest one; if the last of them is its own, that takes its place. */
  prepend(earlier: readonly EpochEntry[]): void {
    const isSame = earlier.at(-1)?.epoch === this.#entries[0]?.epoch
    if (earlier.length > 0) this.#replace([...earlier, ...this.#entries.slice(isSame ? 1 : 0)])
  }

  /** Forgets everything. */
  clear(): void {
    if (this.#entries.length > 0) this.#replace([])
  }

  /** The epoch at or below `epoch` that the log has, and where it ends; -1 and -1 when unknown. */
  endOffsetFor(epoch: LeaderEpoch, logEndOffset: Offset): EpochEnd {
    const newest = this.newest
    if (epoch === -1 || newest === null || epoch > newest) return { epoch: -1, endOffset: -1 }
    if (epoch === newest) return { epoch, endOffset: logEndOffset }
    let floor: LeaderEpoch = epoch
    for (const entry of this.#entries) {
      if (entry.epoch > epoch) return { epoch: floor, endOffset: entry.startOffset }
      floor = entry.epoch
    }
    // Not reached: the newest epoch is above the wanted one.
    return { epoch: -1, endOffset: -1 }
  }

  #replace(entries: readonly EpochEntry[]): void {
    this.#entries = entries
    const rows = entries.map(({ epoch, startOffset }) => [epoch, startOffset])
    writeRows(this.#disk, this.#name, rows)
  }
}
