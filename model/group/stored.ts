// The offsets that a group has stored, ascending by topic, then partition.
import type { TopicPartition } from '../vocabulary/choosing.ts'
import type { Group, StoredOffset } from './state.ts'

/** The group with one offset taken, in the place of the one it had for that partition. */
export function withOffset(group: Group, stored: StoredOffset): Group {
  const others = group.offsets.filter(offset => comparePartitions(offset, stored) !== 0)
  return { ...group, offsets: [...others, stored].sort(comparePartitions) }
}

/** By topic, then partition. */
export function comparePartitions(a: TopicPartition, b: TopicPartition): number {
  if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1
  return a.partition - b.partition
}
