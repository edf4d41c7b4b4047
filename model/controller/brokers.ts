// The controller and the brokers: registration, heartbeats, sessions.
// Follows ClusterControlManager and BrokerHeartbeatManager. Notes: docs/protocol/cluster.md §3.2 to §3.5.
import type { Requester, Send } from '../network.ts'
import type { MetadataImage, RecordsValue, Request } from '../vocabulary/messages.ts'
import type { BrokerId } from '../vocabulary/units.ts'
import { changedPartitions } from './partition-change.ts'
import {
  brokerOf,
  type ControllerState,
  type ControllerStep,
  decided,
  isUnfenced,
  push,
  withBroker,
  withContact,
} from './state.ts'

type Of<K> = Extract<Request<RecordsValue>, { kind: K }>

/**
 * Who: a broker that starts (or finds that somebody registered in its name).
 * Then: what the old process led goes to others. If it does not name its last epoch (the one it was told last) it did
 * not stop cleanly: what it had not synced may be gone, so it is taken out of every in-sync and eligible set. It gets a new epoch, with which
 * requests from before are told apart, and stays fenced until it has caught up with the metadata.
 * Source: KIP-631, KIP-841, KIP-966. Kafka first waits for the old session to run out (DUPLICATE_BROKER_REGISTRATION);
 * here the new registration is proof that the old process is gone.
 */
export function registerBroker(
  controller: ControllerState,
  requester: Requester,
  request: Of<'BrokerRegistration'>,
): ControllerStep {
  const { brokerId, correlationId } = request
  const known = brokerOf(controller.image, brokerId)
  const answer = (error: 'NONE' | 'INVALID_REQUEST', brokerEpoch: number): Send => ({
    kind: 'respond',
    to: requester,
    message: { kind: 'BrokerRegistrationResponse', correlationId, error, brokerEpoch },
  })
  if (known === null) return { controller, sends: [answer('INVALID_REQUEST', -1)] }
  const fenced = known.fenced ? controller.image : fencedImage(controller.image, brokerId)
  const isClean = controller.contacts.some(
    contact => contact.brokerId === brokerId && contact.provingEpochs.includes(request.previousBrokerEpoch),
  )
  const image = isClean ? fenced : withoutLostReplicas(fenced, brokerId)
  const brokerEpoch = controller.nextBrokerEpoch
  const contact = {
    brokerId,
    lastContact: controller.now,
    // Until it is heard of under the new epoch, the broker may not have been told it.
    provingEpochs: isClean ? [request.previousBrokerEpoch, brokerEpoch] : [brokerEpoch],
    registrationOffset: controller.image.metadataOffset + 1,
  }
  return decided(
    {
      ...controller,
      nextBrokerEpoch: brokerEpoch + 1,
      contacts: withContact(controller.contacts, contact),
    },
    withBroker(image, { brokerId, brokerEpoch, fenced: true }),
    [answer('NONE', brokerEpoch)],
  )
}

/**
 * Who: a registered broker, from time to time.
 * Then: its session is renewed. A fenced broker that has seen the metadata up to its registration is trusted again, and
 * partitions that had no leader may have one now. A broker that lags behind is told the metadata once more.
 * Source: KIP-631, `BrokerHeartbeatManager`.
 */
export function heartbeat(
  controller: ControllerState,
  requester: Requester,
  request: Of<'BrokerHeartbeat'>,
): ControllerStep {
  const { brokerId, correlationId } = request
  const broker = brokerOf(controller.image, brokerId)
  const contact = controller.contacts.find(entry => entry.brokerId === brokerId)
  const answer = (error: 'NONE' | 'STALE_BROKER_EPOCH', fenced: boolean): Send => ({
    kind: 'respond',
    to: requester,
    message: { kind: 'BrokerHeartbeatResponse', correlationId, error, fenced },
  })
  if (broker === null || contact === undefined || broker.brokerEpoch !== request.brokerEpoch) {
    return { controller, sends: [answer('STALE_BROKER_EPOCH', true)] }
  }
  const renewed = {
    ...controller,
    contacts: withContact(controller.contacts, {
      ...contact,
      lastContact: controller.now,
      provingEpochs: [broker.brokerEpoch],
    }),
  }
  if (broker.fenced && request.metadataOffset >= contact.registrationOffset) {
    const unfenced = withBroker(controller.image, { ...broker, fenced: false })
    return decided(renewed, withLeadersWhereNone(unfenced), [answer('NONE', false)])
  }
  const isBehind = request.metadataOffset < controller.image.metadataOffset
  return {
    controller: renewed,
    sends: [answer('NONE', broker.fenced), ...(isBehind ? [push(controller.image, brokerId)] : [])],
  }
}

/** Every partition without a leader is looked at again; its sets are as they were. */
export function withLeadersWhereNone(image: MetadataImage): MetadataImage {
  return changedPartitions(image, partition => (partition.leader === -1 ? partition.inSyncReplicas : null), [])
}

/**
 * When: the controller has not heard of a broker for the session time-out.
 * Then: it is fenced, and everything it led or was in sync for is decided anew. One decision for each broker.
 */
export function expireSessions(controller: ControllerState): ControllerStep {
  let after = controller
  const sends: Send[] = []
  for (const { brokerId, lastContact } of controller.contacts) {
    if (controller.now - lastContact < controller.brokerSessionTimeoutMs || !isUnfenced(after.image, brokerId)) continue
    const step = fence(after, brokerId)
    after = step.controller
    sends.push(...step.sends)
  }
  return { controller: after, sends }
}

/** The session of an unfenced broker is over. */
export function fence(controller: ControllerState, brokerId: BrokerId): ControllerStep {
  return decided(controller, fencedImage(controller.image, brokerId), [])
}

function fencedImage(image: MetadataImage, brokerId: BrokerId): MetadataImage {
  const broker = brokerOf(image, brokerId)
  if (broker === null) return image
  return changedPartitions(
    withBroker(image, { ...broker, fenced: true }),
    ({ leader, inSyncReplicas }) =>
      leader === brokerId || inSyncReplicas.includes(brokerId) ? inSyncReplicas.filter(id => id !== brokerId) : null,
    [],
  )
}

/** The broker may have lost what it had not synced: it counts as in sync and eligible for nothing. */
function withoutLostReplicas(image: MetadataImage, brokerId: BrokerId): MetadataImage {
  return changedPartitions(
    image,
    ({ inSyncReplicas, eligibleLeaderReplicas }) =>
      inSyncReplicas.includes(brokerId) || eligibleLeaderReplicas.includes(brokerId)
        ? inSyncReplicas.filter(id => id !== brokerId)
        : null,
    [brokerId],
  )
}
