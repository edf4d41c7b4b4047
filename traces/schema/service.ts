// Set-up and operations of scope `service`.
import {
  constant,
  integer,
  type JsonSchema,
  kinds,
  list,
  nullable,
  oneOfValues,
  record,
  type Schema,
  text,
} from './build.ts'
import {
  acks,
  assignor,
  bytes,
  content,
  generationId,
  name,
  offset,
  partition,
  plainRecord,
  sequence,
  session,
  timestamp,
  topicPartition,
} from './parts.ts'

/** May be a name that no topic can have. */
const topic = name
const version = integer(0, 100)
const versions: Schema<Readonly<Record<string, number>>> = {
  json: { type: 'object', additionalProperties: version.json, propertyNames: { pattern: '^[A-Za-z]{1,40}$' } },
}
const settingNames = ['cleanup.policy', 'max.message.bytes', 'min.insync.replicas', 'compression.type'] as const
type Config = { readonly [K in (typeof settingNames)[number]]?: string }
const config: Schema<Config> = {
  json: {
    type: 'object',
    properties: Object.fromEntries(settingNames.map((setting): [string, JsonSchema] => [setting, name.json])),
    additionalProperties: false,
  },
}
const claimed = oneOfValues('none', 'current', 'older', 'newer')
const place = { topic, partition }
const member = { group: name, client: text('^c[1-9][0-9]{0,2}$'), memberId: name, groupInstanceId: nullable(name) }
const stamp: Schema<{
  readonly producer: string
  readonly producerEpoch: number
  readonly baseSequence: number
} | null> = {
  json: { anyOf: [record({ producer: name, producerEpoch: session, baseSequence: sequence }).json, { type: 'null' }] },
}
const records = list(plainRecord, 10_000, 1)
const topics = list(name, 100)

export const service = {
  setup: record({ scope: constant('service'), brokers: integer(1, 1000), versions: versions }),
  operation: kinds({
    createTopic: { topic, partitions: partition, replicationFactor: integer(-1, 1000), config },
    deleteTopic: { topic },
    createPartitions: { topic, count: partition },
    describeTopic: { topic },
    describeConfig: { topic, name: oneOfValues(...settingNames) },
    alterConfig: { topic, name: oneOfValues(...settingNames), value: nullable(name) },
    initProducer: { producer: name },
    produce: {
      ...place,
      stamp,
      acks,
      codec: oneOfValues('none', 'gzip', 'snappy', 'lz4', 'zstd'),
      fault: oneOfValues('none', 'checksum', 'abandoned'),
      records,
    },
    fetch: {
      ...place,
      offset,
      bytesMax: bytes,
      epoch: claimed,
      isolation: oneOfValues('read_uncommitted', 'read_committed'),
    },
    readAll: place,
    listOffsets: { ...place, timestamp, epoch: claimed },
    deleteRecords: { ...place, offset },
    endOffsetForEpoch: { ...place, epoch: claimed },
    join: {
      ...member,
      session: oneOfValues('long', 'short'),
      protocols: list(record({ name: assignor, topics }), 10),
    },
    sync: {
      ...member,
      generationId,
      assignments: list(record({ memberId: name, partitions: list(topicPartition, 10_000) }), 1000),
    },
    heartbeat: { ...member, generationId },
    leave: member,
    commit: { ...member, generationId, ...place, offset, metadata: content },
    committed: { group: name, ...place },
    deleteOffset: { group: name, ...place },
    describeGroup: { group: name },
    listGroups: {},
    deleteGroup: { group: name },
    lapse: { group: name, client: member.client, memberId: name },
  }),
}
