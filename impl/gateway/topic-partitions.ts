// DescribeTopicPartitions: topics with their partitions, page by page (KIP-966). Follows
// `DescribeTopicPartitionsRequestHandler`: topics in the order of their names, a cursor at the first partition of the next
// page.
import { isInternal } from '../broker/topics.ts'
import type { describeTopicPartitions } from '../wire/apis/describe-topic-partitions.ts'
import { errorCode } from '../wire/errors.ts'
import { type ResponseOf, zeroUuid } from '../wire/schema.ts'
import { describePartition, isUpIn, topicOperations } from './metadata.ts'
import type { Call } from './session.ts'
import type { ClusterView } from './view.ts'

type Response = ResponseOf<typeof describeTopicPartitions>
type Topic = Response['topics'][number]

const pageMax = 2000
const notAsked = -2_147_483_648

/** Carries out DescribeTopicPartitions. */
export function handleDescribeTopicPartitions(
  view: ClusterView,
  { request, answer }: Call<typeof describeTopicPartitions>,
): void {
  const { cursor } = request
  const isAll = request.topics.length === 0
  const names = isAll ? (view.image?.topics ?? []).map(({ topic }) => topic) : request.topics.map(({ name }) => name)
  const asked = [...new Set(names)].sort().filter(name => cursor === null || name >= cursor.topicName)
  if (cursor !== null && cursor.partitionIndex < 0) {
    const error = { errorCode: errorCode('INVALID_REQUEST'), topicId: zeroUuid, isInternal: false, partitions: [] }
    const refused = asked.map(name => ({ name, ...error, topicAuthorizedOperations: notAsked }))
    answer({ throttleTimeMs: 0, topics: refused, nextCursor: null })
    return
  }
  const topics: Topic[] = []
  let left = Math.max(1, Math.min(request.responsePartitionLimit, pageMax))
  let nextCursor: Response['nextCursor'] = null
  for (const name of asked) {
    const from = cursor?.topicName === name ? cursor.partitionIndex : 0
    if (left <= 0) {
      nextCursor = { topicName: name, partitionIndex: from }
      break
    }
    const { topic, next } = describe(view, name, from, left)
    topics.push(topic)
    left -= topic.partitions.length
    if (next !== null) {
      nextCursor = { topicName: name, partitionIndex: next }
      break
    }
  }
  answer({ throttleTimeMs: 0, topics, nextCursor })
}

function describe(
  view: ClusterView,
  name: string,
  from: number,
  limit: number,
): { readonly topic: Topic; readonly next: number | null } {
  const topicId = view.topicId(name)
  const base = { name, topicId, isInternal: isInternal(name), topicAuthorizedOperations: topicOperations }
  if (topicId === zeroUuid) {
    return { topic: { ...base, errorCode: errorCode('UNKNOWN_TOPIC_OR_PARTITION'), partitions: [] }, next: null }
  }
  const all = view.partitionsOf(name)
  const partitions = all.slice(from, from + limit).map(state => ({
    ...describePartition(state, isUpIn(view)),
    eligibleLeaderReplicas: state.eligibleLeaderReplicas,
    lastKnownElr: [],
  }))
  const next = from + partitions.length < all.length ? from + partitions.length : null
  return { topic: { ...base, errorCode: 0, partitions }, next }
}
