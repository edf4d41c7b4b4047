// What is compared of a cluster after every operation. Parts that did not change are the same objects as before: they are
// taken over from what was shown last.
import type { BrokerState } from '../broker/state.ts'
import { observeConsumer } from '../consumer/observe.ts'
import { observeGroups } from '../group/observe.ts'
import { observeLog } from '../log/observe.ts'
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

/** A cluster, and what was shown of it. */
type Shown = { readonly state: ClusterState; readonly observation: ClusterObservation }

/** Everything that both sides must agree on. What is as in `last` is shown as the same objects. */
export function observeCluster(cluster: ClusterState, last: Shown | null = null): ClusterObservation {
  const before = last?.state
  const shown = last?.observation
  return {
    controller: observeController(cluster.controller, shown?.controller),
    brokers: byName(cluster.nodes, before?.nodes, shown?.brokers, observeNode),
    producers: byName(cluster.producers, before?.producers, shown?.producers, observeProducer),
    consumers: byName(cluster.consumers, before?.consumers, shown?.consumers, observeConsumer),
    links: observeLinks(cluster.network.links, before?.network.links, shown?.links),
  }
}

/** Parts by name. Parts never change their places, so one that is the same object as before is found at its place. */
function byName<Part extends { readonly name: Endpoint }, Seen>(
  parts: readonly Part[],
  before: readonly Part[] | undefined,
  shown: Readonly<Record<Endpoint, Seen>> | undefined,
  observe: (part: Part, before: Part | undefined, shown: Seen | undefined) => Seen,
): Readonly<Record<Endpoint, Seen>> {
  if (parts === before && shown !== undefined) return shown
  const seen: Record<Endpoint, Seen> = {}
  parts.forEach((part, i) => {
    const partBefore = before?.[i]
    const partShown = shown?.[part.name]
    const isSame = part === partBefore && partShown !== undefined
    seen[part.name] = isSame ? partShown : observe(part, partBefore, partShown)
  })
  return seen
}

function observeController(
  { now, image }: ClusterState['controller'],
  shown: ClusterObservation['controller'] | undefined,
): ClusterObservation['controller'] {
  return shown?.now === now && shown.image === image ? shown : { now, image }
}

function observeNode(node: Node, before: Node | undefined, shown: BrokerObservation | undefined): BrokerObservation {
  if (node.status === 'down') return { status: 'down' }
  const { broker } = node
  const known = before === undefined || before.status === 'down' ? undefined : before.broker
  return {
    status: node.status,
    now: broker.now,
    brokerEpoch: broker.brokerEpoch,
    fenced: broker.fenced,
    metadataOffset: broker.image?.metadataOffset ?? -1,
    replicas: observeReplicas(broker.replicas, known?.replicas, shown?.status === 'down' ? undefined : shown?.replicas),
    groups: observeCoordinated(broker.coordinators),
  }
}

const observeCoordinated: (coordinators: BrokerState['coordinators']) => readonly GroupObservation[] = remembered(
  coordinators =>
    coordinators
      .flatMap(({ coordinator }) => observeGroups(coordinator))
      .sort((a, b) => (a.groupId < b.groupId ? -1 : 1)),
)

function observeReplicas(
  replicas: readonly Replica[],
  before: readonly Replica[] | undefined,
  shown: readonly ReplicaObservation[] | undefined,
): readonly ReplicaObservation[] {
  if (replicas === before && shown !== undefined) return shown
  return replicas.map((replica, i) => {
    const known = before?.[i]
    const seen = shown?.[i]
    return replica === known && seen !== undefined ? seen : observeReplica(replica, known, seen)
  })
}

function observeReplica(
  replica: Replica,
  before: Replica | undefined,
  shown: ReplicaObservation | undefined,
): ReplicaObservation {
  const log = observeLog(replica.log)
  return {
    topic: replica.topic,
    partition: replica.partition,
    logStartOffset: log.logStartOffset,
    logEndOffset: log.logEndOffset,
    highWatermark: log.highWatermark,
    recoveryPoint: log.recoveryPoint,
    firstDirtyOffset: log.firstDirtyOffset,
    epochs: log.epochs,
    producers: log.producers,
    batches: log.batches,
    leaderEpoch: replica.leaderEpoch,
    partitionEpoch: replica.partitionEpoch,
    role: replica.role === before?.role && shown !== undefined ? shown.role : observeRole(replica.role),
  }
}

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

type Links = ClusterState['network']['links']

/** Links over which nothing has happened yet are left out. */
function observeLinks(
  links: Links,
  before: Links | undefined,
  shown: ClusterObservation['links'] | undefined,
): ClusterObservation['links'] {
  if (links === before && shown !== undefined) return shown
  const seen: Record<string, LinkObservation> = {}
  links.forEach((row, i) => {
    row.forEach((link, j) => {
      if (link.queue.length === 0 && link.late.length === 0 && !link.cut) return
      const known = link === before?.[i]?.[j] ? shown?.[link.name] : undefined
      seen[link.name] = known ?? observeLink(link)
    })
  })
  return seen
}

function observeLink({ from, to, cut, queue, late }: Link): LinkObservation {
  return { from, to, cut, messages: queue.map(({ message }) => message), late: late.map(({ message }) => message) }
}
