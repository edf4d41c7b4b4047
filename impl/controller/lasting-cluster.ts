// What a controller is told about a cluster that clients administer and that outlives its processes.
import type { TopicConfig } from '../../model/vocabulary/messages.ts'
import type { Decisions } from '../ports/decisions.ts'
import type { TopicId } from '../ports/image.ts'
import type { Draw } from './place-replicas.ts'
import type { SettingType } from './topic-settings.ts'

/** A setting of the brokers, which nobody changes while they run. */
export type BrokerSetting = { readonly name: string; readonly type: SettingType; readonly value: string }

/** A cluster that clients administer and that outlives its processes. Brokers register when they start. */
export type LastingCluster = {
  /** The same at every start (KIP-78). */
  readonly clusterId: string
  readonly decisions: Decisions
  /** A topic id that nobody had before. */
  readonly drawTopicId: () => TopicId
  /** Where the placement of a new topic's replicas begins. */
  readonly draw: Draw
  /** Settings of a topic that sets nothing; they may differ from start to start. */
  readonly topicDefaults: TopicConfig
  /** For topics whose creator does not say. */
  readonly partitionsDefault: number
  readonly replicationFactorDefault: number
  /** What brokers tell when they are asked for their settings, by Kafka's names. */
  readonly brokerSettings: readonly BrokerSetting[]
}
