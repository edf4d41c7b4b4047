// Who may fetch, count and join: KIP-320 as it was first tried, and as it is.
//
// The first try compares the epoch of the record in front of what is fetched. That is not enough: a follower in an older
// epoch can still count towards the high watermark, and then cut, on learning of the new epoch, what was committed.
import { expandIsr, fetchNext, follower, leader, type ReplicationAction, shrinkIsr } from './actions.ts'
import {
  epochAt,
  everyInSync,
  hasOffset,
  isFollowing,
  presumesLeadership,
  type Replica,
  truncateTo,
} from './replication.ts'
import { firstOffsetThatDiffers } from './truncation.ts'

/** KIP-320: the follower is in the leader's epoch. */
function isFollowingLeaderEpoch(leader: Replica, follower: Replica): boolean {
  return isFollowing(follower, leader) && follower.leaderEpoch === leader.leaderEpoch
}

/** A follower fetches from the leader of its own epoch. */
export const fencedFollowerFetch: ReplicationAction = fetchNext('FencedFollowerFetch', isFollowingLeaderEpoch)

/** The in-sync set must follow in the leader's epoch, and have the entry. */
export const fencedLeaderIncHighWatermark: ReplicationAction = incHighWatermark(
  'FencedLeaderIncHighWatermark',
  (leader, member, offset) => isFollowingLeaderEpoch(leader, member) && hasOffset(member, offset),
)

export const fencedLeaderShrinkIsr: ReplicationAction = shrinkIsr(
  'FencedLeaderShrinkIsr',
  (leader, member) => isFollowingLeaderEpoch(leader, member) && member.logEndOffset >= leader.logEndOffset,
)

/**
 * A replica joins when it has reached the high watermark, and that has reached the leader's own epoch: a new leader's high
 * watermark may lag behind what its predecessor committed, and only entries of its own epoch prove that it does not.
 */
export const fencedLeaderExpandIsr: ReplicationAction = expandIsr(
  'FencedLeaderExpandIsr',
  (leader, replica) =>
    isFollowingLeaderEpoch(leader, replica) &&
    (leader.highWatermark === 0 || hasOffset(replica, leader.highWatermark - 1)) &&
    hasHighWatermarkReachedEpoch(leader),
)

/** First try: the record in front of an offset has the same epoch on both. */
function isCaughtUpToLeaderEpoch(leader: Replica, follower: Replica, endOffset: number): boolean {
  if (!isFollowing(follower, leader)) return false
  if (endOffset === 0) return true
  const offset = endOffset - 1
  return (
    hasOffset(leader, offset) && hasOffset(follower, offset) && epochAt(follower, offset) === epochAt(leader, offset)
  )
}

export const followerFetch: ReplicationAction = fetchNext('FollowerFetch', (leader, follower) =>
  isCaughtUpToLeaderEpoch(leader, follower, follower.logEndOffset),
)

export const improvedLeaderIncHighWatermark: ReplicationAction = incHighWatermark(
  'ImprovedLeaderIncHighWatermark',
  (leader, member, offset) => isCaughtUpToLeaderEpoch(leader, member, offset + 1),
)

export const leaderShrinkIsrBetterFencing: ReplicationAction = shrinkIsr(
  'LeaderShrinkIsrBetterFencing',
  (leader, member) => isCaughtUpToLeaderEpoch(leader, member, leader.logEndOffset),
)

export const leaderExpandIsrBetterFencing: ReplicationAction = expandIsr(
  'LeaderExpandIsrBetterFencing',
  (leader, replica) =>
    isCaughtUpToLeaderEpoch(leader, replica, leader.highWatermark) && hasHighWatermarkReachedEpoch(leader),
)

/**
 * Who: a follower of the first try.
 * When: its log is longer than its leader's, or its last entry is of another epoch than the leader's at the same offset.
 * Then: it cuts its log to what matches. It may do so at any time, which is the hole.
 */
export const followerTruncate: ReplicationAction = {
  name: 'FollowerTruncate',
  parameters: [leader, follower],
  step: (now, take) => {
    for (const leader of now.replicas) {
      if (!presumesLeadership(leader)) continue
      for (const follower of now.replicas) {
        if (!isFollowing(follower, leader)) continue
        const last = follower.logEndOffset - 1
        const isOtherEpoch = last >= 0 && hasOffset(leader, last) && epochAt(leader, last) !== epochAt(follower, last)
        if (follower.logEndOffset <= leader.logEndOffset && !isOtherEpoch) continue
        const endOffset = firstOffsetThatDiffers(leader, follower)
        truncateTo(follower, endOffset)
        follower.next.highWatermark = Math.min(endOffset, follower.highWatermark)
        take(leader.index, follower.index)
      }
    }
  },
}

/**
 * Who: whoever takes itself for the leader.
 * When: it has an entry at its high watermark, and all of its in-sync set have it too, by some rule.
 * Then: the high watermark rises by one.
 */
export function incHighWatermark(
  name: string,
  hasAcknowledged: (leader: Replica, member: Replica, offset: number) => boolean,
): ReplicationAction {
  return {
    name,
    parameters: [leader],
    step: (now, take) => {
      for (const leader of now.replicas) {
        const offset = leader.highWatermark
        if (!presumesLeadership(leader) || !hasOffset(leader, offset)) continue
        if (!everyInSync(now, leader, offset, hasAcknowledged)) continue
        leader.next.highWatermark = offset + 1
        take(leader.index, -1)
      }
    },
  }
}

function hasHighWatermarkReachedEpoch(leader: Replica): boolean {
  const { highWatermark, logEndOffset, leaderEpoch } = leader
  return (
    highWatermark === logEndOffset ||
    (hasOffset(leader, highWatermark) && epochAt(leader, highWatermark) === leaderEpoch)
  )
}
