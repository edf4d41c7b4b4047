// A broker while it runs: its registration, what it knows of the cluster, its replicas, the groups it coordinates.
// Notes: docs/protocol/cluster.md §4.
import type { CoordinatorState } from '../group/state.ts'
import type { Send } from '../network.ts'
import type { Replica, ReplicaStep, Surroundings } from '../replica/state.ts'
import type { BrokerConfig } from '../vocabulary/cluster.ts'
import type { GroupConfig } from '../vocabulary/groups.ts'
import type { MetadataImage } from '../vocabulary/messages.ts'
import type {
  BrokerEpoch,
  BrokerId,
  CorrelationId,
  MetadataOffset,
  Milliseconds,
  PartitionIndex,
} from '../vocabulary/units.ts'

export type BrokerState = {
  readonly brokerId: BrokerId
  readonly config: BrokerConfig
  readonly groupConfig: GroupConfig
  /** Partitions of the groups' topic; 0: no groups. */
  readonly offsetsPartitions: number
  readonly now: Milliseconds
  readonly nextCorrelationId: CorrelationId
  /** -1 before the first registration. */
  readonly brokerEpoch: BrokerEpoch
  /** Set while the broker has to register: the epoch that it names as its last one. */
  readonly registering: { readonly previousBrokerEpoch: BrokerEpoch; readonly outstanding: CorrelationId | null } | null
  readonly heartbeat: { readonly correlationId: CorrelationId; readonly metadataOffset: MetadataOffset } | null
  readonly fenced: boolean
  readonly heartbeatDue: Milliseconds
  readonly inSyncCheckDue: Milliseconds
  readonly image: MetadataImage | null
  /** In partition order. */
  readonly replicas: readonly Replica[]
  /** One for each partition of the groups' topic that this broker leads, in order. */
  readonly coordinators: readonly { readonly partition: PartitionIndex; readonly coordinator: CoordinatorState }[]
}

/** A broker after a rule, and what it sends, in order. */
export type BrokerStep = { readonly broker: BrokerState; readonly sends: readonly Send[] }

/** Nothing happened (yet). */
export function still(broker: BrokerState): BrokerStep {
  return { broker, sends: [] }
}

/** One rule after another. */
export function andThen(step: BrokerStep, rule: (broker: BrokerState) => BrokerStep): BrokerStep {
  const after = rule(step.broker)
  if (step.sends.length === 0) return after
  return {
    broker: after.broker,
    sends: after.sends.length === 0 ? step.sends : [...step.sends, ...after.sends],
  }
}

export function replicaOf(broker: BrokerState, topic: string, partition: PartitionIndex): Replica | null {
  for (const replica of broker.replicas) if (replica.topic === topic && replica.partition === partition) return replica
  return null
}

/** What the rules of a replica need to know. */
export function surroundings(broker: BrokerState): Surroundings {
  return {
    brokerId: broker.brokerId,
    brokerEpoch: broker.brokerEpoch,
    registered: broker.registering === null,
    now: broker.now,
    config: broker.config,
    image: broker.image,
  }
}

/** The broker with one of its replicas changed, or the same broker if it did not change. */
export function withReplica(broker: BrokerState, replica: Replica): BrokerState {
  const known = replicaOf(broker, replica.topic, replica.partition)
  if (known === null || known === replica) return broker
  return { ...broker, replicas: broker.replicas.with(broker.replicas.indexOf(known), replica) }
}

/** The broker before a replica's step, with that step's replica and count of requests. */
export function withStep(broker: BrokerState, step: ReplicaStep): BrokerState {
  const changed = withReplica(broker, step.replica)
  return step.nextCorrelationId === changed.nextCorrelationId
    ? changed
    : { ...changed, nextCorrelationId: step.nextCorrelationId }
}

/** True once a write failed on any of its disks: the process must not go on (Kafka halts on a failed log dir). */
export function mustHalt(broker: BrokerState): boolean {
  return broker.replicas.some(replica => replica.log.offline)
}
