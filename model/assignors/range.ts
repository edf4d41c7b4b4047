// The range assignor: each topic by itself, in runs of neighbouring partitions (Kafka's RangeAssignor). Leaves out racks.
import type { Assignment, AssignorMember, TopicPartition } from '../vocabulary/choosing.ts'
import { asAssignment, emptyShares, subscribes, type TopicCount, topicsInOrder } from './members.ts'

/**
 * Of N partitions over C subscribers in member order, each gets a run of ⌊N/C⌋, and the first N mod C one more: 7 over 3
 * gives 0..2, 3..4, 5..6. Members that subscribe to the same topics with equal counts get the same partitions of each.
 * Source: `RangeAssignor.assign`.
 */
export function assignRange(members: readonly AssignorMember[], topics: readonly TopicCount[]): Assignment {
  const shares = emptyShares(members)
  return asAssignment(
    shares.map(({ member }) => {
      const partitions: TopicPartition[] = []
      for (const { topic, count } of topicsInOrder(topics)) {
        if (!subscribes(member, topic)) continue
        const subscribers = shares.filter(share => subscribes(share.member, topic))
        const index = subscribers.findIndex(share => share.member === member)
        partitions.push(...runOf(topic, count, subscribers.length, index))
      }
      return { member, partitions }
    }),
  )
}

function runOf(topic: string, partitionCount: number, memberCount: number, index: number): readonly TopicPartition[] {
  const each = Math.floor(partitionCount / memberCount)
  const extra = partitionCount % memberCount
  const start = index * each + Math.min(index, extra)
  const length = each + (index < extra ? 1 : 0)
  return Array.from({ length }, (_, step) => ({ topic, partition: start + step }))
}
