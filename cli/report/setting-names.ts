// The settings that runs draw in Kafka's own words, what matters most first.
import { settingNames } from '../../traces/topic-settings.ts'

/** Kafka's name for a setting by its path (properties/facts/drawn.ts), most telling first; others keep their path. */
const names: ReadonlyMap<string, string> = new Map([
  ['brokers', 'brokers'],
  ['topic.replicationFactor', 'replicas of a partition'],
  ['topic.minInSyncReplicas', 'min.insync.replicas'],
  ['producer.acks', 'acks'],
  ['producer.idempotent', 'enable.idempotence'],
  ['topic.uncleanLeaderElection', 'unclean.leader.election.enable'],
  ['topic.partitions', 'partitions of a topic'],
  ['producers', 'producers'],
  ['consumers', 'consumers'],
  ['consumer.group', 'consumer in a group'],
  ['consumer.static', 'static member'],
  ['consumer.assignor', 'preferred assignor'],
  ['assignor', 'assignor'],
  ['consumer.reset', 'auto.offset.reset'],
  ['partitioner', 'partitioner'],
  ['producer.partitioner', 'partitioner'],
  ...ofTopics('topic.', ''),
  ...ofTopics('config.', ''),
  ['offsetsPartitions', 'offsets.topic.num.partitions'],
  ...ofTopics('offsetsConfig.', 'offsets topic: '),
  ...ofClients('client.'),
  ...ofClients('config.'),
  ['brokerSessionTimeoutMs', 'broker.session.timeout.ms'],
  ['broker.heartbeatIntervalMs', 'broker.heartbeat.interval.ms'],
  ['broker.replicaLagTimeMaxMs', 'replica.lag.time.max.ms'],
  ['broker.replicaFetchWaitMaxMs', 'replica.fetch.wait.max.ms'],
  ['broker.replicaFetchBackoffMs', 'replica.fetch.backoff.ms'],
  ['broker.fetchBytesMax', 'replica.fetch.max.bytes'],
  ...ofGroups('group.'),
  ...ofGroups('config.'),
])

const order: readonly string[] = [...names.keys()]

/** A setting as people know it. */
export function settingName(path: string): string {
  return names.get(path) ?? path
}

/** A value as people write it. */
export function settingValue(path: string, value: string): string {
  return path === 'producer.acks' && value === '-1' ? 'all' : value
}

/** Compares two settings by how much they tell. */
export function compareSettings(a: string, b: string): number {
  const place = (path: string): number => (names.has(path) ? order.indexOf(path) : order.length)
  return place(a) - place(b) || (a < b ? -1 : a > b ? 1 : 0)
}

function ofTopics(prefix: string, words: string): readonly (readonly [string, string])[] {
  return Object.entries(settingNames)
    .filter(([key]) => prefix !== 'topic.' || (key !== 'minInSyncReplicas' && key !== 'uncleanLeaderElection'))
    .map(([key, name]) => [prefix + key, words + name] as const)
}

function ofClients(prefix: string): readonly (readonly [string, string])[] {
  return [
    [`${prefix}maxInFlight`, 'max.in.flight.requests.per.connection'],
    [`${prefix}deliveryTimeoutMs`, 'delivery.timeout.ms'],
    [`${prefix}requestTimeoutMs`, 'request.timeout.ms'],
    [`${prefix}retryBackoffMs`, 'retry.backoff.ms'],
    [`${prefix}heartbeatIntervalMs`, 'heartbeat.interval.ms'],
    [`${prefix}sessionTimeoutMs`, 'session.timeout.ms'],
    [`${prefix}rebalanceTimeoutMs`, 'rebalance timeout, ms'],
  ]
}

function ofGroups(prefix: string): readonly (readonly [string, string])[] {
  return [
    [`${prefix}groupMaxSize`, 'group.max.size'],
    [`${prefix}offsetsRetentionMs`, 'retention of offsets, ms'],
    [`${prefix}offsetsRetentionCheckIntervalMs`, 'offsets.retention.check.interval.ms'],
  ]
}
