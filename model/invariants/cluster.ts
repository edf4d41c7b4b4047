// The claims of docs/claims.md on a whole cluster, as named functions: one for each.
import type { Violation } from '../vocabulary/claims.ts'
import { oneOwner } from './groups.ts'
import { type History, remember } from './history.ts'
import type { ClusterTransition } from './known.ts'
import {
  acknowledgedMeansKept,
  atLeastOnce,
  completeCandidates,
  enoughReplicas,
  failedMeansAbsent,
  readableStaysReadable,
  strongInSyncSet,
} from './loss.ts'
import { boundsHold, consumersReadCommitted, offsetsAreInTheLog, watermarkWaitsForEveryone } from './offsets.ts'
import { epochsRise, logsMatch, oneLeaderAnEpoch, oneRecordPerOffset, producerOrder } from './order.ts'

/**
 * Looks at one operation, knowing what was seen until then (the operation included). It held `before`: what cannot have
 * changed since need not be looked at again.
 */
export type ClusterInvariant = (history: History, transition: ClusterTransition, before: History) => Violation | null

/** In order of weight: the first that is broken names the finding. */
export const clusterInvariants: readonly ClusterInvariant[] = [
  acknowledgedMeansKept,
  oneRecordPerOffset,
  readableStaysReadable,
  completeCandidates,
  strongInSyncSet,
  enoughReplicas,
  failedMeansAbsent,
  producerOrder,
  logsMatch,
  epochsRise,
  oneLeaderAnEpoch,
  boundsHold,
  watermarkWaitsForEveryone,
  consumersReadCommitted,
  offsetsAreInTheLog,
  atLeastOnce,
  oneOwner,
]

/** What is remembered after an operation, and the first claim that it broke, or null. */
export function checkCluster(
  history: History,
  transition: ClusterTransition,
): { readonly history: History; readonly violation: Violation | null } {
  const known = remember(history, transition)
  for (const holds of clusterInvariants) {
    const violation = holds(known, transition, history)
    if (violation !== null) return { history: known, violation }
  }
  return { history: known, violation: null }
}
