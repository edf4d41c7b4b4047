// What the gateway needs to know of the cluster around its broker.
import type { MetadataImage, PartitionState } from '../../model/vocabulary/messages.ts'
import type { BrokerId, PartitionIndex } from '../../model/vocabulary/units.ts'
import type { KnownMetadata } from '../broker/known-metadata.ts'
import type { BrokerPlace } from '../ports/image.ts'

/** The cluster as this broker knows it; nothing here waits. */
export interface ClusterView {
  readonly clusterId: string
  readonly brokerId: BrokerId
  /** The newest image; null before the first. */
  readonly image: MetadataImage | null
  /** The same with its indexes. */
  readonly known: KnownMetadata | null
  /** 32 hex digits; the zero id of a topic that is not known. */
  topicId(topic: string): string
  topicOfId(topicId: string): string | undefined
  /** Where clients reach a broker, or null for one that nobody knows. */
  addressOf(brokerId: BrokerId): BrokerPlace | null
  partition(topic: string, partition: PartitionIndex): PartitionState | undefined
  /** A topic's partitions, ascending; none of a topic that is not known. */
  partitionsOf(topic: string): readonly PartitionState[]
}

/** A topic as a request names it: by name, or by id from some version on, in which it has no name. */
export function topicNamed(
  view: ClusterView,
  { name, topicId }: { readonly name: string; readonly topicId: string },
  isById: boolean,
): { readonly topic: string; readonly error: 'NONE' | 'UNKNOWN_TOPIC_ID' } {
  if (!isById) return { topic: name, error: 'NONE' }
  const topic = view.topicOfId(topicId)
  return topic === undefined ? { topic: '', error: 'UNKNOWN_TOPIC_ID' } : { topic, error: 'NONE' }
}

/** No leader that a client should go to. */
export const noLeader = { leaderId: -1, leaderEpoch: -1 } as const

/** The leader that a client should go to (KIP-951); -1 for none. */
export function currentLeader(
  view: ClusterView,
  topic: string,
  partition: PartitionIndex,
): { readonly leaderId: number; readonly leaderEpoch: number } {
  const state = view.partition(topic, partition)
  return { leaderId: state?.leader ?? -1, leaderEpoch: state?.leaderEpoch ?? -1 }
}

/** Where the leaders that an answer names can be reached (KIP-951). */
export function endpointsOf(
  view: ClusterView,
  leaders: Iterable<BrokerId>,
): readonly { readonly nodeId: number; readonly host: string; readonly port: number; readonly rack: string | null }[] {
  const endpoints = []
  for (const nodeId of new Set(leaders)) {
    const address = view.addressOf(nodeId)
    if (address !== null) endpoints.push({ nodeId, ...address })
  }
  return endpoints
}
