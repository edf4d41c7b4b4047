// The groups of the load: committers whose offsets only grow, and a member that keeps its generation.
import { setTimeout as pause } from 'node:timers/promises'
import { accept, commitOn, Refused, type WireClient } from '../../impl/host/testing/wire-client.ts'
import { ConnectionLost, type WireConnection } from '../../impl/host/wire-connection.ts'
import { heartbeat } from '../../impl/wire/apis/heartbeat.ts'
import { joinGroup } from '../../impl/wire/apis/join-group.ts'
import { syncGroup } from '../../impl/wire/apis/sync-group.ts'
import { defaultsOf } from '../../impl/wire/schema.ts'
import type { Book, Commits, Membership } from './book.ts'
import type { Dice } from './dice.ts'

/** Far longer than a kill and a start take: the member must still be one afterwards. */
const sessionTimeoutMs = 120_000
const protocol = { protocolType: 'consumer', name: 'range' }
const underWayMax = 4

/**
 * Commits ever larger offsets, several at a time, until the signal. All that is under way is on one connection, so that
 * the broker carries out what was sent first before what was sent later.
 */
export async function commitOffsets(
  commits: Commits,
  client: WireClient,
  book: Book,
  dice: Dice,
  signal: AbortSignal,
  membership: Membership | null = null,
): Promise<void> {
  const { group, topic, partition } = commits
  let underWay = 0
  let coordinator: WireConnection | null = null
  const lost = (error: unknown): void => {
    coordinator = null
    failed(error, client, book, `${group} could not commit`)
  }
  for (; !signal.aborted; await pause(dice.between(2, 15))) {
    if (membership?.generationId === -1) continue
    if (coordinator === null) {
      if (underWay > 0) continue
      try {
        coordinator = await client.coordinator(group)
      } catch (error) {
        lost(error)
        continue
      }
    }
    if (underWay >= underWayMax) continue
    const offset = commits.asked + dice.between(1, 3)
    commits.asked = offset
    underWay++
    commitOn(coordinator, group, topic, partition, offset, membership ?? undefined)
      .then(() => {
        book.counts.commits++
        commits.acknowledged = Math.max(commits.acknowledged, offset)
      }, lost)
      .finally(() => underWay--)
  }
}

/** Joins a group, unless it is a member already, and says now and then that it lives. */
export async function stayMember(
  membership: Membership,
  client: WireClient,
  book: Book,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      if (membership.generationId === -1) await join(membership, client)
      else accept(await beat(membership, client), `the heartbeat of ${membership.group}`)
    } catch (error) {
      failed(error, client, book, `the member of ${membership.group} is none any more`)
    }
    await pause(100)
  }
}

/** The error code of one heartbeat. */
export async function beat({ group, memberId, generationId }: Membership, client: WireClient): Promise<number> {
  const coordinator = await client.coordinator(group)
  const asked = { groupId: group, generationId, memberId, groupInstanceId: null }
  return (await coordinator.ask(heartbeat, 4, asked)).errorCode
}

async function join(membership: Membership, client: WireClient): Promise<void> {
  const { group } = membership
  const coordinator = await client.coordinator(group)
  const ask = (memberId: string) =>
    coordinator.ask(joinGroup, 7, {
      ...defaultsOf(joinGroup.request),
      groupId: group,
      sessionTimeoutMs,
      rebalanceTimeoutMs: sessionTimeoutMs,
      memberId,
      protocolType: protocol.protocolType,
      protocols: [{ name: protocol.name, metadata: new Uint8Array(8) }],
    })
  let joined = await ask(membership.memberId)
  // A new member is told its id first (KIP-394).
  if (joined.memberId !== membership.memberId && joined.errorCode !== 0) joined = await ask(joined.memberId)
  accept(joined.errorCode, `joining ${group}`)
  membership.memberId = joined.memberId
  const synced = await coordinator.ask(syncGroup, 5, {
    ...defaultsOf(syncGroup.request),
    groupId: group,
    generationId: joined.generationId,
    memberId: joined.memberId,
    protocolType: protocol.protocolType,
    protocolName: protocol.name,
    assignments: [{ memberId: joined.memberId, assignment: new Uint8Array(16) }],
  })
  accept(synced.errorCode, `syncing ${group}`)
  membership.generationId = joined.generationId
}

function failed(error: unknown, client: WireClient, book: Book, what: string): void {
  client.forget()
  if (error instanceof ConnectionLost) return
  const isPassing = error instanceof Refused && /COORDINATOR|REBALANCE|TIMED_OUT|TOPIC_OR_PARTITION/.test(error.error)
  if (!isPassing) book.problem(`${what}: ${error instanceof Error ? error.message : String(error)}`)
}
