// What members of a consumer group tell each other in bytes that the coordinator does not look into: Kafka's
// ConsumerProtocolSubscription (which generation the owned partitions are of, since version 2, KIP-792) and
// ConsumerProtocolAssignment, each behind the number of its version.

import type { TopicPartition } from '../../../model/vocabulary/choosing.ts'
import { compileRead } from '../read.ts'
import { Reader } from '../reader.ts'
import { array, bytes, type Fields, int16, int32, nullable, string, type ValueOf } from '../schema.ts'
import { WireError } from '../wire-error.ts'
import { compileWrite } from '../write.ts'
import { Writer } from '../writer.ts'
import { byTopic } from './family.ts'

const version = 3

const subscription = {
  version: int16(),
  topics: array('0+', 'string'),
  userData: nullable('0+', bytes(), null),
  ownedPartitions: array('1+', { topic: string(), partitions: array('0+', 'int32') }),
  generationId: int32('2+', -1),
  rackId: nullable('3+', string('3+'), null),
}

const assignment = {
  version: int16(),
  assignedPartitions: array('0+', { topic: string(), partitions: array('0+', 'int32') }),
  userData: nullable('0+', bytes(), null),
}

/** What a member subscribes to, and what it owns since which generation. */
export type Subscription = {
  readonly topics: readonly string[]
  readonly owned: readonly TopicPartition[]
  readonly generationId: number
}

export function encodeSubscription({ topics, owned, generationId }: Subscription): Uint8Array {
  return encode(subscription, {
    version,
    topics,
    userData: null,
    ownedPartitions: grouped(owned),
    generationId,
    rackId: null,
  })
}

/** Throws WireError for what is no subscription of this version. */
export function decodeSubscription(of: Uint8Array): Subscription {
  const { topics, ownedPartitions, generationId } = decode(subscription, of)
  return { topics, owned: flat(ownedPartitions), generationId }
}

export function encodeAssignment(partitions: readonly TopicPartition[]): Uint8Array {
  return encode(assignment, { version, assignedPartitions: grouped(partitions), userData: null })
}

/** Throws WireError for what is no assignment of this version. */
export function decodeAssignment(of: Uint8Array): readonly TopicPartition[] {
  return flat(decode(assignment, of).assignedPartitions)
}

type Grouped = readonly { readonly topic: string; readonly partitions: readonly number[] }[]

/** Partitions as Kafka's requests list them: those of one topic together. */
export function grouped(partitions: readonly TopicPartition[]): Grouped {
  return byTopic(partitions).map(({ topic, items }) => ({ topic, partitions: items.map(({ partition }) => partition) }))
}

/** The counterpart of `grouped`. */
export function flat(topics: Grouped): readonly TopicPartition[] {
  return topics.flatMap(({ topic, partitions }) => partitions.map(partition => ({ topic, partition })))
}

/** Apart from that of the frames, which may be in the middle of one. */
const writer = new Writer()

function encode<F extends Fields>(fields: F, value: ValueOf<F>): Uint8Array {
  writer.begin()
  compileWrite(fields, { number: version, flexible: false })(writer, value as never)
  const chunks = writer.finish()
  const [first = new Uint8Array(0)] = chunks
  return first
}

function decode<F extends Fields>(fields: F, of: Uint8Array): ValueOf<F> {
  const reader = new Reader(of)
  // The function was compiled from the table that the type is taken from.
  const value = compileRead(fields, { number: version, flexible: false })(reader) as ValueOf<F> & {
    readonly version: number
  }
  if (value.version !== version) throw new WireError(`version ${value.version} of the consumer protocol`)
  if (reader.left > 0) throw new WireError(`${reader.left} bytes follow`, reader.at)
  return value
}
