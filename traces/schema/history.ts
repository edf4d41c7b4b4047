// The JSON Schema of recorded histories: of the header, and of one operation. Optional fields may be absent, so that little
// must be recorded; others are never accepted.
import { historyFormat, historyVersion } from '../history-format.ts'
import {
  anyText,
  boolean,
  constant,
  integer,
  type JsonSchema,
  list,
  nullable,
  object,
  oneOfValues,
  record,
  type Schema,
  type TypeOf,
} from './build.ts'
import { acks, generationId, offset, partition, topicPartition } from './parts.ts'

type Fields = Readonly<Record<string, Schema<unknown>>>
type Instance<F extends Fields, O extends Fields> = { readonly [K in keyof F]: TypeOf<F[K]> } & {
  readonly [K in keyof O]?: TypeOf<O[K]>
}

/** Objects with these fields, of which some may be absent. */
function withOptional<F extends Fields, O extends Fields>(fields: F, optional: O): Schema<Instance<F, O>> {
  return { json: object(fields, optional) }
}

const name: Schema<string> = { json: { type: 'string', minLength: 1, maxLength: 250 } }
const value = anyText(1_000_000)
const key = nullable(value)
const moment: Schema<number> = { json: { type: 'number', minimum: 0, maximum: 2 ** 53 - 1 } }
const count = integer(0, 2 ** 31 - 1)
const recordsMost = 1_000_000
const completed = oneOfValues('ok', 'fail', 'info')
const timed = { client: name, start: moment, end: moment, completed }
const spoken = { error: anyText(10_000) }

const sentRecord = withOptional({ value, offset: nullable(offset) }, { key })
const polledRecord = withOptional({ topic: name, partition, offset, value }, { key })
const offsets = list(record({ topic: name, partition, offset }), recordsMost)
const partitions = list(topicPartition, recordsMost)
const member = { group: name, generation: generationId }

export const historySettings = record({
  acks,
  idempotent: boolean,
  retries: boolean,
  maxInFlight: integer(1, 2 ** 31 - 1),
  transactions: boolean,
  isolation: oneOfValues('read_uncommitted', 'read_committed'),
  commitsAfterProcessing: boolean,
  minInSyncReplicas: integer(1, 1000),
  uncleanLeaderElection: boolean,
  cleanupPolicy: oneOfValues('delete', 'compact', 'compact,delete'),
  recordsDeleted: boolean,
  groupsForgotten: boolean,
  leaderChanges: nullable(count),
  replicasLost: nullable(count),
  readToEnd: boolean,
})

export const historyHeader = withOptional(
  { format: constant(historyFormat), version: constant(historyVersion), settings: historySettings },
  { note: anyText(10_000) },
)

/** A poll may name the group that its consumer is in. */
const operations = {
  send: withKind('send', { topic: name, partition, records: list(sentRecord, recordsMost) }, {}),
  poll: withKind('poll', { records: list(polledRecord, recordsMost) }, member),
  commit: withKind('commit', { ...member, offsets }, {}),
  committed: withKind('committed', { group: name, offsets }, {}),
  resetOffsets: withKind('resetOffsets', { group: name, offsets }, {}),
  assign: withKind('assign', { partitions }, {}),
  subscribe: withKind('subscribe', { group: name, topics: list(name, recordsMost) }, { groupInstanceId: name }),
  rebalance: withKind('rebalance', { ...member, partitions }, {}),
  seek: withKind('seek', { topic: name, partition }, {}),
  crash: withKind('crash', {}, {}),
}

function withKind<const K extends string, F extends Fields, O extends Fields>(kind: K, fields: F, optional: O) {
  return withOptional({ kind: constant(kind), ...timed, ...fields }, { ...spoken, ...optional })
}

export const historyOperation: Schema<TypeOf<(typeof operations)[keyof typeof operations]>> = {
  json: {
    type: 'object',
    discriminator: { propertyName: 'kind' },
    oneOf: Object.values(operations).map(({ json }) => json),
  },
}

/** The schema of one line, for other languages and for editors: written to traces/history-schema.json. */
export function historySchema(): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'kafka-lockstep recorded history: the header stands in the first line, an operation in each other',
    anyOf: [historyHeader.json, historyOperation.json],
  }
}
