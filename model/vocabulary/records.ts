// Records and batches as values. The implementation keeps them as bytes (record batch format v2); both sides are
// observed in this form.
import type { LeaderEpoch, Milliseconds, Offset, ProducerEpoch, ProducerId, Sequence } from './units.ts'

/** What a producer hands over: `key` null for a keyless record, `value` null for a tombstone. ASCII only. */
export type PlainRecord = {
  readonly key: string | null
  readonly value: string | null
  readonly timestamp: Milliseconds
}

/** A record in a log. */
export type LogRecord = PlainRecord & { readonly offset: Offset }

/** Who wrote a batch; all three are -1 for a producer without idempotence. */
export type ProducerStamp = {
  readonly producerId: ProducerId
  readonly producerEpoch: ProducerEpoch
  readonly baseSequence: Sequence
}

/** A batch that has no offset yet: what a Produce request carries. */
export type UnplacedBatch = ProducerStamp & { readonly records: readonly PlainRecord[] }

/**
 * A batch in a log. It covers `baseOffset` to `lastOffset` inclusive, also after compaction has removed some or all of
 * its records (an empty batch stays only to remember a producer's last sequence).
 */
export type Batch = ProducerStamp & {
  readonly baseOffset: Offset
  readonly lastOffset: Offset
  readonly leaderEpoch: LeaderEpoch
  /** When tombstones in this batch may go, set by the first compaction that sees them clean; null before (KIP-534). */
  readonly deleteHorizon: Milliseconds | null
  readonly records: readonly LogRecord[]
  /** True when the stored bytes no longer match their checksum. */
  readonly corrupt: boolean
}

/** One entry of the leader-epoch cache: the first offset of an epoch (KIP-101). */
export type EpochEntry = { readonly epoch: LeaderEpoch; readonly startOffset: Offset }

/** The answer to *end offset for epoch* (KIP-101, KIP-279): both are -1 when unknown. */
export type EpochEnd = { readonly epoch: LeaderEpoch; readonly endOffset: Offset }

/** What a log remembers of one producer (KIP-98): its epoch and at most five last batches, oldest first. */
export type ProducerEntry = {
  readonly producerId: ProducerId
  readonly producerEpoch: ProducerEpoch
  readonly batches: readonly {
    readonly baseSequence: Sequence
    readonly lastSequence: Sequence
    readonly baseOffset: Offset
    readonly lastOffset: Offset
  }[]
}
