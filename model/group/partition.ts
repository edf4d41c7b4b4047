// Which partition of __consumer_offsets keeps a group. Follows GroupMetadataManager.partitionFor.
import type { PartitionIndex } from '../vocabulary/units.ts'

/**
 * The partition that keeps `groupId`, of `count` (at least 1): Java's `String.hashCode` over UTF-16 code units, its sign
 * masked off, modulo the count.
 */
export function groupPartition(groupId: string, count: number): PartitionIndex {
  let hash = 0
  for (let index = 0; index < groupId.length; index += 1) hash = (Math.imul(hash, 31) + groupId.charCodeAt(index)) | 0
  return (hash & 0x7fffffff) % count
}
