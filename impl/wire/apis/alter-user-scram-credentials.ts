// Deletes and sets SCRAM credentials (KIP-554). Mechanism 1 is SCRAM-SHA-256, 2 is SCRAM-SHA-512.

import { array, bytes, defineApi, int8, int16, int32, nullable, string } from '../schema.ts'

export const alterUserScramCredentials = defineApi({
  key: 51,
  name: 'AlterUserScramCredentials',
  minVersion: 0,
  maxVersion: 0,
  flexibleSince: 0,
  request: {
    deletions: array('0+', {
      name: string(),
      mechanism: int8(),
    }),
    upsertions: array('0+', {
      name: string(),
      mechanism: int8(),
      iterations: int32(),
      salt: bytes(),
      saltedPassword: bytes(),
    }),
  },
  response: {
    throttleTimeMs: int32(),
    results: array('0+', {
      user: string(),
      errorCode: int16(),
      errorMessage: nullable('0+', string()),
    }),
  },
})
