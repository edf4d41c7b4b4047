// One token of a SASL exchange (KIP-152); since version 1 the answer says how long the session may last (KIP-368).

import { bytes, defineApi, int16, int64, nullable, string } from '../schema.ts'

export const saslAuthenticate = defineApi({
  key: 36,
  name: 'SaslAuthenticate',
  minVersion: 0,
  maxVersion: 2,
  flexibleSince: 2,
  request: {
    authBytes: bytes(),
  },
  response: {
    errorCode: int16(),
    errorMessage: nullable('0+', string()),
    authBytes: bytes(),
    sessionLifetimeMs: int64('1+'),
  },
})
