// The brokers (endpoint type 1) or controllers (2, KIP-919), without the topics of Metadata (KIP-700). Fenced brokers on
// request since version 2 (KIP-1073).

import { array, bool, defineApi, int8, int16, int32, nullable, string } from '../schema.ts'

export const describeCluster = defineApi({
  key: 60,
  name: 'DescribeCluster',
  minVersion: 0,
  maxVersion: 2,
  flexibleSince: 0,
  request: {
    includeClusterAuthorizedOperations: bool(),
    endpointType: int8('1+', 1),
    includeFencedBrokers: bool('2+'),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: nullable('0+', string(), null),
    endpointType: int8('1+', 1),
    clusterId: string(),
    controllerId: int32('0+', -1),
    brokers: array('0+', {
      brokerId: int32(),
      host: string(),
      port: int32(),
      rack: nullable('0+', string(), null),
      isFenced: bool('2+'),
    }),
    clusterAuthorizedOperations: int32('0+', -2147483648),
  },
})
