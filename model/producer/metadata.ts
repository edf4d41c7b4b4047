// What a client believes about partitions and their leaders. Follows org.apache.kafka.clients.Metadata (KIP-320).
import type { TopicPartition } from '../vocabulary/choosing.ts'
import type { PartitionLeader } from '../vocabulary/clients.ts'
import type { RecordsValue, Response } from '../vocabulary/messages.ts'
import type { BrokerId } from '../vocabulary/units.ts'

export type MetadataResponse = Extract<Response<RecordsValue>, { kind: 'MetadataResponse' }>

/**
 * Who: a client that is told the metadata.
 * Then: each partition is as told, unless the client knows of a later leader: it never goes back. Partitions that the
 * answer does not name stay.
 * Source: KIP-320, `Metadata.updateLatestMetadata`.
 */
export function mergedMetadata(
  known: readonly PartitionLeader[],
  answer: MetadataResponse,
): readonly PartitionLeader[] {
  let merged = known
  for (const { topic, partition, leader, leaderEpoch } of answer.partitions) {
    const old = findPartition(merged, { topic, partition })
    if (old !== null && (old.leaderEpoch > leaderEpoch || (old.leaderEpoch === leaderEpoch && old.leader === leader))) {
      continue
    }
    merged = [...merged.filter(other => other !== old), { topic, partition, leader, leaderEpoch }]
  }
  return merged === known ? known : [...merged].sort(comparePartitions)
}

export function findPartition(metadata: readonly PartitionLeader[], at: TopicPartition): PartitionLeader | null {
  return metadata.find(known => isSamePartition(known, at)) ?? null
}

export function isSamePartition(a: TopicPartition, b: TopicPartition): boolean {
  return a.topic === b.topic && a.partition === b.partition
}

/** A partition's leader, or null if it is not known or there is none. */
export function findLeader(metadata: readonly PartitionLeader[], at: TopicPartition): PartitionLeader | null {
  const known = findPartition(metadata, at)
  return known === null || known.leader === -1 ? null : known
}

/** A client's broker: the one that it asks for metadata and coordinators, the next one after each failed attempt. */
export function brokerToAsk(failedAttempts: number, brokers: number): BrokerId {
  return 1 + (failedAttempts % brokers)
}

/** By topic, then partition. */
export function comparePartitions(a: TopicPartition, b: TopicPartition): number {
  if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1
  return a.partition - b.partition
}
