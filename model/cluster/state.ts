// A whole cluster as one value: the controller, the brokers' processes, the clients and the network between them.
import type { BrokerState } from '../broker/state.ts'
import type { ConsumerState } from '../consumer/state.ts'
import type { ControllerState } from '../controller/state.ts'
import type { LogState } from '../log/state.ts'
import type { Network } from '../network.ts'
import type { ProducerState } from '../producer/state.ts'
import type { ClusterSetup, Endpoint } from '../vocabulary/cluster.ts'
import type { BrokerEpoch, BrokerId, Milliseconds, PartitionIndex } from '../vocabulary/units.ts'

export type ClusterState = {
  readonly setup: ClusterSetup
  readonly controller: ControllerState
  /** By broker id. */
  readonly nodes: readonly Node[]
  /** In name order. */
  readonly producers: readonly ProducerState[]
  /** In name order. */
  readonly consumers: readonly ConsumerState[]
  readonly network: Network
}

/** A broker's process, or what is left of it on its disks. */
export type Node = Up | Down

export type Up = {
  readonly status: 'running' | 'paused'
  readonly name: Endpoint
  readonly brokerId: BrokerId
  readonly broker: BrokerState
}

export type Down = {
  readonly status: 'down'
  readonly name: Endpoint
  readonly brokerId: BrokerId
  /** The clock of the machine goes on. */
  readonly now: Milliseconds
  /** In partition order; a crash has already done its damage to them. */
  readonly logs: readonly { readonly topic: string; readonly partition: PartitionIndex; readonly log: LogState }[]
  /** The epoch under which it stopped cleanly; -1 after a crash. */
  readonly keptBrokerEpoch: BrokerEpoch
}

export function nodeOf(cluster: ClusterState, brokerId: BrokerId): Node | null {
  return cluster.nodes[brokerId - 1] ?? null
}

export function nodeNamed(cluster: ClusterState, endpoint: Endpoint): Node | null {
  for (const node of cluster.nodes) if (node.name === endpoint) return node
  return null
}

export function producerNamed(cluster: ClusterState, endpoint: Endpoint): ProducerState | null {
  for (const producer of cluster.producers) if (producer.name === endpoint) return producer
  return null
}

export function consumerNamed(cluster: ClusterState, endpoint: Endpoint): ConsumerState | null {
  for (const consumer of cluster.consumers) if (consumer.name === endpoint) return consumer
  return null
}

export function withNode(cluster: ClusterState, node: Node): ClusterState {
  const index = node.brokerId - 1
  return cluster.nodes[index] === node ? cluster : { ...cluster, nodes: cluster.nodes.with(index, node) }
}

/** A process with another broker state in it, or the same process. */
export function withBroker(node: Up, broker: BrokerState): Up {
  return broker === node.broker ? node : { ...node, broker }
}

export function withProducer(cluster: ClusterState, producer: ProducerState): ClusterState {
  if (cluster.producers.includes(producer)) return cluster
  return { ...cluster, producers: cluster.producers.map(other => (other.name === producer.name ? producer : other)) }
}

export function withConsumer(cluster: ClusterState, consumer: ConsumerState): ClusterState {
  if (cluster.consumers.includes(consumer)) return cluster
  return { ...cluster, consumers: cluster.consumers.map(other => (other.name === consumer.name ? consumer : other)) }
}

export function withNetwork(cluster: ClusterState, network: Network): ClusterState {
  return network === cluster.network ? cluster : { ...cluster, network }
}
