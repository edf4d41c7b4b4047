// What a cluster does for its clients: scope `service`. The subject is any broker that speaks Kafka's protocol; what
// happens between its nodes cannot be seen, so there is no observation, only answers.
//
// Everything that a broker names or chooses is symbolic here: topics and groups have short names that the driver makes
// unique, a member's id is `c1#2` (the second that client c1 was told), a producer is p1, times are counted from the
// run's own beginning. So a run is plain data that means the same on every broker.
import type { AssignorName, TopicPartition } from './choosing.ts'
import type { GroupState } from './groups.ts'
import type { LogRecord, PlainRecord } from './records.ts'
import type { Bytes, GenerationId, Milliseconds, Offset, PartitionIndex, ProducerEpoch, Sequence } from './units.ts'

/** `brokers`: how many there are. `versions`: the version of each API that is spoken, by Kafka's name of the API. */
export type ServiceSetup = {
  readonly scope: 'service'
  readonly brokers: number
  readonly versions: Readonly<Record<string, number>>
}

/** Kafka's codecs. */
export type CodecName = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'

/** Settings of a topic that are tried, by Kafka's names; values are texts, as on the wire. */
export type ServiceTopicConfig = {
  readonly 'cleanup.policy'?: string
  readonly 'max.message.bytes'?: string
  readonly 'min.insync.replicas'?: string
  readonly 'compression.type'?: string
}

/** Which leader epoch a request claims to know: none, the partition's own, one less or one more. */
export type ClaimedEpoch = 'none' | 'current' | 'older' | 'newer'

/** The stamp of an idempotent producer that was initialised before: its epoch is 0 then, and the client may raise it. */
export type ServiceStamp = {
  readonly producer: string
  readonly producerEpoch: ProducerEpoch
  readonly baseSequence: Sequence
}

/** What a member offers for one assignor. */
export type ServiceProtocol = { readonly name: AssignorName; readonly topics: readonly string[] }

/** Who sends a request to a group: `memberId` may be '' or one that nobody has. */
export type ServiceMember = {
  readonly group: string
  readonly client: string
  readonly memberId: string
  readonly groupInstanceId: string | null
}

/**
 * One request of a client, or (`readAll`) as many as it takes.
 * - `produce`: `fault` `checksum` spoils the batch; `abandoned` sends it and closes the connection. With `acks` 0 nobody
 *   waits either. Such a batch may be appended at any later time, or never.
 * - `fetch`: one request; `readAll` repeats it up to the partition's end.
 * - `listOffsets`: `timestamp` -1 the end, -2 the start, -3 the largest timestamp, else a time.
 * - `deleteRecords`: `offset` -1 means the high watermark.
 * - `endOffsetForEpoch` asks where the epoch that `epoch` names ends; `none` asks for epoch -1.
 * - `join` and `sync` may wait for others; what they wait for is answered by a later operation.
 * - `sync`: the leader's `assignments`; of others they are ignored.
 * - `commit`: generation -1 and member '' is a client that is no member.
 * - `lapse`: a member with a short session says nothing until the coordinator has given it up.
 */
export type ServiceOperation =
  | {
      readonly kind: 'createTopic'
      readonly topic: string
      readonly partitions: number
      readonly replicationFactor: number
      readonly config: ServiceTopicConfig
    }
  | { readonly kind: 'deleteTopic'; readonly topic: string }
  | { readonly kind: 'createPartitions'; readonly topic: string; readonly count: number }
  | { readonly kind: 'describeTopic'; readonly topic: string }
  | { readonly kind: 'describeConfig'; readonly topic: string; readonly name: keyof ServiceTopicConfig }
  | {
      readonly kind: 'alterConfig'
      readonly topic: string
      readonly name: keyof ServiceTopicConfig
      /** Null removes the setting. */
      readonly value: string | null
    }
  | { readonly kind: 'initProducer'; readonly producer: string }
  | {
      readonly kind: 'produce'
      readonly topic: string
      readonly partition: PartitionIndex
      readonly stamp: ServiceStamp | null
      readonly acks: -1 | 0 | 1
      readonly codec: CodecName
      readonly fault: 'none' | 'checksum' | 'abandoned'
      readonly records: readonly PlainRecord[]
    }
  | {
      readonly kind: 'fetch'
      readonly topic: string
      readonly partition: PartitionIndex
      readonly offset: Offset
      readonly bytesMax: Bytes
      readonly epoch: ClaimedEpoch
      readonly isolation: 'read_uncommitted' | 'read_committed'
    }
  | { readonly kind: 'readAll'; readonly topic: string; readonly partition: PartitionIndex }
  | {
      readonly kind: 'listOffsets'
      readonly topic: string
      readonly partition: PartitionIndex
      readonly timestamp: Milliseconds
      readonly epoch: ClaimedEpoch
    }
  | {
      readonly kind: 'deleteRecords'
      readonly topic: string
      readonly partition: PartitionIndex
      readonly offset: Offset
    }
  | {
      readonly kind: 'endOffsetForEpoch'
      readonly topic: string
      readonly partition: PartitionIndex
      readonly epoch: ClaimedEpoch
    }
  | (ServiceMember & {
      readonly kind: 'join'
      readonly session: 'long' | 'short'
      /** In the member's order of preference. */
      readonly protocols: readonly ServiceProtocol[]
    })
  | (ServiceMember & {
      readonly kind: 'sync'
      readonly generationId: GenerationId
      readonly assignments: readonly ServiceAssignment[]
    })
  | (ServiceMember & { readonly kind: 'heartbeat'; readonly generationId: GenerationId })
  | (ServiceMember & { readonly kind: 'leave' })
  | (ServiceMember & {
      readonly kind: 'commit'
      readonly generationId: GenerationId
      readonly topic: string
      readonly partition: PartitionIndex
      readonly offset: Offset
      readonly metadata: string
    })
  | {
      readonly kind: 'committed'
      readonly group: string
      readonly topic: string
      readonly partition: PartitionIndex
    }
  | {
      readonly kind: 'deleteOffset'
      readonly group: string
      readonly topic: string
      readonly partition: PartitionIndex
    }
  | { readonly kind: 'describeGroup'; readonly group: string }
  | { readonly kind: 'listGroups' }
  | { readonly kind: 'deleteGroup'; readonly group: string }
  | { readonly kind: 'lapse'; readonly group: string; readonly client: string; readonly memberId: string }

/** What the leader assigns to one member; partitions ascending by topic, then partition. */
export type ServiceAssignment = { readonly memberId: string; readonly partitions: readonly TopicPartition[] }

/**
 * Answers of a group's coordinator that this operation brought, to whoever waited: ascending by client, and those to one client
 * by what they answer: joins, syncs, heartbeats, leaves, commits.
 */
export type ServiceGroupAnswer =
  | {
      readonly to: 'join'
      readonly client: string
      /** `NONE`, or Kafka's name of the error, with which nothing else means anything but the id of MEMBER_ID_REQUIRED. */
      readonly error: string
      /** '' when the answer hands none out. */
      readonly memberId: string
      readonly generationId: GenerationId
      readonly protocolName: string | null
      readonly leader: string
      /** For the leader: everybody, ascending by member id. */
      readonly members: readonly ServiceJoinedMember[]
    }
  | {
      readonly to: 'sync'
      readonly client: string
      readonly error: string
      /** Ascending by topic, then partition. */
      readonly partitions: readonly TopicPartition[]
    }
  | { readonly to: 'heartbeat' | 'leave' | 'commit'; readonly client: string; readonly error: string }

export type ServiceJoinedMember = {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly topics: readonly string[]
}

/** What was answered. Errors are Kafka's names; a broker may answer any. */
export type ServiceOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'error'; readonly error: string }
  /** The operation means nothing here, such as a batch of a producer that was never initialised: nothing was sent. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'topic'; readonly partitions: number; readonly replicationFactor: number }
  /** `value` is null when the topic has none of its own: the broker's then counts, whatever it is. */
  | { readonly kind: 'config'; readonly value: string | null; readonly isDefault: boolean }
  | { readonly kind: 'appended'; readonly baseOffset: Offset }
  /** Sent, and nobody waits for an answer. */
  | { readonly kind: 'sent' }
  | {
      readonly kind: 'records'
      /** From the offset asked for on; ascending. */
      readonly records: readonly LogRecord[]
      readonly highWatermark: Offset
      readonly logStartOffset: Offset
    }
  /** Both -1: there is none. */
  | { readonly kind: 'offset'; readonly offset: Offset; readonly timestamp: Milliseconds }
  | { readonly kind: 'lowWatermark'; readonly offset: Offset }
  /** `isKnown` false: the broker knows no such epoch (end offset -1). */
  | { readonly kind: 'epochEnd'; readonly isKnown: boolean; readonly endOffset: Offset }
  | { readonly kind: 'answers'; readonly answers: readonly ServiceGroupAnswer[] }
  | { readonly kind: 'committed'; readonly offset: Offset; readonly metadata: string }
  | {
      readonly kind: 'group'
      readonly state: GroupState
      /** '' unless Stable. */
      readonly protocolName: string
      /** Ascending by member id. */
      readonly members: readonly ServiceGroupMember[]
    }
  /** The run's own groups, ascending. */
  | { readonly kind: 'groups'; readonly groups: readonly string[] }

export type ServiceGroupMember = {
  /** `c1#?` when its client has not been told it yet. */
  readonly memberId: string
  readonly groupInstanceId: string | null
  /** Empty unless the group is Stable. */
  readonly partitions: readonly TopicPartition[]
}
