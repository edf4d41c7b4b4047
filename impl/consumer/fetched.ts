// Reads the records of a fetch from the bytes of its batches. Follows `CompletedFetch`: a batch is checked before its
// first record is looked at, and may begin before the position that was asked for.
import type { ConsumerObservation } from '../../model/vocabulary/clients.ts'
import type { Response } from '../../model/vocabulary/messages.ts'
import type { Offset, PartitionIndex } from '../../model/vocabulary/units.ts'
import * as header from '../log/batch.ts'
import { RecordCursor, readText } from '../log/record-cursor.ts'
import type { Asked } from './outstanding.ts'
import type { Positions } from './positions.ts'

type Processed = ConsumerObservation['processed'][number]

/** Takes an answer to a fetch. Answers false when the leader is to be looked up anew. */
export function takeFetched(
  positions: Positions,
  { place, position }: Asked & { readonly kind: 'Fetch' },
  answer: Response<Uint8Array> & { readonly kind: 'FetchResponse' },
  processed: Processed[],
): boolean {
  if (answer.error === 'OFFSET_OUT_OF_RANGE') {
    if (!place.isAssigned) return true
    // The committed offset would be out of range just the same.
    place.wantsCommitted = false
    place.isOutOfRange = true
    positions.move(place, -1)
    return true
  }
  if (answer.error !== 'NONE') return false
  if (place.isAssigned && place.position === position) {
    positions.move(place, readFetched(answer.records, place.topic, place.partition, position, processed))
  }
  return true
}

/**
 * Appends the records at or after `position` to `processed` and answers the next position: behind the last whole batch
 * that matches its checksum.
 */
function readFetched(
  bytes: Uint8Array,
  topic: string,
  partition: PartitionIndex,
  position: Offset,
  processed: Processed[],
): Offset {
  const view = header.viewOf(bytes)
  let next = position
  for (let at = 0; ; ) {
    const size = header.wholeBatchSize(view, at, bytes.length)
    if (size === 0 || !header.isSound(bytes, view, at, size)) return next
    const baseOffset = header.baseOffsetOf(view, at)
    const cursor = new RecordCursor(view, at + header.headerBytes)
    for (let left = header.recordCountOf(view, at); left > 0; left--) {
      cursor.next()
      const offset = baseOffset + cursor.offsetDelta
      if (offset < next) continue
      processed.push({
        topic,
        partition,
        offset,
        key: cursor.keyLength < 0 ? null : readText(view, cursor.keyStart, cursor.keyLength),
        value: cursor.valueLength < 0 ? null : readText(view, cursor.valueStart, cursor.valueLength),
      })
    }
    next = header.lastOffsetOf(view, at) + 1
    at += size
  }
}
