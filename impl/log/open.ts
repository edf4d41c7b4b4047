// Opening a log: what a kill left half done is finished, and what is on the disk becomes a log again.
// Follows `LogLoader`; docs/protocol/log.md §14.
import type { LogConfig } from '../../model/vocabulary/log.ts'
import type { EpochEntry } from '../../model/vocabulary/records.ts'
import type { LeaderEpoch, Offset } from '../../model/vocabulary/units.ts'
import { type Decompress, neverCompressed } from '../ports/compression.ts'
import type { Disk } from '../ports/disk.ts'
import { baseOffsetOf, leaderEpochOf } from './batch.ts'
import { checkpointNames, savedFirstDirtyOffset, savedOffsets } from './checkpoints.ts'
import { recoverSwaps } from './cleaner.ts'
import { LeaderEpochCache } from './leader-epoch-cache.ts'
import { Log } from './log.ts'
import { parseName } from './names.ts'
import { ProducerState } from './producer-state.ts'
import { SegmentRow } from './segment-row.ts'

/** Opens the log in `folder`, and begins it when there is none. Scans the active segment unless `close` ended it. */
export function openLog(disk: Disk, folder: string, config: LogConfig, decompress: Decompress = neverCompressed): Log {
  const marker = `${folder}/${checkpointNames.cleanShutdown}`
  const wasClosed = disk.readWhole(marker) !== null
  // From now on a kill is a crash again.
  if (wasClosed) disk.remove([marker])

  const saved = savedOffsets(disk, folder)
  const bases = segmentBases(disk, recoverSwaps(disk, folder))
  const isNew = bases.length === 0
  if (isNew) bases.push(saved.logStartOffset)
  const segments = new SegmentRow(disk, folder, config, bases, wasClosed ? 'trust' : 'verify')
  // What a crash left may never have been synced, and is believed from now on.
  if (!wasClosed && !isNew) segments.syncFrom(segments.baseOffset)
  const producers = new ProducerState()
  producers.restore(disk, folder, segments.active)

  const epochs = new LeaderEpochCache(disk, folder)
  restoreEpochs(epochs, segments, wasClosed, saved.logStartOffset)

  const log = new Log({ config, segments, epochs, producers, decompress })
  log.restore({ ...saved, firstDirtyOffset: savedFirstDirtyOffset(disk, folder) })
  return log
}

/**
 * Brings the epoch cache in line with what is stored (§5.6); `Log.restore` then cuts it at the log start. A deletion may
 * have cut more from its start than is deleted now, and a truncation more from its end than entries without records.
 */
function restoreEpochs(epochs: LeaderEpochCache, segments: SegmentRow, wasClosed: boolean, logStart: Offset): void {
  epochs.truncateFromEnd(segments.active.nextOffset)
  if (!wasClosed) {
    segments.active.eachHeader((view, at) => {
      const epoch = leaderEpochOf(view, at)
      if (!epochs.fences(epoch)) epochs.assign(epoch, baseOffsetOf(view, at))
    })
  }
  if (epochs.newest === null) assignLast(epochs, segments)
  if (!wasClosed) recallForgotten(epochs, segments, logStart)
}

/** A cache that is empty beside a stored batch would fence nobody. */
function assignLast(epochs: LeaderEpochCache, segments: SegmentRow): void {
  const filled = segments.all.findLast(({ size }) => size > 0)
  if (filled === undefined) return
  let epoch: LeaderEpoch = -1
  let baseOffset: Offset = -1
  filled.eachHeader((view, at) => {
    epoch = leaderEpochOf(view, at)
    baseOffset = baseOffsetOf(view, at)
  })
  epochs.assign(epoch, baseOffset)
}

/** Records below the oldest epoch are there again: their deletion was not saved, and that of their epochs was. */
function recallForgotten(epochs: LeaderEpochCache, segments: SegmentRow, logStart: Offset): void {
  const [oldest] = epochs.entries
  if (oldest === undefined || oldest.startOffset <= Math.max(logStart, segments.baseOffset)) return
  const earlier: EpochEntry[] = []
  for (const segment of segments.all) {
    if (segment.baseOffset >= oldest.startOffset) break
    segment.eachHeader((view, at) => {
      const epoch = leaderEpochOf(view, at)
      const startOffset = baseOffsetOf(view, at)
      if (startOffset >= oldest.startOffset || epoch > oldest.epoch) return
      if (epoch > (earlier.at(-1)?.epoch ?? -1)) earlier.push({ epoch, startOffset })
    })
  }
  epochs.prepend(earlier)
}

/** Base offsets of the segments among the sorted names, rising; files that lost their segment are removed. */
function segmentBases(disk: Disk, names: readonly string[]): number[] {
  const bases: number[] = []
  const others: { readonly name: string; readonly baseOffset: number }[] = []
  for (const name of names) {
    const parsed = parseName(name)
    if (parsed?.kind === 'log') bases.push(parsed.baseOffset)
    else if (parsed !== null) others.push({ name, baseOffset: parsed.baseOffset })
  }
  const orphans = others.filter(({ baseOffset }) => !bases.includes(baseOffset))
  if (orphans.length > 0) disk.remove(orphans.map(({ name }) => name))
  return bases
}
