// Producer ids as they are: any 64 bits. Kafka counts them up, others draw them, and a number cannot hold them all; so that
// two producers would be one, they are kept as their two halves.

import * as header from '../../../impl/log/batch.ts'
import { initProducerId } from '../../../impl/wire/apis/init-producer-id.ts'
import { defineApi, int16, int32 } from '../../../impl/wire/schema.ts'

/** The upper and the lower 32 bits. */
export type ExactProducerId = { readonly high: number; readonly low: number }

/** InitProducerId with the id of the answer in halves. */
export const initExactProducerId = defineApi({
  ...initProducerId,
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    high: int32(),
    low: int32(),
    producerEpoch: int16(),
  },
})

/** Puts an id into a batch, whose checksum fits again. */
export function withProducerId(batch: Uint8Array, { high, low }: ExactProducerId): Uint8Array {
  const view = header.viewOf(batch)
  view.setInt32(header.field.producerId, high)
  view.setInt32(header.field.producerId + 4, low)
  view.setUint32(header.field.checksum, header.checksumOf(batch, 0, batch.length))
  return batch
}
