// BrokerRegistration: a broker joins, and tells the epoch of its last clean shutdown (KIP-966), since version 3.

import { brokerRegistration as api } from '../apis/broker-registration.ts'
import { errorCode } from '../errors.ts'
import { zeroUuid } from '../schema.ts'
import { defineFamily, errorOf, type Family } from './family.ts'

export const brokerRegistration: Family<'BrokerRegistration'> = defineFamily(
  api,
  4,
  {
    toBody: ({ brokerId, previousBrokerEpoch }) => ({
      brokerId,
      clusterId: '',
      incarnationId: zeroUuid,
      listeners: [],
      features: [],
      rack: null,
      isMigratingZkBroker: false,
      logDirs: [],
      previousBrokerEpoch,
    }),
    toMessage: ({ brokerId, previousBrokerEpoch }, correlationId) => ({
      kind: 'BrokerRegistration',
      correlationId,
      brokerId,
      previousBrokerEpoch,
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
