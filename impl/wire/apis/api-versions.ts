// Which APIs and versions a broker has, and the features of its cluster (KIP-35, KIP-511, KIP-584).
// Version 4 is version 3 in which a feature's minVersion may be 0 (KAFKA-17011). The response's header is version 0 in all
// of them.

import { array, bool, defineApi, int16, int32, int64, string, tagged } from '../schema.ts'

export const apiVersions = defineApi({
  key: 18,
  name: 'ApiVersions',
  minVersion: 0,
  maxVersion: 4,
  flexibleSince: 3,
  request: {
    clientSoftwareName: string('3+'),
    clientSoftwareVersion: string('3+'),
  },
  response: {
    errorCode: int16(),
    apiKeys: array('0+', {
      apiKey: int16(),
      minVersion: int16(),
      maxVersion: int16(),
    }),
    throttleTimeMs: int32('1+'),
    supportedFeatures: tagged(
      0,
      array('3+', {
        name: string(),
        minVersion: int16(),
        maxVersion: int16(),
      }),
    ),
    finalizedFeaturesEpoch: tagged(1, int64('3+', -1)),
    finalizedFeatures: tagged(
      2,
      array('3+', {
        name: string(),
        maxVersionLevel: int16(),
        minVersionLevel: int16(),
      }),
    ),
    zkMigrationReady: tagged(3, bool('3+')),
  },
})
