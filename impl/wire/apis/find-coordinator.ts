// Who coordinates a group (key type 0), a transactional id (1), or a share partition (2, version 6). Several keys at once
// since version 4 (KIP-699).

import { array, defineApi, int8, int16, int32, nullable, string } from '../schema.ts'

export const findCoordinator = defineApi({
  key: 10,
  name: 'FindCoordinator',
  minVersion: 0,
  maxVersion: 6,
  flexibleSince: 3,
  request: {
    key: string('0-3'),
    keyType: int8('1+'),
    coordinatorKeys: array('4+', 'string'),
  },
  response: {
    throttleTimeMs: int32('1+'),
    errorCode: int16('0-3'),
    errorMessage: nullable('1-3', string('1-3')),
    nodeId: int32('0-3'),
    host: string('0-3'),
    port: int32('0-3'),
    coordinators: array('4+', {
      key: string(),
      nodeId: int32(),
      host: string(),
      port: int32(),
      errorCode: int16(),
      errorMessage: nullable('4+', string()),
    }),
  },
})
