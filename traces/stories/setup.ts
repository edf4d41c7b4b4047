// The `setup` line of a story: what differs from a plain cluster of three brokers, one producer and two consumers.
import type { ClusterSetup } from '../../model/vocabulary/cluster.ts'
import { defaultTopicConfig } from '../../properties/topic-defaults.ts'
import { StoryError } from './command.ts'

/** Kafka's own defaults, shorter where waiting would make a story long. */
const plain: ClusterSetup = {
  scope: 'cluster',
  brokers: 3,
  producers: 1,
  consumers: 2,
  offsetsPartitions: 0,
  offsetsConfig: { ...defaultTopicConfig, cleanupPolicy: 'compact' },
  brokerSessionTimeoutMs: 9000,
  broker: {
    heartbeatIntervalMs: 2000,
    replicaLagTimeMaxMs: 10_000,
    replicaFetchWaitMaxMs: 500,
    replicaFetchBackoffMs: 1000,
    fetchBytesMax: 1_048_576,
  },
  group: { offsetsRetentionMs: 604_800_000, offsetsRetentionCheckIntervalMs: 600_000, groupMaxSize: 100 },
  client: {
    retryBackoffMs: 100,
    deliveryTimeoutMs: 120_000,
    requestTimeoutMs: 30_000,
    maxInFlight: 5,
    heartbeatIntervalMs: 3000,
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 60_000,
  },
}

const settings: { readonly [name: string]: (setup: ClusterSetup, value: number) => ClusterSetup } = {
  brokers: (setup, brokers) => ({ ...setup, brokers }),
  producers: (setup, producers) => ({ ...setup, producers }),
  consumers: (setup, consumers) => ({ ...setup, consumers }),
  'offsets.partitions': (setup, offsetsPartitions) => ({ ...setup, offsetsPartitions }),
  'offsets.min.insync.replicas': (setup, minInSyncReplicas) => ({
    ...setup,
    offsetsConfig: { ...setup.offsetsConfig, minInSyncReplicas },
  }),
  'broker.session.timeout.ms': (setup, brokerSessionTimeoutMs) => ({ ...setup, brokerSessionTimeoutMs }),
  'replica.lag.time.max.ms': (setup, replicaLagTimeMaxMs) => ({
    ...setup,
    broker: { ...setup.broker, replicaLagTimeMaxMs },
  }),
  'session.timeout.ms': (setup, sessionTimeoutMs) => ({ ...setup, client: { ...setup.client, sessionTimeoutMs } }),
}

/** The set-up that `name=value` words make. Throws `StoryError`. */
export function parseSetup(words: string): ClusterSetup {
  let setup = plain
  for (const word of words.split(' ').filter(text => text !== '')) {
    const [name = '', value = ''] = word.split('=')
    const set = Object.hasOwn(settings, name) ? settings[name] : undefined
    if (set === undefined)
      throw new StoryError(`${name} is not a setting of a set-up: ${Object.keys(settings).join(', ')}`)
    if (!/^\d+$/.test(value)) throw new StoryError(`${name} wants a number`)
    setup = set(setup, Number(value))
  }
  return setup
}
