// Every planted bug, in the order of the claims. docs/claims.md names at least one for each claim, and every one of them.
import { acknowledgedAtTheFirstRecord } from './bugs/acknowledged-at-the-first-record.ts'
import { acknowledgedWithTooFew } from './bugs/acknowledged-with-too-few.ts'
import { appendLeavesAGap } from './bugs/append-leaves-a-gap.ts'
import { assignmentOfAnotherGeneration } from './bugs/assignment-of-another-generation.ts'
import { cleanerPassesTheWatermark } from './bugs/cleaner-passes-the-watermark.ts'
import { commitsDuringTheRebalance } from './bugs/commits-during-the-rebalance.ts'
import { commitsWhatItAskedFor } from './bugs/commits-what-it-asked-for.ts'
import { consumersReadToTheEnd } from './bugs/consumers-read-to-the-end.ts'
import { cooperativeHoldsBackWhatIsFree } from './bugs/cooperative-holds-back-what-is-free.ts'
import { divergenceEndsLateOnTheWire } from './bugs/divergence-ends-late-on-the-wire.ts'
import { divergenceGoesUnnoticed } from './bugs/divergence-goes-unnoticed.ts'
import { divergingSuffixKept } from './bugs/diverging-suffix-kept.ts'
import { electionKeepsTheEpoch } from './bugs/election-keeps-the-epoch.ts'
import { epochCacheFlushedLate } from './bugs/epoch-cache-flushed-late.ts'
import { epochCacheNotTruncated } from './bugs/epoch-cache-not-truncated.ts'
import { epochZeroForgotten } from './bugs/epoch-zero-forgotten.ts'
import { exactTimeMissed } from './bugs/exact-time-missed.ts'
import { heartbeatsSayNothingOfRebalances } from './bugs/heartbeats-say-nothing-of-rebalances.ts'
import { inSyncChangeWithoutComparison } from './bugs/in-sync-change-without-comparison.ts'
import { inSyncEpochsLostOnTheWire } from './bugs/in-sync-epochs-lost-on-the-wire.ts'
import { indexNotTruncated } from './bugs/index-not-truncated.ts'
import { joinsAtTheStaleWatermark } from './bugs/joins-at-the-stale-watermark.ts'
import { laggingEndOffset } from './bugs/lagging-end-offset.ts'
import { lastReplicaStanding } from './bugs/last-replica-standing.ts'
import { lastValueLostAcrossSegments } from './bugs/last-value-lost-across-segments.ts'
import { loadedOffsetsExpire } from './bugs/loaded-offsets-expire.ts'
import { lostCommitAcknowledged } from './bugs/lost-commit-acknowledged.ts'
import { negativeHash } from './bugs/negative-hash.ts'
import { offsetsOfLiveGroupsExpire } from './bugs/offsets-of-live-groups-expire.ts'
import { olderMetadataTaken } from './bugs/older-metadata-taken.ts'
import { oneRememberedBatch } from './bugs/one-remembered-batch.ts'
import { ownWatermarkTrusted } from './bugs/own-watermark-trusted.ts'
import { pendingExpansionNotCounted } from './bugs/pending-expansion-not-counted.ts'
import { producerStateNotLoaded } from './bugs/producer-state-not-loaded.ts'
import { producerStateNotTruncated } from './bugs/producer-state-not-truncated.ts'
import { rangeForgetsTheRemainder } from './bugs/range-forgets-the-remainder.ts'
import { recoveryTrustsTheTail } from './bugs/recovery-trusts-the-tail.ts'
import { retentionPassesTheWatermark } from './bugs/retention-passes-the-watermark.ts'
import { sentBatchReportedAsFailed } from './bugs/sent-batch-reported-as-failed.ts'
import { signedTailBytes } from './bugs/signed-tail-bytes.ts'
import { staleBrokerEpochJoins } from './bugs/stale-broker-epoch-joins.ts'
import { staticMemberNotFenced } from './bugs/static-member-not-fenced.ts'
import { tombstonesDroppedEarly } from './bugs/tombstones-dropped-early.ts'
import { tornTailNotCut } from './bugs/torn-tail-not-cut.ts'
import { truncatesToTheHighWatermark } from './bugs/truncates-to-the-high-watermark.ts'
import { truncationIgnoresTheEpoch } from './bugs/truncation-ignores-the-epoch.ts'
import { unfencedFetch } from './bugs/unfenced-fetch.ts'
import { watermarkNotLookedAtAfterAShrink } from './bugs/watermark-not-looked-at-after-a-shrink.ts'
import { watermarkNotTruncated } from './bugs/watermark-not-truncated.ts'
import { zombieCommits } from './bugs/zombie-commits.ts'
import type { PlantedBug } from './planted-bug.ts'

export const plantedBugs: readonly PlantedBug[] = [
  divergenceGoesUnnoticed,
  divergingSuffixKept,
  ownWatermarkTrusted,
  appendLeavesAGap,
  negativeHash,
  oneRememberedBatch,
  producerStateNotLoaded,
  producerStateNotTruncated,
  signedTailBytes,
  divergenceEndsLateOnTheWire,
  truncatesToTheHighWatermark,
  truncationIgnoresTheEpoch,
  epochCacheFlushedLate,
  epochCacheNotTruncated,
  epochZeroForgotten,
  electionKeepsTheEpoch,
  watermarkNotTruncated,
  pendingExpansionNotCounted,
  consumersReadToTheEnd,
  laggingEndOffset,
  indexNotTruncated,
  loadedOffsetsExpire,
  lostCommitAcknowledged,
  offsetsOfLiveGroupsExpire,
  exactTimeMissed,
  acknowledgedAtTheFirstRecord,
  joinsAtTheStaleWatermark,
  retentionPassesTheWatermark,
  inSyncChangeWithoutComparison,
  unfencedFetch,
  lastReplicaStanding,
  staleBrokerEpochJoins,
  acknowledgedWithTooFew,
  cleanerPassesTheWatermark,
  lastValueLostAcrossSegments,
  tombstonesDroppedEarly,
  recoveryTrustsTheTail,
  tornTailNotCut,
  commitsWhatItAskedFor,
  sentBatchReportedAsFailed,
  assignmentOfAnotherGeneration,
  zombieCommits,
  commitsDuringTheRebalance,
  rangeForgetsTheRemainder,
  cooperativeHoldsBackWhatIsFree,
  staticMemberNotFenced,
  inSyncEpochsLostOnTheWire,
  watermarkNotLookedAtAfterAShrink,
  heartbeatsSayNothingOfRebalances,
  olderMetadataTaken,
]
