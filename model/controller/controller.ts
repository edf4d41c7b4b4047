// The controller as a node: which message goes to which rule.
import type { Requester } from '../network.ts'
import type { ClusterSetup } from '../vocabulary/cluster.ts'
import type { MessageValue, MetadataImage } from '../vocabulary/messages.ts'
import { newPartition, withTopic } from './administration.ts'
import { expireSessions, heartbeat, registerBroker } from './brokers.ts'
import { alterPartition } from './in-sync.ts'
import type { ControllerState, ControllerStep } from './state.ts'

/** The topic in which groups keep their offsets. */
export const offsetsTopic = '__consumer_offsets'

/** A controller that has registered every broker and created the groups' topic. */
export function initialController(setup: ClusterSetup): ControllerState {
  const ids = Array.from({ length: setup.brokers }, (_, i) => i + 1)
  const empty: MetadataImage = {
    metadataOffset: 0,
    controllerEpoch: 1,
    brokers: ids.map(id => ({ brokerId: id, brokerEpoch: id, fenced: false })),
    topics: [],
    partitions: [],
  }
  const partitions = Array.from({ length: setup.offsetsPartitions }, (_, k) => {
    const turn = k % ids.length
    return newPartition(empty, offsetsTopic, k, [...ids.slice(turn), ...ids.slice(0, turn)])
  })
  return {
    now: 0,
    brokerSessionTimeoutMs: setup.brokerSessionTimeoutMs,
    image: partitions.length === 0 ? empty : withTopic(empty, offsetsTopic, setup.offsetsConfig, partitions),
    contacts: ids.map(id => ({ brokerId: id, lastContact: 0, provingEpochs: [id], registrationOffset: 0 })),
    nextBrokerEpoch: setup.brokers + 1,
    nextProducerId: 0,
  }
}

/** A message arrives. Kinds that are not meant for a controller are ignored. */
export function controllerReceives(
  controller: ControllerState,
  requester: Requester,
  message: MessageValue,
): ControllerStep {
  switch (message.kind) {
    case 'BrokerRegistration':
      return registerBroker(controller, requester, message)
    case 'BrokerHeartbeat':
      return heartbeat(controller, requester, message)
    case 'AlterPartition':
      return alterPartition(controller, requester, message)
    default:
      return { controller, sends: [] }
  }
}

/** Time has passed on the controller's clock. */
export function controllerTicks(controller: ControllerState, now: number): ControllerStep {
  return expireSessions({ ...controller, now })
}
