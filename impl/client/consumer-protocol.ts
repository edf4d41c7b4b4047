// What consumers say to each other through their group's coordinator: subscriptions and assignments as bytes. Follows
// `ConsumerProtocol`, `ConsumerProtocolSubscription.json` and `ConsumerProtocolAssignment.json`, versions 0 to 3.
//
// A version says how much follows: 1 adds what the member owns (KIP-429), 2 since which generation (KIP-792), 3 its rack
// (KIP-881). A version that is not known here is read as the newest one that is, as Kafka does: newer ones only append.
import type { TopicPartition } from '../../model/vocabulary/choosing.ts'
import type { GenerationId } from '../../model/vocabulary/units.ts'
import { PayloadReader } from './payload-reader.ts'
import { PayloadWriter } from './payload-writer.ts'

/** The type of a group whose members speak this protocol. */
export const consumerProtocolType = 'consumer'

/** What a member subscribes to, and what it owned when it asked to join. */
export type Subscription = {
  readonly topics: readonly string[]
  /** For the assignor alone. */
  readonly userData: Uint8Array | null
  /** In the order in which they are written: a topic may come more than once. */
  readonly ownedPartitions: readonly TopicPartition[]
  /** -1: not told. */
  readonly generationId: GenerationId
  readonly rackId: string | null
}

/** A member's share. */
export type ConsumerAssignment = {
  readonly partitions: readonly TopicPartition[]
  readonly userData: Uint8Array | null
}

/** Bytes come from anybody: they may be anything. */
export type Decoded<Value> =
  | { readonly kind: 'decoded'; readonly value: Value }
  | { readonly kind: 'malformed'; readonly reason: string }

/** The bytes of a subscription, in the lowest version that can carry it. Throws on a name that is longer than 32,767 bytes. */
export function encodeSubscription(subscription: Subscription): Uint8Array {
  const { topics, userData, ownedPartitions, generationId, rackId } = subscription
  const version = lowestVersion(subscription)
  writer.int16(version)
  writer.int32(topics.length)
  for (const topic of topics) writer.text(topic)
  writer.bytes(userData)
  if (version >= 1) writePartitions(ownedPartitions)
  if (version >= 2) writer.int32(generationId)
  if (version >= 3) writer.nullableText(rackId)
  return writer.taken()
}

/** Reads a subscription of any version; what follows it is ignored. Byte arrays are copies. */
export function decodeSubscription(payload: Uint8Array): Decoded<Subscription> {
  const reader = new PayloadReader(payload)
  const version = reader.int16()
  const topics = reader.list(leastText, () => reader.text())
  const userData = reader.bytes()
  const ownedPartitions = version >= 1 ? readPartitions(reader) : []
  const generationId = version >= 2 ? reader.int32() : -1
  const rackId = version >= 3 ? reader.nullableText() : null
  if (version < 0) reader.fail('a negative version')
  return decoded(reader, { topics, userData, ownedPartitions, generationId, rackId })
}

/** The bytes of an assignment: version 0, since no later one says more. */
export function encodeAssignment({ partitions, userData }: ConsumerAssignment): Uint8Array {
  writer.int16(0)
  writePartitions(partitions)
  writer.bytes(userData)
  return writer.taken()
}

/** Reads an assignment of any version; what follows it is ignored. No bytes at all are an empty one: no leader named the member. */
export function decodeAssignment(payload: Uint8Array): Decoded<ConsumerAssignment> {
  if (payload.length === 0) return { kind: 'decoded', value: { partitions: [], userData: null } }
  const reader = new PayloadReader(payload)
  if (reader.int16() < 0) reader.fail('a negative version')
  const partitions = readPartitions(reader)
  const userData = reader.bytes()
  return decoded(reader, { partitions, userData })
}

/** What the smallest items of the lists take: the list's length is held against what is left. */
const leastText = 2
const leastTopic = 6
const leastPartition = 4

/** Everything is written in one go, so that one writer is enough. */
const writer = new PayloadWriter()

function lowestVersion({ ownedPartitions, generationId, rackId }: Subscription): number {
  if (rackId !== null) return 3
  if (generationId !== -1) return 2
  return ownedPartitions.length > 0 ? 1 : 0
}

function decoded<Value>({ problem }: PayloadReader, value: Value): Decoded<Value> {
  return problem === null ? { kind: 'decoded', value } : { kind: 'malformed', reason: problem }
}

/** Neighbours of one topic share an entry, so that the order is kept whatever it is. */
function writePartitions(partitions: readonly TopicPartition[]): void {
  const runs: { readonly topic: string; readonly indexes: number[] }[] = []
  for (const { topic, partition } of partitions) {
    const last = runs.at(-1)
    if (last?.topic === topic) last.indexes.push(partition)
    else runs.push({ topic, indexes: [partition] })
  }
  writer.int32(runs.length)
  for (const { topic, indexes } of runs) {
    writer.text(topic)
    writer.int32(indexes.length)
    for (const index of indexes) writer.int32(index)
  }
}

function readPartitions(reader: PayloadReader): readonly TopicPartition[] {
  const partitions: TopicPartition[] = []
  reader.list(leastTopic, () => {
    const topic = reader.text()
    reader.list(leastPartition, () => partitions.push({ topic, partition: reader.int32() }))
  })
  return partitions
}
