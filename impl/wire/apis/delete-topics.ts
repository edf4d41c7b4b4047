// By name up to version 5, by name or id since 6 (KIP-516).

import { array, defineApi, int16, int32, nullable, string, uuid } from '../schema.ts'

export const deleteTopics = defineApi({
  key: 20,
  name: 'DeleteTopics',
  minVersion: 1,
  maxVersion: 6,
  flexibleSince: 4,
  request: {
    topics: array('6+', {
      name: nullable('6+', string(), null),
      topicId: uuid(),
    }),
    topicNames: array('0-5', 'string'),
    timeoutMs: int32(),
  },
  response: {
    throttleTimeMs: int32('1+'),
    responses: array('0+', {
      name: nullable('6+', string()),
      topicId: uuid('6+'),
      errorCode: int16(),
      errorMessage: nullable('5+', string('5+'), null),
    }),
  },
})
