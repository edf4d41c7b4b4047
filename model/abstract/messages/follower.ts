// A follower that fetches: it cuts and takes what the answers say, which may be late.
import { follower, leaderEpoch } from '../actions.ts'
import { append, epochAt, hasOffset, isSameAt, truncateTo } from '../replication.ts'
import {
  isBeginningOf,
  leaderOf,
  leaveEpoch,
  leftBehind,
  type Member,
  type Messages,
  type MessagesAction,
  type Source,
} from './state.ts'

/**
 * Who: a replica.
 * When: a request of a newer epoch than it knows makes somebody else the leader, or nobody.
 * Then: it believes that. Its log stays until an answer says what to cut; KIP-320's follower cuts at once.
 * Safe: until its log is a beginning of the leader's, its fetches are refused: nobody counts it, and it takes nothing.
 */
export const becomeFollowerOfAny: MessagesAction = {
  name: 'BecomeFollowerOfAny',
  parameters: [follower, leaderEpoch],
  step: (now, take) => {
    for (let epoch = 0; epoch < now.nextLeaderEpoch; epoch += 1) {
      const request = now.requests[epoch]
      if (request === undefined) continue
      for (const replica of now.replicas) {
        if (replica.index === request.leader || epoch <= replica.leaderEpoch) continue
        leaveEpoch(now, replica)
        replica.next.leaderEpoch = epoch
        replica.next.leader = request.leader
        replica.next.inSyncReplicas = request.inSyncReplicas
        take(replica.index, epoch)
      }
    }
  },
}

/**
 * Who: a follower.
 * When: its leader's answer says that the leader does not have the follower's last entry, or another one there.
 * Then: the entry goes. An answer may cut several, and several answers may be needed.
 * Safe: nothing is cut that the leader of the epoch has.
 */
export const followerCutEntry: MessagesAction = {
  name: 'FollowerCutEntry',
  parameters: [follower],
  step: (now, take) => {
    for (const follower of now.replicas) {
      const last = follower.logEndOffset - 1
      const source = leaderOf(now, follower) ?? leftBehind(now, follower)
      if (last < 0 || source === null || isSameAt(source, follower, last)) continue
      truncateTo(follower, last)
      follower.next.highWatermark = Math.min(last, follower.highWatermark)
      take(follower.index, -1)
    }
  },
}

/**
 * Who: a follower.
 * When: its log is a beginning of the log of the leader that it is in one epoch with, and the answer to its fetch comes.
 * Then: it takes the next entry. What the leader's high watermark is it learns by itself.
 */
export const followerTakeEntry: MessagesAction = takeEntry('FollowerTakeEntry', leaderOf)

/**
 * When: the leader has gone on to a later epoch since it answered, and perhaps does not have the entry any more.
 * Safe: whoever is in the old epoch is counted by nobody in a later one, and will cut what the later leader does not have.
 */
export const followerTakeLateEntry: MessagesAction = takeEntry('FollowerTakeLateEntry', leftBehind)

function takeEntry(name: string, sourceOf: (now: Messages, follower: Member) => Source | null): MessagesAction {
  return {
    name,
    parameters: [follower],
    step: (now, take) => {
      for (const follower of now.replicas) {
        const source = sourceOf(now, follower)
        const offset = follower.logEndOffset
        if (source === null || !hasOffset(source, offset) || !isBeginningOf(follower, source)) continue
        append(follower, source.log[offset]?.id ?? -1, epochAt(source, offset))
        take(follower.index, -1)
      }
    },
  }
}

/**
 * Who: a follower.
 * When: an answer of its epoch's leader comes, with entries or without.
 * Then: its high watermark is one that the leader had when it answered, as far as its own log goes. It may fall: a new
 * leader's may be lower.
 * Safe: it is never above the leader's. One that is too low promises too little, and a leader adds nobody by it alone.
 */
export const followerLearnHighWatermark: MessagesAction = {
  name: 'FollowerLearnHighWatermark',
  parameters: [follower, { name: 'highWatermark', member: false }],
  step: (now, take) => {
    for (const follower of now.replicas) {
      const source = leaderOf(now, follower) ?? leftBehind(now, follower)
      if (source === null || !isBeginningOf(follower, source)) continue
      const most = Math.min(source.highWatermark, follower.logEndOffset)
      for (let highWatermark = 0; highWatermark <= most; highWatermark += 1) {
        if (highWatermark === follower.highWatermark) continue
        follower.next.highWatermark = highWatermark
        take(follower.index, highWatermark)
      }
    }
  },
}
