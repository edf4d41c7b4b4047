// What an administrator asks of the controller. Kafka: CreateTopics, IncrementalAlterConfigs, ElectLeaders.
// Notes: docs/protocol/cluster.md §3.8 to §3.11.
import type { ErrorName } from '../vocabulary/errors.ts'
import type { MetadataImage, PartitionState, TopicConfig } from '../vocabulary/messages.ts'
import type { BrokerId } from '../vocabulary/units.ts'
import { ascending, changedPartitions, uncleanlyElected, withLeader } from './partition-change.ts'
import {
  brokerOf,
  type ControllerState,
  type ControllerStep,
  decided,
  isUnfenced,
  partitionOf,
  topicConfigOf,
} from './state.ts'

/** A step, an error that changed nothing, or null: it does not apply. */
export type Administered = ControllerStep | { readonly error: ErrorName } | null

/** A new topic, with the replicas that were asked for; in sync are those that are alive. */
export function createTopic(
  controller: ControllerState,
  topic: string,
  assignment: readonly (readonly BrokerId[])[],
  config: TopicConfig,
): Administered {
  const { image } = controller
  if (topic.startsWith('__')) return { error: 'INVALID_REQUEST' }
  if (topicConfigOf(image, topic) !== null) return { error: 'TOPIC_ALREADY_EXISTS' }
  if (assignment.length === 0) return { error: 'INVALID_PARTITIONS' }
  const isPossible = assignment.every(
    replicas =>
      ascending(replicas).length === replicas.length &&
      replicas.every(id => brokerOf(image, id) !== null) &&
      replicas.some(id => isUnfenced(image, id)),
  )
  if (!isPossible) return { error: 'INVALID_REPLICA_ASSIGNMENT' }
  if (config.minInSyncReplicas < 1) return { error: 'INVALID_CONFIG' }
  const partitions = assignment.map((replicas, partition) => newPartition(image, topic, partition, replicas))
  return decided(controller, withTopic(image, topic, config, partitions), [])
}

/** A partition whose unfenced replicas are in sync, led by the first of them. */
export function newPartition(
  image: MetadataImage,
  topic: string,
  partition: number,
  replicas: readonly BrokerId[],
): PartitionState {
  const unfenced = replicas.filter(id => isUnfenced(image, id))
  const leader = unfenced[0] ?? -1
  return {
    topic,
    partition,
    replicas,
    leader,
    leaderEpoch: 0,
    inSyncReplicas: ascending(unfenced),
    eligibleLeaderReplicas: [],
    lastKnownLeader: leader,
    partitionEpoch: 0,
  }
}

/** The image with a topic added, in order. */
export function withTopic(
  image: MetadataImage,
  topic: string,
  config: TopicConfig,
  partitions: readonly PartitionState[],
): MetadataImage {
  const before = image.topics.filter(entry => entry.topic < topic)
  const behind = image.topics.filter(entry => entry.topic > topic)
  return {
    ...image,
    topics: [...before, { topic, config }, ...behind],
    partitions: [
      ...image.partitions.filter(state => state.topic < topic),
      ...partitions,
      ...image.partitions.filter(state => state.topic > topic),
    ],
  }
}

/** `unclean.leader.election.enable` of a topic; its partitions without a leader may have one now. */
export function setUncleanElection(controller: ControllerState, topic: string, enabled: boolean): Administered {
  const config = topicConfigOf(controller.image, topic)
  if (config === null) return { error: 'UNKNOWN_TOPIC_OR_PARTITION' }
  if (config.uncleanLeaderElection === enabled) return null
  const topics = controller.image.topics.map(entry =>
    entry.topic === topic ? { topic, config: { ...config, uncleanLeaderElection: enabled } } : entry,
  )
  const image = { ...controller.image, topics }
  return decided(
    controller,
    changedPartitions(image, state => (state.topic === topic && state.leader === -1 ? state.inSyncReplicas : null), []),
    [],
  )
}

/** KIP-460: the preferred leader back in office, or, when nobody leads, anybody who is alive. */
export function electLeader(
  controller: ControllerState,
  topic: string,
  index: number,
  election: 'preferred' | 'unclean',
): Administered {
  const { image } = controller
  const partition = partitionOf(image, topic, index)
  if (partition === null) return { error: 'UNKNOWN_TOPIC_OR_PARTITION' }
  if (election === 'unclean') {
    if (partition.leader !== -1) return { error: 'ELECTION_NOT_NEEDED' }
    const elected = uncleanlyElected(image, partition)
    if (elected === null) return { error: 'ELIGIBLE_LEADERS_NOT_AVAILABLE' }
    return decided(controller, withPartition(image, elected), [])
  }
  const preferred = partition.replicas[0] ?? -1
  if (partition.leader === preferred) return { error: 'ELECTION_NOT_NEEDED' }
  if (!partition.inSyncReplicas.includes(preferred) || !isUnfenced(image, preferred)) {
    return { error: 'PREFERRED_LEADER_NOT_AVAILABLE' }
  }
  return decided(controller, withPartition(image, withLeader(partition, preferred)), [])
}

/** Another controller takes over: the log is the same, sessions begin anew, brokers learn of its epoch. */
export function failover(controller: ControllerState): ControllerStep {
  const contacts = controller.contacts.map(contact => ({ ...contact, lastContact: controller.now }))
  const image = { ...controller.image, controllerEpoch: controller.image.controllerEpoch + 1 }
  return decided({ ...controller, contacts }, image, [])
}

function withPartition(image: MetadataImage, partition: PartitionState): MetadataImage {
  return {
    ...image,
    partitions: image.partitions.map(state =>
      state.topic === partition.topic && state.partition === partition.partition ? partition : state,
    ),
  }
}
