// Time is an operation: every node has its own clock, and its timers fire when its clock is moved.
// Notes: docs/protocol/cluster.md §2.
import { brokerTicks } from '../broker/broker.ts'
import { tickConsumer } from '../consumer/consumer.ts'
import { controllerTicks } from '../controller/controller.ts'
import { tickProducer } from '../producer/producer.ts'
import type { Endpoint } from '../vocabulary/cluster.ts'
import type { Milliseconds } from '../vocabulary/units.ts'
import { settled } from './delivery.ts'
import { endpointOfController } from './names.ts'
import { brokerStepped, clientSent, controllerStepped } from './nodes.ts'
import {
  type ClusterState,
  consumerNamed,
  nodeNamed,
  producerNamed,
  withBroker,
  withConsumer,
  withNode,
  withProducer,
} from './state.ts'

const advanceMsMax: Milliseconds = 60_000
const sliceMs: Milliseconds = 500

/** One clock moves, or all do; null if it does not apply. */
export function advanced(cluster: ClusterState, ms: Milliseconds, node: Endpoint | null): ClusterState | null {
  if (ms < 0) return null
  const by = Math.min(ms, advanceMsMax)
  if (node !== null) return cluster.network.endpoints.includes(node) ? moved(cluster, node, by) : null
  return cluster.network.endpoints.reduce((so, endpoint) => moved(so, endpoint, by), cluster)
}

/** Time passes as it does in a healthy cluster: in small slices, with messages arriving in between. */
export function elapsed(
  start: ClusterState,
  ms: Milliseconds,
): { readonly cluster: ClusterState; readonly messages: number } | null {
  if (ms < 0) return null
  let cluster = start
  let messages = 0
  for (let left = Math.min(ms, advanceMsMax); left > 0; left -= sliceMs) {
    const after = settled(advanced(cluster, Math.min(sliceMs, left), null) ?? cluster)
    cluster = after.cluster
    messages += after.messages
  }
  return { cluster, messages }
}

function moved(cluster: ClusterState, endpoint: Endpoint, by: Milliseconds): ClusterState {
  if (endpoint === endpointOfController) {
    return controllerStepped(cluster, controllerTicks(cluster.controller, cluster.controller.now + by))
  }
  const node = nodeNamed(cluster, endpoint)
  if (node !== null) {
    if (node.status === 'down') return withNode(cluster, { ...node, now: node.now + by })
    const later = withBroker(node, { ...node.broker, now: node.broker.now + by })
    if (node.status === 'paused') return withNode(cluster, later)
    return brokerStepped(withNode(cluster, later), later, brokerTicks(later.broker))
  }
  const producer = producerNamed(cluster, endpoint)
  if (producer !== null) {
    const step = tickProducer(producer, producer.now + by)
    return clientSent(withProducer(cluster, step.state), endpoint, step.requests)
  }
  const consumer = consumerNamed(cluster, endpoint)
  if (consumer === null) return cluster
  const step = tickConsumer(consumer, consumer.now + by)
  return clientSent(withConsumer(cluster, step.state), endpoint, step.requests)
}
