// What is compared of a cluster after every operation. Parts that did not change are the same objects as before, because
// they are remembered by the state that they were made from.
import type { BrokerState } from '../broker/state.ts'
import { observeConsumer } from '../consumer/observe.ts'
import { observeGroups } from '../group/observe.ts'
import { observeLog } from '../log/observe.ts'
import type { LogState } from '../log/state.ts'
import { remembered } from '../memo.ts'
import type { Link } from '../network.ts'
import { observeProducer } from '../producer/observe.ts'
import type { Replica, Role } from '../replica/state.ts'
import type {
  BrokerObservation,
  ClusterObservation,
  Endpoint,
  LinkObservation,
  ReplicaObservation,
} from '../vocabulary/cluster.ts'
import type { GroupObservation } from '../vocabulary/groups.ts'
import type { ClusterState, Node } from './state.ts'

/** Everything that both sides must agree on. */
export function observeCluster(cluster: ClusterState): ClusterObservation {
  return {
    controller: observeController(cluster.controller),
    brokers: observeNodes(cluster.nodes),
    producers: observeProducers(cluster.producers),
    consumers: observeConsumers(cluster.consumers),
    links: observeLinks(cluster.network.links),
  }
}

const observeController: (controller: ClusterState['controller']) => ClusterObservation['controller'] = remembered(
  ({ now, image }) => ({ now, image }),
)

const observeNodes = remembered((nodes: ClusterState['nodes']) => byName(nodes, observeNode))

const observeProducers = remembered((producers: ClusterState['producers']) => byName(producers, observeProducer))

const observeConsumers = remembered((consumers: ClusterState['consumers']) => byName(consumers, observeConsumer))

const observeNode: (node: Node) => BrokerObservation = remembered(node =>
  node.status === 'down' ? { status: 'down' } : { status: node.status, ...observeBroker(node.broker) },
)

function observeBroker(broker: BrokerState) {
  return {
    now: broker.now,
    brokerEpoch: broker.brokerEpoch,
    fenced: broker.fenced,
    metadataOffset: broker.image?.metadataOffset ?? -1,
    replicas: observeReplicas(broker.replicas),
    groups: observeCoordinated(broker.coordinators),
  }
}

const observeReplicas: (replicas: BrokerState['replicas']) => readonly ReplicaObservation[] = remembered(replicas =>
  replicas.map(replica => observeReplica(replica)),
)

const observeCoordinated: (coordinators: BrokerState['coordinators']) => readonly GroupObservation[] = remembered(
  coordinators =>
    coordinators
      .flatMap(({ coordinator }) => observeGroups(coordinator))
      .sort((a, b) => (a.groupId < b.groupId ? -1 : 1)),
)

const observeReplica: (replica: Replica) => ReplicaObservation = remembered(replica => ({
  topic: replica.topic,
  partition: replica.partition,
  ...observeReplicaLog(replica.log),
  leaderEpoch: replica.leaderEpoch,
  partitionEpoch: replica.partitionEpoch,
  role: observeRole(replica.role),
}))

const observeReplicaLog = remembered((log: LogState) => {
  const { segments: _, offline: __, ...seen } = observeLog(log)
  return seen
})

function observeRole(role: Role): ReplicaObservation['role'] {
  switch (role.kind) {
    case 'none':
      return role
    case 'follower':
      return { kind: 'follower', leader: role.leader, fetch: role.fetch.kind }
    case 'leader':
      return {
        kind: 'leader',
        leaderEpochStartOffset: role.leaderEpochStartOffset,
        inSyncReplicas: role.inSyncReplicas,
        pendingInSyncReplicas: role.proposal?.inSyncReplicas ?? null,
        followers: role.followers.map(({ brokerId, fetchOffset, brokerEpoch }) => ({
          brokerId,
          fetchOffset,
          brokerEpoch,
        })),
        waiting: role.waiting.map(({ endOffset }) => endOffset),
        parkedFetches: role.parked.map(({ request }) => request.replicaId),
      }
  }
}

/** Links over which nothing has happened yet are left out. */
const observeLinks = remembered((links: ClusterState['network']['links']) => {
  const seen: Record<string, LinkObservation> = {}
  for (const row of links) {
    for (const link of row) {
      if (link.queue.length > 0 || link.late.length > 0 || link.cut) seen[`${link.from}>${link.to}`] = observeLink(link)
    }
  }
  return seen
})

const observeLink: (link: Link) => LinkObservation = remembered(({ from, to, cut, queue, late }) => ({
  from,
  to,
  cut,
  messages: queue.map(({ message }) => message),
  late: late.map(({ message }) => message),
}))

function byName<Part extends { readonly name: Endpoint }, Seen>(
  parts: readonly Part[],
  observe: (part: Part) => Seen,
): Readonly<Record<Endpoint, Seen>> {
  const seen: Record<Endpoint, Seen> = {}
  for (const part of parts) seen[part.name] = observe(part)
  return seen
}
