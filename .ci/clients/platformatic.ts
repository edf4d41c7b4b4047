// @platformatic/kafka against a broker: `node platformatic.ts --bootstrap HOST:PORT`.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  becomes,
  type Check,
  expect,
  expectError,
  expectThat,
  installed,
  run,
  sleep,
  unique,
  waitUntil,
} from './harness.ts'
import {
  admin,
  ConfigResourceTypes,
  client,
  IncrementalAlterConfigOperationTypes,
  impatient,
  Member,
  ProduceAcks,
  readAll,
  roundTrip,
  send,
  withTopic,
  words,
} from './platformatic-client.ts'
import { quickStarts } from './platformatic-quick-start.ts'

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
