// The state of one replica's log: a row of segments, the offsets that bound it, and what it knows about its epochs,
// its producers and its disk. Follows Kafka's UnifiedLog, LogSegment and ProducerStateManager; leaves out indexes,
// because a result must never depend on one.
import type { ErrorName } from '../vocabulary/errors.ts'
import type { LogConfig, LogOutcome } from '../vocabulary/log.ts'
import type { Batch, EpochEntry, ProducerEntry } from '../vocabulary/records.ts'
import type { Bytes, Offset } from '../vocabulary/units.ts'

/**
 * Everything that one log is. Offsets that end something are exclusive.
 *
 * Always true: there is at least one segment, segments rise by base offset, and
 * `logStartOffset ≤ highWatermark ≤ logEndOffset`. The log end is not kept: `logEndOffset` reads it off the segments.
 */
export type LogState = {
  readonly config: LogConfig
  /** Oldest first; the last one is active. */
  readonly segments: readonly Segment[]
  /** Records below are deleted, also where a segment still stores them. */
  readonly logStartOffset: Offset
  readonly highWatermark: Offset
  /** Everything below is synced. */
  readonly recoveryPoint: Offset
  /** Where the next compaction starts to look for keys. */
  readonly firstDirtyOffset: Offset
  /** The leader-epoch cache. Durable as soon as it changes. */
  readonly epochs: readonly EpochEntry[]
  /** Producer state at the log's end, by producer id. */
  readonly producers: readonly ProducerEntry[]
  /** What an outstanding flush will have synced; null when none is outstanding. */
  readonly pendingFlush: Offset | null
  /** The high watermark as last checkpointed, which a crash falls back to. May lie outside the log. */
  readonly savedHighWatermark: Offset
  /** The log start as last checkpointed, which a crash falls back to. May lie outside the log. */
  readonly savedLogStartOffset: Offset
  /** True after a write failed: only a crash brings the log back. */
  readonly offline: boolean
  /** How many record bytes still fit on the disk; null for as many as you like. */
  readonly room: Bytes | null
}

/** A run of batches under one base offset. */
export type Segment = {
  readonly baseOffset: Offset
  /** The sum of its batches' sizes. */
  readonly sizeBytes: Bytes
  /** A corrupt batch keeps its records here, so that its size stays known; readers and observers do not see them. */
  readonly batches: readonly Batch[]
  /** Producer state at `baseOffset`: the snapshot that Kafka takes at every roll. */
  readonly producers: readonly ProducerEntry[]
}

export type Done = Extract<LogOutcome, { kind: 'done' }>
export type Refused = Extract<LogOutcome, { kind: 'error' }>

/** What a rule gives: the log after it (the same object if nothing changed) and its answer. */
export type LogStep<O extends LogOutcome> = { readonly log: LogState; readonly outcome: O }

/** A new log: one empty segment at 0, and every offset 0. */
export function initialLog(config: LogConfig): LogState {
  return {
    config,
    segments: [emptySegment(0, [])],
    logStartOffset: 0,
    highWatermark: 0,
    recoveryPoint: 0,
    firstDirtyOffset: 0,
    epochs: [],
    producers: [],
    pendingFlush: null,
    savedHighWatermark: 0,
    savedLogStartOffset: 0,
    offline: false,
    room: null,
  }
}

/** The offset that the next appended record gets: behind the active segment's last batch, or its base when empty. */
export function logEndOffset(log: LogState): Offset {
  return endOfSegments(log.segments)
}

/** The log end of a row of segments; 0 for no segments, which no log has. */
export function endOfSegments(segments: readonly Segment[]): Offset {
  const active = segments[segments.length - 1]
  if (active === undefined) return 0
  const last = active.batches[active.batches.length - 1]
  return last === undefined ? active.baseOffset : last.lastOffset + 1
}

/** The base offset of the first segment: nothing below it is stored. */
export function firstBaseOffset(segments: readonly Segment[]): Offset {
  return segments[0]?.baseOffset ?? 0
}

/** A segment that holds nothing yet, with the producer state at its base. */
export function emptySegment(baseOffset: Offset, producers: readonly ProducerEntry[]): Segment {
  return { baseOffset, sizeBytes: 0, batches: [], producers }
}

/** The answer of a rule that did what it was asked, or had nothing to do. */
export function done(log: LogState): LogStep<Done> {
  return { log, outcome: { kind: 'done' } }
}

/** The answer of a rule that does not apply: the log is as before. */
export function refused(log: LogState, error: ErrorName): LogStep<Refused> {
  return { log, outcome: { kind: 'error', error } }
}

/** The fields of a log, for telling whether a step changed any. */
export const logFields: readonly (keyof LogState)[] = [
  'config',
  'segments',
  'logStartOffset',
  'highWatermark',
  'recoveryPoint',
  'firstDirtyOffset',
  'epochs',
  'producers',
  'pendingFlush',
  'savedHighWatermark',
  'savedLogStartOffset',
  'offline',
  'room',
]

/** `after`, or `before` itself if no field differs, so that identity tells whether anything changed. */
export function unlessSame(before: LogState, after: LogState): LogState {
  return logFields.every(field => before[field] === after[field]) ? before : after
}

/** `after`, or `before` itself when it has the same segments in the same order. */
export function unlessSameSegments(before: readonly Segment[], after: readonly Segment[]): readonly Segment[] {
  if (before.length !== after.length) return after
  return before.every((segment, index) => segment === after[index]) ? before : after
}
