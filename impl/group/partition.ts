// Which partition of `__consumer_offsets` keeps a group. Follows `GroupMetadataManager.partitionFor`.
import type { PartitionIndex } from '../../model/vocabulary/units.ts'

/** Java's `String.hashCode`, masked to 31 bits, modulo the number of partitions, which is at least 1. */
export function groupPartition(groupId: string, count: number): PartitionIndex {
  let hash = 0
  for (let index = 0; index < groupId.length; index++) hash = (Math.imul(31, hash) + groupId.charCodeAt(index)) | 0
  return (hash & 0x7fffffff) % count
}
