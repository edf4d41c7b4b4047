// The implementation's cluster as a subject of scope `cluster`: operations in, outcomes and observations out.
//
// An observation is put together from the parts that changed since the last one; all others are the same objects, so that
// whoever compares two sides can pass over them.
import type { Broker } from '../../impl/broker/broker.ts'
import type { Leadership } from '../../impl/replica/leadership.ts'
import type { Replica } from '../../impl/replica/replica.ts'
import type {
  BrokerObservation,
  ClusterObservation,
  ClusterOperation,
  ClusterOutcome,
  ClusterSetup,
  Endpoint,
  LinkObservation,
  ReplicaObservation,
} from '../../model/vocabulary/cluster.ts'
import type { GroupObservation } from '../../model/vocabulary/groups.ts'
import type { Milliseconds } from '../../model/vocabulary/units.ts'
import type { BrokerProcess } from '../simulation/broker-process.ts'
import { SimulatedCluster } from '../simulation/cluster.ts'
import type { Link } from '../simulation/network.ts'
import { asBytes, asItIs, type Carry } from '../simulation/wire.ts'
import type { Side } from '../verdict.ts'
import { DecodedBatches } from './decoded-batches.ts'
import { GroupValues } from './group-values.ts'
import { MessageValues } from './message-values.ts'

/** Starts a cluster as the notes say that one begins. */
export function startClusterSubject(setup: ClusterSetup): Side<'cluster'> {
  return startSubject(setup, asItIs)
}

/** The same with every message by way of its bytes, so that the codec takes part in lockstep. */
export function startClusterWireSubject(setup: ClusterSetup): Side<'cluster'> {
  return startSubject(setup, asBytes)
}

function startSubject(setup: ClusterSetup, carry: Carry): Side<'cluster'> {
  const cluster = new SimulatedCluster(setup, null, carry)
  const eye = new Eye(cluster)
  return {
    apply: (operation: ClusterOperation): ClusterOutcome => cluster.apply(operation),
    observe: () => eye.observe(),
  }
}

type SeenBroker = { readonly version: number; readonly now: Milliseconds; readonly observation: BrokerObservation }
type SeenReplica = {
  readonly version: number
  readonly logVersion: number
  readonly decoded: DecodedBatches
  readonly observation: ReplicaObservation
}
type Observed<Observation> = { readonly client: { observe(): Observation } }

/** Remembers what it last saw of a cluster. */
class Eye {
  readonly #cluster: SimulatedCluster
  readonly #messages = new MessageValues()
  readonly #groups = new WeakMap<Broker, GroupValues>()
  readonly #brokers = new Map<Endpoint, SeenBroker>()
  readonly #replicas = new WeakMap<Replica, SeenReplica>()
  /** By name, those that show something. A map, because objects that fields are deleted from are slow ever after. */
  readonly #busyLinks = new Map<string, LinkObservation>()
  #seen: ClusterObservation

  constructor(cluster: SimulatedCluster) {
    this.#cluster = cluster
    const { image } = cluster.controller
    const controller = { now: cluster.controllerClock.now(), image }
    this.#seen = { controller, brokers: {}, producers: {}, consumers: {}, links: {} }
  }

  observe(): ClusterObservation {
    const before = this.#seen
    const controller = this.#controller(before.controller)
    const brokers = this.#observeBrokers(before.brokers)
    const producers = observeClients(before.producers, this.#cluster.producers)
    const consumers = observeClients(before.consumers, this.#cluster.consumers)
    const links = this.#links(before.links)
    const isSame =
      controller === before.controller &&
      brokers === before.brokers &&
      producers === before.producers &&
      consumers === before.consumers &&
      links === before.links
    if (!isSame) this.#seen = { controller, brokers, producers, consumers, links }
    return this.#seen
  }

  #controller(before: ClusterObservation['controller']): ClusterObservation['controller'] {
    const now = this.#cluster.controllerClock.now()
    const { image } = this.#cluster.controller
    return before.now === now && before.image === image ? before : { now, image }
  }

  #observeBrokers(before: ClusterObservation['brokers']): ClusterObservation['brokers'] {
    let brokers: Record<Endpoint, BrokerObservation> | null = null
    for (const [endpoint, process] of this.#cluster.brokers) {
      const observation = this.#broker(endpoint, process)
      if (observation === before[endpoint]) continue
      brokers ??= { ...before }
      brokers[endpoint] = observation
    }
    return brokers ?? before
  }

  #broker(endpoint: Endpoint, process: BrokerProcess): BrokerObservation {
    const { version, status } = process
    const now = process.clock.now()
    const seen = this.#brokers.get(endpoint)
    if (seen?.version === version && (status === 'down' || seen.now === now)) return seen.observation
    const { broker } = process
    const before = seen?.observation
    const observation: BrokerObservation =
      broker === null || status === 'down' ? { status: 'down' } : this.#runningBroker(broker, status, now, before)
    this.#brokers.set(endpoint, { version, now, observation })
    return observation
  }

  #runningBroker(
    broker: Broker,
    status: 'running' | 'paused',
    now: Milliseconds,
    before: BrokerObservation | undefined,
  ): BrokerObservation {
    const { brokerEpoch, fenced, metadataOffset } = broker
    const replicas = broker.replicas.map(replica => this.#replica(replica))
    const groups = this.#groupsOf(broker)
    const isUp = before !== undefined && before.status !== 'down'
    const known = isUp && areSame(before.replicas, replicas) ? before.replicas : replicas
    const isSame =
      isUp &&
      before.status === status &&
      before.now === now &&
      before.brokerEpoch === brokerEpoch &&
      before.fenced === fenced &&
      before.metadataOffset === metadataOffset &&
      before.replicas === known &&
      before.groups === groups
    return isSame ? before : { status, now, brokerEpoch, fenced, metadataOffset, replicas: known, groups }
  }

  #groupsOf(broker: Broker): readonly GroupObservation[] {
    let values = this.#groups.get(broker)
    if (values === undefined) {
      values = new GroupValues()
      this.#groups.set(broker, values)
    }
    return values.of(broker.groups())
  }

  #replica(replica: Replica): ReplicaObservation {
    const { version, log } = replica
    const seen = this.#replicas.get(replica)
    if (seen?.version === version && seen.logVersion === log.version) return seen.observation
    const decoded = seen?.decoded ?? new DecodedBatches()
    const observation: ReplicaObservation = {
      topic: replica.topic,
      partition: replica.partition,
      logStartOffset: log.logStartOffset,
      logEndOffset: log.logEndOffset,
      highWatermark: log.highWatermark,
      recoveryPoint: log.recoveryPoint,
      firstDirtyOffset: log.firstDirtyOffset,
      epochs: log.epochs.entries,
      producers: log.producers.entries,
      batches: decoded.of(log.segments),
      leaderEpoch: replica.leaderEpoch,
      partitionEpoch: replica.partitionEpoch,
      role: observeRole(replica),
    }
    this.#replicas.set(replica, { version, logVersion: log.version, decoded, observation })
    return observation
  }

  #links(before: ClusterObservation['links']): ClusterObservation['links'] {
    let isSame = true
    for (const link of this.#cluster.network.takeChanged()) {
      isSame = false
      const { name } = link
      if (link.queue.length > 0 || link.late.length > 0 || link.cut) this.#busyLinks.set(name, this.#link(link))
      else this.#busyLinks.delete(name)
    }
    return isSame ? before : Object.fromEntries(this.#busyLinks)
  }

  #link({ from, to, cut, queue, late }: Link): LinkObservation {
    return {
      from,
      to,
      cut,
      messages: queue.map(({ message }) => this.#messages.of(message)),
      late: late.map(({ message }) => this.#messages.of(message)),
    }
  }
}

function observeRole({ role }: Replica): ReplicaObservation['role'] {
  if (role === null) return { kind: 'none' }
  if (role.kind === 'leader') return observeLeader(role)
  return { kind: 'follower', leader: role.leader, fetch: role.fetch }
}

function observeLeader(role: Leadership): ReplicaObservation['role'] {
  return {
    kind: 'leader',
    leaderEpochStartOffset: role.startOffset,
    inSyncReplicas: role.inSyncReplicas,
    pendingInSyncReplicas: role.pendingInSyncReplicas,
    followers: role.followers.map(({ brokerId, fetchOffset, brokerEpoch }) => ({ brokerId, fetchOffset, brokerEpoch })),
    waiting: role.waiting.endOffsets(),
    parkedFetches: role.parked.brokerIds(),
  }
}

function observeClients<Observation>(
  before: Readonly<Record<Endpoint, Observation>>,
  clients: ReadonlyMap<Endpoint, Observed<Observation>>,
): Readonly<Record<Endpoint, Observation>> {
  let observed: Record<Endpoint, Observation> | null = null
  for (const [endpoint, { client }] of clients) {
    const observation = client.observe()
    if (observation === before[endpoint]) continue
    observed ??= { ...before }
    observed[endpoint] = observation
  }
  return observed ?? before
}

function areSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index])
}
