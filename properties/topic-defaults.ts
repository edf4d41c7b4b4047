// Kafka's defaults for a topic: what a trace need not mention, and what shrinking moves towards.
import type { TopicConfig } from '../model/vocabulary/messages.ts'

/** Settings of a topic that nobody set: Kafka's defaults, but clean (`unclean.leader.election.enable=false`). */
export const defaultTopicConfig: TopicConfig = {
  segmentBytes: 1_073_741_824,
  indexIntervalBytes: 4096,
  maxMessageBytes: 1_048_588,
  cleanupPolicy: 'delete',
  retentionMs: 604_800_000,
  retentionBytes: -1,
  deleteRetentionMs: 86_400_000,
  minInSyncReplicas: 1,
  uncleanLeaderElection: false,
}
