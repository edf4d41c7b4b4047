// What a log remembers of idempotent producers (KIP-98, KIP-360): the epoch and the last five batches of each.
// Follows `ProducerStateManager` and `ProducerAppendInfo`; docs/protocol/log.md §4. Left out: expiry of producer ids.
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { ProducerEntry } from '../../model/vocabulary/records.ts'
import type { Offset, ProducerEpoch, ProducerId, Sequence } from '../../model/vocabulary/units.ts'
import type { Disk } from '../ports/disk.ts'
import * as header from './batch.ts'
import { readRows, writeRows } from './checkpoints.ts'
import { segmentFile } from './names.ts'
import type { Segment } from './segment.ts'

/** As many batches as a producer may have in flight. */
const rememberedBatches = 5

/** One remembered batch. */
export type RememberedBatch = ProducerEntry['batches'][number]

/** Verdict on the sequence of a batch that a producer sends. */
export type SequenceVerdict =
  | { readonly kind: 'next' }
  | { readonly kind: 'duplicate'; readonly of: RememberedBatch }
  | { readonly kind: 'refused'; readonly error: ErrorName }

const next: SequenceVerdict = { kind: 'next' }
const outOfOrder: SequenceVerdict = { kind: 'refused', error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' }
const fenced: SequenceVerdict = { kind: 'refused', error: 'INVALID_PRODUCER_EPOCH' }

/** The producers of one log. Entries are immutable and replaced as wholes. */
export class ProducerState {
  readonly #entries = new Map<ProducerId, ProducerEntry>()
  #sorted: readonly ProducerEntry[] | null = null

  /** In order of producer id. */
  get entries(): readonly ProducerEntry[] {
    this.#sorted ??= [...this.#entries.values()].sort((a, b) => a.producerId - b.producerId)
    return this.#sorted
  }

  /** Last offset of the newest batch that is remembered for a producer, or null. */
  lastOffsetOf(producerId: ProducerId): Offset | null {
    return this.#entries.get(producerId)?.batches.at(-1)?.lastOffset ?? null
  }

  /** Judges a batch that is to be appended as leader. Without an entry any sequence is good (KIP-360). */
  judge(producerId: ProducerId, epoch: ProducerEpoch, baseSequence: Sequence, lastSequence: Sequence): SequenceVerdict {
    const entry = producerId < 0 ? undefined : this.#entries.get(producerId)
    if (entry === undefined) return next
    if (epoch < entry.producerEpoch) return fenced
    if (epoch > entry.producerEpoch) return baseSequence === 0 ? next : outOfOrder
    for (const batch of entry.batches) {
      if (batch.baseSequence === baseSequence && batch.lastSequence === lastSequence) {
        return { kind: 'duplicate', of: batch }
      }
    }
    const last = entry.batches.at(-1)
    return last === undefined || baseSequence === header.sequenceAfter(last.lastSequence, 1) ? next : outOfOrder
  }

  /** Remembers a batch that is in the log now. A higher epoch starts the entry anew, a lower one is ignored. */
  note(view: DataView, at: number): void {
    const producerId = header.producerIdOf(view, at)
    if (producerId < 0) return
    const producerEpoch = header.producerEpochOf(view, at)
    const entry = this.#entries.get(producerId)
    if (entry !== undefined && producerEpoch < entry.producerEpoch) return
    const batch: RememberedBatch = {
      baseSequence: header.baseSequenceOf(view, at),
      lastSequence: header.lastSequenceOf(view, at),
      baseOffset: header.baseOffsetOf(view, at),
      lastOffset: header.lastOffsetOf(view, at),
    }
    const earlier = entry !== undefined && entry.producerEpoch === producerEpoch ? entry.batches : []
    const batches = [...(earlier.length === rememberedBatches ? earlier.slice(1) : earlier), batch]
    this.#entries.set(producerId, { producerId, producerEpoch, batches })
    this.#sorted = null
  }

  /** Forgets everything. */
  clear(): void {
    this.#entries.clear()
    this.#sorted = null
  }

  /** Saves the state as it is at the base offset of a segment that begins. No file means no producers. */
  saveSnapshot(disk: Disk, folder: string, baseOffset: Offset): void {
    if (this.#entries.size === 0) return
    const rows = this.entries.map(({ producerId, producerEpoch, batches }) => [
      producerId,
      producerEpoch,
      ...batches.flatMap(batch => [batch.baseSequence, batch.lastSequence, batch.baseOffset, batch.lastOffset]),
    ])
    writeRows(disk, segmentFile(folder, baseOffset, 'snapshot'), rows)
  }

  /** Goes back to the state at the end of a segment: that at its base, and the batches stored in it. */
  restore(disk: Disk, folder: string, segment: Segment): void {
    this.#loadSnapshot(disk, folder, segment.baseOffset)
    segment.eachHeader((view, at) => this.note(view, at))
  }

  #loadSnapshot(disk: Disk, folder: string, baseOffset: Offset): void {
    this.clear()
    for (const [producerId = -1, producerEpoch = -1, ...numbers] of readRows(
      disk,
      segmentFile(folder, baseOffset, 'snapshot'),
    ) ?? []) {
      const batches: RememberedBatch[] = []
      for (let at = 0; at < numbers.length; at += 4) {
        const [baseSequence = 0, lastSequence = 0, baseOffset = 0, lastOffset = 0] = numbers.slice(at, at + 4)
        batches.push({ baseSequence, lastSequence, baseOffset, lastOffset })
      }
      this.#entries.set(producerId, { producerId, producerEpoch, batches })
    }
  }
}
