// @platformatic/kafka against a broker: `node platformatic.ts --bootstrap HOST:PORT`.

import { execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import {
  becomes,
  bootstrap,
  type Check,
  expect,
  expectError,
  expectThat,
  installed,
  quickStart,
  recordsToSend,
  requireInstalled,
  run,
  type Sent,
  security,
  sleep,
  unique,
  waitUntil,
} from './harness.ts'

const client = requireInstalled('@platformatic/kafka')
const { Admin, Consumer, Producer, ConfigResourceTypes, IncrementalAlterConfigOperationTypes, ProduceAcks } = client

const secure = security.protocol?.endsWith('SSL') === true
const common = {
  clientId: 'platformatic-checks',
  bootstrapBrokers: bootstrap.split(','),
  retries: 5,
  retryDelay: 100,
  ...(secure && { tls: security.certificates === undefined ? {} : { ca: readFileSync(security.certificates) } }),
  ...(security.mechanism !== undefined && {
    sasl: { mechanism: security.mechanism, username: security.username, password: security.password },
  }),
}
const admin = new Admin(common)
/** For calls that must fail, and are not to be tried again. */
const impatient = new Admin({ ...common, retries: 0 })

type Message = {
  key: Buffer | undefined
  value: Buffer | undefined
  headerEntries: [Buffer, Buffer][]
  partition: number
  offset: bigint
  timestamp: bigint
  commit(): Promise<void>
}
type Stream = { on(event: string, listener: (given: Message) => void): void; close(): Promise<void> }

async function withTopic(partitions: number, body: (topic: string) => Promise<void>, configs: object = {}) {
  const topic = unique('platformatic')
  const entries = Object.entries(configs).map(([name, value]) => ({ name, value }))
  await admin.createTopics({ topics: [topic], partitions, replicas: -1, configs: entries })
  // Apache Kafka's brokers learn of a topic a moment after it was created.
  await waitUntil(
    async () => (await admin.listTopics()).includes(topic),
    () => 'the created topic is not listed',
  )
  try {
    await body(topic)
  } finally {
    await admin.deleteTopics({ topics: [topic] })
  }
}

async function send(topic: string, records: readonly Partial<Sent>[], options: object = {}) {
  const producer = new Producer(common)
  const messages = records.map(({ key, value, headers, timestamp, ...rest }) => ({
    topic,
    partition: 0,
    ...rest,
    key: key ?? undefined,
    value: value ?? undefined,
    headers: new Map((headers ?? []).map(([name, bytes]) => [Buffer.from(name), bytes])),
    ...(timestamp !== undefined && { timestamp: BigInt(timestamp) }),
  }))
  try {
    return await producer.send({ messages, acks: ProduceAcks.ALL, ...options })
  } finally {
    await producer.close()
  }
}

const words = (...list: readonly string[]) => list.map(word => ({ value: Buffer.from(word) }))

/** A member of a group, and what it has read and committed. */
class Member {
  readonly seen: Message[] = []
  readonly #consumer
  #stream: Stream | undefined

  constructor(group: string, settings: object = {}) {
    const timing = { sessionTimeout: 6000, rebalanceTimeout: 6000, heartbeatInterval: 200, maxWaitTime: 100 }
    this.#consumer = new Consumer({ ...common, groupId: group, metadataMaxAge: 1000, ...timing, ...settings })
  }

  async start(topic: string, settings: object = {}): Promise<this> {
    const options = { topics: [topic], mode: 'committed', fallbackMode: 'earliest', autocommit: false }
    const stream: Stream = await this.#consumer.consume({ ...options, ...settings })
    this.#stream = stream
    stream.on('data', async message => {
      this.seen.push(message)
      await message.commit()
    })
    stream.on('error', () => {})
    return this
  }

  get owned(): readonly number[] {
    const assignments: { partitions: number[] }[] = this.#consumer.assignments ?? []
    return assignments.flatMap(one => one.partitions).toSorted((a, b) => a - b)
  }

  async committed(topic: string): Promise<readonly bigint[]> {
    const answer = await this.#consumer.listCommittedOffsets({ topics: [{ topic, partitions: [0] }] })
    return answer.get(topic)
  }

  async offsetFor(topic: string, timestamp: bigint): Promise<unknown> {
    const answer = await this.#consumer.listOffsets({ topics: [topic], timestamp })
    return answer.get(topic)?.[0]
  }

  async leave(): Promise<void> {
    await this.#stream?.close()
    await this.#consumer.close(true)
  }
}

async function readAll(topic: string, count: number, mode = 'earliest'): Promise<readonly Message[]> {
  const group = unique('reader')
  const member = await new Member(group).start(topic, { mode })
  try {
    await waitUntil(
      () => member.seen.length >= count,
      () => `${member.seen.length} of ${count} records were read`,
    )
    expect(member.seen.length, count, 'records read')
  } finally {
    await member.leave()
  }
  await admin.deleteGroups({ groups: [group] })
  return member.seen
}

async function roundTrip(topic: string, options: object = {}): Promise<void> {
  const records = recordsToSend()
  const large = records.filter(record => (record.value?.length ?? 0) > 100_000)
  const sent = [...large, ...records.filter(record => !large.includes(record))]
  for (const record of large) await send(topic, [record], options)
  await send(topic, sent.slice(large.length), options)
  const found = await readAll(topic, sent.length)
  for (const [index, { key, value, headers, timestamp }] of sent.entries()) {
    const message = found[index]
    expect(message?.offset, BigInt(index), `offset of record ${index}`)
    expect(message?.key ?? null, key, `key of record ${index}`)
    expect(message?.value ?? null, value, `value of record ${index}`)
    const entries = message?.headerEntries.map(([name, bytes]) => [name.toString(), bytes])
    expect(entries, headers, `headers of record ${index}`)
    expect(message?.timestamp, BigInt(timestamp), `timestamp of record ${index}`)
  }
}

async function metadata(): Promise<void> {
  await withTopic(2, async topic => {
    const found = await admin.metadata({ topics: [topic], forceUpdate: true })
    expectThat(found.brokers.size > 0, 'no broker is listed')
    expectThat(found.brokers.has(found.controllerId), `the controller ${found.controllerId} is no broker`)
    const { partitions, partitionsCount } = found.topics.get(topic)
    expect(partitionsCount, 2, 'partitions of the topic')
    expectThat(found.brokers.has(partitions[0].leader), `the leader ${partitions[0].leader} is no broker`)
  })
}

async function topics(): Promise<void> {
  await withTopic(3, async topic => {
    await expectError(impatient.createTopics({ topics: [topic] }), 'TOPIC_ALREADY_EXISTS', 'creating a topic twice')
    expectThat((await admin.listTopics()).includes(topic), 'the created topic is not listed')
    await admin.createPartitions({ topics: [{ name: topic, count: 5, assignments: null }] })
    const count = async () =>
      (await admin.metadata({ topics: [topic], forceUpdate: true })).topics.get(topic).partitionsCount
    await waitUntil(
      async () => (await count()) === 5,
      () => 'the topic has not grown to 5 partitions',
    )
    const fewer = impatient.createPartitions({ topics: [{ name: topic, count: 2, assignments: null }] })
    await expectError(fewer, 'INVALID_PARTITIONS', 'fewer partitions')
    await admin.deleteTopics({ topics: [topic] })
    await waitUntil(
      async () => !(await admin.listTopics()).includes(topic),
      () => 'a deleted topic is still listed',
    )
    await expectError(impatient.deleteTopics({ topics: [topic] }), 'UNKNOWN_TOPIC_OR_PARTITION', 'deleting it twice')
    await admin.createTopics({ topics: [topic], partitions: 1, replicas: -1 })
  })
}

async function acknowledgements(): Promise<void> {
  await withTopic(1, async topic => {
    for (const acks of [ProduceAcks.NO_RESPONSE, ProduceAcks.LEADER, ProduceAcks.ALL]) {
      const answer = await send(topic, words(`${acks}-a`, `${acks}-b`), { acks })
      if (acks !== 0) expect(answer.offsets[0].offset, acks === 1 ? 2n : 4n, `base offset with acks=${acks}`)
      // Without acknowledgements the connection may end before the broker has read everything, so it is given time.
      if (acks === 0) await sleep(200)
    }
    const found = (await readAll(topic, 6)).map(message => message.value?.toString())
    expect(found, ['0-a', '0-b', '1-a', '1-b', '-1-a', '-1-b'], 'what was written')
  })
}

async function tooLarge(): Promise<void> {
  const body = async (topic: string) =>
    expectError(send(topic, [{ value: Buffer.alloc(5000) }]), 'MESSAGE_TOO_LARGE', '5,000 bytes where 1,000 may be')
  await withTopic(1, body, { 'max.message.bytes': '1000' })
}

async function offsets(): Promise<void> {
  await withTopic(1, async name => {
    const base = 1_700_000_000_000
    await send(
      name,
      Array.from({ length: 10 }, (_, i) => ({ value: Buffer.from('v'), timestamp: base + 1000 * i })),
    )
    const at = async (timestamp: number) => {
      const partitions = [{ partitionIndex: 0, timestamp: BigInt(timestamp) }]
      return (await admin.listOffsets({ topics: [{ name, partitions }] }))[0].partitions[0].offset
    }
    expect(await at(base), 0n, 'offset for the first timestamp')
    expect(await at(base + 4500), 5n, 'offset for a time between two records')
    expect(await at(base + 9001), -1n, 'offset for a time after the last record')
    expect([await at(-2), await at(-1), await at(-3)], [0n, 10n, 9n], 'earliest, latest, of the greatest timestamp')
    const deleted = await admin.deleteRecords({ topics: [{ name, partitions: [{ partition: 0, offset: 4n }] }] })
    expect(deleted, [{ name, partitions: [{ partition: 0, lowWatermark: 4n }] }], 'answer to delete records')
    expect(await at(-2), 4n, 'earliest offset after delete records')
    const found = await readAll(name, 6)
    expect(found[0]?.offset, 4n, 'first offset read after delete records')
  })
}

async function latest(): Promise<void> {
  await withTopic(1, async topic => {
    await send(topic, words('old'))
    const member = await new Member(unique('latest')).start(topic, { mode: 'latest' })
    await sleep(500)
    await send(topic, words('new'))
    await waitUntil(
      () => member.seen.length > 0,
      () => 'nothing was read from the end',
    )
    expect(member.seen[0]?.value?.toString(), 'new', 'first record read from the end')
    await member.leave()
  })
}

async function group(settings: object, protocol: string): Promise<void> {
  await withTopic(6, async topic => {
    const name = unique('group')
    const first = await new Member(name, settings).start(topic)
    await waitUntil(
      () => first.owned.length === 6,
      () => `the only member owns ${first.owned}`,
    )
    const second = await new Member(name, settings).start(topic)
    await waitUntil(
      () => first.owned.length === 3 && second.owned.length === 3,
      () => `two members own ${first.owned} and ${second.owned}`,
    )
    const all = [...first.owned, ...second.owned].toSorted((a, b) => a - b)
    expect(all, [0, 1, 2, 3, 4, 5], 'what both own')
    const described = (await admin.describeGroups({ groups: [name] })).get(name)
    expect([described.state, described.members.size, described.protocol], ['Stable', 2, protocol], 'the group')
    // A fetch that began before the rebalance may still return another's partitions.
    await sleep(500)
    await send(
      topic,
      all.flatMap(partition => words('a', 'b').map(word => ({ ...word, partition }))),
    )
    await waitUntil(
      () => first.seen.length + second.seen.length === 12,
      () => `the members read ${first.seen.length} and ${second.seen.length} of 12`,
    )
    const theirs = (member: Member) => [...new Set(member.seen.map(one => one.partition))].toSorted((a, b) => a - b)
    expect(theirs(first), first.owned, 'partitions that the first member read')
    expect(theirs(second), second.owned, 'partitions that the second member read')
    await first.leave()
    await waitUntil(
      () => second.owned.length === 6,
      () => `after the other left, the member owns ${second.owned}`,
    )
    await second.leave()
    await send(topic, words('c'))
    const third = await new Member(name, settings).start(topic)
    await waitUntil(
      () => third.seen.length > 0,
      () => 'a restarted group reads nothing',
    )
    await sleep(200)
    await third.leave()
    expect(
      third.seen.map(({ partition, offset }) => [partition, offset]),
      [[0, 2n]],
      'what a restarted group reads',
    )
    await admin.deleteGroups({ groups: [name] })
  })
}

async function staticMembership(): Promise<void> {
  await withTopic(4, async topic => {
    const name = unique('static')
    const first = await new Member(name, { groupInstanceId: 'one' }).start(topic)
    const second = await new Member(name, { groupInstanceId: 'two' }).start(topic)
    await waitUntil(
      () => first.owned.length === 2 && second.owned.length === 2,
      () => `two static members own ${first.owned} and ${second.owned}`,
    )
    const described = (await admin.describeGroups({ groups: [name] })).get(name)
    const instances = [...described.members.values()].map(member => member.groupInstanceId)
    expect(instances.toSorted(), ['one', 'two'], 'group instance ids')
    await first.leave()
    await second.leave()
    await admin.deleteGroups({ groups: [name] })
  })
}

async function groupOffsets(): Promise<void> {
  await withTopic(1, async topic => {
    const id = unique('offsets')
    await send(topic, words('a', 'b', 'c'))
    const member = await new Member(id).start(topic)
    await waitUntil(
      async () => (await member.committed(topic))[0] === 3n,
      () => 'offset 3 is not committed',
    )
    const members = [...(await admin.describeGroups({ groups: [id] })).get(id).members.values()]
    expect(members[0].assignments.get(topic)?.partitions, [0], 'assignment of the described member')
    const groups = async () => [...(await admin.listGroups()).keys()]
    expectThat((await groups()).includes(id), 'the group is not listed')
    await expectError(impatient.deleteGroups({ groups: [id] }), 'NON_EMPTY_GROUP', 'deleting a group in use')
    await member.leave()
    const partitionOffsets = [{ partition: 0, offset: 1n }]
    await admin.alterConsumerGroupOffsets({ groupId: id, topics: [{ name: topic, partitionOffsets }] })
    const asked = { groupId: id, topics: [{ name: topic, partitionIndexes: [0] }] }
    const committed = async () =>
      (await admin.listConsumerGroupOffsets({ groups: [asked] }))[0].topics[0].partitions[0].committedOffset
    expect(await committed(), 1n, 'committed offset after it was set')
    await admin.deleteConsumerGroupOffsets(asked)
    expect(await committed(), -1n, 'committed offset after it was deleted')
    await admin.deleteGroups({ groups: [id] })
    expectThat(!(await groups()).includes(id), 'a deleted group is listed')
    await expectError(impatient.deleteGroups({ groups: [id] }), 'GROUP_ID_NOT_FOUND', 'deleting a group twice')
  })
}

async function configs(): Promise<void> {
  const body = async (resourceName: string) => {
    const resource = { resourceType: ConfigResourceTypes.TOPIC, resourceName }
    const get = async (name: string) => {
      const asked = { resources: [{ ...resource, configurationKeys: [name] }], includeSynonyms: true }
      return (await admin.describeConfigs(asked))[0].configs[0].value
    }
    await becomes(() => get('retention.ms'), '86400000', 'retention.ms as created')
    const operations = IncrementalAlterConfigOperationTypes
    const change = async (...list: object[]) =>
      admin.incrementalAlterConfigs({ resources: [{ ...resource, configs: list }] })
    await change(
      { name: 'segment.bytes', value: '2000000', configOperation: operations.SET },
      { name: 'cleanup.policy', value: 'compact', configOperation: operations.APPEND },
    )
    await becomes(() => get('segment.bytes'), '2000000', 'segment.bytes after it was set')
    await becomes(() => get('cleanup.policy'), 'delete,compact', 'cleanup.policy after compact was appended')
    await change({ name: 'retention.ms', configOperation: operations.DELETE })
    await becomes(() => get('retention.ms'), '604800000', 'retention.ms after it was deleted')
    const replaced = [{ name: 'retention.bytes', value: '1000000' }]
    await admin.alterConfigs({ resources: [{ ...resource, configs: replaced }] })
    await becomes(() => get('retention.bytes'), '1000000', 'retention.bytes after alter configs')
    await becomes(() => get('segment.bytes'), '1073741824', 'segment.bytes, which alter configs does not mention')
  }
  await withTopic(1, body, { 'retention.ms': '86400000' })
}

async function logDirs(): Promise<void> {
  await withTopic(1, async name => {
    await send(name, words('a', 'b'))
    const described = await admin.describeLogDirs({ topics: [{ name, partitions: [0] }] })
    const found: { name: string; partitions: { partitionSize: bigint }[] }[] = described
      .flatMap((broker: { results: { topics: object[] }[] }) => broker.results)
      .flatMap((result: { topics: object[] }) => result.topics)
    const size = found.find(topic => topic.name === name)?.partitions[0]?.partitionSize
    expectThat(size !== undefined && size > 0n, `the log directories give ${size} bytes for a topic with records`)
  })
}

/** The examples of the installed readme, unchanged but for the address, and ended as it says. */
async function quickStarts(): Promise<void> {
  const folder = join(installed, 'npm')
  const readme = join(folder, 'node_modules/@platformatic/kafka/README.md')
  const address = {
    "'localhost:9092'": bootstrap
      .split(',')
      .map(one => `'${one}'`)
      .join(),
  }
  const node = (code: string) => ['--input-type=module', '-e', code]
  const options = { cwd: folder, timeout: 15_000 }

  const administer = quickStart(readme, ['new Admin(', 'createTopics', 'deleteTopics'], address)
  // Its second topic is laid on brokers 1 to 3, and its last call deletes the first one.
  if (bootstrap.split(',').length >= 3) {
    const printed = execFileSync(process.execPath, node(administer), options).toString()
    expectThat(printed.includes('my-topic'), `the readme's admin example printed ${printed}`)
    await admin.deleteTopics({ topics: ['my-custom-topic'] })
  }

  const produce = quickStart(readme, ['new Producer(', "topic: 'events'", 'await producer.close()'], address)
  await admin.createTopics({ topics: ['events', 'my-topic'], partitions: 1, replicas: -1 })
  try {
    execFileSync(process.execPath, node(produce), options)
    const found = await readAll('events', 1)
    expect(found[0]?.value?.toString(), '{"name":"John","action":"login"}', "value of the readme's message")

    // The readme shows three ways to read, one after the other; the first of them reads all there is.
    const consume = quickStart(readme, ['new Consumer(', 'Option 1', "topics: ['my-topic']"], address)
    const firstWay = consume.slice(0, consume.indexOf('// Option 2')).replace("import { forEach } from 'hwp'\n", '')
    const end = "process.once('SIGTERM', () => consumer.close(true).then(() => process.exit()))"
    const stdio = ['ignore', 'pipe', 'inherit'] as const
    const example = spawn(process.execPath, node(`${firstWay}\n${end}`), { cwd: folder, stdio: [...stdio] })
    let output = ''
    createInterface(example.stdout).on('line', line => {
      output += line
    })
    await waitUntil(
      async () => {
        await send('my-topic', [{ key: Buffer.from('user-123'), value: Buffer.from('John') }])
        await sleep(200)
        return output.includes('Received: user-123 -> John')
      },
      () => `the readme's consumer printed ${output}`,
    )
    const gone = new Promise(resolve => example.once('exit', resolve))
    example.kill('SIGTERM')
    await gone
  } finally {
    await admin.deleteTopics({ topics: ['events', 'my-topic'] })
  }
}

const cooperative = {
  protocols: [{ name: client.COOPERATIVE_STICKY_ASSIGNOR ?? 'cooperative-sticky', version: 1 }],
  partitionAssigner: client.cooperativeStickyAssigner,
}
const checks: readonly Check[] = [
  ['metadata', metadata],
  ['create, list, grow and delete topics', topics],
  ...['none', 'gzip', 'snappy', 'lz4', 'zstd'].map(
    (compression): Check => [
      `produce and consume, ${compression}`,
      () => withTopic(1, topic => roundTrip(topic, { compression })),
    ],
  ),
  ['idempotent producer', () => withTopic(1, topic => roundTrip(topic, { idempotent: true }))],
  ['acks 0, 1 and all', acknowledgements],
  ['too large a message is refused', tooLarge],
  ['offsets for times, delete records', offsets],
  ['from the end', latest],
  ['group of two, round robin', () => group({}, 'roundrobin')],
  ['group of two, cooperative-sticky', () => group(cooperative, 'cooperative-sticky')],
  ['static membership', staticMembership],
  ['groups and their offsets', groupOffsets],
  ['configs', configs],
  ['log directories', logDirs],
  ['quick start', quickStarts],
]
const file = join(installed, 'npm', 'node_modules/@platformatic/kafka/package.json')
await run('@platformatic/kafka', JSON.parse(readFileSync(file, 'utf8')).version, checks)
