// What our messages say and Kafka's do not, as tagged fields (KIP-482). Their numbers start at 10,000: Kafka numbers its
// own from 0, field by field, and whoever does not know a tag skips it, so that a frame of ours stays a frame of Kafka's.
// They stand at the top of a message, since each of ours is about one partition or one group.

import { int16, int64, string, tagged, zeroUuid } from '../schema.ts'

/** The topic's name, where Kafka's version knows topics by their id alone (KIP-516). */
export const topicName = tagged(10_000, string())

/** A topic's id, where it has one: in Kafka's own field, which is zero where it has none. */
export function withTopicId(topicId: string): { readonly topicId?: string } {
  return topicId === zeroUuid ? {} : { topicId }
}

/** The group of a response: Kafka's clients find it by the correlation id, ours need not remember. */
export const groupName = tagged(10_000, string())

/** The leader's end, told with OFFSET_OUT_OF_RANGE: a follower of Kafka's asks for it in a second request. */
export const leaderLogEndOffset = tagged(10_001, int64('0+', -1))

/** One error for all partitions, where Kafka's response has only one for each. */
export const wholeErrorCode = tagged(10_001, int16())
