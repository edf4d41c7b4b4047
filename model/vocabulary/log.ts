// The log of one replica, alone: scope `log`.
import type { ErrorName } from './errors.ts'
import type { Batch, EpochEnd, EpochEntry, PlainRecord, ProducerEntry } from './records.ts'
import type { Bytes, LeaderEpoch, Milliseconds, Offset, ProducerEpoch, ProducerId, Sequence } from './units.ts'

/** Topic settings that a log obeys, with Kafka's names in camel case; -1 in a retention setting means no limit. */
export type LogConfig = {
  readonly segmentBytes: Bytes
  readonly indexIntervalBytes: Bytes
  readonly maxMessageBytes: Bytes
  readonly cleanupPolicy: 'delete' | 'compact' | 'compact,delete'
  readonly retentionMs: Milliseconds
  readonly retentionBytes: Bytes
  readonly deleteRetentionMs: Milliseconds
}

/** Set-up of a run of scope `log`. */
export type LogSetup = { readonly scope: 'log'; readonly config: LogConfig }

/** How a crash treats the record bytes that were written but not synced, in the order in which they were written. */
export type CrashDamage =
  /** The process died, the machine did not: everything written is kept. */
  | { readonly kind: 'kept' }
  /** Everything unsynced is lost. */
  | { readonly kind: 'lost' }
  /** The first `bytes` unsynced bytes are kept (all, if there are fewer), which may end in the middle of a batch. */
  | { readonly kind: 'torn'; readonly bytes: Bytes }

/**
 * One operation on one log. All are total: where one does not apply it answers with an error or changes nothing.
 * - `append`: as a leader of epoch `leaderEpoch`; numbers the records from the log's end.
 * - `replicate`: as a follower; appends batches that were numbered elsewhere.
 * - `assignEpoch`: remember that `leaderEpoch` starts at the log's end (becoming leader).
 * - `updateHighWatermark` sets it, clamped to the log's bounds; it may move back, as a follower's does.
 * - `flush` asks for a sync of all that is written so far; `synced` completes what was asked.
 * - `checkpoint` makes the high watermark and the log start offset durable, as Kafka's periodic checkpoints do.
 * - `crash` kills the process, treats unsynced bytes as `damage` says, loses or keeps the index files as `indexes` says,
 *   and recovers.
 * - `close` shuts down cleanly (syncs all) and opens again.
 * - `rot` flips one bit in the record bytes of the batch that covers `offset`.
 * - `fillDisk` leaves room for `bytes` more record bytes; null empties the disk again. A write that does not fit is cut
 *   short there, takes the log offline, and everything but `crash` and `fillDisk` answers KAFKA_STORAGE_ERROR from then on.
 */
export type LogOperation =
  | {
      readonly kind: 'append'
      readonly leaderEpoch: LeaderEpoch
      readonly producerId: ProducerId
      readonly producerEpoch: ProducerEpoch
      readonly baseSequence: Sequence
      readonly records: readonly PlainRecord[]
    }
  | { readonly kind: 'replicate'; readonly batches: readonly Batch[] }
  | { readonly kind: 'read'; readonly offset: Offset; readonly endOffset: Offset; readonly bytesMax: Bytes }
  | { readonly kind: 'truncate'; readonly offset: Offset }
  | { readonly kind: 'truncateFully'; readonly offset: Offset }
  | { readonly kind: 'updateHighWatermark'; readonly offset: Offset }
  | { readonly kind: 'deleteRecords'; readonly offset: Offset }
  | { readonly kind: 'assignEpoch'; readonly leaderEpoch: LeaderEpoch }
  | { readonly kind: 'endOffsetForEpoch'; readonly leaderEpoch: LeaderEpoch }
  | { readonly kind: 'listOffsets'; readonly timestamp: Milliseconds; readonly endOffset: Offset }
  | { readonly kind: 'roll' }
  | { readonly kind: 'retain'; readonly now: Milliseconds }
  | { readonly kind: 'clean'; readonly now: Milliseconds }
  | { readonly kind: 'flush' }
  | { readonly kind: 'synced' }
  | { readonly kind: 'checkpoint' }
  | { readonly kind: 'close' }
  | { readonly kind: 'crash'; readonly damage: CrashDamage; readonly indexes: 'kept' | 'lost' | 'torn' }
  | { readonly kind: 'rot'; readonly offset: Offset }
  | { readonly kind: 'fillDisk'; readonly bytes: Bytes | null }

/** What an operation on a log answers. */
export type LogOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'error'; readonly error: ErrorName }
  /** `duplicate` tells a batch that was recognised by its sequence from one that was appended now. */
  | { readonly kind: 'appended'; readonly baseOffset: Offset; readonly lastOffset: Offset; readonly duplicate: boolean }
  | { readonly kind: 'batches'; readonly batches: readonly Batch[] }
  | { readonly kind: 'epochEnd'; readonly end: EpochEnd }
  /** The first record at or after the timestamp, or null. */
  | { readonly kind: 'found'; readonly record: { readonly offset: Offset; readonly timestamp: Milliseconds } | null }

/** Everything about a log that the two sides must agree on. Arrays are in offset, epoch or producer id order. */
export type LogObservation = {
  readonly logStartOffset: Offset
  readonly logEndOffset: Offset
  readonly highWatermark: Offset
  /** Everything below is synced. */
  readonly recoveryPoint: Offset
  /** First offset that the cleaner has not cleaned yet. */
  readonly firstDirtyOffset: Offset
  readonly segments: readonly { readonly baseOffset: Offset; readonly sizeBytes: Bytes }[]
  readonly epochs: readonly EpochEntry[]
  readonly producers: readonly ProducerEntry[]
  readonly batches: readonly Batch[]
  readonly offline: boolean
}
