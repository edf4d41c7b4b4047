// A broker joins the cluster (KIP-631). Since version 3 it tells its last broker epoch when it shut down cleanly (KIP-966).
// Version 4 is version 3 in which a feature's minimum may be 0 (KAFKA-17011).

import { array, bool, defineApi, int16, int32, int64, nullable, string, uint16, uuid } from '../schema.ts'

export const brokerRegistration = defineApi({
  key: 62,
  name: 'BrokerRegistration',
  minVersion: 0,
  maxVersion: 4,
  flexibleSince: 0,
  request: {
    brokerId: int32(),
    clusterId: string(),
    incarnationId: uuid(),
    listeners: array('0+', {
      name: string(),
      host: string(),
      port: uint16(),
      securityProtocol: int16(),
    }),
    features: array('0+', {
      name: string(),
      minSupportedVersion: int16(),
      maxSupportedVersion: int16(),
    }),
    rack: nullable('0+', string()),
    isMigratingZkBroker: bool('1+'),
    logDirs: array('2+', 'uuid'),
    previousBrokerEpoch: int64('3+', -1),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    brokerEpoch: int64('0+', -1),
  },
})
