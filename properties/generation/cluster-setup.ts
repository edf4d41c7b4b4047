// A cluster's set-up, and what one run wants to do with it.
import type { PartitionerName } from '../../model/vocabulary/choosing.ts'
import type { LogConfig } from '../../model/vocabulary/log.ts'
import type { TopicConfig } from '../../model/vocabulary/messages.ts'
import type { Random } from '../random.ts'
import type { SetupOf } from '../scope.ts'

/** What holds for a whole run. */
export type Plan = {
  readonly mode: 'contract' | 'unlimited'
  readonly topic: TopicConfig
  readonly partitions: number
  readonly replicationFactor: number
  readonly producers: { readonly acks: -1 | 0 | 1; readonly idempotent: boolean; readonly partitioner: PartitionerName }
  /** Faults that the run may spend. */
  readonly faults: number
  /** Whether the run ends by healing everything. */
  readonly heals: boolean
}

/** Mostly three brokers: nearly all bugs need no more, and fewer states are left to reach. */
export function drawClusterSetup(random: Random): SetupOf<'cluster'> {
  const hasGroups = random.chance(0.4)
  return {
    scope: 'cluster',
    brokers: random.pick([1, 2, 3, 3, 3, 3, 3, 4]),
    producers: random.pick([1, 1, 2]),
    consumers: hasGroups ? random.pick([1, 2, 2, 3]) : random.pick([0, 0, 1]),
    offsetsPartitions: hasGroups ? random.pick([1, 1, 2]) : 0,
    // A message too large for a group's metadata would keep the group from ever becoming stable.
    offsetsConfig: {
      ...drawLogConfig(random),
      maxMessageBytes: 100_000,
      minInSyncReplicas: random.pick([1, 2]),
      uncleanLeaderElection: false,
      cleanupPolicy: 'compact',
    },
    brokerSessionTimeoutMs: random.pick([1000, 2000]),
    broker: {
      heartbeatIntervalMs: random.pick([200, 500]),
      replicaLagTimeMaxMs: random.pick([1000, 2000]),
      replicaFetchWaitMaxMs: random.pick([100, 500]),
      replicaFetchBackoffMs: random.pick([50, 200]),
      fetchBytesMax: random.pick([100, 200, 1000, 1000]),
    },
    group: {
      offsetsRetentionMs: random.pick([2000, 10_000]),
      offsetsRetentionCheckIntervalMs: random.pick([500, 2000]),
      groupMaxSize: random.pick([1, 3, 10]),
    },
    client: {
      retryBackoffMs: random.pick([50, 100]),
      deliveryTimeoutMs: random.pick([1500, 5000, 5000]),
      requestTimeoutMs: random.pick([300, 1000]),
      maxInFlight: random.pick([1, 5, 5]),
      heartbeatIntervalMs: random.pick([300, 500]),
      sessionTimeoutMs: random.pick([1000, 2000]),
      rebalanceTimeoutMs: random.pick([1500, 2000]),
    },
  }
}

/** Draws what the run is about. */
export function drawPlan(random: Random, setup: SetupOf<'cluster'>): Plan {
  const isContract = setup.brokers >= 3 && random.chance(0.5)
  const replicationFactor = Math.min(setup.brokers, isContract ? 3 : random.pick([1, 2, 3, 3, 3, 3]))
  const idempotent = isContract || random.chance(0.4)
  return {
    mode: isContract ? 'contract' : 'unlimited',
    topic: {
      ...drawLogConfig(random),
      minInSyncReplicas: isContract ? random.pick([2, 2, 2, 3]) : random.pick([1, 1, 2, 2, 3]),
      uncleanLeaderElection: !isContract && random.chance(0.35),
    },
    partitions: random.pick([1, 1, 1, 2]),
    replicationFactor,
    producers: {
      acks: idempotent ? -1 : random.pick<-1 | 0 | 1>([-1, 0, 1, 1]),
      idempotent,
      partitioner: random.pick(['roundRobin', 'sticky']),
    },
    faults: random.pick([0, 1, 1, 2, 2, 3, 3, 5, 8]),
    heals: random.chance(0.5),
  }
}

function drawLogConfig(random: Random): LogConfig {
  const isPlain = random.chance(0.5)
  return {
    segmentBytes: isPlain ? 1000 : random.pick([150, 300, 1000]),
    indexIntervalBytes: random.pick([1, 100, 4096]),
    maxMessageBytes: random.chance(0.1) ? 100 : 1000,
    cleanupPolicy: isPlain ? 'delete' : random.pick(['delete', 'compact', 'compact,delete']),
    retentionMs: isPlain ? -1 : random.pick([-1, 500, 5000]),
    retentionBytes: isPlain ? -1 : random.pick([-1, 0, 200]),
    deleteRetentionMs: random.pick([0, 500]),
  }
}
