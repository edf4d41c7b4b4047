// The small clusters whose whole future is explored: how many brokers, and how much may happen to them.
//
// Every operation that is not free has a budget, which is part of the state. Timers are as short as a tick and sessions are
// longer than all ticks together, so that whatever a timer can do happens at a tick, and whoever is fenced was fenced on
// purpose.

import type { ClusterState } from '../../../model/cluster/state.ts'
import { initialCluster, stepCluster } from '../../../model/cluster.ts'
import type { ClusterOperation, ClusterSetup } from '../../../model/vocabulary/cluster.ts'
import { defaultTopicConfig } from '../../topic-defaults.ts'
import type { BoundRange, Bounds } from '../specs.ts'

/** What may happen, and how often. */
export type Budget = {
  /** Records that the producer sends, one at a time. */
  readonly records: number
  /** Deaths of a broker, with or without its unsynced data; each may come back once. */
  readonly crashes: number
  /** Sessions that the controller takes for expired, and elections of the preferred leader. */
  readonly elections: number
  /** Connections that break; what was in flight is lost, or read and processed late. */
  readonly disconnects: number
  /** Times that all clocks move by `tickMs`. */
  readonly ticks: number
}

export type ClusterBounds = Budget & {
  readonly brokers: number
  /** States with more messages in flight are not gone on from. */
  readonly messages: number
  readonly minInSyncReplicas: number
}

export const clusterRanges: readonly BoundRange[] = [
  { name: 'brokers', least: 1, most: 4, usual: 2 },
  { name: 'records', least: 0, most: 9, usual: 1 },
  { name: 'crashes', least: 0, most: 9, usual: 0 },
  { name: 'elections', least: 0, most: 9, usual: 1 },
  { name: 'disconnects', least: 0, most: 9, usual: 0 },
  { name: 'ticks', least: 0, most: 9, usual: 0 },
  { name: 'messages', least: 1, most: 99, usual: 12 },
  { name: 'minInSyncReplicas', least: 1, most: 4, usual: 2 },
]

/** Bounds by name as the search takes them; those that are missing are the usual ones. */
export function clusterBounds(bounds: Bounds): ClusterBounds {
  const of = (name: keyof ClusterBounds) => bounds[name] ?? clusterRanges.find(range => range.name === name)?.usual ?? 0
  return {
    brokers: of('brokers'),
    records: of('records'),
    crashes: of('crashes'),
    elections: of('elections'),
    disconnects: of('disconnects'),
    ticks: of('ticks'),
    messages: of('messages'),
    minInSyncReplicas: of('minInSyncReplicas'),
  }
}

export const tickMs = 500

/** One partition on all brokers, one idempotent producer with `acks=all`, no groups. */
export function clusterSetup({ brokers }: ClusterBounds): ClusterSetup {
  return {
    scope: 'cluster',
    brokers,
    producers: 1,
    consumers: 0,
    offsetsPartitions: 0,
    offsetsConfig: { ...defaultTopicConfig, cleanupPolicy: 'compact' },
    brokerSessionTimeoutMs: 1_000_000,
    broker: {
      heartbeatIntervalMs: tickMs,
      replicaLagTimeMaxMs: tickMs,
      replicaFetchWaitMaxMs: tickMs,
      replicaFetchBackoffMs: tickMs,
      fetchBytesMax: 1_048_576,
    },
    group: { offsetsRetentionMs: 604_800_000, offsetsRetentionCheckIntervalMs: 600_000, groupMaxSize: 100 },
    client: {
      retryBackoffMs: tickMs,
      deliveryTimeoutMs: 1_000_000,
      requestTimeoutMs: 1_000_000,
      maxInFlight: 5,
      heartbeatIntervalMs: tickMs,
      sessionTimeoutMs: 1_000_000,
      rebalanceTimeoutMs: 1_000_000,
    },
  }
}

/** What happens before anything may go wrong: the topic is made, the producer is open and knows the leader. */
export function preamble({ brokers, minInSyncReplicas }: ClusterBounds): readonly ClusterOperation[] {
  const ids = Array.from({ length: brokers }, (_, i) => i + 1)
  return [
    { kind: 'createTopic', topic: 't', assignment: [ids], config: { ...defaultTopicConfig, minInSyncReplicas } },
    { kind: 'settle' },
    { kind: 'openProducer', producer: 'p1', acks: -1, idempotent: true, partitioner: 'sticky' },
    { kind: 'settle' },
  ]
}

/** The cluster after the preamble. */
export function startedCluster(bounds: ClusterBounds): ClusterState {
  return preamble(bounds).reduce(
    (state, operation) => stepCluster(state, operation).state,
    initialCluster(clusterSetup(bounds)),
  )
}
