// The round-robin assignor: all partitions of all topics in one row, dealt in turn (Kafka's RoundRobinAssignor).
import type { Assignment, AssignorMember } from '../vocabulary/choosing.ts'
import {
  asAssignment,
  emptyShares,
  subscribedPartitions,
  subscribes,
  type TopicCount,
  withPartition,
} from './members.ts'

/**
 * Each partition goes to the next member at or after the pointer that subscribes to its topic, and the pointer moves
 * behind that member. Source: `RoundRobinAssignor.assign`, with its `CircularIterator`.
 */
export function assignRoundRobin(members: readonly AssignorMember[], topics: readonly TopicCount[]): Assignment {
  let shares = emptyShares(members)
  let pointer = 0
  for (const partition of subscribedPartitions(members, topics)) {
    // Someone subscribes to the topic, so the search ends within one round.
    const turns = shares.map((_, step) => (pointer + step) % shares.length)
    const next =
      turns.find(index => shares[index] !== undefined && subscribes(shares[index].member, partition.topic)) ?? 0
    shares = withPartition(shares, next, partition)
    pointer = (next + 1) % shares.length
  }
  return asAssignment(shares)
}
