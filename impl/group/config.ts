// The settings of a coordinator. Those that the vocabulary does not have are optional, and off when they are left out, as
// they are in lockstep with the model, which does not have them either.
import type { GroupConfig } from '../../model/vocabulary/groups.ts'
import type { Bytes, Milliseconds } from '../../model/vocabulary/units.ts'

export type CoordinatorConfig = GroupConfig & {
  /** `group.min.session.timeout.ms` (Kafka: 6,000): a join that asks for less is refused. */
  readonly minSessionTimeoutMs?: Milliseconds
  /** `group.max.session.timeout.ms` (Kafka: 1,800,000). */
  readonly maxSessionTimeoutMs?: Milliseconds
  /** `group.initial.rebalance.delay.ms` (Kafka: 3,000): how long an Empty group waits for more members than the first. */
  readonly initialRebalanceDelayMs?: Milliseconds
  /** `offset.metadata.max.bytes` (Kafka: 4,096), of a commit's metadata in UTF-8. */
  readonly offsetMetadataMaxBytes?: Bytes
}
