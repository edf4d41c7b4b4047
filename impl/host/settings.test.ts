// What callers may set, what follows from it, and what is said to what makes no sense.
import { describe, expect, test } from 'vitest'
import { defaultLimits } from './limits.ts'
import { type ClusterOptions, settingsOf } from './settings.ts'

describe('settings', () => {
  test("that nobody gives have Kafka's defaults, and fit the number of brokers", () => {
    expect(settingsOf({})).toMatchObject({
      brokers: 1,
      replicationFactor: 1,
      partitions: 1,
      host: '127.0.0.1',
      port: 0,
      autoCreateTopics: true,
      users: null,
      tls: null,
      limits: defaultLimits,
    })
    expect(settingsOf({ brokers: 2 }).replicationFactor).toBe(2)
    expect(settingsOf({ brokers: 5 }).replicationFactor).toBe(3)
    expect(settingsOf({ topicDefaults: { 'min.insync.replicas': '2' } }).topicDefaults.minInSyncReplicas).toBe(2)
    expect(settingsOf({ users: { alice: 'secret' } }).users).toEqual(new Map([['alice', 'secret']]))
  })

  test('that are given are what brokers tell of themselves', () => {
    const { brokerSettings } = settingsOf({
      brokers: 3,
      partitions: 7,
      autoCreateTopics: false,
      brokerSessionTimeoutMs: 1200,
      limits: { connectionsMax: 5, idleMs: 77 },
    })
    const told = Object.fromEntries(brokerSettings.map(({ name, value }) => [name, value]))
    expect(told).toMatchObject({
      'num.partitions': '7',
      'default.replication.factor': '3',
      'auto.create.topics.enable': 'false',
      'broker.session.timeout.ms': '1200',
      'broker.heartbeat.interval.ms': '200',
      'max.connections': '5',
      'connections.max.idle.ms': '77',
    })
    const names = brokerSettings.map(({ name }) => name)
    expect(names).toEqual([...new Set(names)].sort())
  })

  const wrong: readonly (readonly [ClusterOptions, string])[] = [
    [{ brokers: 0 }, 'brokers must be a whole number from 1 to 100, and is 0'],
    [{ brokers: 1.5 }, 'brokers must be a whole number from 1 to 100, and is 1.5'],
    [{ brokers: 2, replicationFactor: 3 }, 'replicationFactor must be a whole number from 1 to 2, and is 3'],
    [{ partitions: 0 }, 'partitions must be a whole number from 1 to'],
    [{ port: -1 }, 'port must be a whole number from 0 to 65535, and is -1'],
    [{ brokers: 3, port: 65_534 }, 'port must be a whole number from 0 to 65533, and is 65534'],
    [{ brokerSessionTimeoutMs: 5 }, 'brokerSessionTimeoutMs must be a whole number from 100 to'],
    [{ limits: { inFlightMax: 0 } }, 'limits.inFlightMax must be a whole number from 1 to'],
    [{ limits: { idleMs: Number.NaN } }, 'limits.idleMs must be a whole number from 1 to'],
    [{ topicDefaults: { 'no.such.setting': '1' } }, 'no.such.setting'],
    [{ topicDefaults: { 'retention.ms': 'soon' } }, 'retention.ms'],
  ]
  test.each(wrong)('%j is refused in a sentence', (options, message) => {
    expect(() => settingsOf(options)).toThrow(message)
  })
})
