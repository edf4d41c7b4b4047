// Configurations of topics (resource type 2), brokers (4) and others (KIP-133). Kafka 4 asks for version 1 at least; in
// version 0 `isDefault` stood for the source and its synonyms (KIP-226).

import { array, bool, defineApi, int8, int16, int32, nullable, string } from '../schema.ts'

export const describeConfigs = defineApi({
  key: 32,
  name: 'DescribeConfigs',
  minVersion: 0,
  maxVersion: 4,
  flexibleSince: 4,
  request: {
    resources: array('0+', {
      resourceType: int8(),
      resourceName: string(),
      configurationKeys: nullable('0+', array('0+', 'string')),
    }),
    includeSynonyms: bool('1+'),
    includeDocumentation: bool('3+'),
  },
  response: {
    throttleTimeMs: int32(),
    results: array('0+', {
      errorCode: int16(),
      errorMessage: nullable('0+', string()),
      resourceType: int8(),
      resourceName: string(),
      configs: array('0+', {
        name: string(),
        value: nullable('0+', string()),
        readOnly: bool(),
        isDefault: bool('0'),
        configSource: int8('1+', -1),
        isSensitive: bool(),
        synonyms: array('1+', {
          name: string(),
          value: nullable('0+', string()),
          source: int8(),
        }),
        configType: int8('3+'),
        documentation: nullable('0+', string('3+')),
      }),
    }),
  },
})
