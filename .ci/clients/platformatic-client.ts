// @platformatic/kafka as its checks use it: an administrator, members of groups, records sent and read back.
import { readFileSync } from 'node:fs'
import {
  bootstrap,
  expect,
  recordsToSend,
  requireInstalled,
  type Sent,
  security,
  unique,
  waitUntil,
} from './harness.ts'

export const client = requireInstalled('@platformatic/kafka')
export const { Admin, Consumer, Producer, ConfigResourceTypes, IncrementalAlterConfigOperationTypes, ProduceAcks } =
  client

const secure = security.protocol?.endsWith('SSL') === true
export const common = {
  clientId: 'platformatic-checks',
  bootstrapBrokers: bootstrap.split(','),
  retries: 5,
  retryDelay: 100,
  ...(secure && { tls: security.certificates === undefined ? {} : { ca: readFileSync(security.certificates) } }),
  ...(security.mechanism !== undefined && {
    sasl: { mechanism: security.mechanism, username: security.username, password: security.password },
  }),
}
export const admin = new Admin(common)
/** For calls that must fail, and are not to be tried again. */
export const impatient = new Admin({ ...common, retries: 0 })

export type Message = {
  key: Buffer | undefined
  value: Buffer | undefined
  headerEntries: [Buffer, Buffer][]
  partition: number
  offset: bigint
  timestamp: bigint
  commit(): Promise<void>
}
export type Stream = { on(event: string, listener: (given: Message) => void): void; close(): Promise<void> }

export async function withTopic(partitions: number, body: (topic: string) => Promise<void>, configs: object = {}) {
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

export async function send(topic: string, records: readonly Partial<Sent>[], options: object = {}) {
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

export const words = (...list: readonly string[]) => list.map(word => ({ value: Buffer.from(word) }))

/** A member of a group, and what it has read and committed. */
export class Member {
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

export async function readAll(topic: string, count: number, mode = 'earliest'): Promise<readonly Message[]> {
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

export async function roundTrip(topic: string, options: object = {}): Promise<void> {
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
