// Sets (0), deletes (1), appends to (2) or subtracts from (3) single configurations (KIP-339).

import { array, bool, defineApi, int8, int16, int32, nullable, string } from '../schema.ts'

export const incrementalAlterConfigs = defineApi({
  key: 44,
  name: 'IncrementalAlterConfigs',
  minVersion: 0,
  maxVersion: 1,
  flexibleSince: 1,
  request: {
    resources: array('0+', {
      resourceType: int8(),
      resourceName: string(),
      configs: array('0+', {
        name: string(),
        configOperation: int8(),
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
