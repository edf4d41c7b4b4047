// Which segments retention removes. Follows `UnifiedLog.deleteOldSegments`; docs/protocol/log.md §11.
import type { LogConfig } from '../../model/vocabulary/log.ts'
import type { Milliseconds, Offset } from '../../model/vocabulary/units.ts'
import type { Segment } from './segment.ts'

/** A pass says whether a segment goes; it is asked from the oldest on, once each, until it says no. */
export type RetentionPass = (segment: Segment, next: Segment | undefined) => boolean

/** The passes that the settings ask for, in their order. Each is made when the one before is done. */
export function retentionPasses(
  config: LogConfig,
  now: Milliseconds,
  log: { readonly segments: readonly Segment[]; readonly logStartOffset: Offset },
): readonly (() => RetentionPass)[] {
  const deletes = config.cleanupPolicy !== 'compact'
  const passes: (() => RetentionPass)[] = []
  if (deletes && config.retentionMs >= 0) {
    passes.push(() => segment => now - segment.largestTimestamp > config.retentionMs)
  }
  if (deletes && config.retentionBytes >= 0) {
    passes.push(() => {
      let excess = -config.retentionBytes
      for (const segment of log.segments) excess += segment.size
      return segment => {
        if (excess - segment.size < 0) return false
        excess -= segment.size
        return true
      }
    })
  }
  passes.push(() => (_, next) => next !== undefined && next.baseOffset <= log.logStartOffset)
  return passes
}

/** How many segments a pass removes. One that the high watermark has not passed never goes, nor the active one while empty. */
export function countExpired(
  log: { readonly segments: readonly Segment[]; readonly highWatermark: Offset; readonly logEndOffset: Offset },
  expired: RetentionPass,
): number {
  let count = 0
  for (const segment of log.segments) {
    const next = log.segments[count + 1]
    const end = next?.baseOffset ?? log.logEndOffset
    const mayGo = end <= log.highWatermark && (next !== undefined || segment.size > 0)
    if (!mayGo || !expired(segment, next)) break
    count++
  }
  return count
}
