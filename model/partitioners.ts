// Which partition a producer's record goes to: scope `partitioner`. Follows Kafka's BuiltInPartitioner,
// RoundRobinPartitioner and KIP-480's sticky partitioner. Leaves out KIP-794's byte counting and queue sizes; a number in
// the operation stands for the dice.
import { murmur2, utf8Bytes } from './murmur2.ts'
import { unreachable } from './unreachable.ts'
import type {
  PartitionerName,
  PartitionerObservation,
  PartitionerOperation,
  PartitionerOutcome,
} from './vocabulary/choosing.ts'
import type { PartitionIndex } from './vocabulary/units.ts'

/** What a partitioner remembers of each topic that it chose for, topics ascending. */
export type PartitionerState = {
  readonly partitioner: PartitionerName
  readonly topics: PartitionerObservation['topics']
}

/** One record that wants a partition. */
export type PartitionerChoice = Omit<Extract<PartitionerOperation, { kind: 'choose' }>, 'kind'>

export type PartitionerStep = { readonly state: PartitionerState; readonly outcome: PartitionerOutcome }

type TopicState = PartitionerObservation['topics'][number]

/** A partitioner that chose nothing yet. */
export function initialPartitioner(partitioner: PartitionerName): PartitionerState {
  return { partitioner, topics: [] }
}

/** The partitioner after an operation, and what it answered. Total; the same state object when nothing changed. */
export function stepPartitioner(state: PartitionerState, operation: PartitionerOperation): PartitionerStep {
  switch (operation.kind) {
    case 'choose':
      return choosePartition(state, operation)
    case 'newBatch':
      return { state: endBatch(state, operation.topic), outcome: { kind: 'done' } }
    default:
      return unreachable(operation)
  }
}

/**
 * Who: a producer with a record.
 * Then: a partition that the caller gave is taken; else the key's hash decides, whether or not that partition has a
 * leader now; else the partitioner. UNKNOWN_TOPIC_OR_PARTITION for a given partition that does not exist.
 * Source: `KafkaProducer.partition`.
 */
export function choosePartition(state: PartitionerState, choice: PartitionerChoice): PartitionerStep {
  const { given, key, partitionCount } = choice
  if (partitionCount < 1) return unknownPartition(state)
  if (given !== null) return given >= 0 && given < partitionCount ? chosen(state, given) : unknownPartition(state)
  if (key !== null) return chosen(state, partitionForKey(key, partitionCount))
  switch (state.partitioner) {
    case 'roundRobin':
      return chooseRoundRobin(state, choice)
    case 'sticky':
      return chooseSticky(state, choice)
    default:
      return unreachable(state.partitioner)
  }
}

/**
 * The partition of a key: murmur2 of its UTF-8 bytes, its sign bit masked off (`Math.abs` would not do: the smallest
 * integer has no positive twin), modulo the partition count. Source: `BuiltInPartitioner.partitionForKey`.
 */
export function partitionForKey(key: string, partitionCount: number): PartitionIndex {
  return positive(murmur2(utf8Bytes(key))) % partitionCount
}

/**
 * Who: a producer that closed its batch for a topic.
 * Then: the next record without a key goes to another partition, if there is one. Only a sticky partitioner has a choice
 * to end. Source: KIP-480, `StickyPartitionCache.nextPartition`.
 */
export function endBatch(state: PartitionerState, topic: string): PartitionerState {
  const memory = topicState(state, topic)
  return memory.current === null ? state : withTopic(state, { ...memory, current: null, previous: memory.current })
}

/** Counters and choices of all topics, ascending by topic. */
export function observePartitioner(state: PartitionerState): PartitionerObservation {
  return { topics: state.topics }
}

/** `RoundRobinPartitioner.partition`: a counter for each topic, over the partitions that have a leader. */
function chooseRoundRobin(
  state: PartitionerState,
  { topic, available, partitionCount }: PartitionerChoice,
): PartitionerStep {
  const memory = topicState(state, topic)
  const turn = positive(memory.counter)
  const partition = available[turn % Math.max(1, available.length)] ?? turn % partitionCount
  return chosen(withTopic(state, { ...memory, counter: memory.counter + 1 }), partition)
}

/** KIP-480: keep to one partition until its batch is closed, so that batches fill. */
function chooseSticky(state: PartitionerState, choice: PartitionerChoice): PartitionerStep {
  const memory = topicState(state, choice.topic)
  if (memory.current !== null) return chosen(state, memory.current)
  const partition = drawn(choice, memory.previous)
  return chosen(withTopic(state, { ...memory, current: partition }), partition)
}

/** Among several available partitions never the previous one twice: its neighbour to the right instead. */
function drawn(
  { available, draw, partitionCount }: PartitionerChoice,
  previous: PartitionIndex | null,
): PartitionIndex {
  if (available.length === 0) return draw % partitionCount
  const index = draw % available.length
  const isRepeat = available.length > 1 && available[index] === previous
  return available[isRepeat ? (index + 1) % available.length : index] ?? draw % partitionCount
}

/** A number without its sign bit, as 31 bits (`Utils.toPositive`). */
function positive(number: number): number {
  return number & 0x7fffffff
}

function topicState(state: PartitionerState, topic: string): TopicState {
  for (const memory of state.topics) if (memory.topic === topic) return memory
  return { topic, counter: 0, current: null, previous: null }
}

function withTopic(state: PartitionerState, memory: TopicState): PartitionerState {
  const below = state.topics.filter(({ topic }) => topic < memory.topic)
  const above = state.topics.filter(({ topic }) => topic > memory.topic)
  return { ...state, topics: [...below, memory, ...above] }
}

function chosen(state: PartitionerState, partition: PartitionIndex): PartitionerStep {
  return { state, outcome: { kind: 'chosen', partition } }
}

function unknownPartition(state: PartitionerState): PartitionerStep {
  return { state, outcome: { kind: 'error', error: 'UNKNOWN_TOPIC_OR_PARTITION' } }
}
