// BrokerRegistration: a broker joins, and tells the epoch of its last clean shutdown (KIP-966), since version 3.

import { brokerRegistration as api } from '../apis/broker-registration.ts'
import { errorCode } from '../errors.ts'
import { zeroUuid } from '../schema.ts'
import { defineFamily, errorOf, type Family } from './family.ts'

export const brokerRegistration: Family<'BrokerRegistration'> = defineFamily(
  api,
  4,
  {
    toBody: ({ brokerId, previousBrokerEpoch, place }) => ({
      brokerId,
      clusterId: '',
      incarnationId: zeroUuid,
      listeners:
        place === undefined ? [] : [{ name: listenerName, host: place.host, port: place.port, securityProtocol: 0 }],
      features: [],
      rack: place?.rack ?? null,
      isMigratingZkBroker: false,
      logDirs: [],
      previousBrokerEpoch,
    }),
    toMessage: ({ brokerId, previousBrokerEpoch, listeners: [listener], rack }, correlationId) => ({
      kind: 'BrokerRegistration',
      correlationId,
      brokerId,
      previousBrokerEpoch,
      ...(listener === undefined ? {} : { place: { host: listener.host, port: listener.port, rack } }),
    }),
  },
  {
    toBody: ({ error, brokerEpoch }) => ({ throttleTimeMs: 0, errorCode: errorCode(error), brokerEpoch }),
    toMessage: ({ errorCode: code, brokerEpoch }, correlationId) => ({
      kind: 'BrokerRegistrationResponse',
      correlationId,
      error: errorOf(code),
      brokerEpoch,
    }),
  },
)

/** The one listener that clients are told of. */
const listenerName = 'CLIENTS'
