// How a cluster is set up when nobody says otherwise, and the little that callers may say.
import type { TlsOptions } from 'node:tls'
import type { BrokerConfig } from '../../model/vocabulary/cluster.ts'
import type { TopicConfig } from '../../model/vocabulary/messages.ts'
import type { Milliseconds } from '../../model/vocabulary/units.ts'
import type { BrokerSetting } from '../controller/lasting-cluster.ts'
import { configOf, kafkaDefaults, refuseSettings } from '../controller/topic-settings.ts'
import type { CoordinatorConfig } from '../group/config.ts'
import { defaultLimits, type Limits } from './limits.ts'

/** Settings of a cluster; all of them may be left out. */
export type ClusterOptions = {
  /** How many brokers, numbered from 1. */
  readonly brokers?: number
  /** Where the logs are kept; left out, in a temporary folder that is removed at the end. */
  readonly data?: string
  /** The first broker's port, the others' follow; 0 takes any free ones. */
  readonly port?: number
  /** The address to listen on. */
  readonly host?: string
  /** The host that clients are told to connect to; left out, the one that the brokers listen on. */
  readonly advertisedHost?: string
  /** Settings of topics that set nothing themselves, by Kafka's names (`min.insync.replicas`, `segment.bytes`, …). */
  readonly topicDefaults?: Readonly<Record<string, string>>
  /** `num.partitions`. */
  readonly partitions?: number
  /** `default.replication.factor`; left out, three, or as many as there are brokers. */
  readonly replicationFactor?: number
  /** `auto.create.topics.enable`. */
  readonly autoCreateTopics?: boolean
  /** `offsets.topic.num.partitions`. */
  readonly offsetsPartitions?: number
  /** `broker.session.timeout.ms`: how long a broker may be silent before another leads. */
  readonly brokerSessionTimeoutMs?: Milliseconds
  /** `replica.lag.time.max.ms`. */
  readonly replicaLagTimeMaxMs?: Milliseconds
  /** `group.initial.rebalance.delay.ms`. */
  readonly groupInitialRebalanceDelayMs?: Milliseconds
  /** Users and their passwords, for SASL PLAIN and SCRAM; left out, everybody is let in. */
  readonly users?: Readonly<Record<string, string>>
  /** Certificate and key in PEM, for TLS; left out, plain text. */
  readonly tls?: TlsOptions
  readonly limits?: Partial<Limits>
  /** Is told in a sentence what went wrong without anybody to answer. */
  readonly report?: (problem: string) => void
}

/** All settings, filled in and checked. */
export type ClusterSettings = {
  readonly brokers: number
  readonly host: string
  readonly advertisedHost: string | null
  readonly port: number
  readonly topicDefaults: TopicConfig
  readonly partitions: number
  readonly replicationFactor: number
  readonly autoCreateTopics: boolean
  readonly offsetsPartitions: number
  readonly brokerSessionTimeoutMs: Milliseconds
  readonly brokerConfig: BrokerConfig
  readonly groupConfig: CoordinatorConfig
  readonly users: ReadonlyMap<string, string> | null
  readonly tls: TlsOptions | null
  readonly limits: Limits
  readonly brokerSettings: readonly BrokerSetting[]
  readonly report: (problem: string) => void
}

const brokersMax = 100

/** Fills in what is left out. Throws an Error that says what is wrong and what is allowed. */
export function settingsOf(options: ClusterOptions): ClusterSettings {
  const brokers = wholeNumber('brokers', options.brokers ?? 1, 1, brokersMax)
  const replicationFactor = options.replicationFactor ?? Math.min(3, brokers)
  const isEverywhere = options.host === '0.0.0.0' || options.host === '::'
  if (isEverywhere && options.advertisedHost === undefined) {
    throw new Error(`clients cannot connect to ${options.host}: say with --advertised-host what they are to connect to`)
  }
  const given = new Map(Object.entries(options.topicDefaults ?? {}))
  const refused = refuseSettings(given)
  if (refused !== null) throw new Error(refused)
  const topicDefaults = configOf(given, kafkaDefaults)
  const brokerSessionTimeoutMs = wholeNumber('brokerSessionTimeoutMs', options.brokerSessionTimeoutMs ?? 6000, 100)
  const settings = {
    brokers,
    host: options.host ?? '127.0.0.1',
    advertisedHost: options.advertisedHost ?? null,
    port: wholeNumber('port', options.port ?? 0, 0, 65_536 - brokers),
    topicDefaults,
    partitions: wholeNumber('partitions', options.partitions ?? 1, 1),
    replicationFactor: wholeNumber('replicationFactor', replicationFactor, 1, brokers),
    autoCreateTopics: options.autoCreateTopics ?? true,
    offsetsPartitions: wholeNumber('offsetsPartitions', options.offsetsPartitions ?? 8, 1),
    brokerSessionTimeoutMs,
    brokerConfig: {
      heartbeatIntervalMs: Math.max(20, Math.floor(brokerSessionTimeoutMs / 6)),
      replicaLagTimeMaxMs: wholeNumber('replicaLagTimeMaxMs', options.replicaLagTimeMaxMs ?? 10_000, 100),
      replicaFetchWaitMaxMs: 500,
      replicaFetchBackoffMs: 100,
      fetchBytesMax: 1_048_576,
    },
    groupConfig: {
      offsetsRetentionMs: 604_800_000,
      offsetsRetentionCheckIntervalMs: 600_000,
      groupMaxSize: 10_000,
      minSessionTimeoutMs: 1000,
      maxSessionTimeoutMs: 1_800_000,
      initialRebalanceDelayMs: wholeNumber(
        'groupInitialRebalanceDelayMs',
        options.groupInitialRebalanceDelayMs ?? 0,
        0,
      ),
      offsetMetadataMaxBytes: 4096,
    },
    users: options.users === undefined ? null : new Map(Object.entries(options.users)),
    tls: options.tls ?? null,
    limits: limitsOf({ ...defaultLimits, ...options.limits }),
    report: options.report ?? (() => {}),
  }
  return { ...settings, brokerSettings: brokerSettingsOf(settings) }
}

function limitsOf(limits: Limits): Limits {
  for (const [name, value] of Object.entries(limits)) wholeNumber(`limits.${name}`, value, 1)
  return limits
}

/** What brokers tell of themselves, by Kafka's names. */
function brokerSettingsOf(settings: Omit<ClusterSettings, 'brokerSettings'>): readonly BrokerSetting[] {
  const { topicDefaults, brokerConfig, groupConfig, limits } = settings
  const ints: Readonly<Record<string, number>> = {
    'broker.session.timeout.ms': settings.brokerSessionTimeoutMs,
    'broker.heartbeat.interval.ms': brokerConfig.heartbeatIntervalMs,
    'default.replication.factor': settings.replicationFactor,
    'group.initial.rebalance.delay.ms': groupConfig.initialRebalanceDelayMs ?? 0,
    'group.max.session.timeout.ms': groupConfig.maxSessionTimeoutMs ?? 0,
    'group.max.size': groupConfig.groupMaxSize,
    'group.min.session.timeout.ms': groupConfig.minSessionTimeoutMs ?? 0,
    'log.segment.bytes': topicDefaults.segmentBytes,
    'max.connections': limits.connectionsMax,
    'message.max.bytes': topicDefaults.maxMessageBytes,
    'min.insync.replicas': topicDefaults.minInSyncReplicas,
    'num.partitions': settings.partitions,
    'offsets.topic.num.partitions': settings.offsetsPartitions,
    'replica.fetch.max.bytes': brokerConfig.fetchBytesMax,
    'replica.fetch.wait.max.ms': brokerConfig.replicaFetchWaitMaxMs,
    'socket.request.max.bytes': limits.requestBytesMax,
  }
  const longs: Readonly<Record<string, number>> = {
    'connections.max.idle.ms': limits.idleMs,
    'log.retention.bytes': topicDefaults.retentionBytes,
    'log.retention.ms': topicDefaults.retentionMs,
    'queued.max.request.bytes': limits.queuedBytesMax,
    'replica.lag.time.max.ms': brokerConfig.replicaLagTimeMaxMs,
  }
  const booleans: Readonly<Record<string, boolean>> = {
    'auto.create.topics.enable': settings.autoCreateTopics,
    'delete.topic.enable': true,
    'unclean.leader.election.enable': topicDefaults.uncleanLeaderElection,
  }
  const all: BrokerSetting[] = [
    ...Object.entries(ints).map(([name, value]) => ({ name, type: 'INT' as const, value: String(value) })),
    ...Object.entries(longs).map(([name, value]) => ({ name, type: 'LONG' as const, value: String(value) })),
    ...Object.entries(booleans).map(([name, value]) => ({ name, type: 'BOOLEAN' as const, value: String(value) })),
    { name: 'log.cleanup.policy', type: 'LIST', value: topicDefaults.cleanupPolicy },
  ]
  return all.sort((a, b) => (a.name < b.name ? -1 : 1))
}

function wholeNumber(name: string, value: number, least: number, most = 2_147_483_647): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new Error(`${name} must be a whole number from ${least} to ${most}, and is ${value}`)
}
