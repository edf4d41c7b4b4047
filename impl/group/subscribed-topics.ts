// The one place where the coordinator looks into what members say, as Kafka's does: which topics consumers subscribe to.
// Follows `ClassicGroup.computeSubscribedTopics`, `isSubscribedToTopic`; groups.md §8.7.
import { consumerProtocolType, decodeSubscription } from '../client/consumer-protocol.ts'
import type { Group } from './group.ts'

/** What the members of a generation that begins subscribe to; null when they are no consumers, or not to be understood. */
export function topicsOfGeneration({ protocolType, protocolName, members }: Group): ReadonlySet<string> | null {
  if (protocolType !== consumerProtocolType) return null
  const topics = new Set<string>()
  for (const { protocols } of members) {
    const chosen = protocols.find(({ name }) => name === protocolName)
    const decoded = chosen === undefined ? null : decodeSubscription(chosen.metadata)
    if (decoded?.kind !== 'decoded') return null
    for (const topic of decoded.value.topics) topics.add(topic)
  }
  return topics
}

/** Whether the generation reads a topic; a group of consumers of which nothing is known may read any. */
export function isSubscribedTo({ protocolType, subscribedTopics }: Group, topic: string): boolean {
  return subscribedTopics?.has(topic) ?? protocolType === consumerProtocolType
}
