// A recorded history held against the claims: its anomalies, which of them its settings allow, and a verdict. Pure.
import { findAbortedReads } from './aborted-read.ts'
import { type Anomaly, type AnomalyCounts, type AnomalyKind, Findings } from './anomaly.ts'
import { findCommitRegressions } from './commit-regress.ts'
import { findCycles } from './cycles.ts'
import { findDuplicates } from './duplicate.ts'
import type { History } from './history.ts'
import { findInconsistentOffsets } from './inconsistent-offsets.ts'
import { indexLogs, type LogIndex } from './log-index.ts'
import { findLostWrites } from './lost-write.ts'
import { findPollOrder } from './poll-order.ts'
import { findRebalanceOverlaps } from './rebalance-overlap.ts'
import { findSendOrder } from './send-order.ts'
import { findSkippedByGroups } from './skipped-by-group.ts'

export type HistoryReport = {
  /** `violation`: an anomaly that the settings do not allow. `unknown`: one that they may allow, or nothing to look at. */
  readonly kind: 'agree' | 'violation' | 'unknown'
  /** Of each kind of anomaly that there was. */
  readonly counts: readonly (AnomalyCounts & { readonly kind: AnomalyKind })[]
  /** The heaviest first; of each kind and judgement the first thousand. */
  readonly anomalies: readonly Anomaly[]
  readonly seen: {
    readonly operations: number
    readonly clients: number
    readonly partitions: number
    readonly acknowledged: number
    /** How many different records were read. */
    readonly read: number
  }
}

/** Every check; each is one file. */
const checks: readonly ((index: LogIndex, findings: Findings) => void)[] = [
  findInconsistentOffsets,
  findDuplicates,
  findLostWrites,
  findAbortedReads,
  findPollOrder,
  findSendOrder,
  findSkippedByGroups,
  findRebalanceOverlaps,
  findCommitRegressions,
  findCycles,
]

/** Holds a history against the claims. Takes n log n time. */
export function checkHistory(history: History): HistoryReport {
  const index = indexLogs(history)
  const findings = new Findings()
  for (const check of checks) check(index, findings)
  const { counts } = findings
  const seen = seenIn(index)
  const isNothing = seen.read === 0
  const kind = counts.some(count => count.forbidden > 0)
    ? 'violation'
    : isNothing || counts.some(count => count.undecided > 0)
      ? 'unknown'
      : 'agree'
  return { kind, counts, anomalies: findings.anomalies, seen }
}

function seenIn({ history, logs }: LogIndex): HistoryReport['seen'] {
  let acknowledged = 0
  let read = 0
  for (const { values } of logs) {
    for (const { acknowledgedBy, readBy } of values.values()) {
      if (acknowledgedBy !== null) acknowledged++
      if (readBy !== null) read++
    }
  }
  const clients = new Set(history.operations.map(({ client }) => client)).size
  return { operations: history.operations.length, clients, partitions: logs.length, acknowledged, read }
}
