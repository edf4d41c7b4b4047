// What members of groups do. Each client has its own connection to the coordinator, since joining and syncing wait for
// others and a broker answers one request of a connection at a time.
import { setTimeout as pause } from 'node:timers/promises'
import { consumerProtocolType, encodeAssignment, encodeSubscription } from '../../../impl/client/consumer-protocol.ts'
import type { Address, WireConnection } from '../../../impl/host/wire-connection.ts'
import { describeGroups } from '../../../impl/wire/apis/describe-groups.ts'
import { heartbeat } from '../../../impl/wire/apis/heartbeat.ts'
import { joinGroup } from '../../../impl/wire/apis/join-group.ts'
import { leaveGroup } from '../../../impl/wire/apis/leave-group.ts'
import { offsetCommit } from '../../../impl/wire/apis/offset-commit.ts'
import { syncGroup } from '../../../impl/wire/apis/sync-group.ts'
import { type Api, defaultsOf, type RequestOf, type ResponseOf } from '../../../impl/wire/schema.ts'
import type { ServiceMember, ServiceOutcome } from '../../../model/vocabulary/service.ts'
import type { Milliseconds } from '../../../model/vocabulary/units.ts'
import type { Groups } from './groups.ts'
import { besideThePoint, failed, nothing, type OperationOf } from './outcomes.ts'
import type { Answer } from './waiting.ts'

/** How long a member may be silent: Kafka allows six seconds at the least. */
export const sessionMs: Readonly<Record<'long' | 'short', Milliseconds>> = { long: 60_000, short: 6000 }
const rebalanceTimeoutMs: Milliseconds = 60_000
/** A join or sync waits for others; that it should be answered by now is the model's word. */
const othersMs: Milliseconds = 600_000
/** A request that is to wait for others has reached the broker by then, or was answered at once. */
const settleMs: Milliseconds = 40
/** An answer that may come, and does, has come by then. */
const mayMs: Milliseconds = 150

export async function join(
  groups: Groups,
  operation: OperationOf<'join'>,
  awaits: readonly string[],
): Promise<ServiceOutcome> {
  const { client, session, groupInstanceId, protocols } = operation
  const subscription = { userData: null, ownedPartitions: [], generationId: -1, rackId: null }
  return await wait(groups, operation, awaits, async (group, connection) => {
    const body = await ask(groups, connection, joinGroup, {
      ...defaultsOf(joinGroup.request),
      groupId: group,
      sessionTimeoutMs: sessionMs[session],
      rebalanceTimeoutMs,
      memberId: groups.answers.book.real(operation.memberId),
      groupInstanceId,
      protocolType: consumerProtocolType,
      protocols: protocols.map(({ name, topics }) => {
        const metadata = encodeSubscription({
          ...subscription,
          topics: topics.map(topic => groups.run.names.real(topic)),
        })
        return { name, metadata }
      }),
    })
    return { to: 'join', client, group, body }
  })
}

export async function sync(
  groups: Groups,
  operation: OperationOf<'sync'>,
  awaits: readonly string[],
): Promise<ServiceOutcome> {
  const { client, generationId, groupInstanceId, assignments } = operation
  const { book } = groups.answers
  return await wait(groups, operation, awaits, async (group, connection) => {
    // Who was told nothing cannot know the protocol: the name is then as good as any.
    const agreed = groups.answers.agreed(group, client) ?? { protocolType: consumerProtocolType, protocolName: 'range' }
    const body = await ask(groups, connection, syncGroup, {
      groupId: group,
      generationId,
      memberId: book.real(operation.memberId),
      groupInstanceId,
      ...agreed,
      assignments: assignments.map(({ memberId, partitions }) => {
        const named = partitions.map(({ topic, partition }) => ({ topic: groups.run.names.real(topic), partition }))
        return { memberId: book.real(memberId), assignment: encodeAssignment({ partitions: named, userData: null }) }
      }),
    })
    return { to: 'sync', client, group, body }
  })
}

export async function beat(
  groups: Groups,
  operation: OperationOf<'heartbeat'>,
  awaits: readonly string[],
): Promise<ServiceOutcome> {
  const { generationId, groupInstanceId } = operation
  return await answerAtOnce(groups, operation, awaits, 'heartbeat', async (group, connection) => {
    const memberId = groups.answers.book.real(operation.memberId)
    const asked = { groupId: group, generationId, memberId, groupInstanceId }
    return (await groups.run.connections.ask(connection, heartbeat, groups.run.versionOf(heartbeat.name), asked))
      .errorCode
  })
}

export async function leave(
  groups: Groups,
  operation: OperationOf<'leave'>,
  awaits: readonly string[],
): Promise<ServiceOutcome> {
  const { groupInstanceId } = operation
  return await answerAtOnce(groups, operation, awaits, 'leave', async (group, connection) => {
    const memberId = groups.answers.book.real(operation.memberId)
    const members = [{ memberId, groupInstanceId, reason: null }]
    const asked = { ...defaultsOf(leaveGroup.request), groupId: group, members }
    const answer = await groups.run.connections.ask(
      connection,
      leaveGroup,
      groups.run.versionOf(leaveGroup.name),
      asked,
    )
    return answer.errorCode !== 0 ? answer.errorCode : (answer.members[0]?.errorCode ?? null)
  })
}

export async function commit(
  groups: Groups,
  operation: OperationOf<'commit'>,
  awaits: readonly string[],
): Promise<ServiceOutcome> {
  const { generationId, groupInstanceId, partition, offset, metadata } = operation
  const { run } = groups
  const version = run.versionOf(offsetCommit.name)
  if (groupInstanceId !== null && version < instanceSince) return nothing
  const name = run.names.real(operation.topic)
  const topicId = version >= topicIdSince ? await run.directory.topicIdOf(name) : ''
  const row = {
    partitionIndex: partition,
    committedOffset: offset,
    committedLeaderEpoch: -1,
    committedMetadata: metadata,
  }
  return await answerAtOnce(groups, operation, awaits, 'commit', async (group, connection) => {
    const { topics } = await run.connections.ask(connection, offsetCommit, version, {
      ...defaultsOf(offsetCommit.request),
      groupId: group,
      generationIdOrMemberEpoch: generationId,
      memberId: groups.answers.book.real(operation.memberId),
      groupInstanceId,
      topics: [{ name, topicId, partitions: [row] }],
    })
    const answered = topics[0]?.partitions[0]
    if (answered !== undefined && answered.errorCode !== 0) run.directory.forgetTopic(name)
    return answered?.partitionIndex === partition ? answered.errorCode : null
  })
}

/** OffsetCommit knows static members since version 7 (KIP-345), and names topics by their ids since 10 (KIP-848). */
const instanceSince = 7
const topicIdSince = 10

/** Waits until the coordinator shows the member no more, for its session and a while; one that stays is an error of ours. */
export async function lapse(
  groups: Groups,
  operation: OperationOf<'lapse'>,
  awaits: readonly string[],
): Promise<ServiceOutcome> {
  const { patienceMs } = groups.run.patience
  const memberId = groups.answers.book.real(operation.memberId)
  const until = performance.now() + sessionMs.short + lapseGraceMs
  const absentUntil = performance.now() + absentMs
  for (;;) {
    const shown = await groups.describe(operation.group)
    const isAbsent = shown.kind === 'error' ? shown.error === 'GROUP_ID_NOT_FOUND' : shown.group.groupState === 'Dead'
    if (shown.kind === 'error' && !isAbsent) return failed(shown.error)
    // A group that has just begun may not be shown yet.
    if (isAbsent && performance.now() > absentUntil) break
    if (!isAbsent && shown.kind === 'group' && shown.group.members.every(member => member.memberId !== memberId)) break
    if (performance.now() > until) return failed('still a member')
    await pause(lapseLookMs)
  }
  await groups.waiting.until(awaits, patienceMs)
  return groups.arrived()
}

const lapseGraceMs: Milliseconds = 10_000
const absentMs: Milliseconds = 1500
const lapseLookMs: Milliseconds = 50

/** Sends what may wait for others. When it is not awaited, the answer may have come all the same. */
async function wait(
  groups: Groups,
  { group, client }: ServiceMember,
  awaits: readonly string[],
  send: (group: string, connection: WireConnection) => Promise<Answer>,
): Promise<ServiceOutcome> {
  const found = await groups.coordinatorOf(group)
  if (found.kind === 'error') return failed(found.error)
  const connection = await connectionOf(groups, found.address, client)
  groups.waiting.sent(client, send(groups.run.names.real(group), connection))
  if (!awaits.includes(client)) {
    await groups.waiting.until([client], settleMs)
    if (groups.waiting.isWaiting(client)) await untilThere(groups, group, client)
  }
  await groups.waiting.until(awaits, groups.run.patience.patienceMs)
  await groups.waiting.until(groups.mays, mayMs)
  return groups.arrived()
}

/**
 * Whoever asks next asks on another connection, and what was sent here has to be there first. A client that has just joined is
 * shown as a member; of other requests nothing is to be seen, so that several round trips, and some times the slowest of
 * them, have to be enough.
 */
async function untilThere(groups: Groups, group: string, client: string): Promise<void> {
  const until = performance.now() + thereWithinMs
  const clientId = groups.run.names.clientId(client)
  const isDescribed = groups.run.versionOf(describeGroups.name) >= 0
  let slowestMs = 0
  for (let trips = 0; groups.waiting.isWaiting(client) && performance.now() < until; trips++) {
    const sent = performance.now()
    const shown = isDescribed ? await groups.describe(group) : null
    const isMember = shown?.kind !== 'group' || shown.group.members.some(member => member.clientId === clientId)
    if (shown === null) await groups.fence(group)
    slowestMs = Math.max(slowestMs, performance.now() - sent)
    if (isMember && trips >= tripsLeast) break
  }
  await groups.waiting.until([client], slowestMs * tripsLeast)
}

const thereWithinMs: Milliseconds = 3000
const tripsLeast = 3

/** Asks what is answered at once; null stands for an answer that does not speak of what was asked. */
async function answerAtOnce(
  groups: Groups,
  { group, client }: ServiceMember,
  awaits: readonly string[],
  to: 'heartbeat' | 'leave' | 'commit',
  send: (group: string, connection: WireConnection) => Promise<number | null>,
): Promise<ServiceOutcome> {
  const found = await groups.coordinatorOf(group)
  if (found.kind === 'error') return failed(found.error)
  const real = groups.run.names.real(group)
  const code = await send(real, await connectionOf(groups, found.address, client))
  if (code === null) return besideThePoint
  groups.waiting.answered(client, { to, client, group: real, code })
  await groups.waiting.until(awaits, groups.run.patience.patienceMs)
  await groups.waiting.until(groups.mays, mayMs)
  return groups.arrived()
}

async function connectionOf({ run }: Groups, coordinator: Address, client: string): Promise<WireConnection> {
  return await run.connections.idle(coordinator, `member ${client}`, run.names.clientId(client))
}

async function ask<A extends Api>(
  { run }: Groups,
  connection: WireConnection,
  api: A,
  body: RequestOf<A>,
): Promise<ResponseOf<A>> {
  return await run.connections.ask(connection, api, run.versionOf(api.name), body, othersMs)
}
