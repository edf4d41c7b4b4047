// Ways to look at an observation of a cluster: who has a replica, who leads, what a log holds.
import { remembered } from '../memo.ts'
import type { ClusterObservation, ReplicaObservation } from '../vocabulary/cluster.ts'
import type { MetadataImage, PartitionState } from '../vocabulary/messages.ts'
import type { Batch, LogRecord } from '../vocabulary/records.ts'
import type { BrokerId, Offset, PartitionIndex } from '../vocabulary/units.ts'

/** A replica on a broker that is up. */
export type PlacedReplica = { readonly brokerId: BrokerId; readonly replica: ReplicaObservation }

/** True when a part of the observation is the very same as before the operation. */
export function isSame(
  transition: { readonly before: ClusterObservation; readonly after: ClusterObservation },
  part: keyof ClusterObservation,
): boolean {
  return transition.before[part] === transition.after[part]
}

export function partitionKey(topic: string, partition: PartitionIndex): string {
  return `${topic}/${partition}`
}

/** Every replica on a broker that is up, by partition. */
export const allReplicas: (seen: ClusterObservation) => ReadonlyMap<string, readonly PlacedReplica[]> = remembered(
  seen => {
    const found = new Map<string, PlacedReplica[]>()
    for (const { brokerId } of seen.controller.image.brokers) {
      const broker = seen.brokers[`b${brokerId}`]
      if (broker === undefined || broker.status === 'down') continue
      for (const replica of broker.replicas) {
        const key = partitionKey(replica.topic, replica.partition)
        const others = found.get(key)
        if (others === undefined) found.set(key, [{ brokerId, replica }])
        else others.push({ brokerId, replica })
      }
    }
    return found
  },
)

export function replicasOf(
  seen: ClusterObservation,
  topic: string,
  partition: PartitionIndex,
): readonly PlacedReplica[] {
  return allReplicas(seen).get(partitionKey(topic, partition)) ?? []
}

/** For each partition the replica that leads in the epoch that the controller has decided, if it knows that already. */
export const currentLeaders: (seen: ClusterObservation) => ReadonlyMap<string, PlacedReplica> = remembered(seen => {
  const found = new Map<string, PlacedReplica>()
  for (const { topic, partition, leader, leaderEpoch } of seen.controller.image.partitions) {
    const placed = replicasOf(seen, topic, partition).find(({ brokerId }) => brokerId === leader)
    if (placed?.replica.role.kind !== 'leader' || placed.replica.leaderEpoch !== leaderEpoch) continue
    found.set(partitionKey(topic, partition), placed)
  }
  return found
})

export function partitionState(image: MetadataImage, topic: string, partition: PartitionIndex): PartitionState | null {
  return image.partitions.find(state => state.topic === topic && state.partition === partition) ?? null
}

/** True when compaction may remove superseded records of the topic. */
export function isCompacted(image: MetadataImage, topic: string): boolean {
  return image.topics.find(entry => entry.topic === topic)?.config.cleanupPolicy !== 'delete'
}

/** The records of a log by offset. */
export const recordsByOffset: (batches: readonly Batch[]) => ReadonlyMap<Offset, LogRecord> = remembered(batches => {
  const found = new Map<Offset, LogRecord>()
  for (const { records } of batches) for (const record of records) found.set(record.offset, record)
  return found
})

/** The largest offset at which a log has a record of each key. */
export const lastOffsetByKey: (batches: readonly Batch[]) => ReadonlyMap<string, Offset> = remembered(batches => {
  const found = new Map<string, Offset>()
  for (const { records } of batches) for (const { key, offset } of records) if (key !== null) found.set(key, offset)
  return found
})

/** Below this offset both logs hold the same records: the smallest at which a batch begins that is not in both. */
export function differFrom(one: readonly Batch[], other: readonly Batch[]): Offset {
  if (one === other) return Number.POSITIVE_INFINITY
  let from = Number.POSITIVE_INFINITY
  const shared = sharedBatches(one, other)
  for (let i = shared; i < one.length; i += 1) from = Math.min(from, one[i]?.baseOffset ?? from)
  for (let i = shared; i < other.length; i += 1) from = Math.min(from, other[i]?.baseOffset ?? from)
  return from
}

/** How many batches two logs have in common at their beginning, being the same objects. */
export function sharedBatches(one: readonly Batch[], other: readonly Batch[]): number {
  const most = Math.min(one.length, other.length)
  let shared = 0
  while (shared < most && one[shared] === other[shared]) shared += 1
  return shared
}

/** The record at an offset; looked for from the end, where it mostly is. */
export function recordAt(batches: readonly Batch[], offset: Offset): LogRecord | undefined {
  for (let i = batches.length - 1; i >= 0; i -= 1) {
    const batch = batches[i]
    if (batch === undefined || offset < batch.baseOffset || offset > batch.lastOffset) continue
    const found = batch.records.findLast(record => record.offset === offset)
    if (found !== undefined) return found
  }
  return undefined
}
