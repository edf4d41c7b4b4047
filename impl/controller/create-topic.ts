// New topics: what is refused, and how their partitions begin. docs/protocol/cluster.md §3.8.
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { PartitionState, TopicConfig } from '../../model/vocabulary/messages.ts'
import type { BrokerId } from '../../model/vocabulary/units.ts'
import { isInternal } from '../broker/topics.ts'
import type { ClusterMetadata } from './cluster-metadata.ts'
import { sorted } from './partition-change.ts'

/** Why the topic cannot be created, or `NONE`. Names that begin with `__` are the cluster's own. */
export function checkNewTopic(
  metadata: ClusterMetadata,
  topic: string,
  assignment: readonly (readonly BrokerId[])[],
  config: TopicConfig,
): ErrorName {
  if (isInternal(topic)) return 'INVALID_REQUEST'
  if (metadata.topicConfig(topic) !== undefined) return 'TOPIC_ALREADY_EXISTS'
  if (assignment.length === 0) return 'INVALID_PARTITIONS'
  for (const replicas of assignment) {
    const repeated = new Set(replicas).size !== replicas.length
    const unknown = replicas.some(id => metadata.broker(id) === undefined)
    if (repeated || unknown || !replicas.some(metadata.isUnfenced)) return 'INVALID_REPLICA_ASSIGNMENT'
  }
  return config.minInSyncReplicas < 1 ? 'INVALID_CONFIG' : 'NONE'
}

/** The first states: in sync is who is unfenced, and the first of them in the order of preference leads. */
export function newPartitions(
  topic: string,
  assignment: readonly (readonly BrokerId[])[],
  isUnfenced: (brokerId: BrokerId) => boolean,
): readonly PartitionState[] {
  return assignment.map((replicas, partition) => {
    const alive = replicas.filter(isUnfenced)
    const [leader = -1] = alive
    return {
      topic,
      partition,
      replicas,
      leader,
      leaderEpoch: 0,
      inSyncReplicas: sorted(alive),
      eligibleLeaderReplicas: [],
      lastKnownLeader: leader,
      partitionEpoch: 0,
    }
  })
}
