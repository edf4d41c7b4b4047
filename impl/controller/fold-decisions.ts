// Many decisions as one: what a controller knew after the last of them.
import type { Decision, KeptBroker, KeptPartition, KeptTopic } from '../ports/decisions.ts'

/** One decision that holds everything; null when there are none. */
export function foldDecisions(decisions: readonly Decision[]): Decision | null {
  const last = decisions.at(-1)
  if (last === undefined) return null
  const brokers = new Map<number, KeptBroker>()
  const topics = new Map<string, { topic: KeptTopic; readonly partitions: Map<number, KeptPartition> }>()
  for (const decision of decisions) {
    for (const topic of decision.removedTopics) topics.delete(topic)
    for (const broker of decision.brokers) brokers.set(broker.brokerId, broker)
    for (const topic of decision.topics) {
      const known = topics.get(topic.topic)
      if (known === undefined) topics.set(topic.topic, { topic, partitions: new Map() })
      else known.topic = topic
    }
    for (const partition of decision.partitions) {
      const known = topics.get(partition.topic)
      if (known === undefined) throw new Error(`a partition of ${partition.topic} was decided before the topic`)
      known.partitions.set(partition.partition, partition)
    }
  }
  const kept = Array.from(topics.values())
  return {
    ...last,
    removedTopics: [],
    brokers: Array.from(brokers.values()),
    topics: kept.map(({ topic }) => topic),
    partitions: kept.flatMap(({ partitions }) => Array.from(partitions.values())),
  }
}
