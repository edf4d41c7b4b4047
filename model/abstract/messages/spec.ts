// `kip-320-messages`: KIP-320, and exactly what replicas do otherwise when they have to send messages.
//
// It stands between the abstract rule and the cluster: exploration shows that it keeps the invariants of KIP-320, and that
// every step of a small cluster is made of its steps (docs/exploration.md, Refinement).
import { controllerElectLeader, controllerShrinkIsr } from '../actions.ts'
import { strongIsr, weakIsr } from '../invariants.ts'
import { initialReplication, type ReplicationBounds } from '../replication.ts'
import type { Spec } from '../spec.ts'
import {
  controllerAddMember,
  controllerDropMember,
  controllerReplaceLeader,
  controllerRetireLeader,
} from './controller.ts'
import {
  becomeFollowerOfAny,
  followerCutEntry,
  followerLearnHighWatermark,
  followerTakeEntry,
  followerTakeLateEntry,
} from './follower.ts'
import {
  becomeLeader,
  leaderAppend,
  leaderDropMember,
  leaderIncHighWatermarkByFetches,
  leaderProposeMember,
  producerSend,
} from './leader.ts'
import { type MessagesShape, messagesShape } from './state.ts'

export function messagesSpec(bounds: ReplicationBounds): Spec<MessagesShape> {
  return {
    name: 'kip-320-messages',
    shape: messagesShape(bounds),
    symmetry: { name: 'replicas', size: bounds.replicas },
    initialize: initialReplication(bounds),
    actions: [
      controllerElectLeader(bounds),
      controllerShrinkIsr(bounds),
      controllerReplaceLeader(bounds),
      controllerRetireLeader(bounds),
      controllerDropMember,
      controllerAddMember,
      becomeLeader,
      producerSend(bounds),
      leaderAppend(bounds),
      leaderIncHighWatermarkByFetches,
      leaderProposeMember,
      leaderDropMember,
      becomeFollowerOfAny,
      followerCutEntry,
      followerTakeEntry,
      followerTakeLateEntry,
      followerLearnHighWatermark,
    ],
    invariants: [weakIsr, strongIsr],
  }
}
