// What a replica does with its log when it becomes a follower: the rules that KIP-101, KIP-279 and KIP-320 replaced.
import { follower, leaderEpoch, type ReplicationAction } from './actions.ts'
import { epochAt, hasOffset, isSameAt, presumesLeadership, type Replica, truncateTo } from './replication.ts'

/** Before KIP-101: everything above the replica's own high watermark goes, whether or not the leader has it. */
export const becomeFollowerTruncateToHighWatermark: ReplicationAction = becomeFollower(
  'BecomeFollowerTruncateToHighWatermark',
  (_leader, replica) => replica.highWatermark,
)

/** KIP-101: the leader says where its entries of later epochs than the replica's last one begin. */
export const becomeFollowerTruncateKip101: ReplicationAction = becomeFollower(
  'BecomeFollowerTruncateKip101',
  (leader, replica) => (replica.logEndOffset === 0 ? 0 : endOffsetForLastEpoch(leader, replica)),
)

/** KIP-279: the replica keeps what matches, looking back from its end. */
export const becomeFollowerTruncateKip279: ReplicationAction = becomeFollower(
  'BecomeFollowerTruncateKip279',
  firstOffsetThatDiffers,
)

/**
 * KIP-320, first try: nothing is cut on becoming a follower.
 *
 * Who: a replica.
 * When: a request of a newer epoch than it knows makes somebody else the leader.
 * Then: it believes that.
 */
export const becomeFollowerKeepingLog: ReplicationAction = becomeFollower(
  'BecomeFollower',
  (_leader, replica) => replica.logEndOffset,
)

/** KIP-320: as KIP-279, but only with a leader that is in the epoch of the request: an older one may still cut its log. */
export const fencedBecomeFollowerAndTruncate: ReplicationAction = becomeFollower(
  'FencedBecomeFollowerAndTruncate',
  (leader, replica, epoch) =>
    presumesLeadership(leader) && leader.leaderEpoch === epoch ? firstOffsetThatDiffers(leader, replica) : null,
)

/** One more than the last offset at which both have the same record; 0 if there is none. */
export function firstOffsetThatDiffers(leader: Replica, replica: Replica): number {
  let offset = replica.logEndOffset
  while (offset > 0 && !isSameAt(leader, replica, offset - 1)) offset -= 1
  return offset
}

/**
 * Who: a replica.
 * When: a request of a newer epoch than it knows makes somebody else the leader, and the log reaches to where it is cut.
 * Then: it follows, its log ends at the truncation offset, and its high watermark is not above it.
 */
function becomeFollower(
  name: string,
  truncationOffset: (leader: Replica, replica: Replica, leaderEpoch: number) => number | null,
): ReplicationAction {
  return {
    name,
    parameters: [follower, leaderEpoch],
    step: (now, take) => {
      for (let epoch = 0; epoch < now.nextLeaderEpoch; epoch += 1) {
        const request = now.requests[epoch]
        if (request === undefined || request.leader < 0) continue
        const leader = now.replicas[request.leader]
        if (leader === undefined) continue
        for (const replica of now.replicas) {
          if (replica === leader || epoch <= replica.leaderEpoch) continue
          const endOffset = truncationOffset(leader, replica, epoch)
          if (endOffset === null || endOffset > replica.logEndOffset) continue
          truncateTo(replica, endOffset)
          replica.next.leaderEpoch = epoch
          replica.next.leader = leader.index
          replica.next.inSyncReplicas = request.inSyncReplicas
          replica.next.highWatermark = Math.min(endOffset, replica.highWatermark)
          take(replica.index, epoch)
        }
      }
    },
  }
}

/** Where the leader's entries of later epochs begin; its end if its last epoch is the replica's; else nobody knows. */
function endOffsetForLastEpoch(leader: Replica, replica: Replica): number {
  const epoch = epochAt(replica, replica.logEndOffset - 1)
  if (leader.logEndOffset === 0) return replica.highWatermark
  if (epochAt(leader, leader.logEndOffset - 1) === epoch) return leader.logEndOffset
  for (let offset = 0; hasOffset(leader, offset); offset += 1) if (epochAt(leader, offset) > epoch) return offset
  return replica.highWatermark
}
