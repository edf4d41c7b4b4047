// KIP-320 with messages between the replicas: what the state has more than the one in which everybody sees everything.
//
// A follower's fetch is a request and a response, and while a response is under way its leader may have gone on to a later
// epoch, and may have cut its log there. So each epoch remembers what its leader had when it left it. Requests under way
// need no variable: a leader that counts one late counts what the follower has had ever since (leader.ts).
//
// Read `inSyncReplicas` as *whoever may be elected*: with KIP-966 these are the in-sync and the eligible leader replicas.
import { isSameAt, type Log, presumesLeadership, type ReplicationBounds, replicationShape } from '../replication.ts'
import { listOf, type Now, optionalUpTo, record, upTo } from '../shape.ts'
import type { Action } from '../spec.ts'

export function messagesShape(bounds: ReplicationBounds) {
  const { logSize, maxRecords, maxLeaderEpoch } = bounds
  const { requests, ...others } = replicationShape(bounds).fields
  return record({
    ...others,
    requests: listOf(
      requests.length,
      record({
        ...requests.item.fields,
        /** What the leader of the epoch had when it went on to a later one. */
        highWatermark: upTo(logSize),
        /** -1 before that, and if it never led. */
        logEndOffset: optionalUpTo(logSize),
        log: listOf(logSize, record({ id: optionalUpTo(maxRecords - 1), leaderEpoch: optionalUpTo(maxLeaderEpoch) })),
      }),
    ),
  })
}

export type MessagesShape = ReturnType<typeof messagesShape>
export type Messages = Now<MessagesShape>
export type MessagesAction = Action<MessagesShape>
export type Member = Messages['replicas'][number]
/** Where a follower's answers come from. */
export type Source = Log & { readonly highWatermark: number }

/** The replica of a member; null for none. */
export function memberAt(now: Messages, member: number): Member | null {
  return member < 0 ? null : (now.replicas[member] ?? null)
}

function requestAt(now: Messages, leaderEpoch: number): Messages['requests'][number] | null {
  return leaderEpoch < 0 ? null : (now.requests[leaderEpoch] ?? null)
}

/** What answers the fetches of a follower in its epoch: its leader, while that leads in the same epoch. */
export function leaderOf(now: Messages, follower: Member): Member | null {
  const leader = memberAt(now, follower.leader)
  if (leader === null || leader === follower || leader.leaderEpoch !== follower.leaderEpoch) return null
  return presumesLeadership(leader) ? leader : null
}

/** What may still answer them when the leader has gone on: what it had when it left the epoch. */
export function leftBehind(now: Messages, follower: Member): Source | null {
  const leader = memberAt(now, follower.leader)
  if (leader === null || leader === follower || leader.leaderEpoch <= follower.leaderEpoch) return null
  const left = requestAt(now, follower.leaderEpoch)
  return left === null || left.logEndOffset === -1 ? null : left
}

/** All that one log has below an offset, another one has too. */
export function isSameBelow(a: Log, b: Log, endOffset: number): boolean {
  for (let offset = 0; offset < endOffset; offset += 1) if (!isSameAt(a, b, offset)) return false
  return true
}

/** The log is a beginning of the other one: this is what the epochs in a fetch prove to a leader. */
export function isBeginningOf(log: Log, other: Log): boolean {
  return isSameBelow(log, other, log.logEndOffset)
}

/**
 * The replica goes on to a later epoch. If it led, and others are in the epoch that it leaves, that one remembers what it
 * had; once nobody is in it, that does not matter any more.
 */
export function leaveEpoch(now: Messages, replica: Member): void {
  const epoch = requestAt(now, replica.leaderEpoch)?.next
  if (epoch === undefined) return
  const isLast = !now.replicas.some(other => other !== replica && other.leaderEpoch === replica.leaderEpoch)
  if (!isLast && !presumesLeadership(replica)) return
  epoch.highWatermark = isLast ? 0 : replica.highWatermark
  epoch.logEndOffset = isLast ? -1 : replica.logEndOffset
  for (const [offset, { id, leaderEpoch }] of replica.log.entries()) {
    const entry = epoch.log[offset]
    if (entry === undefined) continue
    entry.id = isLast ? -1 : id
    entry.leaderEpoch = isLast ? -1 : leaderEpoch
  }
}
