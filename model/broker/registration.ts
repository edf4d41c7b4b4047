// A broker makes itself known to the controller and keeps its session.
// Follows BrokerLifecycleManager (KIP-631). Notes: docs/protocol/cluster.md §4.2.
import type { RecordsValue, Response } from '../vocabulary/messages.ts'
import { andThen, type BrokerState, type BrokerStep, still } from './state.ts'

type Of<K> = Extract<Response<RecordsValue>, { kind: K }>

/** Who: a broker that has to register and has not asked. */
export function register(broker: BrokerState): BrokerStep {
  const { registering, nextCorrelationId } = broker
  if (registering === null || registering.outstanding !== null) return still(broker)
  return {
    broker: {
      ...broker,
      nextCorrelationId: nextCorrelationId + 1,
      registering: { ...registering, outstanding: nextCorrelationId },
    },
    sends: [
      {
        kind: 'request',
        to: 'ctl',
        message: {
          kind: 'BrokerRegistration',
          correlationId: nextCorrelationId,
          brokerId: broker.brokerId,
          previousBrokerEpoch: registering.previousBrokerEpoch,
        },
      },
    ],
  }
}

/** Who: a registered broker, telling how far it has read the metadata. One heartbeat at most is under way. */
export function sendHeartbeat(broker: BrokerState): BrokerStep {
  if (broker.registering !== null || broker.heartbeat !== null) return still(broker)
  const correlationId = broker.nextCorrelationId
  const metadataOffset = broker.image?.metadataOffset ?? -1
  return {
    broker: { ...broker, nextCorrelationId: correlationId + 1, heartbeat: { correlationId, metadataOffset } },
    sends: [
      {
        kind: 'request',
        to: 'ctl',
        message: {
          kind: 'BrokerHeartbeat',
          correlationId,
          brokerId: broker.brokerId,
          brokerEpoch: broker.brokerEpoch,
          metadataOffset,
        },
      },
    ],
  }
}

/** Then: the broker has its epoch, and says at once how far it is. */
export function registrationAnswered(broker: BrokerState, response: Of<'BrokerRegistrationResponse'>): BrokerStep {
  if (broker.registering?.outstanding !== response.correlationId) return still(broker)
  if (response.error !== 'NONE') {
    return still({ ...broker, registering: { ...broker.registering, outstanding: null } })
  }
  return sendHeartbeat({ ...broker, brokerEpoch: response.brokerEpoch, registering: null })
}

/**
 * Then: the broker knows whether it is fenced. If it is, and has learned more since it asked, it asks again at once. If
 * its epoch is not the registered one any more, it registers anew.
 */
export function heartbeatAnswered(broker: BrokerState, response: Of<'BrokerHeartbeatResponse'>): BrokerStep {
  const { heartbeat } = broker
  if (heartbeat === null || heartbeat.correlationId !== response.correlationId) return still(broker)
  const answered = { ...broker, heartbeat: null, fenced: response.fenced }
  if (response.error === 'STALE_BROKER_EPOCH') {
    const registering = broker.registering ?? { previousBrokerEpoch: broker.brokerEpoch, outstanding: null }
    return register({ ...answered, fenced: true, registering })
  }
  const hasLearned = (broker.image?.metadataOffset ?? -1) > heartbeat.metadataOffset
  return response.fenced && hasLearned ? sendHeartbeat(answered) : still(answered)
}

/** When: the broker has new metadata. Then: a fenced one says so, to be trusted again soon. */
export function heartbeatIfFenced(broker: BrokerState): BrokerStep {
  return broker.fenced ? sendHeartbeat(broker) : still(broker)
}

/** When: the heartbeat interval is over. */
export function heartbeatTimer(broker: BrokerState): BrokerStep {
  if (broker.now < broker.heartbeatDue) return still(broker)
  const armed = { ...broker, heartbeatDue: broker.now + broker.config.heartbeatIntervalMs }
  return andThen(register(armed), sendHeartbeat)
}

/** When: the connection to the controller broke. Then: nothing is under way to it any more. */
export function controllerLost(broker: BrokerState): BrokerState {
  const registering = broker.registering === null ? null : { ...broker.registering, outstanding: null }
  return { ...broker, registering, heartbeat: null }
}
