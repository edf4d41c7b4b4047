// A producer's batch: bytes that are made once, when the records are handed over, and get their sequence in place when
// the batch is sent for the first time.
import type { BatchState } from '../../model/vocabulary/clients.ts'
import type {
  BrokerId,
  CorrelationId,
  Milliseconds,
  PartitionIndex,
  ProducerEpoch,
  ProducerId,
  Sequence,
} from '../../model/vocabulary/units.ts'
import { checksumOf, field, viewOf } from '../log/batch.ts'
import { writeInt64 } from '../log/bytes.ts'
import { encodeUnplacedBatch } from '../log/codec.ts'

/** Where a batch is in its life. `maybeStored`: an earlier attempt may have put it into the log. */
export type ProducedBatch = {
  readonly number: number
  readonly topic: string
  /** As the caller gave it, -1 if not, until it is chosen. */
  partition: PartitionIndex
  readonly createdAt: Milliseconds
  readonly recordCount: number
  readonly bytes: Uint8Array
  state: BatchState
  baseSequence: Sequence
  retryAt: Milliseconds | null
  correlationId: CorrelationId | null
  broker: BrokerId
  wasSent: boolean
  maybeStored: boolean
}

/** What a caller hands over in one batch. */
export type PlainRecords = readonly { readonly key: string | null; readonly value: string | null }[]

/** A batch that waits for its first sending. */
export function createBatch(
  number: number,
  topic: string,
  partition: PartitionIndex | null,
  records: PlainRecords,
  now: Milliseconds,
): ProducedBatch {
  const stamped = records.map(({ key, value }) => ({ key, value, timestamp: now }))
  return {
    number,
    topic,
    partition: partition ?? -1,
    createdAt: now,
    recordCount: records.length,
    bytes: encodeUnplacedBatch({ producerId: -1, producerEpoch: -1, baseSequence: -1, records: stamped }),
    state: 'waiting',
    baseSequence: -1,
    retryAt: null,
    correlationId: null,
    broker: -1,
    wasSent: false,
    maybeStored: false,
  }
}

/** Stamps an idempotent batch, once: retries carry the same sequence, by which a broker knows a duplicate (KIP-98). */
export function stampSequence(
  batch: ProducedBatch,
  producerId: ProducerId,
  producerEpoch: ProducerEpoch,
  baseSequence: Sequence,
): void {
  const { bytes } = batch
  const view = viewOf(bytes)
  writeInt64(view, field.producerId, producerId)
  view.setInt16(field.producerEpoch, producerEpoch)
  view.setInt32(field.baseSequence, baseSequence)
  view.setUint32(field.checksum, checksumOf(bytes, 0, bytes.length))
  batch.baseSequence = baseSequence
}
