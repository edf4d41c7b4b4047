// What a controller is put together from.
import type { TopicConfig } from '../../model/vocabulary/messages.ts'
import type { Milliseconds } from '../../model/vocabulary/units.ts'
import type { Clock } from '../ports/clock.ts'
import type { Network } from '../ports/network.ts'
import type { LastingCluster } from './lasting-cluster.ts'

/** What a controller begins with. */
export type ControllerOptions = {
  readonly network: Network
  readonly clock: Clock
  /** Brokers 1 to this, registered and unfenced from the beginning; 0 where brokers register when they start. */
  readonly brokers: number
  readonly brokerSessionTimeoutMs: Milliseconds
  /** Partitions of the topic that keeps the groups' offsets, replicated to all brokers; 0: there is none. */
  readonly offsetsPartitions: number
  readonly offsetsConfig: TopicConfig
  /** What a cluster that outlives its processes needs; absent, the controller keeps nothing and its topics have no ids. */
  readonly lasting?: LastingCluster
}
