// What a walker looks for in a cluster's observation.
import type { BrokerObservation, ClusterObservation, ReplicaObservation } from '../../model/vocabulary/cluster.ts'
import type { PartitionState } from '../../model/vocabulary/messages.ts'
import type { BrokerId } from '../../model/vocabulary/units.ts'

type Status = BrokerObservation['status']

/** Brokers with one of these statuses, ascending. */
export function runningBrokers({ brokers }: ClusterObservation, statuses: readonly Status[]): readonly BrokerId[] {
  const found: BrokerId[] = []
  for (const name in brokers) {
    const broker = brokers[name]
    if (broker !== undefined && statuses.includes(broker.status)) found.push(brokerIdOf(name))
  }
  return found
}

/** The number in a broker's endpoint name. */
export function brokerIdOf(endpoint: string): BrokerId {
  return Number(endpoint.slice(1))
}

/** The replicas on brokers that are up. */
export function replicasOf(
  { brokers }: ClusterObservation,
  { topic, partition, replicas }: PartitionState,
): readonly { readonly broker: BrokerId; readonly replica: ReplicaObservation }[] {
  const found: { broker: BrokerId; replica: ReplicaObservation }[] = []
  for (const broker of replicas) {
    const node = brokers[`b${broker}`]
    if (node === undefined || node.status === 'down') continue
    const replica = node.replicas.find(known => known.topic === topic && known.partition === partition)
    if (replica !== undefined) found.push({ broker, replica })
  }
  return found
}

/** Topics of the run, without the groups' own. */
export function userPartitions({ controller }: ClusterObservation): readonly PartitionState[] {
  return controller.image.partitions.filter(({ topic }) => !topic.startsWith('__'))
}

/** Mid-replication, mid-election or mid-rebalance: where a fault does most. */
export function isInteresting(seen: ClusterObservation): boolean {
  for (const partition of seen.controller.image.partitions) {
    if (partition.leader === -1 || partition.inSyncReplicas.length < partition.replicas.length) return true
    for (const { replica } of replicasOf(seen, partition)) {
      if (replica.highWatermark < replica.logEndOffset) return true
      if (replica.role.kind === 'leader' && replica.role.pendingInSyncReplicas !== null) return true
    }
  }
  for (const name in seen.brokers) {
    const broker = seen.brokers[name]
    if (broker === undefined || broker.status === 'down') continue
    if (broker.groups.some(({ state }) => state === 'PreparingRebalance' || state === 'CompletingRebalance'))
      return true
  }
  return false
}

/** Every broker runs and is unfenced, and every in-sync set is full. */
export function isWhole(seen: ClusterObservation): boolean {
  const { brokers, partitions } = seen.controller.image
  return (
    brokers.every(({ fenced }) => !fenced) &&
    Object.values(seen.brokers).every(({ status }) => status === 'running') &&
    partitions.every(({ replicas, inSyncReplicas }) => inSyncReplicas.length === replicas.length)
  )
}

/** Keys of a record whose values satisfy a condition. */
export function namesWhere<T>(record: Readonly<Record<string, T>>, isWanted: (value: T) => boolean): readonly string[] {
  const names: string[] = []
  for (const name in record) {
    const value = record[name]
    if (value !== undefined && isWanted(value)) names.push(name)
  }
  return names
}
