// A leader that knows its followers by their fetches, and the controller by what it has been told.
import { follower, leader, leaderEpoch, replica } from '../actions.ts'
import { incHighWatermark } from '../fencing.ts'
import { append, epochAt, isSameAt, presumesLeadership, type Replica, type ReplicationBounds } from '../replication.ts'
import { excluding, including, isIn } from '../shape.ts'
import { isSameBelow, leaveEpoch, type Member, type Messages, type MessagesAction, memberAt } from './state.ts'

/**
 * Who: a replica.
 * When: a request of a newer epoch than it knows makes it the leader.
 * Then: as with KIP-320. If it led before, what it had may still be on its way to followers in that epoch.
 */
export const becomeLeader: MessagesAction = {
  name: 'BecomeLeader',
  parameters: [replica, leaderEpoch],
  step: (now, take) => {
    for (let epoch = 0; epoch < now.nextLeaderEpoch; epoch += 1) {
      const request = now.requests[epoch]
      const chosen = request === undefined ? null : memberAt(now, request.leader)
      if (request === undefined || chosen === null || epoch <= chosen.leaderEpoch) continue
      leaveEpoch(now, chosen)
      chosen.next.leaderEpoch = epoch
      chosen.next.leader = chosen.index
      chosen.next.inSyncReplicas = request.inSyncReplicas
      take(chosen.index, epoch)
    }
  },
}

/**
 * Who: a producer.
 * Then: there is one more record for leaders to write.
 */
export function producerSend({ maxRecords }: ReplicationBounds): MessagesAction {
  return {
    name: 'ProducerSend',
    parameters: [],
    step: (now, take) => {
      if (now.nextRecordId === maxRecords) return
      now.next.nextRecordId = now.nextRecordId + 1
      take(-1, -1)
    },
  }
}

/**
 * Who: whoever takes itself for the leader.
 * When: a record was sent and is not in its log. It may be in others: a producer that was not answered tries again.
 * Then: the record is at the end of its log, in its epoch.
 * Safe: a record is told from its twin by the epoch, and in one epoch one leader writes, which does not cut its log.
 */
export function leaderAppend({ logSize }: ReplicationBounds): MessagesAction {
  return {
    name: 'LeaderAppend',
    parameters: [leader, { name: 'record', member: false }],
    step: (now, take) => {
      for (const leader of now.replicas) {
        if (!presumesLeadership(leader) || leader.logEndOffset === logSize) continue
        for (let id = 0; id < now.nextRecordId; id += 1) {
          if (leader.log.some(entry => entry.id === id)) continue
          append(leader, id, leader.leaderEpoch)
          take(leader.index, id)
        }
      }
    },
  }
}

/**
 * Who: whoever takes itself for the leader.
 * When: it has an entry at its high watermark, and all that it waits for have it too and are in its epoch *or a later one*.
 * Then: the high watermark rises by one.
 * Safe: a leader counts fetches, which may come late, when the follower has gone on to a later epoch. It was in this epoch
 * when it asked, and had the entry. It has it still: whoever led later was one of those that the leader waits for.
 */
export const leaderIncHighWatermarkByFetches: MessagesAction = incHighWatermark(
  'LeaderIncHighWatermarkByFetches',
  hasFetched,
)

function hasFetched(leader: Replica, member: Replica, offset: number): boolean {
  return member.leaderEpoch >= leader.leaderEpoch && isSameAt(leader, member, offset)
}

/**
 * Who: whoever takes itself for the leader.
 * When: a replica outside of its set has everything below its high watermark and everything from before its epoch. (One
 * that has gone on to a later epoch may have lost the latter; the proposal will be refused.)
 * Then: from now on it waits for that replica, and asks the controller to let it be elected.
 * Safe: to wait for one more, who has everything that is committed, holds nothing back that was promised.
 */
export const leaderProposeMember: MessagesAction = {
  name: 'LeaderProposeMember',
  parameters: [leader, follower],
  step: (now, take) => {
    for (const leader of now.replicas) {
      if (!presumesLeadership(leader)) continue
      for (const replica of now.replicas) {
        if (isIn(leader.inSyncReplicas, replica.index) || !mayJoin(leader, replica)) continue
        leader.next.inSyncReplicas = including(leader.inSyncReplicas, replica.index)
        take(leader.index, replica.index)
      }
    }
  },
}

function mayJoin(leader: Member, replica: Member): boolean {
  if (replica.leaderEpoch < leader.leaderEpoch || !isSameBelow(leader, replica, leader.highWatermark)) return false
  return replica.leaderEpoch > leader.leaderEpoch || isSameBelow(leader, replica, startOfEpoch(leader))
}

/** Where the leader's log ended when its epoch began. */
function startOfEpoch(leader: Member): number {
  let offset = leader.logEndOffset
  while (offset > 0 && epochAt(leader, offset - 1) === leader.leaderEpoch) offset -= 1
  return offset
}

/**
 * Who: whoever takes itself for the leader.
 * When: it is told that a member may not be elected in its epoch any more, or, when its epoch is over, in the next one.
 * Then: it waits for it no longer.
 * Safe: whoever is elected next is still waited for. To be told late does no harm: until then one more is waited for.
 */
export const leaderDropMember: MessagesAction = {
  name: 'LeaderDropMember',
  parameters: [leader, follower],
  step: (now, take) => {
    for (const leader of now.replicas) {
      if (!presumesLeadership(leader)) continue
      const electable = electableAfter(now, leader.leaderEpoch)
      for (const member of now.replicas) {
        if (member === leader || !isIn(leader.inSyncReplicas, member.index) || isIn(electable, member.index)) continue
        leader.next.inSyncReplicas = excluding(leader.inSyncReplicas, member.index)
        take(leader.index, member.index)
      }
    }
  },
}

/** Who may lead next, of an epoch that lasts; who could when the next one began, of one that is over. */
function electableAfter(now: Messages, epoch: number): number {
  const following = now.requests[epoch + 1]
  return following === undefined || epoch + 1 >= now.nextLeaderEpoch
    ? now.quorum.inSyncReplicas
    : following.inSyncReplicas
}
