// What a cluster answers to administrators of topics. Follows KIP-4 (CreateTopics, DeleteTopics), KIP-195
// (CreatePartitions), KIP-133 and KIP-339 (settings), and `ReplicationControlManager`, which answers.
import { assignEpoch } from '../log/epochs.ts'
import { initialLog } from '../log/state.ts'
import type { LogConfig } from '../vocabulary/log.ts'
import type { ServiceOperation, ServiceTopicConfig } from '../vocabulary/service.ts'
import { afterAllStrays } from './strays.ts'
import {
  type Alternative,
  answered,
  findTopic,
  refusedWith,
  type ServicePartition,
  type ServiceTopic,
  type World,
  withTopic,
} from './world.ts'

type Of<K extends ServiceOperation['kind']> = Extract<ServiceOperation, { readonly kind: K }>

/**
 * Who: an administrator.
 * When: the name is legal and free, there is at least one partition, no more replicas than brokers, and every setting is
 * one. When several of these fail, any of their errors may come.
 * Then: the topic is there, empty, on every broker that is asked.
 */
export function createTopic(world: World, operation: Of<'createTopic'>): readonly Alternative[] {
  const { topic, partitions, replicationFactor, config } = operation
  const faults = [
    ...(isLegalName(topic) ? [] : ['INVALID_TOPIC_EXCEPTION']),
    ...(findTopic(world, topic) === null ? [] : ['TOPIC_ALREADY_EXISTS']),
    ...(partitions > 0 ? [] : ['INVALID_PARTITIONS']),
    ...(replicationFactor > 0 && replicationFactor <= world.setup.brokers ? [] : ['INVALID_REPLICATION_FACTOR']),
    ...(isPossible(config) ? [] : ['INVALID_CONFIG']),
  ]
  if (faults.length > 0) return refusedWith(world, ...faults)
  const made: ServiceTopic = { topic, replicationFactor, config, partitions: emptyPartitions(partitions, config) }
  return answered(withTopic(world, made), { kind: 'done' })
}

/** Who: an administrator. Then: topic and records are gone, and what groups committed for it will be. */
export function deleteTopic(world: World, { topic }: Of<'deleteTopic'>): readonly Alternative[] {
  if (findTopic(world, topic) === null) return refusedWith(world, ...unknownTopic(topic))
  const doomed = world.coordinator.groups.flatMap(({ groupId, offsets }) =>
    offsets.filter(offset => offset.topic === topic).map(({ partition }) => ({ group: groupId, topic, partition })),
  )
  const topics = world.topics.filter(other => other.topic !== topic)
  return answered({ ...world, topics, doomed: [...world.doomed, ...doomed] }, { kind: 'done' })
}

/** Who: an administrator. When: there are to be more than there are. Then: the new ones are empty. */
export function createPartitions(world: World, { topic, count }: Of<'createPartitions'>): readonly Alternative[] {
  const known = findTopic(world, topic)
  if (known === null) return refusedWith(world, ...unknownTopic(topic))
  const more = count - known.partitions.length
  if (more <= 0) return refusedWith(world, 'INVALID_PARTITIONS')
  const partitions = [...known.partitions, ...emptyPartitions(more, known.config)]
  return answered(withTopic(world, { ...known, partitions }), { kind: 'done' })
}

/** Metadata of one topic, which is not created by asking. */
export function describeTopic(world: World, { topic }: Of<'describeTopic'>): readonly Alternative[] {
  const known = findTopic(world, topic)
  if (known === null) return refusedWith(world, ...unknownTopic(topic))
  const { partitions, replicationFactor } = known
  return answered(world, { kind: 'topic', partitions: partitions.length, replicationFactor })
}

/** A setting that the topic has, or that it has none of its own: then the broker's own value counts, whatever it is. */
export function describeConfig(world: World, { topic, name }: Of<'describeConfig'>): readonly Alternative[] {
  const known = findTopic(world, topic)
  if (known === null) return refusedWith(world, ...unknownTopic(topic))
  const value = known.config[name] ?? null
  return answered(world, { kind: 'config', value, isDefault: value === null })
}

/** Who: an administrator. When: the value is one. Then: it counts from now on. */
export function alterConfig(world: World, { topic, name, value }: Of<'alterConfig'>): readonly Alternative[] {
  const known = findTopic(world, topic)
  const { [name]: _former, ...others } = known?.config ?? {}
  const config: ServiceTopicConfig = value === null ? others : { ...others, [name]: value }
  if (known === null)
    return refusedWith(world, ...unknownTopic(topic), ...(isPossible(config) ? [] : ['INVALID_CONFIG']))
  if (!isPossible(config)) return refusedWith(world, 'INVALID_CONFIG')
  return afterAllStrays(world, topic).flatMap(at => {
    const present = findTopic(at, topic) ?? known
    const partitions = present.partitions.map(({ log, settled, former }) => ({
      log: { ...log, config: logConfigOf(config) },
      settled,
      former: [...former, log.config],
    }))
    return answered(withTopic(at, { ...present, config, partitions }), { kind: 'done' })
  })
}

/** What may be answered of a topic that is not there; one that cannot be may be called so. */
function unknownTopic(topic: string): readonly string[] {
  return isLegalName(topic)
    ? ['UNKNOWN_TOPIC_OR_PARTITION', 'UNKNOWN_TOPIC_ID']
    : ['INVALID_TOPIC_EXCEPTION', 'UNKNOWN_TOPIC_OR_PARTITION']
}

/** `Topic.validate`: letters, digits, dot, underscore and hyphen. */
function isLegalName(topic: string): boolean {
  return /^[a-zA-Z0-9._-]+$/.test(topic) && topic.length <= 249
}

/** `TopicConfig`, `LogConfig`: what each setting may be. */
function isPossible(config: ServiceTopicConfig): boolean {
  const policy = config['cleanup.policy']
  const size = config['max.message.bytes']
  const inSync = config['min.insync.replicas']
  const compression = config['compression.type']
  return (
    (policy === undefined || policies.includes(policy)) &&
    (size === undefined || isWhole(size, 0)) &&
    (inSync === undefined || isWhole(inSync, 1)) &&
    (compression === undefined || compressions.includes(compression))
  )
}

const policies = ['delete', 'compact', 'compact,delete', 'delete,compact']
const compressions = ['producer', 'uncompressed', 'gzip', 'snappy', 'lz4', 'zstd']

function isWhole(text: string, least: number): boolean {
  return /^\d{1,9}$/.test(text) && Number(text) >= least
}

/** Each with the leader epoch that its first leader began: 0 here, whatever its number is. */
function emptyPartitions(count: number, config: ServiceTopicConfig): readonly ServicePartition[] {
  const { log } = assignEpoch(initialLog(logConfigOf(config)), 0)
  return Array.from({ length: count }, () => ({ log, settled: 0, former: [] }))
}

/** Of a log's settings those that an answer may depend on are the topic's; segments and retention never come into a run. */
function logConfigOf(config: ServiceTopicConfig): LogConfig {
  const policy = config['cleanup.policy'] ?? 'delete'
  return {
    segmentBytes: 1_073_741_824,
    indexIntervalBytes: 4096,
    maxMessageBytes: Number(config['max.message.bytes'] ?? 1_048_588),
    cleanupPolicy: policy === 'delete' || policy === 'compact' ? policy : 'compact,delete',
    retentionMs: -1,
    retentionBytes: -1,
    deleteRetentionMs: 86_400_000,
  }
}
