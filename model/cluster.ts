// The model of a whole cluster: one total step over plain operations. Start reading here; every rule is in the file that
// is named beside its operation, and every file names its sources.
import { learnMetadata } from './broker/metadata.ts'
import {
  closedByApplication,
  committed,
  killed,
  openedConsumer,
  openedProducer,
  polled,
  sentRecords,
} from './cluster/clients.ts'
import { delivered, deliveredLate, settled } from './cluster/delivery.ts'
import { type ClusterStep, checkpointBroker, nothing, onLog, syncBroker } from './cluster/disks.ts'
import { endpointOfBroker, endpointsOf } from './cluster/names.ts'
import { broken, brokerStepped, controllerStepped, crashed } from './cluster/nodes.ts'
import { freshBroker, paused, restarted, resumed } from './cluster/processes.ts'
import { type ClusterState, nodeOf, type Up, withNetwork } from './cluster/state.ts'
import { advanced, elapsed } from './cluster/time.ts'
import { closedConsumer } from './consumer/consumer.ts'
import {
  type Administered,
  createTopic,
  electLeader,
  failover,
  setUncleanElection,
} from './controller/administration.ts'
import { fence } from './controller/brokers.ts'
import { initialController } from './controller/controller.ts'
import { isUnfenced } from './controller/state.ts'
import { healed, linkBetween, quietNetwork, withCut } from './network.ts'
import { closedProducer } from './producer/producer.ts'
import { unreachable } from './unreachable.ts'
import type { ClusterOperation, ClusterSetup } from './vocabulary/cluster.ts'

/** A formed cluster: every broker is registered and has its part in the groups' topic; nobody has said anything else. */
export function initialCluster(setup: ClusterSetup): ClusterState {
  const controller = initialController(setup)
  const endpoints = endpointsOf(setup)
  const named = (letter: string) => endpoints.filter(endpoint => endpoint.startsWith(letter) && endpoint !== 'ctl')
  const nodes = controller.image.brokers.map(({ brokerId, brokerEpoch }): Up => {
    const fresh = freshBroker(setup, brokerId, 0, -1)
    return {
      status: 'running',
      name: endpointOfBroker(brokerId),
      brokerId,
      broker: { ...fresh, brokerEpoch, registering: null, fenced: false },
    }
  })
  const start: ClusterState = {
    setup,
    controller,
    nodes,
    producers: named('p').map(name => closedProducer(name, setup.brokers, setup.client)),
    consumers: named('c').map(name => closedConsumer(name, setup.brokers, setup.client)),
    network: quietNetwork(endpoints),
  }
  return nodes.reduce((so, node) => brokerStepped(so, node, learnMetadata(node.broker, controller.image)), start)
}

/** The cluster after an operation, and what it answered. Total; what changes nothing gives back the same state. */
export function stepCluster(cluster: ClusterState, operation: ClusterOperation): ClusterStep {
  switch (operation.kind) {
    case 'deliver':
      return doneUnlessNull(cluster, delivered(cluster, operation.from, operation.to))
    case 'deliverLate':
      return doneUnlessNull(cluster, deliveredLate(cluster, operation.from, operation.to))
    case 'settle':
      return counted(cluster, settled(cluster))
    case 'disconnect': {
      const link = linkBetween(cluster.network, operation.a, operation.b)
      return doneUnlessNull(cluster, link === null ? null : broken(cluster, operation.a, operation.b, operation.late))
    }
    case 'cut':
    case 'heal': {
      const link = linkBetween(cluster.network, operation.from, operation.to)
      const isSo = link === null || link.cut === (operation.kind === 'cut')
      return isSo ? nothing(cluster) : done(withNetwork(cluster, withCut(cluster.network, link, !link.cut)))
    }
    case 'healAll':
      return doneUnlessSame(cluster, withNetwork(cluster, healed(cluster.network)))
    case 'advance':
      return doneUnlessNull(cluster, advanced(cluster, operation.ms, operation.node))
    case 'elapse':
      return counted(cluster, elapsed(cluster, operation.ms))
    case 'crash': {
      const status = nodeOf(cluster, operation.broker)?.status
      if (status === undefined || status === 'down') return nothing(cluster)
      return done(crashed(cluster, operation.broker, operation.damage, operation.late))
    }
    case 'restart':
      return doneUnlessNull(cluster, restarted(cluster, operation.broker))
    case 'pause':
      return doneUnlessNull(cluster, paused(cluster, operation.broker))
    case 'resume':
      return doneUnlessNull(cluster, resumed(cluster, operation.broker))
    case 'createTopic':
      return administered(
        cluster,
        createTopic(cluster.controller, operation.topic, operation.assignment, operation.config),
      )
    case 'setUncleanElection':
      return administered(cluster, setUncleanElection(cluster.controller, operation.topic, operation.enabled))
    case 'electLeader':
      return administered(
        cluster,
        electLeader(cluster.controller, operation.topic, operation.partition, operation.election),
      )
    case 'expireSession':
      return administered(
        cluster,
        isUnfenced(cluster.controller.image, operation.broker) ? fence(cluster.controller, operation.broker) : null,
      )
    case 'failoverController':
      return administered(cluster, failover(cluster.controller))
    case 'deleteRecords':
    case 'flush':
    case 'roll':
    case 'clean':
    case 'retain':
    case 'rot':
    case 'fillDisk':
      return onLog(cluster, operation)
    case 'synced':
      return syncBroker(cluster, operation.broker)
    case 'checkpoint':
      return checkpointBroker(cluster, operation.broker)
    case 'openProducer':
      return openedProducer(cluster, operation)
    case 'send':
      return sentRecords(cluster, operation)
    case 'openConsumer':
      return openedConsumer(cluster, operation)
    case 'poll':
      return polled(cluster, operation)
    case 'commit':
      return committed(cluster, operation)
    case 'closeConsumer':
      return closedByApplication(cluster, operation)
    case 'killClient':
      return killed(cluster, operation)
    default:
      return unreachable(operation)
  }
}

function done(state: ClusterState): ClusterStep {
  return { state, outcome: { kind: 'done' } }
}

function doneUnlessNull(before: ClusterState, after: ClusterState | null): ClusterStep {
  return after === null ? nothing(before) : done(after)
}

function doneUnlessSame(before: ClusterState, after: ClusterState): ClusterStep {
  return after === before ? nothing(before) : done(after)
}

function counted(
  before: ClusterState,
  after: { readonly cluster: ClusterState; readonly messages: number } | null,
): ClusterStep {
  return after === null
    ? nothing(before)
    : { state: after.cluster, outcome: { kind: 'delivered', messages: after.messages } }
}

function administered(cluster: ClusterState, step: Administered): ClusterStep {
  if (step === null) return nothing(cluster)
  if ('error' in step) return { state: cluster, outcome: { kind: 'error', error: step.error } }
  return done(controllerStepped(cluster, step))
}
