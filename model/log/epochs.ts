// The leader-epoch cache: where each leader epoch starts in the log (KIP-101, KIP-279; Kafka's LeaderEpochFileCache).
// Entries rise strictly, by epoch and by start offset.

import type { LogOutcome } from '../vocabulary/log.ts'
import type { Batch, EpochEnd, EpochEntry } from '../vocabulary/records.ts'
import type { LeaderEpoch, Offset } from '../vocabulary/units.ts'
import {
  type Done,
  done,
  endOfSegments,
  type LogState,
  type LogStep,
  logEndOffset,
  type Refused,
  refused,
  type Segment,
} from './state.ts'

/**
 * Who: a replica that becomes leader of `leaderEpoch`.
 * When: the epoch is not below the newest one it knows; otherwise FENCED_LEADER_EPOCH.
 * Then: the epoch starts at the log's end, also when no record ever follows.
 * Source: KIP-101; `UnifiedLog.assignEpochStartOffset`.
 */
export function assignEpoch(log: LogState, leaderEpoch: LeaderEpoch): LogStep<Done | Refused> {
  if (log.offline) return refused(log, 'KAFKA_STORAGE_ERROR')
  if (isFenced(log.epochs, leaderEpoch)) return refused(log, 'FENCED_LEADER_EPOCH')
  const epochs = withEpoch(log.epochs, leaderEpoch, logEndOffset(log))
  return done(epochs === log.epochs ? log : { ...log, epochs })
}

/**
 * Who: a leader, asked by a follower that wants to know where to cut.
 * Then: where the epoch ends here, and which epoch that answer is for: the newest one at or below the one asked for
 * (KIP-279). With entries 1@0 and 4@7, epoch 3 answers (1, 7): what you have of 3 I never had, epoch 1 ends at 7.
 * Source: `LeaderEpochFileCache.endOffsetFor`.
 */
export function endOffsetForEpoch(
  log: LogState,
  leaderEpoch: LeaderEpoch,
): LogStep<Extract<LogOutcome, { kind: 'epochEnd' }> | Refused> {
  if (log.offline) return refused(log, 'KAFKA_STORAGE_ERROR')
  return { log, outcome: { kind: 'epochEnd', end: epochEnd(log.epochs, leaderEpoch, logEndOffset(log)) } }
}

/** The rule of `endOffsetForEpoch` on a cache and a log end. */
export function epochEnd(epochs: readonly EpochEntry[], epoch: LeaderEpoch, logEnd: Offset): EpochEnd {
  const newest = newestEpoch(epochs)
  if (epoch === -1 || newest === null || epoch > newest) return { epoch: -1, endOffset: -1 }
  if (epoch === newest) return { epoch, endOffset: logEnd }
  let newestAtOrBelow = epoch
  for (const entry of epochs) {
    if (entry.epoch > epoch) return { epoch: newestAtOrBelow, endOffset: entry.startOffset }
    newestAtOrBelow = entry.epoch
  }
  return { epoch: newestAtOrBelow, endOffset: logEnd }
}

/** The newest epoch of a cache, or null for an empty one. */
export function newestEpoch(epochs: readonly EpochEntry[]): LeaderEpoch | null {
  return epochs[epochs.length - 1]?.epoch ?? null
}

/** True when the cache knows an epoch above this one: whoever speaks for it has been replaced. */
export function isFenced(epochs: readonly EpochEntry[], leaderEpoch: LeaderEpoch): boolean {
  const newest = newestEpoch(epochs)
  return newest !== null && leaderEpoch < newest
}

/**
 * `LeaderEpochFileCache.assign`, for an epoch not below the newest. Entries that would not start before the new one go:
 * 1@5 then 2@5 leaves 2@5, because epoch 1 never got a record.
 */
export function withEpoch(
  epochs: readonly EpochEntry[],
  epoch: LeaderEpoch,
  startOffset: Offset,
): readonly EpochEntry[] {
  if (newestEpoch(epochs) === epoch) return epochs
  return epochsBelow(epochs, startOffset).concat({ epoch, startOffset })
}

/**
 * `LeaderEpochFileCache.truncateFromEnd`: entries that start at or above `offset` go. Applies to a truncation that
 * removes no record too: an entry 2@5 of a leader that never wrote, kept by a log that ends at 5, would diverge for ever.
 */
export function epochsBelow(epochs: readonly EpochEntry[], offset: Offset): readonly EpochEntry[] {
  let kept = epochs.length
  while (kept > 0 && (epochs[kept - 1]?.startOffset ?? 0) >= offset) kept -= 1
  return kept === epochs.length ? epochs : epochs.slice(0, kept)
}

/**
 * `LeaderEpochFileCache.truncateFromStart`: of the entries that start at or below the new log start only the newest
 * stays, and starts there. 0@0, 1@4, 2@9 cut at 6 leaves 1@6, 2@9.
 */
export function epochsFrom(epochs: readonly EpochEntry[], logStartOffset: Offset): readonly EpochEntry[] {
  let above = 0
  while (above < epochs.length && (epochs[above]?.startOffset ?? 0) <= logStartOffset) above += 1
  const straddling = epochs[above - 1]
  if (straddling === undefined) return epochs
  if (above === 1 && straddling.startOffset === logStartOffset) return epochs
  return [{ epoch: straddling.epoch, startOffset: logStartOffset }, ...epochs.slice(above)]
}

/**
 * What the cache holds once a log with these segments is open. `scanned` are the batches that recovery read, none after a
 * clean close.
 *
 * Entries at or beyond the end go: nothing is stored of them. The scan brings back what a deletion cut from the start and
 * a crash did not keep (`LogSegment.recover`; epoch 0 counts too, KAFKA-10432). A cache that is empty beside a stored
 * batch would fence nobody, so the last batch speaks for itself; Kafka would forget its epoch. Older segments tell the epochs of records that came back
 * with a log start that was not saved. Then the log start cuts.
 */
export function epochsAtOpening(
  epochs: readonly EpochEntry[],
  segments: readonly Segment[],
  scanned: readonly Batch[],
  logStartOffset: Offset,
  isCrash: boolean,
): readonly EpochEntry[] {
  let opened = epochsBelow(epochs, endOfSegments(segments))
  for (const { leaderEpoch, baseOffset } of scanned) {
    const newest = newestEpoch(opened)
    if (newest === null || leaderEpoch > newest) opened = withEpoch(opened, leaderEpoch, baseOffset)
  }
  const last = lastBatch(segments)
  if (opened.length === 0 && last !== null) opened = withEpoch(opened, last.leaderEpoch, last.baseOffset)
  if (isCrash) opened = withForgottenEpochs(opened, segments, logStartOffset)
  return unlessSameEpochs(epochs, epochsFrom(opened, logStartOffset))
}

/** With the epochs of the batches below the oldest entry, where that starts above the log start. */
function withForgottenEpochs(
  epochs: readonly EpochEntry[],
  segments: readonly Segment[],
  logStartOffset: Offset,
): readonly EpochEntry[] {
  const [oldest, ...later] = epochs
  if (oldest === undefined || oldest.startOffset <= logStartOffset) return epochs
  let front: readonly EpochEntry[] = []
  for (const { batches } of segments) {
    for (const { baseOffset, leaderEpoch } of batches) {
      if (baseOffset >= oldest.startOffset || leaderEpoch > oldest.epoch) continue
      if (leaderEpoch > (newestEpoch(front) ?? -1)) front = [...front, { epoch: leaderEpoch, startOffset: baseOffset }]
    }
  }
  return newestEpoch(front) === oldest.epoch ? [...front, ...later] : [...front, oldest, ...later]
}

function lastBatch(segments: readonly Segment[]): Batch | null {
  let last: Batch | null = null
  for (const segment of segments) last = segment.batches[segment.batches.length - 1] ?? last
  return last
}

/** `after`, or `before` itself when it says the same: what was dropped may have been brought back. */
function unlessSameEpochs(before: readonly EpochEntry[], after: readonly EpochEntry[]): readonly EpochEntry[] {
  if (before.length !== after.length) return after
  const isSame = after.every(
    ({ epoch, startOffset }, index) => epoch === before[index]?.epoch && startOffset === before[index]?.startOffset,
  )
  return isSame ? before : after
}
