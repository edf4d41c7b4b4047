// Opening a log: what a kill left half done is finished, and what is on the disk becomes a log again.
// Follows `LogLoader`; docs/protocol/log.md §14.
import type { LogConfig } from '../../model/vocabulary/log.ts'
import type { Disk } from '../ports/disk.ts'
import { checkpointNames, savedFirstDirtyOffset, savedOffsets } from './checkpoints.ts'
import { recoverSwaps } from './cleaner.ts'
import { LeaderEpochCache } from './leader-epoch-cache.ts'
import { Log } from './log.ts'
import { parseName } from './names.ts'
import { ProducerState } from './producer-state.ts'
import { SegmentRow } from './segment-row.ts'

/** Opens the log in `folder`, and begins it when there is none. Scans the active segment unless `close` ended it. */
export function openLog(disk: Disk, folder: string, config: LogConfig): Log {
  const marker = `${folder}/${checkpointNames.cleanShutdown}`
  const wasClosed = disk.readWhole(marker) !== null
  // From now on a kill is a crash again.
  if (wasClosed) disk.remove([marker])

  recoverSwaps(disk, folder)
  const saved = savedOffsets(disk, folder)
  const bases = segmentBases(disk, folder)
  if (bases.length === 0) bases.push(saved.logStartOffset)
  const segments = new SegmentRow(disk, folder, config, bases, wasClosed ? 'trust' : 'verify')
  // What a crash left may never have been synced, and is believed from now on.
  if (!wasClosed) segments.syncFrom(segments.baseOffset)
  const producers = new ProducerState()
  producers.restore(disk, folder, segments.active)

  const log = new Log({ config, segments, epochs: new LeaderEpochCache(disk, folder), producers })
  log.restore({ ...saved, firstDirtyOffset: savedFirstDirtyOffset(disk, folder) })
  return log
}

/** Base offsets of the segments on the disk, rising; files that lost their segment are removed. */
function segmentBases(disk: Disk, folder: string): number[] {
  const bases: number[] = []
  const others: { readonly name: string; readonly baseOffset: number }[] = []
  for (const name of disk.list(folder)) {
    const parsed = parseName(name)
    if (parsed?.kind === 'log') bases.push(parsed.baseOffset)
    else if (parsed !== null) others.push({ name, baseOffset: parsed.baseOffset })
  }
  const orphans = others.filter(({ baseOffset }) => !bases.includes(baseOffset))
  if (orphans.length > 0) disk.remove(orphans.map(({ name }) => name))
  return bases
}
