// What Kafka's controller decides beyond what the abstract one of KIP-320 does: fewer leader epochs, and none for a set.
import { decide, replica } from '../actions.ts'
import { isTrueLeader, type ReplicationBounds } from '../replication.ts'
import { excluding, including, isIn } from '../shape.ts'
import { type MessagesAction, memberAt } from './state.ts'

/**
 * Who: the controller.
 * When: it holds the leader for dead, rightly or wrongly, and somebody else may be elected.
 * Then: that one leads and the old leader may not be elected, in one new epoch. KIP-320's controller takes two for that.
 * Safe: it is ControllerShrinkIsr and ControllerElectLeader, and nobody had heard of the epoch between them.
 */
export function controllerReplaceLeader(bounds: ReplicationBounds): MessagesAction {
  return {
    name: 'ControllerReplaceLeader',
    parameters: [replica],
    step: (now, take) => {
      const { leader, inSyncReplicas } = now.quorum
      if (leader === -1 || now.nextLeaderEpoch > bounds.maxLeaderEpoch) return
      for (const { index } of now.replicas) {
        if (!isIn(inSyncReplicas, index) || index === leader) continue
        decide(now, index, excluding(inSyncReplicas, leader))
        take(index, -1)
      }
    },
  }
}

/**
 * Who: the controller.
 * When: it holds everybody for dead whom it could elect (KIP-966: they leave the in-sync set and stay eligible).
 * Then: nobody leads, in a new epoch; who may be elected is as before.
 * Safe: a set that does not change loses nobody who has everything.
 */
export function controllerRetireLeader(bounds: ReplicationBounds): MessagesAction {
  return {
    name: 'ControllerRetireLeader',
    parameters: [],
    step: (now, take) => {
      const { leader, inSyncReplicas } = now.quorum
      if (leader === -1 || now.nextLeaderEpoch > bounds.maxLeaderEpoch) return
      decide(now, -1, inSyncReplicas)
      take(-1, -1)
    },
  }
}

/**
 * Who: the controller.
 * When: it holds a member that does not lead for dead, or the leader asked for a set without it (AlterPartition).
 * Then: the member may not be elected any more. The leader stays, and so does its epoch; it hears of this later.
 * Safe: whoever the leader still waits for is one more that has everything.
 */
export const controllerDropMember: MessagesAction = {
  name: 'ControllerDropMember',
  parameters: [replica],
  step: (now, take) => {
    const { leader, inSyncReplicas } = now.quorum
    for (const { index } of now.replicas) {
      if (index === leader || !isIn(inSyncReplicas, index)) continue
      now.next.quorum.inSyncReplicas = excluding(inSyncReplicas, index)
      take(index, -1)
    }
  },
}

/**
 * Who: the controller.
 * When: the true leader asked for a set with somebody more (AlterPartition), and still waits for that one.
 * Then: it may be elected, in the same epoch. KIP-320's leader changes the set at the controller and in its mind at once.
 * Safe: the leader commits nothing without it from the moment at which it asked until it hears that it must not.
 */
export const controllerAddMember: MessagesAction = {
  name: 'ControllerAddMember',
  parameters: [replica],
  step: (now, take) => {
    const { inSyncReplicas } = now.quorum
    const leader = memberAt(now, now.quorum.leader)
    if (leader === null || !isTrueLeader(now, leader)) return
    for (const { index } of now.replicas) {
      if (isIn(inSyncReplicas, index) || !isIn(leader.inSyncReplicas, index)) continue
      now.next.quorum.inSyncReplicas = including(inSyncReplicas, index)
      take(index, -1)
    }
  },
}
