// What replication promises, as KAFKA's specifications state it.
import {
  hasOffset,
  isSameAt,
  presumesLeadership,
  type Replica,
  type Replication,
  type ReplicationShape,
} from './replication.ts'
import { isIn } from './shape.ts'
import type { Invariant } from './spec.ts'

/**
 * Whoever takes itself for the leader shares everything below its high watermark with all of the in-sync set that it
 * believes in. It matters less than it seems: leaders are elected from the controller's set, not from a replica's belief.
 */
export const weakIsr: Invariant<ReplicationShape> = {
  name: 'WeakIsr',
  says: sharing('the in-sync set that it believes in'),
  holds: now => {
    for (const leader of now.replicas) {
      if (presumesLeadership(leader) && unshared(now, leader, leader.inSyncReplicas) !== null) return false
    }
    return true
  },
  seen: (now, nameOf) => seen(now, leader => leader.inSyncReplicas, nameOf),
}

/**
 * Whoever takes itself for the leader shares everything below its high watermark with all of the controller's in-sync set:
 * whatever consumers may have seen is on every broker that can be elected. Claim L2.
 */
export const strongIsr: Invariant<ReplicationShape> = {
  name: 'StrongIsr',
  says: sharing("the controller's in-sync set"),
  holds: now => {
    for (const leader of now.replicas) {
      if (presumesLeadership(leader) && unshared(now, leader, now.quorum.inSyncReplicas) !== null) return false
    }
    return true
  },
  seen: (now, nameOf) => seen(now, () => now.quorum.inSyncReplicas, nameOf),
}

type Unshared = { readonly member: Replica; readonly offset: number }

/** The first record below the leader's high watermark that one of them has not, and who. */
function unshared(now: Replication, leader: Replica, members: number): Unshared | null {
  if (leader.highWatermark === 0) return null
  for (const member of now.replicas) {
    if (!isIn(members, member.index)) continue
    for (let offset = 0; offset < leader.highWatermark; offset += 1) {
      if (!isSameAt(leader, member, offset)) return { member, offset }
    }
  }
  return null
}

function sharing(members: string): string {
  return `whoever takes itself for the leader shares every record below its high watermark with all of ${members}`
}

function seen(
  now: Replication,
  membersFor: (leader: Replica) => number,
  nameOf: (member: number) => string,
): string | null {
  for (const leader of now.replicas) {
    const found = presumesLeadership(leader) ? unshared(now, leader, membersFor(leader)) : null
    if (found === null) continue
    const { member, offset } = found
    const who = `${nameOf(leader.index)} takes itself for the leader, with high watermark ${leader.highWatermark}`
    const own = `${who}, and at offset ${offset} has ${recordAt(leader, offset)}`
    // Its own log may be shorter than its high watermark says.
    if (leader.index === member.index) return own
    return `${own} where ${nameOf(member.index)} has ${recordAt(member, offset)}`
  }
  return null
}

function recordAt(replica: Replica, offset: number): string {
  if (!hasOffset(replica, offset)) return 'nothing'
  const entry = replica.log[offset]
  return `record #${entry?.id ?? -1} of epoch ${entry?.leaderEpoch ?? -1}`
}
