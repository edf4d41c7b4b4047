// Replaces a resource's whole configuration (KIP-133).

import { array, bool, defineApi, int8, int16, int32, nullable, string } from '../schema.ts'

export const alterConfigs = defineApi({
  key: 33,
  name: 'AlterConfigs',
  minVersion: 0,
  maxVersion: 2,
  flexibleSince: 2,
  request: {
    resources: array('0+', {
      resourceType: int8(),
      resourceName: string(),
      configs: array('0+', {
        name: string(),
        value: nullable('0+', string()),
      }),
    }),
    validateOnly: bool(),
  },
  response: {
    throttleTimeMs: int32(),
    responses: array('0+', {
      errorCode: int16(),
      errorMessage: nullable('0+', string()),
      resourceType: int8(),
      resourceName: string(),
    }),
  },
})
