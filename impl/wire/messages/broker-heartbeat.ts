// BrokerHeartbeat: a broker is alive, and says how far it knows the controller's decisions.

import { brokerHeartbeat as api } from '../apis/broker-heartbeat.ts'
import { errorCode } from '../errors.ts'
import { defineFamily, errorOf, type Family } from './family.ts'

export const brokerHeartbeat: Family<'BrokerHeartbeat'> = defineFamily(
  api,
  2,
  {
    toBody: ({ brokerId, brokerEpoch, metadataOffset }) => ({
      brokerId,
      brokerEpoch,
      currentMetadataOffset: metadataOffset,
      wantFence: false,
      wantShutDown: false,
      offlineLogDirs: [],
      cordonedLogDirs: null,
    }),
    toMessage: ({ brokerId, brokerEpoch, currentMetadataOffset }, correlationId) => ({
      kind: 'BrokerHeartbeat',
      correlationId,
      brokerId,
      brokerEpoch,
      metadataOffset: currentMetadataOffset,
    }),
  },
  {
    toBody: ({ error, fenced }) => ({
      throttleTimeMs: 0,
      errorCode: errorCode(error),
      isCaughtUp: !fenced,
      isFenced: fenced,
      shouldShutDown: false,
    }),
    toMessage: ({ errorCode: code, isFenced }, correlationId) => ({
      kind: 'BrokerHeartbeatResponse',
      correlationId,
      error: errorOf(code),
      fenced: isFenced,
    }),
  },
)
