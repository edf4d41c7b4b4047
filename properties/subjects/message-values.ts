// Messages of the implementation as values: record batches leave the form of bytes, everything else stays as it is.

import { decodeBatches } from '../../impl/log/codec.ts'
import type { Wire } from '../../impl/ports/network.ts'
import type { MessageValue } from '../../model/vocabulary/messages.ts'
import type { Batch, UnplacedBatch } from '../../model/vocabulary/records.ts'

const noBatches: readonly Batch[] = []

/** Decodes messages, each once for as long as somebody holds it. */
export class MessageValues {
  readonly #known = new WeakMap<Wire, MessageValue>()

  /** The message as a value. */
  of(message: Wire): MessageValue {
    // Nothing but these two carries records.
    if (message.kind !== 'Produce' && message.kind !== 'FetchResponse') return message
    const known = this.#known.get(message)
    if (known !== undefined) return known
    const value: MessageValue =
      message.kind === 'Produce'
        ? { ...message, records: decodeBatches(message.records).map(unplaced) }
        : { ...message, records: message.records.length === 0 ? noBatches : decodeBatches(message.records) }
    this.#known.set(message, value)
    return value
  }
}

/** The bytes of a batch have room for an offset and an epoch that the producer does not know. */
function unplaced({ producerId, producerEpoch, baseSequence, records }: Batch): UnplacedBatch {
  return {
    producerId,
    producerEpoch,
    baseSequence,
    records: records.map(({ key, value, timestamp }) => ({ key, value, timestamp })),
  }
}
