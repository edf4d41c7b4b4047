// A broker asks the controller for a block of producer ids (KIP-730).

import { defineApi, int16, int32, int64 } from '../schema.ts'

export const allocateProducerIds = defineApi({
  key: 67,
  name: 'AllocateProducerIds',
  minVersion: 0,
  maxVersion: 0,
  flexibleSince: 0,
  request: {
    brokerId: int32(),
    brokerEpoch: int64('0+', -1),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    producerIdStart: int64(),
    producerIdLen: int32(),
  },
})
