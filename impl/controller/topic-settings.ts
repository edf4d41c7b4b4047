// A topic's settings by Kafka's names and strings, and what they mean for its logs and elections.
// Follows `TopicConfig` and `LogConfig`; docs/protocol/cluster.md §5.4 lists which of them do something.
//
// What would promise a behaviour that is not here is refused with a sentence. What changes only how fast or how compactly
// the same is done is taken, kept and told, and has no effect.
import type { TopicConfig } from '../../model/vocabulary/messages.ts'

/** How a setting is described to clients (`ConfigDef.Type`). */
export type SettingType = 'BOOLEAN' | 'STRING' | 'INT' | 'LONG' | 'DOUBLE' | 'LIST'

/** Settings by name, those only that somebody set. */
export type Settings = ReadonlyMap<string, string>

/** One setting that topics have. */
export type SettingRule = {
  readonly name: string
  readonly type: SettingType
  /** Its value where the topic does not set it. */
  valueIn(defaults: TopicConfig): string
  /** Why a value is refused, as a sentence; null when it is taken. */
  refuse(value: string): string | null
  /** The settings with the value. */
  apply(config: TopicConfig, value: string): TopicConfig
}

/** What Kafka gives a topic that sets nothing. */
export const kafkaDefaults: TopicConfig = {
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

const maxInt = 2n ** 31n - 1n
const maxLong = 2n ** 63n - 1n
const longAtMost = String(maxLong)

type NumberIn<Config> = { [Key in keyof Config]: Config[Key] extends number ? Key : never }[keyof Config]

const rules: readonly SettingRule[] = [
  cleanupPolicy(),
  number('delete.retention.ms', 'LONG', 0n, 'deleteRetentionMs'),
  number('index.interval.bytes', 'INT', 0n, 'indexIntervalBytes'),
  number('max.message.bytes', 'INT', 0n, 'maxMessageBytes'),
  number('min.insync.replicas', 'INT', 1n, 'minInSyncReplicas'),
  number('retention.bytes', 'LONG', -1n, 'retentionBytes'),
  number('retention.ms', 'LONG', -1n, 'retentionMs'),
  number('segment.bytes', 'INT', 14n, 'segmentBytes'),
  uncleanElection(),
  // The same is done with or without them.
  without('compression.gzip.level', 'INT', '-1', within(-1n, 9n)),
  without('compression.lz4.level', 'INT', '9', within(1n, 17n)),
  without('compression.type', 'STRING', 'producer', oneOf('producer', 'uncompressed', 'gzip', 'snappy', 'lz4', 'zstd')),
  without('compression.zstd.level', 'INT', '3', within(-131_072n, 22n)),
  without('file.delete.delay.ms', 'LONG', '60000', within(0n, maxLong)),
  without('flush.messages', 'LONG', longAtMost, within(1n, maxLong)),
  without('flush.ms', 'LONG', longAtMost, within(0n, maxLong)),
  without('min.cleanable.dirty.ratio', 'DOUBLE', '0.5', ratio),
  without('preallocate', 'BOOLEAN', 'false', oneOf('true', 'false')),
  without('segment.index.bytes', 'INT', '10485760', within(4n, maxInt)),
  without('segment.jitter.ms', 'LONG', '0', within(0n, maxLong)),
  without('segment.ms', 'LONG', '604800000', within(1n, maxLong)),
  // Only as if it were not set.
  only('follower.replication.throttled.replicas', 'LIST', '', 'replication is not throttled here'),
  only('leader.replication.throttled.replicas', 'LIST', '', 'replication is not throttled here'),
  only('local.retention.bytes', 'LONG', '-2', 'there is no tiered storage here'),
  only('local.retention.ms', 'LONG', '-2', 'there is no tiered storage here'),
  only('max.compaction.lag.ms', 'LONG', longAtMost, 'compaction has no deadline here'),
  only('message.timestamp.after.max.ms', 'LONG', longAtMost, 'timestamps are taken as producers give them'),
  only('message.timestamp.before.max.ms', 'LONG', longAtMost, 'timestamps are taken as producers give them'),
  only('message.timestamp.type', 'STRING', 'CreateTime', 'timestamps are taken as producers give them'),
  only('min.compaction.lag.ms', 'LONG', '0', 'compaction leaves no record alone for its age here'),
  only('remote.log.copy.disable', 'BOOLEAN', 'false', 'there is no tiered storage here'),
  only('remote.log.delete.on.disable', 'BOOLEAN', 'false', 'there is no tiered storage here'),
  only('remote.storage.enable', 'BOOLEAN', 'false', 'there is no tiered storage here'),
]

/** Every setting that a topic has, by name, in the order of their names. */
export const settingRules: ReadonlyMap<string, SettingRule> = new Map(
  rules.map(rule => [rule.name, rule] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
)

/** Why the settings are refused, as a sentence; null when all are taken. */
export function refuseSettings(settings: Settings): string | null {
  for (const [name, value] of settings) {
    const rule = settingRules.get(name)
    if (rule === undefined) return `A topic has no setting ${name}.`
    const refused = rule.refuse(value)
    if (refused !== null) return refused
  }
  return null
}

/** What settings that nobody refused mean, together with the defaults. */
export function configOf(settings: Settings, defaults: TopicConfig): TopicConfig {
  let config = defaults
  for (const [name, value] of settings) config = settingRules.get(name)?.apply(config, value) ?? config
  return config
}

/** The settings that make the defaults this configuration. */
export function settingsOf(config: TopicConfig, defaults: TopicConfig): Settings {
  const settings = new Map<string, string>()
  for (const [name, rule] of settingRules) {
    const value = rule.valueIn(config)
    if (value !== rule.valueIn(defaults)) settings.set(name, value)
  }
  return settings
}

function number(name: string, type: 'INT' | 'LONG', least: bigint, field: NumberIn<TopicConfig>): SettingRule {
  const check = within(least, type === 'INT' ? maxInt : maxLong)
  return {
    name,
    type,
    valueIn: defaults => String(defaults[field]),
    refuse: value => sentence(name, value, check(value)),
    // A long behind 2^53 loses its last digits here, but such a limit is none in any case.
    apply: (config, value) => ({ ...config, [field]: Number(value) }),
  }
}

function cleanupPolicy(): SettingRule {
  const parse = (value: string): TopicConfig['cleanupPolicy'] | null => {
    const policies = new Set(items(value))
    const deletes = policies.delete('delete')
    const compacts = policies.delete('compact')
    if (policies.size > 0 || !(deletes || compacts)) return null
    return deletes && compacts ? 'compact,delete' : deletes ? 'delete' : 'compact'
  }
  return {
    name: 'cleanup.policy',
    type: 'LIST',
    valueIn: defaults => defaults.cleanupPolicy,
    refuse: value =>
      sentence('cleanup.policy', value, parse(value) === null ? 'it lists delete, compact or both' : null),
    apply: (config, value) => ({ ...config, cleanupPolicy: parse(value) ?? config.cleanupPolicy }),
  }
}

function uncleanElection(): SettingRule {
  const check = oneOf('true', 'false')
  return {
    name: 'unclean.leader.election.enable',
    type: 'BOOLEAN',
    valueIn: defaults => String(defaults.uncleanLeaderElection),
    refuse: value => sentence('unclean.leader.election.enable', value, check(value)),
    apply: (config, value) => ({ ...config, uncleanLeaderElection: value === 'true' }),
  }
}

/** A setting that is kept and has no effect. `check` says what is wrong with a value. */
function without(name: string, type: SettingType, value: string, check: (value: string) => string | null): SettingRule {
  return {
    name,
    type,
    valueIn: () => value,
    refuse: value => sentence(name, value, check(value)),
    apply: config => config,
  }
}

/** A setting that can be set to what it is anyway. */
function only(name: string, type: SettingType, value: string, why: string): SettingRule {
  return without(name, type, value, asked => (asked === value ? null : why))
}

function within(least: bigint, most: bigint): (value: string) => string | null {
  return value => {
    if (!/^[+-]?\d{1,19}$/.test(value)) return 'it is a whole number'
    const parsed = BigInt(value)
    return parsed >= least && parsed <= most ? null : `it is a number from ${least} to ${most}`
  }
}

function oneOf(...values: readonly string[]): (value: string) => string | null {
  return value => (values.includes(value) ? null : `it is one of ${values.join(', ')}`)
}

function ratio(value: string): string | null {
  const parsed = /^\d*\.?\d+$/.test(value) ? Number(value) : Number.NaN
  return parsed >= 0 && parsed <= 1 ? null : 'it is a number from 0 to 1'
}

/** The parts of a list: whatever stands between commas. */
export function items(value: string): readonly string[] {
  return value
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== '')
}

function sentence(name: string, value: string, why: string | null): string | null {
  return why === null ? null : `${name} cannot be ${JSON.stringify(value)}: ${why}.`
}
