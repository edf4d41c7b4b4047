// The orders that the protocol notes name: text by UTF-16 code units, partitions by topic and then number.
import type { TopicPartition } from '../model/vocabulary/choosing.ts'

/** Compares text by its code units, as plain `<` does. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Compares by topic, then partition. */
export function byPartition(a: TopicPartition, b: TopicPartition): number {
  return a.topic === b.topic ? a.partition - b.partition : byText(a.topic, b.topic)
}
