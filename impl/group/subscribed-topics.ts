// The one place where the coordinator looks into what members say, as Kafka's does: which topics consumers subscribe to.
// Follows `GroupMetadata.computeSubscribedTopics`.
import { consumerProtocolType, decodeSubscription } from '../client/consumer-protocol.ts'
import type { Group } from './group.ts'

/** The topics of one subscription; null for what is none. */
function subscribedTopics(protocolType: string | null, metadata: Uint8Array): readonly string[] | null {
  if (protocolType !== consumerProtocolType) return null
  const decoded = decodeSubscription(metadata)
  return decoded.kind === 'decoded' ? decoded.value.topics : null
}

/** Whether a member of a group of consumers may read a topic; also when one of them cannot be understood. */
export function isSubscribedTo(group: Group, topic: string): boolean {
  for (const { protocols } of group.members) {
    const chosen = protocols.find(({ name }) => name === group.protocolName) ?? protocols[0]
    const topics = chosen === undefined ? null : subscribedTopics(group.protocolType, chosen.metadata)
    if (topics === null || topics.includes(topic)) return true
  }
  return false
}
