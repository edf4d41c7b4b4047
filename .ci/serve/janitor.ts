// Removes what hostile clients legitimately made: topics, groups and their members. What is left is the broker's own.
import { setTimeout as pause } from 'node:timers/promises'
import type { WireClient } from '../../impl/host/testing/wire-client.ts'
import { encodeUnplacedBatch } from '../../impl/log/codec.ts'
import { deleteGroups } from '../../impl/wire/apis/delete-groups.ts'
import { deleteTopics } from '../../impl/wire/apis/delete-topics.ts'
import { describeGroups } from '../../impl/wire/apis/describe-groups.ts'
import { leaveGroup } from '../../impl/wire/apis/leave-group.ts'
import { listGroups } from '../../impl/wire/apis/list-groups.ts'
import { defaultsOf } from '../../impl/wire/schema.ts'
import { ground } from './hostile-frames.ts'

const internal = '__consumer_offsets'
const config = { 'segment.bytes': '50000', 'index.interval.bytes': '500', 'retention.bytes': '3000000' }

/** Creates the topics that requests are aimed at, again and again until the signal, since requests delete them, too. */
export async function layGround(client: WireClient, signal: AbortSignal): Promise<void> {
  const [plain, compacted] = ground.topics
  for (; !signal.aborted; await pause(200)) {
    const here = new Set((await client.metadata()).topics.map(({ name }) => name))
    if (!here.has(plain)) {
      await client.createTopic(plain, 2, 3, config)
      await fill(client, plain)
    }
    if (!here.has(compacted)) await client.createTopic(compacted, 2, 3, { ...config, 'cleanup.policy': 'compact' })
  }
}

/** Something large to fetch again and again. Somebody may delete the topic meanwhile. */
async function fill(client: WireClient, topic: string): Promise<void> {
  const record = { key: null, value: 'x'.repeat(600_000), timestamp: Date.now() }
  const batch = encodeUnplacedBatch({ producerId: -1, producerEpoch: -1, baseSequence: -1, records: [record] })
  for (const partition of [0, 1, 0, 1]) await client.produceOnce(topic, partition, batch.slice()).catch(() => {})
}

/** Removes every topic and group but these. Answers how many went. */
export async function cleanUp(
  client: WireClient,
  kept: { readonly topic: string; readonly group: string },
): Promise<{ readonly topics: number; readonly groups: number }> {
  const { brokers, topics } = await client.metadata()
  const names = topics.map(({ name }) => name ?? '').filter(name => name !== kept.topic && name !== internal)
  if (names.length > 0) await client.askAny(deleteTopics, 5, { topics: [], topicNames: names, timeoutMs: 10_000 })
  let groups = 0
  for (const { host, port } of brokers) groups += await removeGroups(client, `${host}:${port}`, kept.group)
  return { topics: names.length, groups }
}

async function removeGroups(client: WireClient, address: string, kept: string): Promise<number> {
  const broker = await client.connection(address)
  const listed = await broker.ask(listGroups, 4, { ...defaultsOf(listGroups.request), statesFilter: [] })
  const ids = listed.groups.map(({ groupId }) => groupId).filter(groupId => groupId !== kept)
  for (const groupId of ids) {
    const described = await broker.ask(describeGroups, 5, { groups: [groupId], includeAuthorizedOperations: false })
    const members = described.groups[0]?.members ?? []
    if (members.length === 0) continue
    const leaving = members.map(({ memberId, groupInstanceId }) => ({ memberId, groupInstanceId, reason: null }))
    await broker.ask(leaveGroup, 5, { groupId, memberId: '', members: leaving })
  }
  if (ids.length > 0) await broker.ask(deleteGroups, 2, { groupsNames: ids })
  return ids.length
}
