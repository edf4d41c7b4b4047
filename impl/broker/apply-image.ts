// What a new image changes at a broker: which replicas it has, which settings they obey, who leads them.
// Follows `ReplicaManager.applyDelta` and `BrokerMetadataPublisher`; docs/protocol/cluster.md §4.3 and §5.2.
import type { PartitionState, TopicConfig } from '../../model/vocabulary/messages.ts'
import type { BrokerId } from '../../model/vocabulary/units.ts'
import type { LeadershipChange, Replica } from '../replica/replica.ts'
import type { KnownMetadata } from './known-metadata.ts'
import type { Replicas } from './replicas.ts'
import { isSameLogConfig } from './storage.ts'

/** A broker as its images change it. */
export type ImageTarget = {
  readonly brokerId: BrokerId
  readonly replicas: Replicas
  /** The image was about this replica, which may lead now, or no longer. */
  readonly changed: (replica: Replica, change: LeadershipChange) => void
}

/**
 * Applies what differs from the image before. Answers why the broker cannot be part of this cluster, as a sentence, and
 * has changed nothing then; else null. Throws `DiskFailure`.
 */
export function applyImage(target: ImageTarget, known: KnownMetadata, before: KnownMetadata | null): string | null {
  if (before === null) {
    const stranger = target.replicas.sorted.find(replica => target.replicas.clusterIdOf(replica) !== known.clusterId)
    // Nothing here may be taken for deleted only because another cluster does not know it.
    if (stranger !== undefined) {
      const { topic, partition } = stranger
      const owner = target.replicas.clusterIdOf(stranger)
      return `the log of ${topic}-${partition} belongs to the cluster ${owner}, and this is the cluster ${known.clusterId}`
    }
  }
  if (known.image.topics !== before?.image.topics) applyTopics(target, known, before)
  if (known.image.partitions !== before?.image.partitions) {
    applyPartitions(target, known, before?.image.partitions ?? [])
  }
  return null
}

/** Removes the replicas whose topics are gone, and lets the others obey their topics' settings. */
function applyTopics(target: ImageTarget, known: KnownMetadata, before: KnownMetadata | null): void {
  for (const replica of target.replicas.sorted) {
    const { topic } = replica
    if (!known.has(topic) || known.topicId(topic) !== replica.topicId) {
      remove(target, replica)
      continue
    }
    const config = known.config(topic)
    const isSame = before?.has(topic) === true && areSame(before.config(topic), config)
    if (!isSame) target.replicas.configure(replica, config)
  }
}

/**
 * Whether a replica obeys the same. Not by identity: an image that came as bytes shares no object with the one before, and
 * settings that did not change are no reason to look whether the high watermark can move.
 */
function areSame(a: TopicConfig, b: TopicConfig): boolean {
  return isSameLogConfig(a, b) && a.minInSyncReplicas === b.minInSyncReplicas
}

function applyPartitions(target: ImageTarget, known: KnownMetadata, before: readonly PartitionState[]): void {
  known.image.partitions.forEach((state, index) => {
    // The controller keeps what did not change, and what was applied once need not be looked at again.
    if (state === before[index]) return
    const { topic, partition } = state
    let replica = target.replicas.get(topic, partition)
    if (!state.replicas.includes(target.brokerId)) {
      if (replica !== undefined) remove(target, replica)
      return
    }
    const config = known.config(topic)
    if (replica === undefined) {
      const origin = { topicId: known.topicId(topic), clusterId: known.clusterId }
      replica = target.replicas.begin(topic, partition, config, origin)
    }
    target.changed(replica, replica.apply(state, config.minInSyncReplicas))
  })
}

function remove(target: ImageTarget, replica: Replica): void {
  target.changed(replica, replica.end())
  target.replicas.remove(replica)
}
