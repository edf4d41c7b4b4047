// Settings by Kafka's names and strings: what they mean, what is refused, and what is told of them.
import { describe, expect, test } from 'vitest'
import { changedSettings } from './alter-settings.ts'
import { describeTopic } from './describe-settings.ts'
import { configOf, kafkaDefaults, refuseSettings, settingRules, settingsOf } from './topic-settings.ts'

const set = (settings: Record<string, string>) => new Map(Object.entries(settings))

test('settings mean a configuration, and a configuration means settings', () => {
  const settings = set({
    'cleanup.policy': 'delete, compact',
    'delete.retention.ms': '5',
    'index.interval.bytes': '6',
    'max.message.bytes': '7',
    'min.insync.replicas': '2',
    'retention.bytes': '8',
    'retention.ms': '-1',
    'segment.bytes': '1000',
    'unclean.leader.election.enable': 'true',
  })
  const config = {
    cleanupPolicy: 'compact,delete',
    deleteRetentionMs: 5,
    indexIntervalBytes: 6,
    maxMessageBytes: 7,
    minInSyncReplicas: 2,
    retentionBytes: 8,
    retentionMs: -1,
    segmentBytes: 1000,
    uncleanLeaderElection: true,
  } as const
  expect(refuseSettings(settings)).toBeNull()
  expect(configOf(settings, kafkaDefaults)).toEqual(config)
  expect(configOf(settingsOf(config, kafkaDefaults), kafkaDefaults)).toEqual(config)
  expect(settingsOf({ ...kafkaDefaults, retentionMs: 5 }, kafkaDefaults)).toEqual(set({ 'retention.ms': '5' }))
  expect(settingsOf(kafkaDefaults, kafkaDefaults).size).toBe(0)
})

test('every default is a value that is taken, and means what the default means', () => {
  for (const rule of settingRules.values()) {
    const value = rule.valueIn(kafkaDefaults)
    expect(rule.refuse(value), rule.name).toBeNull()
    expect(rule.apply(kafkaDefaults, value), rule.name).toEqual(kafkaDefaults)
  }
})

test('a limit that no number can hold exactly is kept as it was written, and limits nothing', () => {
  const settings = set({ 'retention.ms': '9223372036854775807' })
  expect(refuseSettings(settings)).toBeNull()
  expect(configOf(settings, kafkaDefaults).retentionMs).toBeGreaterThan(Date.UTC(9999, 1))
  expect(refuseSettings(set({ 'retention.ms': '9223372036854775808' }))).toContain('retention.ms')
})

describe('a value is refused', () => {
  test.each([
    ['cleanup.policy', ''],
    ['cleanup.policy', 'delete,shred'],
    ['retention.ms', '-2'],
    ['retention.ms', '1.5'],
    ['retention.ms', ''],
    ['min.insync.replicas', '0'],
    ['segment.bytes', '13'],
    ['max.message.bytes', '2147483648'],
    ['unclean.leader.election.enable', 'yes'],
    ['compression.type', 'bzip2'],
    ['min.cleanable.dirty.ratio', '1.1'],
    ['min.cleanable.dirty.ratio', '1e-1'],
    ['message.timestamp.type', 'LogAppendTime'],
    ['remote.storage.enable', 'true'],
    ['min.compaction.lag.ms', '1'],
    ['max.compaction.lag.ms', '1000'],
    ['no.such.setting', '1'],
    ['__proto__', '1'],
  ])('%s = %j', (name, value) => {
    expect(refuseSettings(new Map([[name, value]]))).toContain(name)
  })
})

test.each([
  ['compression.type', 'zstd'],
  ['message.timestamp.type', 'CreateTime'],
  ['flush.messages', '1'],
  ['segment.ms', '1000'],
  ['min.cleanable.dirty.ratio', '0.01'],
])('%s = %j is taken, kept, and changes nothing', (name, value) => {
  const settings = new Map([[name, value]])
  expect(refuseSettings(settings)).toBeNull()
  expect(configOf(settings, kafkaDefaults)).toEqual(kafkaDefaults)
  expect(describeTopic(settings, kafkaDefaults).find(setting => setting.name === name)).toMatchObject({
    value,
    source: 'DYNAMIC_TOPIC_CONFIG',
  })
})

test('a value is told with where it comes from and what would stand in its place', () => {
  const defaults = { ...kafkaDefaults, minInSyncReplicas: 2 }
  const described = describeTopic(set({ 'retention.ms': '5' }), defaults)
  const told = (name: string) => described.find(setting => setting.name === name)
  expect(told('retention.ms')).toEqual({
    name: 'retention.ms',
    value: '5',
    source: 'DYNAMIC_TOPIC_CONFIG',
    type: 'LONG',
    readOnly: false,
    synonyms: [
      { name: 'retention.ms', value: '5', source: 'DYNAMIC_TOPIC_CONFIG' },
      { name: 'retention.ms', value: '604800000', source: 'DEFAULT_CONFIG' },
    ],
  })
  expect(told('min.insync.replicas')).toMatchObject({ value: '2', source: 'STATIC_BROKER_CONFIG' })
  expect(told('segment.bytes')).toMatchObject({ value: '1073741824', source: 'DEFAULT_CONFIG' })
  expect(described.map(({ name }) => name)).toEqual(described.map(({ name }) => name).toSorted())
})

describe('changes of single settings', () => {
  const before = set({ 'retention.ms': '5', 'cleanup.policy': 'compact' })
  const change = (name: string, operation: 'SET' | 'DELETE' | 'APPEND' | 'SUBTRACT', value: string | null = null) =>
    changedSettings(before, [{ name, operation, value }], kafkaDefaults)

  test('set, reset, append and subtract', () => {
    expect(change('segment.bytes', 'SET', '100')).toEqual(new Map([...before, ['segment.bytes', '100']]))
    expect(change('retention.ms', 'DELETE')).toEqual(set({ 'cleanup.policy': 'compact' }))
    expect(change('cleanup.policy', 'APPEND', 'delete')).toEqual(
      new Map([...before, ['cleanup.policy', 'compact,delete']]),
    )
    expect(change('cleanup.policy', 'APPEND', 'compact')).toEqual(before)
    expect(
      changedSettings(new Map(), [{ name: 'cleanup.policy', operation: 'APPEND', value: 'compact' }], kafkaDefaults),
    ).toEqual(set({ 'cleanup.policy': 'delete,compact' }))
  })

  test('are refused as a whole', () => {
    expect(change('cleanup.policy', 'SUBTRACT', 'compact')).toMatchObject({ error: 'INVALID_CONFIG' })
    expect(change('retention.ms', 'APPEND', '1')).toMatchObject({ error: 'INVALID_CONFIG' })
    expect(change('retention.ms', 'SET', null)).toMatchObject({ error: 'INVALID_REQUEST' })
    expect(change('retention.ms', 'SET', 'soon')).toMatchObject({ error: 'INVALID_CONFIG' })
    const twice = { name: 'retention.ms', operation: 'SET', value: '1' } as const
    expect(changedSettings(before, [twice, twice], kafkaDefaults)).toMatchObject({ error: 'INVALID_REQUEST' })
  })
})
