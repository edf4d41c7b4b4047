// Topic settings in Kafka's own words, as stories and failures write them: only what differs from the defaults.
import type { TopicConfig } from '../model/vocabulary/messages.ts'
import { defaultTopicConfig } from '../properties/topic-defaults.ts'

/** Kafka's name of each setting. */
export const settingNames: Readonly<Record<keyof TopicConfig, string>> = {
  segmentBytes: 'segment.bytes',
  indexIntervalBytes: 'index.interval.bytes',
  maxMessageBytes: 'max.message.bytes',
  cleanupPolicy: 'cleanup.policy',
  retentionMs: 'retention.ms',
  retentionBytes: 'retention.bytes',
  deleteRetentionMs: 'delete.retention.ms',
  minInSyncReplicas: 'min.insync.replicas',
  uncleanLeaderElection: 'unclean.leader.election.enable',
}

const settingKeys: readonly (keyof TopicConfig)[] = [
  'minInSyncReplicas',
  'uncleanLeaderElection',
  'cleanupPolicy',
  'segmentBytes',
  'indexIntervalBytes',
  'maxMessageBytes',
  'retentionMs',
  'retentionBytes',
  'deleteRetentionMs',
]

/** `name=value` for every setting that differs from the defaults. */
export function settingWords(config: TopicConfig): readonly string[] {
  return settingKeys
    .filter(key => config[key] !== defaultTopicConfig[key])
    .map(key => `${settingNames[key]}=${config[key]}`)
}

/** The settings that `name=value` pairs make, or the name of the first that is not one or has no such value. */
export function parseSettings(pairs: ReadonlyMap<string, string>): TopicConfig | { readonly wrong: string } {
  let config = defaultTopicConfig
  for (const [name, value] of pairs) {
    const key = settingKeys.find(known => settingNames[known] === name)
    if (key === undefined) return { wrong: name }
    if (key === 'cleanupPolicy') {
      if (value !== 'delete' && value !== 'compact' && value !== 'compact,delete') return { wrong: name }
      config = { ...config, cleanupPolicy: value }
    } else if (key === 'uncleanLeaderElection') {
      if (value !== 'true' && value !== 'false') return { wrong: name }
      config = { ...config, uncleanLeaderElection: value === 'true' }
    } else {
      if (!/^-?\d+$/.test(value)) return { wrong: name }
      config = { ...config, [key]: Number(value) }
    }
  }
  return config
}
