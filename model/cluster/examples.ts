// Small clusters, for the tests.
import { initialCluster, stepCluster } from '../cluster.ts'
import { topicConfig } from '../controller/examples.ts'
import { config as client } from '../producer/examples.ts'
import type { ClusterOperation, ClusterOutcome, ClusterSetup } from '../vocabulary/cluster.ts'
import type { ClusterState } from './state.ts'

/** Three brokers, a producer, two consumers, and one partition of the groups' topic. */
export const setup: ClusterSetup = {
  scope: 'cluster',
  brokers: 3,
  producers: 1,
  consumers: 2,
  offsetsPartitions: 1,
  offsetsConfig: { ...topicConfig, cleanupPolicy: 'compact' },
  brokerSessionTimeoutMs: 2_000,
  broker: {
    heartbeatIntervalMs: 400,
    replicaLagTimeMaxMs: 1_000,
    replicaFetchWaitMaxMs: 300,
    replicaFetchBackoffMs: 100,
    fetchBytesMax: 10_000,
  },
  group: { offsetsRetentionMs: 60_000, offsetsRetentionCheckIntervalMs: 10_000, groupMaxSize: 5 },
  client,
}

/** Topic `t` with one partition on brokers 1, 2 and 3. */
export const createT: ClusterOperation = {
  kind: 'createTopic',
  topic: 't',
  assignment: [[1, 2, 3]],
  config: topicConfig,
}

export const settle: ClusterOperation = { kind: 'settle' }

export function elapse(ms: number): ClusterOperation {
  return { kind: 'elapse', ms }
}

/** The process of a broker dies, and everything that it had not synced is lost. */
export function crash(broker: number, late = false): ClusterOperation {
  return { kind: 'crash', broker, damage: { kind: 'lost' }, indexes: 'kept', late }
}

/** A session that waits for everybody. */
export const openP1: ClusterOperation = {
  kind: 'openProducer',
  producer: 'p1',
  acks: -1,
  idempotent: true,
  partitioner: 'sticky',
}

/** One record for `t/0`. */
export function send(value: string): ClusterOperation {
  return { kind: 'send', producer: 'p1', topic: 't', partition: 0, records: [{ key: null, value }], draw: 0 }
}

/** A formed cluster after some operations. */
export function after(...operations: readonly ClusterOperation[]): ClusterState {
  return afterwards(initialCluster(setup), ...operations)
}

/** A cluster after some more operations. */
export function afterwards(cluster: ClusterState, ...operations: readonly ClusterOperation[]): ClusterState {
  return operations.reduce((so, operation) => stepCluster(so, operation).state, cluster)
}

/** What one operation answers. */
export function outcomeOf(cluster: ClusterState, operation: ClusterOperation): ClusterOutcome {
  return stepCluster(cluster, operation).outcome
}
