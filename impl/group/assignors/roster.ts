// A group as the assignors work on it: members by rank, topics by index, and every partition one number.
//
// Ranks follow the member order (`AbstractPartitionAssignor.MemberInfo`). Partitions are numbered by topic, then
// partition, so ascending numbers are sorted partitions and a whole assignment is one array of ranks.
// Topics that nobody subscribes to or that do not exist are left out.
import type { Assignment, AssignorMember, TopicPartition } from '../../../model/vocabulary/choosing.ts'

/** The members, topics and partitions of one run of an assignor. */
export type Roster = {
  /** In member order; a member's position is its rank. */
  readonly members: readonly AssignorMember[]
  /** Ascending; a topic's position is its index. */
  readonly topics: readonly string[]
  readonly topicIndexes: ReadonlyMap<string, number>
  /** By topic index the number of its first partition; one entry more holds the count of all partitions. */
  readonly firstPartitions: Int32Array
  /** By rank the indexes of the member's topics, ascending. */
  readonly subscriptions: readonly (readonly number[])[]
}

/** By partition number the rank of the member that has it, or `nobody`. */
export type Placement = Int32Array

/** Stands in a placement for the rank of a member when there is none. */
export const nobody = -1

/** Ranks the members and numbers the partitions of the topics that exist and have a subscriber. */
export function rosterOf(group: readonly AssignorMember[], partitionCounts: ReadonlyMap<string, number>): Roster {
  const members = group.toSorted(byMemberOrder)
  const subscribed = new Set<string>()
  for (const member of members) for (const topic of member.topics) subscribed.add(topic)
  const topics: string[] = []
  for (const topic of subscribed) if ((partitionCounts.get(topic) ?? 0) > 0) topics.push(topic)
  topics.sort(byText)

  const topicIndexes = new Map<string, number>()
  const firstPartitions = new Int32Array(topics.length + 1)
  let total = 0
  for (const [index, topic] of topics.entries()) {
    topicIndexes.set(topic, index)
    total += partitionCounts.get(topic) ?? 0
    firstPartitions[index + 1] = total
  }
  const subscriptions = members.map(member => {
    const indexes = new Set<number>()
    for (const topic of member.topics) {
      const index = topicIndexes.get(topic)
      if (index !== undefined) indexes.add(index)
    }
    return Array.from(indexes).sort((a, b) => a - b)
  })
  return { members, topics, topicIndexes, firstPartitions, subscriptions }
}

/** A placement in which nobody has anything yet. */
export function emptyPlacement(roster: Roster): Placement {
  return new Int32Array(at(roster.firstPartitions, roster.topics.length)).fill(nobody)
}

/** By topic index the ranks of its subscribers, ascending. */
export function subscribersByTopic(roster: Roster): readonly (readonly number[])[] {
  const subscribers: number[][] = roster.topics.map(() => [])
  for (const [rank, topics] of roster.subscriptions.entries()) {
    for (const topic of topics) at(subscribers, topic).push(rank)
  }
  return subscribers
}

/** The number of a partition, or -1 when it does not exist or nobody subscribes to its topic. */
export function partitionNumber(roster: Roster, { topic, partition }: TopicPartition): number {
  const index = roster.topicIndexes.get(topic)
  if (index === undefined || partition < 0) return -1
  const number = at(roster.firstPartitions, index) + partition
  return number < at(roster.firstPartitions, index + 1) ? number : -1
}

/** Turns a placement into names: members ascending by id, partitions by topic then partition. */
export function assignmentOf(roster: Roster, placement: Placement): Assignment {
  const shares: TopicPartition[][] = roster.members.map(() => [])
  for (const [index, topic] of roster.topics.entries()) {
    const first = at(roster.firstPartitions, index)
    const end = at(roster.firstPartitions, index + 1)
    for (let number = first; number < end; number++) {
      const rank = at(placement, number)
      if (rank !== nobody) at(shares, rank).push({ topic, partition: number - first })
    }
  }
  return roster.members
    .map(({ memberId }, rank) => ({ memberId, partitions: at(shares, rank) }))
    .sort((a, b) => byText(a.memberId, b.memberId))
}

/** The value at a position that must exist: a miss is a broken invariant, and throws. */
export function at<Value>(values: { readonly [index: number]: Value }, index: number): Value {
  const value = values[index]
  if (value === undefined) throw new Error(`nothing stands at ${index}`)
  return value
}

/** Static members come first, by instance id; equal instance ids (which a coordinator fences) fall back to member ids. */
function byMemberOrder(a: AssignorMember, b: AssignorMember): number {
  if (a.groupInstanceId !== null && b.groupInstanceId !== null) {
    return byText(a.groupInstanceId, b.groupInstanceId) || byText(a.memberId, b.memberId)
  }
  if (a.groupInstanceId !== null) return -1
  if (b.groupInstanceId !== null) return 1
  return byText(a.memberId, b.memberId)
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
