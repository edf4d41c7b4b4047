// What administrators ask for and are told, as plain values. The names are those of Kafka's admin APIs; docs/protocol/
// cluster.md §5.
import type { BrokerId, PartitionIndex, ProducerId } from '../../model/vocabulary/units.ts'
import type { TopicId } from '../ports/image.ts'
import type { SettingType } from './topic-settings.ts'

/** How one part of a request ended: the name of one of Kafka's errors, or `NONE`, and a sentence for a person. */
export type AdminError = { readonly error: string; readonly message: string | null }

/** Success. */
export const none: AdminError = { error: 'NONE', message: null }

/** A failure. */
export function failed(error: string, message: string): AdminError {
  return { error, message: message.length > messageLengthMax ? `${message.slice(0, messageLengthMax)}…` : message }
}

/** Names that are as long as the protocol allows do not fit into an answer that says more than the name. */
const messageLengthMax = 1000

export type Partition = { readonly topic: string; readonly partition: PartitionIndex }

/** A setting as it is asked for; a null value is none. */
export type AskedSetting = { readonly name: string; readonly value: string | null }

/** A topic to create: by numbers (-1: the cluster's default), or by explicit replicas, preferred leader first. */
export type NewTopic = {
  readonly topic: string
  readonly partitions: number
  readonly replicationFactor: number
  /** Not empty: every partition from 0 on, in any order; the two numbers are -1 then. */
  readonly assignments: readonly { readonly partition: PartitionIndex; readonly brokerIds: readonly BrokerId[] }[]
  readonly settings: readonly AskedSetting[]
}

/** The numbers are -1, the id null and the settings empty on an error. */
export type CreatedTopic = AdminError & {
  readonly topic: string
  readonly topicId: TopicId | null
  readonly partitions: number
  readonly replicationFactor: number
  readonly settings: readonly DescribedSetting[]
}

/** A topic by its name or by its id; the other one is null. */
export type NamedTopic = { readonly topic: string | null; readonly topicId: TopicId | null }
export type DeletedTopic = AdminError & NamedTopic

/** `count` partitions in all. `assignments`: the replicas of each new one, in order; null: place them. */
export type GrowingTopic = {
  readonly topic: string
  readonly count: number
  readonly assignments: readonly (readonly BrokerId[])[] | null
}
export type GrownTopic = AdminError & { readonly topic: string }

/** Whose settings: a topic by name, or a broker by its id as text ('' stands for all). */
export type Resource = { readonly type: 'topic' | 'broker' | 'other'; readonly name: string }
export type AlteredResource = AdminError & Resource

/** All settings of a resource; those not among them are reset. */
export type ReplacedSettings = Resource & { readonly settings: readonly AskedSetting[] }

/** Some settings of a resource (KIP-339); `APPEND` and `SUBTRACT` are for lists. */
export type ChangedSettings = Resource & {
  readonly changes: readonly (AskedSetting & { readonly operation: 'SET' | 'DELETE' | 'APPEND' | 'SUBTRACT' })[]
}

/** Where a value comes from, by the names of `DescribeConfigsResponse.ConfigSource`. */
export type SettingSource = 'DYNAMIC_TOPIC_CONFIG' | 'STATIC_BROKER_CONFIG' | 'DEFAULT_CONFIG'
export type SettingValue = { readonly name: string; readonly value: string; readonly source: SettingSource }
export type DescribedSetting = SettingValue & {
  readonly type: SettingType
  readonly readOnly: boolean
  /** This value, and what would stand in its place if it were not set. */
  readonly synonyms: readonly SettingValue[]
}

/** `names` null: all. */
export type AskedResource = Resource & { readonly names: readonly string[] | null }
export type DescribedResource = AlteredResource & { readonly settings: readonly DescribedSetting[] }

export type Elected = AdminError & Partition

/** `replicas` null: as it was before the reassignment that is going on. */
export type AskedReassignment = Partition & { readonly replicas: readonly BrokerId[] | null }
export type AlteredReassignment = AdminError & Partition
export type ListedReassignment = Partition & {
  readonly replicas: readonly BrokerId[]
  readonly adding: readonly BrokerId[]
  readonly removing: readonly BrokerId[]
}

/** `count` ids from the first on, which nobody had before. */
export type ProducerIdBlock = { readonly firstProducerId: ProducerId; readonly count: number }
