// Chooses a mechanism (KIP-43). After version 0 the client sends bare tokens, after version 1 SaslAuthenticate requests
// (KIP-152).

import { array, defineApi, int16, string } from '../schema.ts'

export const saslHandshake = defineApi({
  key: 17,
  name: 'SaslHandshake',
  minVersion: 0,
  maxVersion: 1,
  flexibleSince: null,
  request: {
    mechanism: string(),
  },
  response: {
    errorCode: int16(),
    mechanisms: array('0+', 'string'),
  },
})
