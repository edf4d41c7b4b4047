// A producer's id and epoch (KIP-98); since version 3 a producer may ask for a new epoch of the id that it has (KIP-360).
// Version 6 (KIP-939) is left out: Kafka 4.3 does not offer it either unless unstable versions are enabled.

import { defineApi, int16, int32, int64, nullable, string } from '../schema.ts'

export const initProducerId = defineApi({
  key: 22,
  name: 'InitProducerId',
  minVersion: 0,
  maxVersion: 5,
  flexibleSince: 2,
  request: {
    transactionalId: nullable('0+', string()),
    transactionTimeoutMs: int32(),
    producerId: int64('3+', -1),
    producerEpoch: int16('3+', -1),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    producerId: int64('0+', -1),
    producerEpoch: int16(),
  },
})
