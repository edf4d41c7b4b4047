// What a log remembers of idempotent producers, to recognise repeats and gaps (KIP-98, KIP-360; Kafka's
// ProducerStateManager and ProducerAppendInfo). Leaves out transactions and the expiry of producer ids.
import type { ErrorName } from '../vocabulary/errors.ts'
import type { Batch, ProducerEntry, ProducerStamp } from '../vocabulary/records.ts'
import type { Offset, ProducerId, Sequence } from '../vocabulary/units.ts'
import type { Segment } from './state.ts'

/** How many batches a producer's entry remembers (ProducerStateEntry.NUM_BATCHES_TO_RETAIN, KAFKA-5494). */
export const rememberedBatches = 5

/** After this sequence comes 0. */
export const largestSequence: Sequence = 2 ** 31 - 1

export type SequenceVerdict =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'duplicate'; readonly baseOffset: Offset; readonly lastOffset: Offset }
  | { readonly kind: 'refused'; readonly error: ErrorName }

/**
 * Who: a leader that is about to append a batch.
 * When: the batch names a producer that the log remembers; any sequence of an unknown producer is accepted (KIP-360).
 * Then: a lower producer epoch is fenced; a higher one must begin at sequence 0; within an epoch a remembered batch is a
 * duplicate, and any other must follow the last one without a gap.
 * Source: `ProducerAppendInfo.checkProducerEpoch`, `checkSequence`, `ProducerStateEntry.findDuplicateBatch`.
 */
export function checkSequence(
  producers: readonly ProducerEntry[],
  stamp: ProducerStamp,
  lastSequence: Sequence,
): SequenceVerdict {
  const entry = producerEntry(producers, stamp.producerId)
  if (stamp.producerId < 0 || entry === null) return { kind: 'accepted' }
  if (stamp.producerEpoch < entry.producerEpoch) return { kind: 'refused', error: 'INVALID_PRODUCER_EPOCH' }
  if (stamp.producerEpoch > entry.producerEpoch) {
    return stamp.baseSequence === 0 ? { kind: 'accepted' } : { kind: 'refused', error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' }
  }
  for (const { baseSequence, lastSequence: last, baseOffset, lastOffset } of entry.batches) {
    if (baseSequence === stamp.baseSequence && last === lastSequence)
      return { kind: 'duplicate', baseOffset, lastOffset }
  }
  const newest = entry.batches[entry.batches.length - 1]
  return newest === undefined || stamp.baseSequence === sequenceAfter(newest.lastSequence, 1)
    ? { kind: 'accepted' }
    : { kind: 'refused', error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' }
}

/** The sequence `steps` later, wrapping from 2^31-1 to 0 (DefaultRecordBatch.incrementSequence). */
export function sequenceAfter(sequence: Sequence, steps: number): Sequence {
  const sum = sequence + steps
  return sum <= largestSequence ? sum : sum % (largestSequence + 1)
}

/** The last sequence of a batch, which compaction does not change. */
export function lastSequenceOf(batch: Batch): Sequence {
  return sequenceAfter(batch.baseSequence, batch.lastOffset - batch.baseOffset)
}

/** What is remembered of one producer, or null. */
export function producerEntry(producers: readonly ProducerEntry[], producerId: ProducerId): ProducerEntry | null {
  for (const entry of producers) if (entry.producerId === producerId) return entry
  return null
}

/**
 * Producer state after one more stored batch, without any check: how it follows an append, a replication, a recovery.
 * A higher producer epoch starts the entry anew; a lower one is ignored.
 * Source: `ProducerAppendInfo.appendDataBatch`, `ProducerStateEntry.update`.
 */
export function withBatch(producers: readonly ProducerEntry[], batch: Batch): readonly ProducerEntry[] {
  const { producerId, producerEpoch, baseSequence, baseOffset, lastOffset } = batch
  if (producerId < 0) return producers
  const entry = producerEntry(producers, producerId)
  if (entry !== null && producerEpoch < entry.producerEpoch) return producers
  const remembered = entry === null || producerEpoch > entry.producerEpoch ? [] : entry.batches
  const batches = remembered
    .slice(remembered.length < rememberedBatches ? 0 : 1)
    .concat({ baseSequence, lastSequence: lastSequenceOf(batch), baseOffset, lastOffset })
  return withEntry(producers, { producerId, producerEpoch, batches })
}

/** Producer state at the end of a segment: its snapshot and the batches that it stores (ProducerStateManager.loadSnapshots). */
export function producersAtEnd(segment: Segment | undefined): readonly ProducerEntry[] {
  if (segment === undefined) return []
  let producers = segment.producers
  for (const batch of segment.batches) producers = withBatch(producers, batch)
  return producers
}

/** `after`, or `before` itself when it says the same. */
export function unlessSameProducers(
  before: readonly ProducerEntry[],
  after: readonly ProducerEntry[],
): readonly ProducerEntry[] {
  if (before.length !== after.length) return after
  return after.every((entry, index) => isSameEntry(entry, before[index])) ? before : after
}

function withEntry(producers: readonly ProducerEntry[], entry: ProducerEntry): readonly ProducerEntry[] {
  const others = producers.filter(other => other.producerId !== entry.producerId)
  let position = 0
  for (const other of others) if (other.producerId < entry.producerId) position += 1
  return [...others.slice(0, position), entry, ...others.slice(position)]
}

function isSameEntry(left: ProducerEntry, right: ProducerEntry | undefined): boolean {
  if (left === right) return true
  if (right === undefined || left.producerId !== right.producerId) return false
  if (left.producerEpoch !== right.producerEpoch || left.batches.length !== right.batches.length) return false
  return left.batches.every((batch, index) => {
    const other = right.batches[index]
    return (
      other !== undefined &&
      batch.baseSequence === other.baseSequence &&
      batch.lastSequence === other.lastSequence &&
      batch.baseOffset === other.baseOffset &&
      batch.lastOffset === other.lastOffset
    )
  })
}
