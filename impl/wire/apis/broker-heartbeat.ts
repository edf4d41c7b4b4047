// A broker is alive, and asks to be unfenced or to shut down (KIP-631). It tells its failed directories since version 1
// (KIP-858), and its cordoned ones since 2 (KIP-1066).

import { array, bool, defineApi, int16, int32, int64, nullable, tagged } from '../schema.ts'

export const brokerHeartbeat = defineApi({
  key: 63,
  name: 'BrokerHeartbeat',
  minVersion: 0,
  maxVersion: 2,
  flexibleSince: 0,
  request: {
    brokerId: int32(),
    brokerEpoch: int64('0+', -1),
    currentMetadataOffset: int64(),
    wantFence: bool(),
    wantShutDown: bool(),
    offlineLogDirs: tagged(0, array('1+', 'uuid')),
    cordonedLogDirs: tagged(1, nullable('2+', array('2+', 'uuid'), null)),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    isCaughtUp: bool(),
    isFenced: bool('0+', true),
    shouldShutDown: bool(),
  },
})
