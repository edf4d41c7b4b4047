// The operations on a log as calls of the implementation's log: what every subject of scope `log` does, whatever disk lies
// under it.
import { decodeBatches, encodeBatch, encodeUnplacedBatch } from '../../impl/log/codec.ts'
import type { Log } from '../../impl/log/log.ts'
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { LogOperation, LogOutcome } from '../../model/vocabulary/log.ts'
import type { Milliseconds, Offset } from '../../model/vocabulary/units.ts'
import type { Arena } from '../simulation/arena.ts'

const done: LogOutcome = { kind: 'done' }
/** What a log answers after a write has failed. */
export const offline: LogOutcome = { kind: 'error', error: 'KAFKA_STORAGE_ERROR' }

/** What concerns the log alone, and no disk under it. */
export type LogOnlyOperation = Exclude<
  LogOperation,
  { readonly kind: 'fillDisk' | 'crash' | 'synced' | 'close' | 'rot' }
>

/** Carries an operation out; batches are encoded into the arena. */
export function applyToLog(log: Log, operation: LogOnlyOperation, arena: Arena): LogOutcome {
  switch (operation.kind) {
    case 'append': {
      const result = log.appendAsLeader(encodeUnplacedBatch(operation, arena.take), operation.leaderEpoch)
      if (result.error !== 'NONE') return { kind: 'error', error: result.error }
      const { baseOffset, lastOffset, duplicate } = result
      return { kind: 'appended', baseOffset, lastOffset, duplicate }
    }
    case 'replicate':
      return outcomeOf(
        log.appendAsFollower(
          concatenate(
            operation.batches.map(batch => encodeBatch(batch, arena.take)),
            arena,
          ),
        ),
      )
    case 'read': {
      const { error, bytes } = log.read(operation.offset, operation.endOffset, operation.bytesMax)
      return error === 'NONE' ? { kind: 'batches', batches: decodeBatches(bytes) } : { kind: 'error', error }
    }
    case 'truncate':
      return outcomeOf(log.truncate(operation.offset))
    case 'truncateFully':
      return outcomeOf(log.truncateFully(operation.offset))
    case 'updateHighWatermark':
      return outcomeOf(log.updateHighWatermark(operation.offset))
    case 'deleteRecords':
      return outcomeOf(log.deleteRecords(operation.offset))
    case 'assignEpoch':
      return outcomeOf(log.assignEpoch(operation.leaderEpoch))
    case 'endOffsetForEpoch':
      if (log.offline) return offline
      return { kind: 'epochEnd', end: log.endOffsetForEpoch(operation.leaderEpoch) }
    case 'listOffsets':
      return log.offline ? offline : listOffsets(log, operation.timestamp, operation.endOffset)
    case 'roll':
      return outcomeOf(log.roll())
    case 'retain':
      return outcomeOf(log.retain(operation.now))
    case 'clean':
      return outcomeOf(log.clean(operation.now))
    case 'flush':
      return outcomeOf(log.flush())
    case 'checkpoint':
      return outcomeOf(log.checkpoint())
    default:
      return unreachable(operation)
  }
}

/** What an operation answers that says only whether it was done. */
export function outcomeOf(error: ErrorName): LogOutcome {
  return error === 'NONE' ? done : { kind: 'error', error }
}

/** The special timestamps of ListOffsets are the broker's business; this is the little that it does with them. */
function listOffsets(log: Log, timestamp: Milliseconds, endOffset: Offset): LogOutcome {
  if (timestamp === -2) return { kind: 'found', record: { offset: log.logStartOffset, timestamp: -1 } }
  if (timestamp === -1) {
    return { kind: 'found', record: { offset: Math.min(endOffset, log.logEndOffset), timestamp: -1 } }
  }
  if (timestamp < 0) return { kind: 'error', error: 'INVALID_REQUEST' }
  const found = log.findByTime(timestamp, endOffset)
  return found === 'CORRUPT_MESSAGE' ? { kind: 'error', error: found } : { kind: 'found', record: found }
}

function concatenate(parts: readonly Uint8Array[], arena: Arena): Uint8Array {
  const [only] = parts
  if (only !== undefined && parts.length === 1) return only
  const all = arena.take(parts.reduce((size, part) => size + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

function unreachable(operation: never): never {
  throw new Error(`no such operation: ${JSON.stringify(operation)}`)
}
