// Which settings make which anomaly legal. One table for all checks: docs/histories.md shows it.
import { allowed, forbidden, type Judgement } from './anomaly.ts'
import type { HistorySettings } from './history.ts'

/** The settings of the contract, by Kafka's names. */
export function settingsText(settings: HistorySettings): readonly string[] {
  return [
    `acks=${settings.acks === -1 ? 'all' : settings.acks}`,
    `enable.idempotence=${settings.idempotent}`,
    `min.insync.replicas=${settings.minInSyncReplicas}`,
    `unclean.leader.election.enable=${settings.uncleanLeaderElection}`,
    `isolation.level=${settings.isolation}`,
    ...(settings.cleanupPolicy === 'delete' ? [] : [`cleanup.policy=${settings.cleanupPolicy}`]),
  ]
}

/**
 * Whether what was acknowledged, or was read, may be gone or be something else later. Without a new leader epoch nothing
 * is cut off a log, so that then nothing excuses a loss but `acks=0`.
 */
export function judgeLoss(settings: HistorySettings): Judgement {
  if (settings.acks === 0) return allowed('acks=0: nobody promised anything')
  if (settings.leaderChanges === 0) return forbidden
  const weakness = weaknessOf(settings)
  if (weakness !== null) {
    if (settings.leaderChanges !== null) return allowed(`${weakness}, and the leader changed`)
    return { kind: 'undecided', tell: 'leaderChanges' }
  }
  // Nobody looked whether too many replicas were lost.
  if (settings.replicasLost === null) return { kind: 'undecided', tell: 'replicasLost' }
  return forbidden
}

/** The setting outside the contract, which makes a change of the leader lose records; null for none. */
function weaknessOf({ acks, minInSyncReplicas, uncleanLeaderElection, replicasLost }: HistorySettings): string | null {
  if (acks === 1) return 'acks=1'
  if (uncleanLeaderElection) return 'unclean.leader.election.enable=true'
  if (minInSyncReplicas < 2) return 'min.insync.replicas=1'
  if (replicasLost !== null && replicasLost >= minInSyncReplicas) return `${replicasLost} replicas were lost at a time`
  return null
}

/**
 * Whether a record may be missing where it once was. `isSuperseded`: a later record has its key.
 */
export function judgeMissing(settings: HistorySettings, isSuperseded: () => boolean): Judgement {
  if (settings.recordsDeleted) return allowed('records were deleted meanwhile')
  if (settings.cleanupPolicy !== 'delete' && isSuperseded()) return allowed('compaction: a later record has its key')
  return judgeLoss(settings)
}

/** Whether a record may stand in the log twice, or behind one that was sent later, because a producer tried again. */
export function judgeRepeated(settings: HistorySettings): Judgement {
  if (!settings.idempotent && settings.retries) return allowed('retries without enable.idempotence')
  return judgeLoss(settings)
}
