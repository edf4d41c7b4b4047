// Which of the partitions that members say they own count (KIP-341, KIP-54; Kafka's AbstractStickyAssignor).
import type { AssignorMember, TopicPartition } from '../vocabulary/choosing.ts'
import {
  comparePartitions,
  emptyShares,
  includesPartition,
  isSamePartition,
  type Share,
  subscribes,
  type TopicCount,
} from './members.ts'

/**
 * Each member's counted claims, sorted, in member order. A claim counts if the partition exists, the member subscribes to
 * its topic, and nobody else's valid claim has the same or a higher generation: a zombie loses to whoever was given the
 * partition after it, and of two liars in one generation neither is believed.
 */
export function countedClaims(members: readonly AssignorMember[], topics: readonly TopicCount[]): readonly Share[] {
  return emptyShares(members).map(({ member }) => ({
    member,
    partitions: distinct(member.owned)
      .filter(partition => isValid(member, partition, topics) && !isContested(member, partition, members))
      .toSorted(comparePartitions),
  }))
}

function isValid(member: AssignorMember, { topic, partition }: TopicPartition, topics: readonly TopicCount[]): boolean {
  return (
    subscribes(member, topic) &&
    topics.some(existing => existing.topic === topic && partition >= 0 && partition < existing.count)
  )
}

function isContested(member: AssignorMember, partition: TopicPartition, members: readonly AssignorMember[]): boolean {
  return members.some(
    other =>
      other !== member &&
      other.generationId >= member.generationId &&
      subscribes(other, partition.topic) &&
      includesPartition(other.owned, partition),
  )
}

function distinct(partitions: readonly TopicPartition[]): readonly TopicPartition[] {
  return partitions.filter(
    (partition, index) => partitions.findIndex(other => isSamePartition(other, partition)) === index,
  )
}
