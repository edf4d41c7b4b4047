// A cluster for tests: three brokers with one topic, and words for what the tests do again and again.
import type { ClusterOperation, ClusterSetup, ReplicaObservation } from '../../model/vocabulary/cluster.ts'
import type { PartitionState, TopicConfig } from '../../model/vocabulary/messages.ts'
import { startClusterSubject } from '../subjects/cluster.ts'
import type { Side } from '../verdict.ts'

/** Settings of a plain topic: two of three replicas must be in sync for `acks` -1. */
export const plainTopic: TopicConfig = {
  segmentBytes: 10_000,
  indexIntervalBytes: 4096,
  maxMessageBytes: 1000,
  cleanupPolicy: 'delete',
  retentionMs: -1,
  retentionBytes: -1,
  deleteRetentionMs: 0,
  minInSyncReplicas: 2,
  uncleanLeaderElection: false,
}

/** Three brokers, two clients of either kind. */
export const plainSetup: ClusterSetup = {
  scope: 'cluster',
  brokers: 3,
  producers: 2,
  consumers: 2,
  offsetsPartitions: 1,
  offsetsConfig: plainTopic,
  brokerSessionTimeoutMs: 9000,
  broker: {
    heartbeatIntervalMs: 2000,
    replicaLagTimeMaxMs: 6000,
    replicaFetchWaitMaxMs: 500,
    replicaFetchBackoffMs: 1000,
    fetchBytesMax: 1000,
  },
  group: { offsetsRetentionMs: 600_000, offsetsRetentionCheckIntervalMs: 600_000, groupMaxSize: 10 },
  client: {
    retryBackoffMs: 100,
    deliveryTimeoutMs: 60_000,
    requestTimeoutMs: 5000,
    maxInFlight: 5,
    heartbeatIntervalMs: 3000,
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 20_000,
  },
}

/** A running cluster that has the topic `t` with one partition on b1, b2 and b3. */
export class TestCluster {
  readonly side: Side<'cluster'>

  constructor(setup: Partial<ClusterSetup> = {}, topic: Partial<TopicConfig> = {}) {
    this.side = startClusterSubject({ ...plainSetup, ...setup })
    this.do({ kind: 'createTopic', topic: 't', assignment: [[1, 2, 3]], config: { ...plainTopic, ...topic } })
    this.do({ kind: 'settle' })
  }

  /** Carries operations out, and expects that each applies. */
  do(...operations: readonly ClusterOperation[]): void {
    for (const operation of operations) {
      const { kind } = this.side.apply(operation)
      if (kind === 'nothing' || kind === 'error') throw new Error(`${operation.kind} answered ${kind}`)
    }
  }

  /** Opens p1. */
  openProducer(acks: -1 | 0 | 1 = -1, idempotent = false): void {
    this.do({ kind: 'openProducer', producer: 'p1', acks, idempotent, partitioner: 'sticky' })
  }

  /** Hands p1 one record for t/0. */
  send(value: string): void {
    this.do({ kind: 'send', producer: 'p1', topic: 't', partition: 0, records: [{ key: 'k', value }], draw: 0 })
  }

  /** Lets time pass and messages arrive. */
  elapse(ms: number): void {
    this.do({ kind: 'elapse', ms })
  }

  /** Takes one broker off the network, in both directions. */
  isolate(broker: number): void {
    for (const other of ['b1', 'b2', 'b3', 'ctl', 'p1', 'p2', 'c1', 'c2']) {
      if (other === `b${broker}`) continue
      // Some of it may be cut already.
      this.side.apply({ kind: 'cut', from: `b${broker}`, to: other })
      this.side.apply({ kind: 'cut', from: other, to: `b${broker}` })
    }
  }

  /** What the controller has decided about a partition. */
  partition(topic = 't'): PartitionState {
    const state = this.side.observe().controller.image.partitions.find(partition => partition.topic === topic)
    if (state === undefined) throw new Error(`no partition of ${topic}`)
    return state
  }

  /** The replica of t/0 on one broker, which runs. */
  replica(broker: number): ReplicaObservation {
    const seen = this.side.observe().brokers[`b${broker}`]
    if (seen === undefined || seen.status === 'down') throw new Error(`b${broker} is down`)
    const replica = seen.replicas.find(({ topic }) => topic === 't')
    if (replica === undefined) throw new Error(`b${broker} has no replica of t`)
    return replica
  }

  /** `offset:value` of every record of t/0 on one broker. */
  records(broker: number): readonly string[] {
    return this.replica(broker).batches.flatMap(({ records }) =>
      records.map(({ offset, value }) => `${offset}:${value}`),
    )
  }

  /** How p1's batches ended, in that order. */
  results(): readonly string[] {
    return (this.side.observe().producers.p1?.completed ?? []).map(({ result }) =>
      result.kind === 'acknowledged' ? `acknowledged ${result.offset}` : `${result.kind} ${result.error}`,
    )
  }
}
