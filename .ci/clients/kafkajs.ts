// kafkajs against a broker: `node kafkajs.ts --bootstrap HOST:PORT`.

import { readFileSync } from 'node:fs'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import {
  becomes,
  bootstrap,
  type Check,
  expect,
  expectError,
  expectThat,
  recordsToSend,
  requireInstalled,
  run,
  type Sent,
  security,
  sleep,
  unique,
  waitUntil,
} from './harness.ts'
import { quickStarts } from './kafkajs-quick-start.ts'

process.env.KAFKAJS_NO_PARTITIONER_WARNING = '1'
const { Kafka, CompressionTypes, CompressionCodecs, ConfigResourceTypes, logLevel } = requireInstalled('kafkajs')
const { version } = requireInstalled('kafkajs/package.json')

// kafkajs brings gzip and takes the other codecs from outside; these are the ones that come with Node and its neighbour.
const wasm = requireInstalled('@platformatic/wasm-utils')
type Codec = readonly [type: number, compress: (bytes: Buffer) => Buffer, decompress: (bytes: Buffer) => Buffer]
const pluggable: readonly Codec[] = [
  [CompressionTypes.Snappy, wasm.snappyCompress, wasm.snappyDecompress],
  [CompressionTypes.LZ4, wasm.lz4Compress, wasm.lz4Decompress],
  [CompressionTypes.ZSTD, zstdCompressSync, zstdDecompressSync],
]
for (const [type, compress, decompress] of pluggable) {
  CompressionCodecs[type] = () => ({
    compress: async (encoder: { buffer: Buffer }) => Buffer.from(compress(encoder.buffer)),
    decompress: async (bytes: Buffer) => Buffer.from(decompress(bytes)),
  })
}

const secure = security.protocol?.endsWith('SSL') === true
const kafka = new Kafka({
  clientId: 'kafkajs-checks',
  brokers: bootstrap.split(','),
  logLevel: logLevel.NOTHING,
  retry: { retries: 5, initialRetryTime: 50 },
  ...(secure && { ssl: security.certificates === undefined ? true : { ca: readFileSync(security.certificates) } }),
  ...(security.mechanism !== undefined && {
    sasl: { mechanism: security.mechanism.toLowerCase(), username: security.username, password: security.password },
  }),
})
const admin = kafka.admin()
await admin.connect()

type Message = {
  key: Buffer | null
  value: Buffer | null
  headers: Record<string, Buffer>
  timestamp: string
  offset: string
}
type Given = { topic: string; partition: number; message: Message }

async function withTopic(partitions: number, body: (topic: string) => Promise<void>, configs: object = {}) {
  const topic = unique('kafkajs')
  const configEntries = Object.entries(configs).map(([name, value]) => ({ name, value }))
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: partitions, configEntries }] })
  try {
    await body(topic)
  } finally {
    await admin.deleteTopics({ topics: [topic] })
  }
}

async function send(topic: string, records: readonly Partial<Sent>[], options: object = {}, settings: object = {}) {
  const producer = kafka.producer({ allowAutoTopicCreation: false, ...settings })
  await producer.connect()
  const messages = records.map(({ headers, timestamp, ...rest }) => ({
    partition: 0,
    ...rest,
    ...(timestamp !== undefined && { timestamp: String(timestamp) }),
    headers: Object.fromEntries(headers ?? []),
  }))
  try {
    return await producer.send({ topic, messages, timeout: 5000, ...options })
  } finally {
    await producer.disconnect()
  }
}

const words = (...list: readonly string[]) => list.map(word => ({ value: Buffer.from(word) }))

/** A member of a group: what it was assigned, and what it has read and committed. */
class Member {
  owned: readonly number[] = []
  readonly seen: Given[] = []
  readonly #consumer

  constructor(group: string, settings: object = {}) {
    const common = { sessionTimeout: 6000, heartbeatInterval: 200, maxWaitTimeInMs: 100, metadataMaxAge: 1000 }
    this.#consumer = kafka.consumer({ groupId: group, ...common, ...settings })
    this.#consumer.on('consumer.group_join', (event: { payload: { memberAssignment: Record<string, number[]> } }) => {
      this.owned = Object.values(event.payload.memberAssignment)
        .flat()
        .toSorted((a, b) => a - b)
    })
  }

  async start(topic: string, fromBeginning = true): Promise<this> {
    await this.#consumer.connect()
    await this.#consumer.subscribe({ topic, fromBeginning })
    await this.#consumer.run({
      autoCommitThreshold: 1,
      eachMessage: async (given: Given) => {
        this.seen.push(given)
      },
    })
    return this
  }

  async leave(): Promise<void> {
    await this.#consumer.disconnect()
  }
}

async function readAll(topic: string, count: number): Promise<readonly Given[]> {
  const group = unique('reader')
  const member = await new Member(group).start(topic)
  try {
    await waitUntil(
      () => member.seen.length >= count,
      () => `${member.seen.length} of ${count} records were read`,
    )
    expect(member.seen.length, count, 'records read')
  } finally {
    await member.leave()
  }
  await admin.deleteGroups([group])
  return member.seen
}

async function roundTrip(topic: string, options: object = {}, settings: object = {}): Promise<void> {
  const records = recordsToSend()
  const large = records.filter(record => (record.value?.length ?? 0) > 100_000)
  const rest = records.filter(record => !large.includes(record))
  const sent = [...large, ...rest]
  for (const part of [...large.map(record => [record]), rest]) await send(topic, part, options, settings)
  const found = (await readAll(topic, sent.length)).map(({ message }) => message)
  for (const [index, { key, value, headers, timestamp }] of sent.entries()) {
    const message = found[index]
    expect(message?.offset, String(index), `offset of record ${index}`)
    expect(message?.key, key, `key of record ${index}`)
    expect(message?.value, value, `value of record ${index}`)
    expect(Object.entries(message?.headers ?? {}), headers, `headers of record ${index}`)
    expect(message?.timestamp, String(timestamp), `timestamp of record ${index}`)
  }
}

async function describeCluster(): Promise<void> {
  const cluster = await admin.describeCluster()
  expectThat(cluster.brokers.length > 0, 'no broker is listed')
  const ids = cluster.brokers.map((broker: { nodeId: number }) => broker.nodeId)
  expectThat(ids.includes(cluster.controller), `the controller ${cluster.controller} is none of the brokers ${ids}`)
}

async function topics(): Promise<void> {
  await withTopic(3, async topic => {
    expect(await admin.createTopics({ topics: [{ topic }] }), false, 'creating a topic twice')
    expectThat((await admin.listTopics()).includes(topic), 'the created topic is not listed')
    await admin.createPartitions({ topicPartitions: [{ topic, count: 5 }] })
    const count = async () => (await admin.fetchTopicMetadata({ topics: [topic] })).topics[0].partitions.length
    await waitUntil(
      async () => (await count()) === 5,
      () => 'the topic has not grown to 5 partitions',
    )
    const fewer = admin.createPartitions({ topicPartitions: [{ topic, count: 2 }] })
    await expectError(fewer, 'INVALID_PARTITIONS', 'fewer partitions')
    await admin.deleteTopics({ topics: [topic] })
    await waitUntil(
      async () => !(await admin.listTopics()).includes(topic),
      () => 'a deleted topic is still listed',
    )
    await expectError(admin.deleteTopics({ topics: [topic] }), 'UNKNOWN_TOPIC_OR_PARTITION', 'deleting it twice')
    await admin.createTopics({ waitForLeaders: true, topics: [{ topic }] })
  })
}

async function acknowledgements(): Promise<void> {
  await withTopic(1, async topic => {
    for (const acks of [0, 1, -1]) {
      const answer = await send(topic, words(`${acks}-a`, `${acks}-b`), { acks })
      if (acks !== 0) expect(answer[0].baseOffset, acks === 1 ? '2' : '4', `base offset with acks=${acks}`)
      // Without acknowledgements the connection may end before the broker has read everything, so it is given time.
      if (acks === 0) await sleep(200)
    }
    const found = (await readAll(topic, 6)).map(({ message }) => message.value?.toString())
    expect(found, ['0-a', '0-b', '1-a', '1-b', '-1-a', '-1-b'], 'what was written')
  })
}

async function tooLarge(): Promise<void> {
  const body = async (topic: string) =>
    expectError(send(topic, [{ value: Buffer.alloc(5000) }]), 'MESSAGE_TOO_LARGE', '5,000 bytes where 1,000 may be')
  await withTopic(1, body, { 'max.message.bytes': '1000' })
}

async function offsets(): Promise<void> {
  await withTopic(1, async topic => {
    const base = 1_700_000_000_000
    await send(
      topic,
      Array.from({ length: 10 }, (_, i) => ({ value: Buffer.from('v'), timestamp: base + 1000 * i })),
    )
    const at = async (timestamp: number) => (await admin.fetchTopicOffsetsByTimestamp(topic, timestamp))[0].offset
    expect(await at(base), '0', 'offset for the first timestamp')
    expect(await at(base + 4500), '5', 'offset for a time between two records')
    expect(await at(base + 9001), '10', 'offset for a time after the last record (kafkajs asks for the latest then)')
    const expected = [{ partition: 0, offset: '10', high: '10', low: '0' }]
    expect(await admin.fetchTopicOffsets(topic), expected, 'offsets of the topic')
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '4' }] })
    expect((await admin.fetchTopicOffsets(topic))[0].low, '4', 'earliest offset after delete records')
    const found = await readAll(topic, 6)
    expect(found[0]?.message.offset, '4', 'first offset read after delete records')
  })
}

async function latest(): Promise<void> {
  await withTopic(1, async topic => {
    await send(topic, words('old'))
    const member = await new Member(unique('latest')).start(topic, false)
    await waitUntil(
      () => member.owned.length === 1,
      () => 'the consumer owns nothing',
    )
    await sleep(1000)
    await send(topic, words('new'))
    await waitUntil(
      () => member.seen.length > 0,
      () => 'nothing was read from the end',
    )
    expect(member.seen[0]?.message.value?.toString(), 'new', 'first record read from the end')
    await member.leave()
  })
}

async function group(): Promise<void> {
  await withTopic(6, async topic => {
    const name = unique('group')
    const first = await new Member(name).start(topic)
    await waitUntil(
      () => first.owned.length === 6,
      () => `the only member owns ${first.owned}`,
    )
    const second = await new Member(name).start(topic)
    await waitUntil(
      () => first.owned.length === 3 && second.owned.length === 3,
      () => `two members own ${first.owned} and ${second.owned}`,
    )
    const all = [...first.owned, ...second.owned].toSorted((a, b) => a - b)
    expect(all, [0, 1, 2, 3, 4, 5], 'what both own')
    const described = (await admin.describeGroups([name])).groups[0]
    expect(
      [described.state, described.members.length, described.protocol],
      ['Stable', 2, 'RoundRobinAssigner'],
      'group',
    )
    await send(
      topic,
      all.flatMap(partition => words('a', 'b').map(word => ({ ...word, partition }))),
    )
    await waitUntil(
      () => first.seen.length + second.seen.length === 12,
      () => `the members read ${first.seen.length} and ${second.seen.length} of 12`,
    )
    const theirs = (member: Member) => [...new Set(member.seen.map(given => given.partition))].toSorted((a, b) => a - b)
    expect(theirs(first), first.owned, 'partitions that the first member read')
    expect(theirs(second), second.owned, 'partitions that the second member read')
    await first.leave()
    await waitUntil(
      () => second.owned.length === 6,
      () => `after the other left, the member owns ${second.owned}`,
    )
    await second.leave()
    await send(topic, words('c'))
    const third = await new Member(name).start(topic)
    await waitUntil(
      () => third.seen.length > 0,
      () => 'a restarted group reads nothing',
    )
    await third.leave()
    const seen = third.seen.map(({ partition, message }) => [partition, message.offset])
    expect(seen, [[0, '2']], 'what a restarted group reads')
    await admin.deleteGroups([name])
  })
}

async function groupOffsets(): Promise<void> {
  await withTopic(1, async topic => {
    const name = unique('offsets')
    await send(topic, words('a', 'b', 'c'))
    const committed = async (groupId: string) =>
      (await admin.fetchOffsets({ groupId, topics: [topic] }))[0].partitions[0].offset
    const member = await new Member(name).start(topic)
    await waitUntil(
      async () => (await committed(name)) === '3',
      () => 'offset 3 is not committed',
    )
    const impatient = kafka.admin({ retry: { retries: 0 } })
    await impatient.connect()
    await expectError(impatient.deleteGroups([name]), 'NON_EMPTY_GROUP', 'deleting a group in use')
    await member.leave()
    // Either takes kafkajs five seconds: it joins the group, and leaves when a fetch has waited for nothing.
    const other = unique('reset')
    await Promise.all([
      admin.setOffsets({ groupId: name, topic, partitions: [{ partition: 0, offset: '1' }] }),
      admin.resetOffsets({ groupId: other, topic, earliest: true }),
    ])
    expect(await committed(name), '1', 'committed offset after it was set')
    expect(await committed(other), '-2', 'what kafkajs commits for a reset to the earliest')
    const groups = async () => (await admin.listGroups()).groups.map((one: { groupId: string }) => one.groupId)
    expectThat((await groups()).includes(name), 'the group is not listed')
    await admin.deleteGroups([name, other])
    expectThat(!(await groups()).includes(name), 'a deleted group is listed')
    await expectError(impatient.deleteGroups([name]), 'GROUP_ID_NOT_FOUND', 'deleting a group twice')
    await impatient.disconnect()
  })
}

async function configs(): Promise<void> {
  const body = async (name: string) => {
    const resource = { type: ConfigResourceTypes.TOPIC, name }
    const get = async (config: string) => {
      const answer = await admin.describeConfigs({ includeSynonyms: true, resources: [resource] })
      const entries: { configName: string; configValue: string }[] = answer.resources[0].configEntries
      return entries.find(entry => entry.configName === config)?.configValue
    }
    await becomes(() => get('retention.ms'), '86400000', 'retention.ms as created')
    const configEntries = [{ name: 'segment.bytes', value: '2000000' }]
    await admin.alterConfigs({ validateOnly: false, resources: [{ ...resource, configEntries }] })
    await becomes(() => get('segment.bytes'), '2000000', 'segment.bytes after it was set')
    // Alter configs replaces everything.
    await becomes(() => get('retention.ms'), '604800000', 'retention.ms, which was not among what was set')
  }
  await withTopic(1, body, { 'retention.ms': '86400000' })
}

async function reassignment(): Promise<void> {
  await withTopic(1, async topic => {
    const metadata = async () => (await admin.fetchTopicMetadata({ topics: [topic] })).topics[0].partitions[0]
    const { replicas } = await metadata()
    const partitionAssignment = [{ partition: 0, replicas: replicas.toReversed() }]
    await admin.alterPartitionReassignments({ topics: [{ topic, partitionAssignment }] })
    await waitUntil(
      async () => (await metadata()).replicas.join() === replicas.toReversed().join(),
      () => 'the replicas are not in the new order',
    )
    const ongoing = await admin.listPartitionReassignments({ topics: [{ topic, partitions: [0] }] })
    expect(ongoing.topics, [], 'ongoing reassignments')
  })
}

const codecs = { none: 'None', gzip: 'GZIP', snappy: 'Snappy', lz4: 'LZ4', zstd: 'ZSTD' }
const idempotent = { idempotent: true, maxInFlightRequests: 1 }
const checks: readonly Check[] = [
  ['describe cluster', describeCluster],
  ['create, list, grow and delete topics', topics],
  ...Object.entries(codecs).map(
    ([name, type]): Check => [
      `produce and consume, ${name}`,
      () => withTopic(1, topic => roundTrip(topic, { compression: CompressionTypes[type] })),
    ],
  ),
  ['idempotent producer', () => withTopic(1, topic => roundTrip(topic, {}, idempotent))],
  ['acks 0, 1 and all', acknowledgements],
  ['too large a message is refused', tooLarge],
  ['offsets for times, delete records', offsets],
  ['from the end', latest],
  ['group of two, round robin', group],
  ["groups' offsets", groupOffsets],
  ['configs', configs],
  ['reassign partitions', reassignment],
  ['quick start', () => quickStarts(admin)],
]
await run('kafkajs', version, checks)
