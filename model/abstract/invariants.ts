// What replication promises, as KAFKA's specifications state it.
import { isSameAt, presumesLeadership, type Replica, type Replication, type ReplicationShape } from './replication.ts'
import { isIn } from './shape.ts'
import type { Invariant } from './spec.ts'

/**
 * Whoever takes itself for the leader shares everything below its high watermark with all of the in-sync set that it
 * believes in. It matters less than it seems: leaders are elected from the controller's set, not from a replica's belief.
 */
export const weakIsr: Invariant<ReplicationShape> = {
  name: 'WeakIsr',
  holds: now => {
    for (const leader of now.replicas) {
      if (presumesLeadership(leader) && !isShared(now, leader, leader.inSyncReplicas)) return false
    }
    return true
  },
}

/**
 * Whoever takes itself for the leader shares everything below its high watermark with all of the controller's in-sync set:
 * whatever consumers may have seen is on every broker that can be elected. Claim L2.
 */
export const strongIsr: Invariant<ReplicationShape> = {
  name: 'StrongIsr',
  holds: now => {
    for (const leader of now.replicas) {
      if (presumesLeadership(leader) && !isShared(now, leader, now.quorum.inSyncReplicas)) return false
    }
    return true
  },
}

function isShared(now: Replication, leader: Replica, members: number): boolean {
  if (leader.highWatermark === 0) return true
  for (const member of now.replicas) {
    if (!isIn(members, member.index)) continue
    for (let offset = 0; offset < leader.highWatermark; offset += 1) {
      if (!isSameAt(leader, member, offset)) return false
    }
  }
  return true
}
