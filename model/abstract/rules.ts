// The abstract specifications by name: one state, five sets of rules for truncation and fencing; and the last of them again
// between replicas that have to send messages, with a little more state.
import {
  becomeLeader,
  controllerElectLeader,
  controllerShrinkIsr,
  followerReplicate,
  leaderExpandIsr,
  leaderIncHighWatermark,
  leaderShrinkIsr,
  leaderWrite,
  type ReplicationAction,
} from './actions.ts'
import {
  fencedFollowerFetch,
  fencedLeaderExpandIsr,
  fencedLeaderIncHighWatermark,
  fencedLeaderShrinkIsr,
  followerFetch,
  followerTruncate,
  improvedLeaderIncHighWatermark,
  leaderExpandIsrBetterFencing,
  leaderShrinkIsrBetterFencing,
} from './fencing.ts'
import { strongIsr, weakIsr } from './invariants.ts'
import { messagesSpec } from './messages/spec.ts'
import type { MessagesShape } from './messages/state.ts'
import { initialReplication, type ReplicationBounds, type ReplicationShape, replicationShape } from './replication.ts'
import type { AtomicRule, ReplicationRule } from './rule-names.ts'
import type { Spec } from './spec.ts'
import {
  becomeFollowerKeepingLog,
  becomeFollowerTruncateKip101,
  becomeFollowerTruncateKip279,
  becomeFollowerTruncateToHighWatermark,
  fencedBecomeFollowerAndTruncate,
} from './truncation.ts'

/** One partition under a rule. */
export function replicationSpec(
  rule: ReplicationRule,
  bounds: ReplicationBounds,
): Spec<ReplicationShape> | Spec<MessagesShape> {
  if (rule === 'kip-320-messages') return messagesSpec(bounds)
  return {
    name: rule,
    shape: replicationShape(bounds),
    symmetry: { name: 'replicas', size: bounds.replicas },
    initialize: initialReplication(bounds),
    actions: [
      controllerElectLeader(bounds),
      controllerShrinkIsr(bounds),
      becomeLeader,
      leaderWrite(bounds),
      ...ruled(rule, bounds),
    ],
    invariants: [weakIsr, strongIsr],
  }
}

function ruled(rule: AtomicRule, bounds: ReplicationBounds): readonly ReplicationAction[] {
  const unfenced = [leaderExpandIsr, leaderShrinkIsr, leaderIncHighWatermark(bounds), followerReplicate]
  switch (rule) {
    case 'truncate-to-high-watermark':
      return [...unfenced, becomeFollowerTruncateToHighWatermark]
    case 'kip-101':
      return [...unfenced, becomeFollowerTruncateKip101]
    case 'kip-279':
      return [...unfenced, becomeFollowerTruncateKip279]
    case 'kip-320-first-try':
      return [
        leaderExpandIsrBetterFencing,
        leaderShrinkIsrBetterFencing,
        improvedLeaderIncHighWatermark,
        becomeFollowerKeepingLog,
        followerFetch,
        followerTruncate,
      ]
    case 'kip-320':
      return [
        fencedLeaderExpandIsr,
        fencedLeaderShrinkIsr,
        fencedLeaderIncHighWatermark,
        fencedBecomeFollowerAndTruncate,
        fencedFollowerFetch,
      ]
  }
}
