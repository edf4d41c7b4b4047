// What all rules of truncation and fencing have in common, and what they had before KIP-320: the controller, a replica that
// becomes leader, a write, and a leader and followers that look at each other's offsets but not at their epochs.
import {
  append,
  changeInSyncReplicas,
  epochAt,
  everyInSync,
  hasOffset,
  isFollowing,
  isTrueLeader,
  presumesLeadership,
  type Replica,
  type Replication,
  type ReplicationBounds,
  type ReplicationShape,
} from './replication.ts'
import { excluding, including, isIn } from './shape.ts'
import type { Action, Parameter } from './spec.ts'

export type ReplicationAction = Action<ReplicationShape>

export const replica: Parameter = { name: 'replica', member: true }
export const leader: Parameter = { name: 'leader', member: true }
export const follower: Parameter = { name: 'follower', member: true }
export const leaderEpoch: Parameter = { name: 'leaderEpoch', member: false }

/**
 * Who: the controller.
 * When: somebody of the in-sync set does not lead yet; it needs no other reason.
 * Then: it leads, in a new epoch.
 */
export function controllerElectLeader(bounds: ReplicationBounds): ReplicationAction {
  return {
    name: 'ControllerElectLeader',
    parameters: [replica],
    step: (now, take) => {
      const { quorum } = now
      if (now.nextLeaderEpoch > bounds.maxLeaderEpoch) return
      for (const { index } of now.replicas) {
        if (!isIn(quorum.inSyncReplicas, index) || quorum.leader === index) continue
        decide(now, index, quorum.inSyncReplicas)
        take(index, -1)
      }
    },
  }
}

/**
 * Who: the controller.
 * When: it holds a replica for dead, rightly or wrongly.
 * Then: the replica leaves the in-sync set, unless it is the last one that leads; if it led, nobody does.
 */
export function controllerShrinkIsr(bounds: ReplicationBounds): ReplicationAction {
  return {
    name: 'ControllerShrinkIsr',
    parameters: [replica],
    step: (now, take) => {
      const { leader, inSyncReplicas } = now.quorum
      if (now.nextLeaderEpoch > bounds.maxLeaderEpoch) return
      for (const { index } of now.replicas) {
        if (leader !== index && !isIn(inSyncReplicas, index)) continue
        const left = excluding(inSyncReplicas, index)
        const kept = leader === index && left === 0 ? inSyncReplicas : left
        decide(now, leader === index ? -1 : leader, kept)
        take(index, -1)
      }
    },
  }
}

/** The controller's decision, in a new epoch, and the request that tells of it. */
export function decide({ nextLeaderEpoch, next }: Replication, leader: number, inSyncReplicas: number): void {
  next.nextLeaderEpoch = nextLeaderEpoch + 1
  next.quorum.leaderEpoch = nextLeaderEpoch
  next.quorum.leader = leader
  next.quorum.inSyncReplicas = inSyncReplicas
  const request = next.requests[nextLeaderEpoch]
  if (request === undefined) return
  request.leader = leader
  request.inSyncReplicas = inSyncReplicas
}

/**
 * Who: a replica.
 * When: a request of a newer epoch than it knows makes it the leader.
 * Then: it believes that; its log and high watermark stay.
 */
export const becomeLeader: ReplicationAction = {
  name: 'BecomeLeader',
  parameters: [replica, leaderEpoch],
  step: (now, take) => {
    for (let epoch = 0; epoch < now.nextLeaderEpoch; epoch += 1) {
      const request = now.requests[epoch]
      if (request === undefined || request.leader < 0) continue
      const chosen = now.replicas[request.leader]
      if (chosen === undefined || epoch <= chosen.leaderEpoch) continue
      chosen.next.leaderEpoch = epoch
      chosen.next.leader = chosen.index
      chosen.next.inSyncReplicas = request.inSyncReplicas
      take(chosen.index, epoch)
    }
  },
}

/**
 * Who: whoever takes itself for the leader.
 * When: a producer writes to it.
 * Then: the record is at the end of its log, in its epoch.
 */
export function leaderWrite({ maxRecords, logSize }: ReplicationBounds): ReplicationAction {
  return {
    name: 'LeaderWrite',
    parameters: [leader],
    step: (now, take) => {
      for (const replica of now.replicas) {
        if (!presumesLeadership(replica) || replica.logEndOffset === logSize || now.nextRecordId === maxRecords)
          continue
        append(replica, now.nextRecordId, replica.leaderEpoch)
        now.next.nextRecordId = now.nextRecordId + 1
        take(replica.index, -1)
      }
    },
  }
}

/**
 * Who: a true leader.
 * When: a member of its in-sync set lags behind the leader's end, or follows somebody else.
 * Then: the member leaves the set.
 */
export const leaderShrinkIsr: ReplicationAction = shrinkIsr('LeaderShrinkIsr', (leader, follower) =>
  isCaughtUp(leader, follower, leader.logEndOffset),
)

/**
 * Who: a true leader.
 * When: a replica outside its in-sync set has what is below the leader's high watermark.
 * Then: it joins the set. (That high watermark may be stale: KAFKA-7128.)
 */
export const leaderExpandIsr: ReplicationAction = expandIsr('LeaderExpandIsr', (leader, follower) =>
  isCaughtUp(leader, follower, leader.highWatermark),
)

/**
 * Who: whoever takes itself for the leader.
 * When: all of its in-sync set believe in it and have an entry at its high watermark. Nobody asks of which epoch.
 * Then: the high watermark rises by one.
 */
export function leaderIncHighWatermark({ logSize }: ReplicationBounds): ReplicationAction {
  return {
    name: 'LeaderIncHighWatermark',
    parameters: [leader],
    step: (now, take) => {
      for (const leader of now.replicas) {
        const offset = leader.highWatermark
        if (!presumesLeadership(leader) || offset === logSize) continue
        if (!everyInSync(now, leader, offset, followsAndHas)) continue
        leader.next.highWatermark = offset + 1
        take(leader.index, -1)
      }
    },
  }
}

function followsAndHas(leader: Replica, member: Replica, offset: number): boolean {
  return isFollowing(member, leader) && hasOffset(member, offset)
}

/**
 * Who: a follower.
 * When: it and its leader believe in that leader, and the leader has an entry at the follower's end.
 * Then: it takes the entry, and the leader's high watermark as far as its log goes. Epochs are not compared.
 */
export const followerReplicate: ReplicationAction = fetchNext('FollowerReplicate', (leader, follower) =>
  isFollowing(follower, leader),
)

/** A follower takes the next entry of whoever takes itself for the leader and from whom, by some rule, it may fetch. */
export function fetchNext(name: string, mayFetch: (leader: Replica, follower: Replica) => boolean): ReplicationAction {
  return {
    name,
    parameters: [leader, follower],
    step: (now, take) => {
      for (const leader of now.replicas) {
        if (!presumesLeadership(leader)) continue
        for (const follower of now.replicas) {
          const offset = follower.logEndOffset
          if (!hasOffset(leader, offset) || !mayFetch(leader, follower)) continue
          append(follower, leader.log[offset]?.id ?? -1, epochAt(leader, offset))
          follower.next.highWatermark = Math.min(leader.highWatermark, offset + 1)
          take(leader.index, follower.index)
        }
      }
    },
  }
}

/** A true leader drops a member that is not in sync by some rule. */
export function shrinkIsr(name: string, isInSync: (leader: Replica, member: Replica) => boolean): ReplicationAction {
  return changeIsr(name, (now, leader, member) => {
    const { inSyncReplicas } = leader
    if (member === leader || !isIn(inSyncReplicas, member.index) || isInSync(leader, member)) return false
    changeInSyncReplicas(now, leader, excluding(inSyncReplicas, member.index))
    return true
  })
}

/** A true leader adds a replica that may join by some rule. */
export function expandIsr(name: string, mayJoin: (leader: Replica, replica: Replica) => boolean): ReplicationAction {
  return changeIsr(name, (now, leader, replica) => {
    const { inSyncReplicas } = leader
    if (isIn(inSyncReplicas, replica.index) || !mayJoin(leader, replica)) return false
    changeInSyncReplicas(now, leader, including(inSyncReplicas, replica.index))
    return true
  })
}

function changeIsr(
  name: string,
  change: (now: Replication, leader: Replica, member: Replica) => boolean,
): ReplicationAction {
  return {
    name,
    parameters: [leader, follower],
    step: (now, take) => {
      for (const leader of now.replicas) {
        if (!isTrueLeader(now, leader)) continue
        for (const member of now.replicas) if (change(now, leader, member)) take(leader.index, member.index)
      }
    },
  }
}

function isCaughtUp(leader: Replica, follower: Replica, endOffset: number): boolean {
  if (!isFollowing(follower, leader)) return false
  return endOffset === 0 || (hasOffset(leader, endOffset - 1) && hasOffset(follower, endOffset - 1))
}
