// Short ways to write groups in tests.
import type { Assignment, AssignorMember, TopicPartition } from '../vocabulary/choosing.ts'

/** Partitions by name: 't-0'. */
export function partitions(...names: readonly string[]): readonly TopicPartition[] {
  return names.map(name => ({
    topic: name.slice(0, name.lastIndexOf('-')),
    partition: Number(name.slice(name.lastIndexOf('-') + 1)),
  }))
}

/** A member without an instance id that owns partitions since generation 1, or none. */
export function member(memberId: string, topics: readonly string[], ...owned: readonly string[]): AssignorMember {
  const generationId = owned.length === 0 ? -1 : 1
  return { memberId, groupInstanceId: null, topics, owned: partitions(...owned), generationId }
}

/** An assignment by member id, each share as names. */
export function named(assignment: Assignment): Record<string, readonly string[]> {
  return Object.fromEntries(
    assignment.map(share => [share.memberId, share.partitions.map(({ topic, partition }) => `${topic}-${partition}`)]),
  )
}
