// The published schemas say what stands in many places once, under `definitions`, and refer to it from there. What programs
// check with has everything in its place, so that a complaint names the place and nothing has to be resolved.
import type { JsonSchema, Schema } from './build.ts'
import { nullable } from './build.ts'
import { committedOffsets, joinProtocol, memberAssignments, message, metadataImage, records } from './messages.ts'
import { batches, epochs, groups, partitionLeaders, producers } from './observations.ts'
import {
  assignor,
  batch,
  brokerConfig,
  brokerId,
  clientConfig,
  content,
  damage,
  endpoint,
  errorName,
  groupConfig,
  int32Range,
  keyAndValue,
  logConfig,
  logRecord,
  name,
  offset,
  plainRecord,
  timestamp,
  topic,
  topicConfig,
  topicPartition,
  topicPartitions,
  topics,
  unplacedBatch,
} from './parts.ts'

/** What is said once, under its name there. Parts that accept the same are one, whatever they are called elsewhere. */
const shared: Readonly<Record<string, Schema<unknown>>> = {
  error: errorName,
  int32: int32Range,
  offset,
  timestamp,
  brokerId,
  topic,
  topics,
  name,
  nameOrNull: nullable(name),
  endpoint,
  content,
  contentOrNull: nullable(content),
  topicPartition,
  topicPartitions,
  recordWithoutOffset: plainRecord,
  keyAndValue,
  record: logRecord,
  batch,
  batches,
  batchWithoutOffsets: unplacedBatch,
  batchesOrUnplaced: records,
  epochs,
  producers,
  damage,
  logConfig,
  topicConfig,
  brokerConfig,
  groupConfig,
  clientConfig,
  assignorName: assignor,
  joinProtocol,
  memberAssignments,
  committedOffsets,
  partitionLeaders,
  groups,
  metadataImage,
  message,
  ...messageKinds(),
}

/** The same schema, in which every shared part is a reference to its definition. */
export function withDefinitions(schema: JsonSchema): JsonSchema {
  const nameOf = new Map(Object.entries(shared).map(([called, part]) => [JSON.stringify(part.json), called]))
  const definitions: Record<string, unknown> = {}
  const inner = (value: object): object =>
    Array.isArray(value)
      ? value.map(referring)
      : Object.fromEntries(Object.entries(value).map(([keyword, part]) => [keyword, referring(part)]))
  const referring = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value
    const called = nameOf.get(JSON.stringify(value))
    if (called === undefined) return inner(value)
    definitions[called] ??= inner(value)
    return { $ref: `#/definitions/${called}` }
  }
  const { definitions: own, ...rest } = schema
  const outer = inner(rest)
  const ownReferring = own === undefined ? {} : (referring(own) as object)
  const sorted = Object.fromEntries(Object.entries(definitions).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  return { ...outer, definitions: { ...ownReferring, ...sorted } }
}

/** Each message by its kind. */
function messageKinds(): Readonly<Record<string, Schema<unknown>>> {
  const { oneOf } = message.json
  if (!Array.isArray(oneOf)) throw new Error('messages are not told apart by kind')
  return Object.fromEntries(oneOf.map((json): [string, Schema<unknown>] => [json.properties.kind.const, { json }]))
}
