// Choosing partitions: scopes `partitioner` (producers) and `assignor` (consumer groups).
import type { ErrorName } from './errors.ts'
import type { GenerationId, PartitionIndex } from './units.ts'

export type TopicPartition = { readonly topic: string; readonly partition: PartitionIndex }

/** What a producer does with records that have neither a given partition nor a key. */
export type PartitionerName = 'roundRobin' | 'sticky'

export type PartitionerSetup = { readonly scope: 'partitioner'; readonly partitioner: PartitionerName }

/**
 * - `choose` picks the partition of one record; `available` lists the partitions that have a leader, ascending, and `draw`
 *   stands for the dice.
 * - `newBatch` tells that the topic's batch was closed.
 */
export type PartitionerOperation =
  | {
      readonly kind: 'choose'
      readonly topic: string
      readonly given: PartitionIndex | null
      readonly key: string | null
      readonly partitionCount: number
      readonly available: readonly PartitionIndex[]
      readonly draw: number
    }
  | { readonly kind: 'newBatch'; readonly topic: string }

export type PartitionerOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'error'; readonly error: ErrorName }
  | { readonly kind: 'chosen'; readonly partition: PartitionIndex }

/** Counters and sticky choices by topic, topics ascending; topics never used are absent. */
export type PartitionerObservation = {
  readonly topics: readonly {
    readonly topic: string
    readonly counter: number
    readonly current: PartitionIndex | null
    readonly previous: PartitionIndex | null
  }[]
}

export type AssignorName = 'range' | 'roundrobin' | 'sticky' | 'cooperative-sticky'

/** A member as an assignor sees it. `owned` was assigned to it in `generationId` (-1: it owns nothing yet). */
export type AssignorMember = {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly topics: readonly string[]
  readonly owned: readonly TopicPartition[]
  readonly generationId: GenerationId
}

/** Members ascending by id, partitions ascending by topic then partition. */
export type Assignment = readonly { readonly memberId: string; readonly partitions: readonly TopicPartition[] }[]

export type AssignorSetup = { readonly scope: 'assignor' }

/**
 * A small group whose members keep what they were last given.
 * - `join` adds or changes a member (its `owned` is kept when it only changes topics; partitions that it owns stay claimed).
 * - `setPartitionCount` creates, grows, shrinks or (0) deletes a topic.
 * - `claim` makes a member claim partitions that it may not own (a zombie, or a liar), in a generation of its choice.
 * - `assign` runs the assignor for everybody, raises the generation by one and hands the result out.
 */
export type AssignorOperation =
  | {
      readonly kind: 'join'
      readonly memberId: string
      readonly groupInstanceId: string | null
      readonly topics: readonly string[]
    }
  | { readonly kind: 'leave'; readonly memberId: string }
  | { readonly kind: 'setPartitionCount'; readonly topic: string; readonly count: number }
  | {
      readonly kind: 'claim'
      readonly memberId: string
      readonly owned: readonly TopicPartition[]
      readonly generationId: GenerationId
    }
  | { readonly kind: 'assign'; readonly assignor: AssignorName }

export type AssignorOutcome = { readonly kind: 'done' } | { readonly kind: 'assigned'; readonly assignment: Assignment }

export type AssignorObservation = {
  readonly generationId: GenerationId
  readonly topics: readonly { readonly topic: string; readonly count: number }[]
  readonly members: readonly AssignorMember[]
}
