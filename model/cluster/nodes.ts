// What happens to a node: a message arrives, a connection breaks, a disk fails, a process dies.
// Notes: docs/protocol/cluster.md §1.3, §1.4, §4.1.
import { brokerDisconnected, brokerReceives } from '../broker/broker.ts'
import { type BrokerStep, mustHalt } from '../broker/state.ts'
import { consumerDisconnected, receiveByConsumer } from '../consumer/consumer.ts'
import { controllerReceives } from '../controller/controller.ts'
import type { ControllerStep } from '../controller/state.ts'
import { crashLog } from '../log/recovery.ts'
import { brokenConnection, type Envelope, isRequest, type Send, sendAll, withoutLateTo } from '../network.ts'
import { producerDisconnected, receiveByProducer } from '../producer/producer.ts'
import type { ClientRequest } from '../producer/state.ts'
import type { Endpoint } from '../vocabulary/cluster.ts'
import type { CrashDamage } from '../vocabulary/log.ts'
import type { BrokerId } from '../vocabulary/units.ts'
import { endpointOfBroker, endpointOfController } from './names.ts'
import {
  type ClusterState,
  consumerNamed,
  nodeNamed,
  nodeOf,
  producerNamed,
  type Up,
  withBroker,
  withConsumer,
  withNetwork,
  withNode,
  withProducer,
} from './state.ts'

/** A message reaches a node that is there to take it. */
export function received(cluster: ClusterState, from: Endpoint, to: Endpoint, envelope: Envelope): ClusterState {
  const requester = { endpoint: from, connection: envelope.connection }
  const { message } = envelope
  if (to === endpointOfController) {
    return controllerStepped(cluster, controllerReceives(cluster.controller, requester, message))
  }
  const node = nodeNamed(cluster, to)
  if (node !== null) {
    return node.status === 'down'
      ? cluster
      : brokerStepped(cluster, node, brokerReceives(node.broker, requester, message))
  }
  if (isRequest(message)) return cluster
  const brokerId = nodeNamed(cluster, from)?.brokerId ?? -1
  const producer = producerNamed(cluster, to)
  if (producer !== null) {
    const step = receiveByProducer(producer, brokerId, message)
    return clientSent(withProducer(cluster, step.state), to, step.requests)
  }
  const consumer = consumerNamed(cluster, to)
  if (consumer === null) return cluster
  const step = receiveByConsumer(consumer, brokerId, message)
  return clientSent(withConsumer(cluster, step.state), to, step.requests)
}

/** The controller did something: its sends go out. */
export function controllerStepped(cluster: ClusterState, step: ControllerStep): ClusterState {
  const decided = step.controller === cluster.controller ? cluster : { ...cluster, controller: step.controller }
  return sent(decided, endpointOfController, step.sends)
}

/** A broker did something: its sends go out; if a disk failed it, it halts as if killed, keeping what it wrote. */
export function brokerStepped(cluster: ClusterState, node: Up, step: BrokerStep): ClusterState {
  const after = sent(withNode(cluster, withBroker(node, step.broker)), node.name, step.sends)
  return mustHalt(step.broker) ? crashed(after, node.brokerId, { kind: 'kept' }, false) : after
}

/** A client did something: its requests go out. */
export function clientSent(cluster: ClusterState, client: Endpoint, requests: readonly ClientRequest[]): ClusterState {
  return sent(
    cluster,
    client,
    requests.map(({ broker, request }) => ({ kind: 'request', to: endpointOfBroker(broker), message: request })),
  )
}

/** The connection between two endpoints breaks, and both learn of it, if they are there. */
export function broken(cluster: ClusterState, a: Endpoint, b: Endpoint, late: boolean): ClusterState {
  const after = withNetwork(cluster, brokenConnection(cluster.network, a, b, late))
  return a < b ? told(told(after, a, b), b, a) : told(told(after, b, a), a, b)
}

/** Every connection of an endpoint breaks, in name order. */
export function isolated(cluster: ClusterState, endpoint: Endpoint, late: boolean): ClusterState {
  return cluster.network.endpoints
    .filter(other => other !== endpoint)
    .reduce((so, other) => broken(so, endpoint, other, late), cluster)
}

/**
 * A process dies; each of its logs is damaged by itself. What it had read and not processed dies with it; what it had
 * sent may, with `late`, still be processed by others.
 */
export function crashed(cluster: ClusterState, brokerId: BrokerId, damage: CrashDamage, late: boolean): ClusterState {
  const node = nodeOf(cluster, brokerId)
  if (node === null || node.status === 'down') return cluster
  const logs = node.broker.replicas.map(({ topic, partition, log }) => ({
    topic,
    partition,
    log: crashLog(log, damage).log,
  }))
  const { name } = node
  const down = { status: 'down', name, brokerId, now: node.broker.now, logs, keptBrokerEpoch: -1 } as const
  return withoutInbox(isolated(withNode(cluster, down), name, late), name)
}

/** What a process had read and not processed is gone with it. */
export function withoutInbox(cluster: ClusterState, broker: Endpoint): ClusterState {
  return withNetwork(cluster, withoutLateTo(cluster.network, broker))
}

function sent(cluster: ClusterState, from: Endpoint, sends: readonly Send[]): ClusterState {
  return sends.length === 0 ? cluster : withNetwork(cluster, sendAll(cluster.network, from, sends))
}

/** One side learns that its connection to the other is gone. Nobody answers that by sending. */
function told(cluster: ClusterState, at: Endpoint, other: Endpoint): ClusterState {
  const node = nodeNamed(cluster, at)
  if (node !== null) {
    if (node.status === 'down') return cluster
    return withNode(cluster, withBroker(node, brokerDisconnected(node.broker, other).broker))
  }
  const brokerId = nodeNamed(cluster, other)?.brokerId
  if (brokerId === undefined) return cluster
  const producer = producerNamed(cluster, at)
  if (producer !== null) return withProducer(cluster, producerDisconnected(producer, brokerId).state)
  const consumer = consumerNamed(cluster, at)
  return consumer === null ? cluster : withConsumer(cluster, consumerDisconnected(consumer, brokerId).state)
}
