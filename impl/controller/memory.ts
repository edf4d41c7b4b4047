// What the controller knows, to and from decisions.
import type { PartitionState, TopicConfig } from '../../model/vocabulary/messages.ts'
import type { Decision, KeptBroker, KeptPartition, KeptTopic } from '../ports/decisions.ts'
import type { ClusterMetadata, Noted } from './cluster-metadata.ts'
import { configOf } from './topic-settings.ts'

/** The numbers that a controller counts with, and must never give out twice. */
export type Counters = Pick<Decision, 'controllerEpoch' | 'nextBrokerEpoch' | 'nextProducerId'>

/** What was noted, as a decision. */
export function decisionOf(clusterId: string, metadata: ClusterMetadata, counters: Counters, noted: Noted): Decision {
  const brokers: KeptBroker[] = []
  for (const brokerId of noted.brokers) {
    const known = metadata.knownBroker(brokerId)
    if (known === undefined) continue
    const { registration, registeredAt, claim, place } = known
    brokers.push({ ...registration, registeredAt, claim, place })
  }
  const topics: KeptTopic[] = []
  for (const topic of noted.topics) {
    const facts = metadata.topic(topic)
    if (facts !== undefined) topics.push({ topic, topicId: facts.topicId, settings: Array.from(facts.settings) })
  }
  const partitions = Array.from(
    noted.partitions,
    ({ state, reassignment }): KeptPartition => ({ ...state, reassignment }),
  )
  const { metadataOffset } = metadata.image
  const removedTopics = Array.from(noted.removedTopics)
  return { clusterId, metadataOffset, ...counters, removedTopics, brokers, topics, partitions }
}

/** Fills metadata that nothing is decided in. What a topic does not set follows the defaults of today. */
export function restore(metadata: ClusterMetadata, kept: Decision, defaults: TopicConfig): void {
  for (const { registeredAt, claim, place, ...registration } of kept.brokers) {
    metadata.setBroker(registration, { registeredAt, claim, place })
  }
  const byTopic = Map.groupBy(kept.partitions, ({ topic }) => topic)
  for (const { topic, topicId, settings } of kept.topics) {
    const partitions = (byTopic.get(topic) ?? []).toSorted((a, b) => a.partition - b.partition)
    const facts = { topicId, config: configOf(new Map(settings), defaults), settings: new Map(settings) }
    metadata.addTopic(topic, facts, partitions.map(stateOf))
    for (const { partition, reassignment } of partitions) {
      const slot = metadata.partition(topic, partition)
      if (slot !== undefined && reassignment !== null) metadata.setReassignment(slot, reassignment)
    }
  }
  metadata.commitInitial(kept.metadataOffset, kept.controllerEpoch)
  metadata.takeNoted()
}

function stateOf({ reassignment: _, ...state }: KeptPartition): PartitionState {
  return state
}
