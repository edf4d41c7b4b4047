// One operation on one log: the scope `log`, as a function of data. Read the rules in the files that it names.
import { unreachable } from '../unreachable.ts'
import type { LogOperation, LogOutcome } from '../vocabulary/log.ts'
import { appendAsLeader } from './append.ts'
import { compact } from './compaction.ts'
import { fillDisk, flush, rotBatch, synced } from './disk.ts'
import { assignEpoch, endOffsetForEpoch } from './epochs.ts'
import { deleteRecords, saveCheckpoints, updateHighWatermark } from './offsets.ts'
import { readBatches } from './read.ts'
import { closeLog, crashLog } from './recovery.ts'
import { appendAsFollower } from './replicate.ts'
import { applyRetention } from './retention.ts'
import type { LogState, LogStep } from './state.ts'
import { listOffsets } from './time.ts'
import { truncateFully, truncateTo } from './truncate.ts'
import { roll } from './write.ts'

/**
 * The log after an operation, and what it answered. Total: an operation that does not apply answers with Kafka's error or
 * does nothing. An operation that changes nothing gives back the same state object.
 */
export function stepLog(
  state: LogState,
  operation: LogOperation,
): { readonly state: LogState; readonly outcome: LogOutcome } {
  const { log, outcome } = applied(state, operation)
  return { state: log, outcome }
}

function applied(log: LogState, operation: LogOperation): LogStep<LogOutcome> {
  switch (operation.kind) {
    case 'append':
      return appendAsLeader(log, operation, operation.leaderEpoch)
    case 'replicate':
      return appendAsFollower(log, operation.batches)
    case 'read':
      return readBatches(log, operation.offset, operation.endOffset, operation.bytesMax)
    case 'truncate':
      return truncateTo(log, operation.offset)
    case 'truncateFully':
      return truncateFully(log, operation.offset)
    case 'updateHighWatermark':
      return updateHighWatermark(log, operation.offset)
    case 'deleteRecords':
      return deleteRecords(log, operation.offset)
    case 'assignEpoch':
      return assignEpoch(log, operation.leaderEpoch)
    case 'endOffsetForEpoch':
      return endOffsetForEpoch(log, operation.leaderEpoch)
    case 'listOffsets':
      return listOffsets(log, operation.timestamp, operation.endOffset)
    case 'roll':
      return roll(log)
    case 'retain':
      return applyRetention(log, operation.now)
    case 'clean':
      return compact(log, operation.now)
    case 'flush':
      return flush(log)
    case 'synced':
      return synced(log)
    case 'checkpoint':
      return saveCheckpoints(log)
    case 'close':
      return closeLog(log)
    case 'crash':
      // `operation.indexes` is ignored on purpose: no result may depend on an index file.
      return crashLog(log, operation.damage)
    case 'rot':
      return rotBatch(log, operation.offset)
    case 'fillDisk':
      return fillDisk(log, operation.bytes)
    default:
      return unreachable(operation)
  }
}
