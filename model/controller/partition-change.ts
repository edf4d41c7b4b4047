// How the controller changes one partition: who stays eligible, who leads, which epochs rise.
// Follows PartitionChangeBuilder with eligible leader replicas (KIP-966). Notes: docs/protocol/cluster.md §3.7.
import type { MetadataImage, PartitionState } from '../vocabulary/messages.ts'
import type { BrokerId } from '../vocabulary/units.ts'
import { isUnfenced, minInSyncOf, topicConfigOf } from './state.ts'

/** The sets of a partition and its leader, before epochs are given. */
type Choice = {
  readonly leader: BrokerId
  readonly inSyncReplicas: readonly BrokerId[]
  readonly eligibleLeaderReplicas: readonly BrokerId[]
}

/**
 * Who: the controller, for a partition whose in-sync set shall become `target`.
 * Then: members that leave while fewer than `min.insync.replicas` remain stay *eligible*: the high watermark cannot
 * move without them, so they hold everything committed, unless they `lostData`. If the leader is not in the set any
 * more, another is elected: in sync, else eligible, else (only if the topic allows it) anybody, else the last known
 * leader when nobody better can ever come. Nobody: the partition is offline.
 * Source: KIP-966, `PartitionChangeBuilder.build`.
 */
export function changedPartition(
  image: MetadataImage,
  partition: PartitionState,
  target: readonly BrokerId[],
  lostData: readonly BrokerId[],
): PartitionState {
  const eligible =
    target.length >= minInSyncOf(image, partition.topic, partition.replicas.length)
      ? []
      : ascending([...partition.inSyncReplicas, ...partition.eligibleLeaderReplicas]).filter(
          id => !target.includes(id) && !lostData.includes(id),
        )
  return withEpochs(partition, elected(image, partition, target, eligible))
}

/**
 * Every partition for which `target` gives a set goes through the change; the others stay as they are.
 */
export function changedPartitions(
  image: MetadataImage,
  target: (partition: PartitionState) => readonly BrokerId[] | null,
  lostData: readonly BrokerId[],
): MetadataImage {
  const partitions = image.partitions.map(partition => {
    const inSync = target(partition)
    return inSync === null ? partition : changedPartition(image, partition, inSync, lostData)
  })
  return partitions.every((partition, i) => partition === image.partitions[i]) ? image : { ...image, partitions }
}

/** An unclean leader: it alone is in sync, and what others have beyond it is given up. */
export function uncleanlyElected(image: MetadataImage, partition: PartitionState): PartitionState | null {
  const leader = partition.replicas.find(id => isUnfenced(image, id))
  return leader === undefined
    ? null
    : withEpochs(partition, { leader, inSyncReplicas: [leader], eligibleLeaderReplicas: [] })
}

/** The partition under another leader of its in-sync set. */
export function withLeader(partition: PartitionState, leader: BrokerId): PartitionState {
  return withEpochs(partition, { ...partition, leader })
}

function elected(
  image: MetadataImage,
  partition: PartitionState,
  inSync: readonly BrokerId[],
  eligible: readonly BrokerId[],
): Choice {
  const unfenced = partition.replicas.filter(id => isUnfenced(image, id))
  const same = { inSyncReplicas: inSync, eligibleLeaderReplicas: eligible }
  if (inSync.includes(partition.leader) && unfenced.includes(partition.leader)) {
    return { ...same, leader: partition.leader }
  }
  const clean = unfenced.find(id => inSync.includes(id))
  if (clean !== undefined) return { ...same, leader: clean }
  const rescued = unfenced.find(id => eligible.includes(id))
  if (rescued !== undefined) {
    return {
      leader: rescued,
      inSyncReplicas: ascending([...inSync, rescued]),
      eligibleLeaderReplicas: eligible.filter(id => id !== rescued),
    }
  }
  const anybody = unfenced[0]
  if (anybody !== undefined && topicConfigOf(image, partition.topic)?.uncleanLeaderElection === true) {
    return { leader: anybody, inSyncReplicas: [anybody], eligibleLeaderReplicas: [] }
  }
  const last = partition.lastKnownLeader
  if (inSync.length === 0 && eligible.length === 0 && unfenced.includes(last)) {
    return { leader: last, inSyncReplicas: [last], eligibleLeaderReplicas: [] }
  }
  return { ...same, leader: -1 }
}

/** Epochs rise with what changed: the partition's with anything, the leader's with the leader. */
function withEpochs(partition: PartitionState, choice: Choice): PartitionState {
  const isSame =
    choice.leader === partition.leader &&
    equalSets(choice.inSyncReplicas, partition.inSyncReplicas) &&
    equalSets(choice.eligibleLeaderReplicas, partition.eligibleLeaderReplicas)
  if (isSame) return partition
  return {
    ...partition,
    ...choice,
    leaderEpoch: choice.leader === partition.leader ? partition.leaderEpoch : partition.leaderEpoch + 1,
    lastKnownLeader: choice.leader >= 1 ? choice.leader : partition.lastKnownLeader,
    partitionEpoch: partition.partitionEpoch + 1,
  }
}

/** Sorted, each once. */
export function ascending(ids: readonly BrokerId[]): readonly BrokerId[] {
  return [...new Set(ids)].sort((a, b) => a - b)
}

/** Whether two ascending sets are the same. */
export function equalSets(a: readonly BrokerId[], b: readonly BrokerId[]): boolean {
  return a.length === b.length && a.every((id, i) => id === b[i])
}
