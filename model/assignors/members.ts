// What the assignors share: the order of members, who subscribes to what, and a share of partitions for each member.
import type { Assignment, AssignorMember, TopicPartition } from '../vocabulary/choosing.ts'

/** A topic that exists, with its number of partitions. */
export type TopicCount = { readonly topic: string; readonly count: number }

/** A member and the partitions that it has so far, while an assignor deals them out. */
export type Share = { readonly member: AssignorMember; readonly partitions: readonly TopicPartition[] }

/** Empty shares in member order. */
export function emptyShares(members: readonly AssignorMember[]): readonly Share[] {
  return inMemberOrder(members).map(member => ({ member, partitions: [] }))
}

/**
 * Members with an instance id first, by instance id, then the others by member id: a static member keeps its place when it
 * comes back under a new member id. Source: `AbstractPartitionAssignor.MemberInfo.compareTo`.
 */
export function inMemberOrder(members: readonly AssignorMember[]): readonly AssignorMember[] {
  return members.toSorted((left, right) => {
    if (left.groupInstanceId !== null && right.groupInstanceId !== null) {
      return compareText(left.groupInstanceId, right.groupInstanceId) || compareText(left.memberId, right.memberId)
    }
    if (left.groupInstanceId !== null) return -1
    if (right.groupInstanceId !== null) return 1
    return compareText(left.memberId, right.memberId)
  })
}

/** The shares as an assignment: members by id, each one's partitions by topic, then partition. */
export function asAssignment(shares: readonly Share[]): Assignment {
  return shares
    .map(({ member, partitions }) => ({
      memberId: member.memberId,
      partitions: partitions.toSorted(comparePartitions),
    }))
    .toSorted((left, right) => compareText(left.memberId, right.memberId))
}

/** The shares with one more partition for the member at `index`. */
export function withPartition(shares: readonly Share[], index: number, partition: TopicPartition): readonly Share[] {
  return shares.map((share, at) =>
    at === index ? { ...share, partitions: share.partitions.concat(partition) } : share,
  )
}

/** True when the member subscribes to the topic, however often it says so. */
export function subscribes(member: AssignorMember, topic: string): boolean {
  return member.topics.includes(topic)
}

/** All partitions of the existing topics that anyone subscribes to, by topic, then partition. */
export function subscribedPartitions(
  members: readonly AssignorMember[],
  topics: readonly TopicCount[],
): readonly TopicPartition[] {
  const partitions: TopicPartition[] = []
  for (const { topic, count } of topicsInOrder(topics)) {
    if (!members.some(member => subscribes(member, topic))) continue
    for (let partition = 0; partition < count; partition += 1) partitions.push({ topic, partition })
  }
  return partitions
}

/** Topics by name. */
export function topicsInOrder(topics: readonly TopicCount[]): readonly TopicCount[] {
  return topics.toSorted((left, right) => compareText(left.topic, right.topic))
}

/** True when all members subscribe to the same existing topics. */
export function haveEqualSubscriptions(members: readonly AssignorMember[], topics: readonly TopicCount[]): boolean {
  return topics.every(({ topic }) => {
    const subscribers = members.filter(member => subscribes(member, topic)).length
    return subscribers === 0 || subscribers === members.length
  })
}

/** True when both name the same partition. */
export function isSamePartition(left: TopicPartition, right: TopicPartition): boolean {
  return left.topic === right.topic && left.partition === right.partition
}

/** True when the partition is among the others. */
export function includesPartition(partitions: readonly TopicPartition[], partition: TopicPartition): boolean {
  return partitions.some(other => isSamePartition(other, partition))
}

/** By topic, then partition. */
export function comparePartitions(left: TopicPartition, right: TopicPartition): number {
  return compareText(left.topic, right.topic) || left.partition - right.partition
}

/** By UTF-16 code units, like `<`, and never by locale. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}
