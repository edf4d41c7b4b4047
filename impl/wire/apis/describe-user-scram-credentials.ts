// Which SCRAM mechanisms users have, without the secrets (KIP-554); null users are all of them.

import { array, defineApi, int8, int16, int32, nullable, string } from '../schema.ts'

export const describeUserScramCredentials = defineApi({
  key: 50,
  name: 'DescribeUserScramCredentials',
  minVersion: 0,
  maxVersion: 0,
  flexibleSince: 0,
  request: {
    users: nullable(
      '0+',
      array('0+', {
        name: string(),
      }),
    ),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: nullable('0+', string()),
    results: array('0+', {
      user: string(),
      errorCode: int16(),
      errorMessage: nullable('0+', string()),
      credentialInfos: array('0+', {
        mechanism: int8(),
        iterations: int32(),
      }),
    }),
  },
})
