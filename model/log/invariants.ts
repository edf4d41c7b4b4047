// The claims of docs/claims.md that can be seen on one log. They look at observations only, so that they hold the model
// and the implementation to the same account. Claims about what a log keeps (L5, L6) are in keeping.ts.
import type { Violation } from '../vocabulary/claims.ts'
import type { LogObservation, LogOperation } from '../vocabulary/log.ts'
import type { Batch, LogRecord } from '../vocabulary/records.ts'
import type { LeaderEpoch } from '../vocabulary/units.ts'
import { compactionKeepsLastValues, recoveryKeepsPrefix } from './keeping.ts'
import { areSameBatches, isSameRecord, recordsOf } from './same.ts'
import { type LogTransition, violated } from './transition.ts'

/** Every claim on one log, in the order in which they are checked. */
export const logInvariants: readonly ((transition: LogTransition) => Violation | null)[] = [
  ({ after }) => boundsHold(after),
  appendIsDense,
  epochsRise,
  offsetsSurvive,
  foundEqualsScan,
  compactionKeepsLastValues,
  recoveryKeepsPrefix,
]

/** The first claim that one operation broke, or null. */
export function checkLog(transition: LogTransition): Violation | null {
  for (const invariant of logInvariants) {
    const violation = invariant(transition)
    if (violation !== null) return violation
  }
  return null
}

/** F1: `logStartOffset ≤ highWatermark ≤ logEndOffset`. */
export function boundsHold({ logStartOffset, highWatermark, logEndOffset }: LogObservation): Violation | null {
  if (logStartOffset <= highWatermark && highWatermark <= logEndOffset) return null
  const sentence = `logStartOffset ${logStartOffset}, highWatermark ${highWatermark} and logEndOffset ${logEndOffset} do not rise`
  return { claim: 'F1', sentence }
}

/** O2: a leader numbers what it appends consecutively from its log's end; a duplicate or a refusal adds nothing. */
export function appendIsDense({ before, operation, outcome, after }: LogTransition): Violation | null {
  if (operation.kind !== 'append') return null
  if (outcome.kind !== 'appended' || outcome.duplicate) {
    if (after.logEndOffset === before.logEndOffset && areSameBatches(before.batches, after.batches)) return null
    return violated(
      'O2',
      `an append that answered ${outcome.kind} moved the log from ${before.logEndOffset} to ${after.logEndOffset}`,
    )
  }
  const baseOffset = before.logEndOffset
  const lastOffset = baseOffset + operation.records.length - 1
  if (outcome.baseOffset !== baseOffset || outcome.lastOffset !== lastOffset || after.logEndOffset !== lastOffset + 1) {
    return violated(
      'O2',
      `${operation.records.length} records appended at ${baseOffset} got offsets ${outcome.baseOffset}..${outcome.lastOffset} in a log that ends at ${after.logEndOffset}`,
    )
  }
  const stored = after.batches[after.batches.length - 1]
  const expected = operation.records.map((record, index) => ({ ...record, offset: baseOffset + index }))
  const isStored =
    stored !== undefined &&
    stored.baseOffset === baseOffset &&
    stored.lastOffset === lastOffset &&
    stored.records.length === expected.length &&
    expected.every((record, index) => isSameRecord(record, stored.records[index]))
  if (isStored && areSameBatches(before.batches, after.batches.slice(0, -1))) return null
  return violated('O2', `the records appended at ${baseOffset} are not what the log now stores there`)
}

/**
 * O5: leader epochs never fall with rising offset, and the cache tells each stored batch's epoch.
 *
 * A log alone promises this only of what its cache knows. The cache forgets epochs from the start (KIP-107, retention)
 * and an entry that is left without records; a lower epoch may then follow (in a cluster the controller's epochs prevent
 * it). What was so before an operation may stay so, and beside such a fall the cache promises nothing: batches of epochs
 * 1 and 0, whose cache knew 0 only, are scanned as epoch 1 by a recovery. A batch below the log start needs no entry. A
 * crash may bring such a batch back, behind an entry of a lower epoch that was made meanwhile.
 */
export function epochsRise({ before, after }: LogTransition): Violation | null {
  const broken = entriesRise(after)
  // The same objects say what they said before.
  if (broken !== null || (after.batches === before.batches && after.epochs === before.epochs)) return broken
  return batchesRise(before, after) ?? cacheTellsEpochs(before, after)
}

function entriesRise(after: LogObservation): Violation | null {
  for (const [index, entry] of after.epochs.entries()) {
    const previous = after.epochs[index - 1]
    if (previous !== undefined && (previous.epoch >= entry.epoch || previous.startOffset >= entry.startOffset)) {
      return violated(
        'O5',
        `the epoch cache has epoch ${entry.epoch} at ${entry.startOffset} after epoch ${previous.epoch} at ${previous.startOffset}`,
      )
    }
    if (entry.startOffset > after.logEndOffset) {
      return violated(
        'O5',
        `epoch ${entry.epoch} starts at ${entry.startOffset}, beyond the log's end ${after.logEndOffset}`,
      )
    }
  }
  return null
}

function batchesRise(before: LogObservation, after: LogObservation): Violation | null {
  for (const [index, batch] of after.batches.entries()) {
    const previous = after.batches[index - 1]
    if (previous === undefined || previous.leaderEpoch <= batch.leaderEpoch) continue
    const stoodSo = storedAt(before, previous) !== undefined && storedAt(before, batch) !== undefined
    if (stoodSo || cachedEpoch(after, previous) !== previous.leaderEpoch) continue
    return violated(
      'O5',
      `offset ${batch.baseOffset} has epoch ${batch.leaderEpoch}, after epoch ${previous.leaderEpoch}`,
    )
  }
  return null
}

function cacheTellsEpochs(before: LogObservation, after: LogObservation): Violation | null {
  for (const batch of after.batches) {
    const cached = cachedEpoch(after, batch)
    if (cached === batch.leaderEpoch) continue
    if (cached === null && batch.lastOffset < after.logStartOffset) continue
    const stored = storedAt(before, batch)
    if (stored !== undefined && (hasFall(before.batches) || cachedEpoch(before, stored) !== stored.leaderEpoch))
      continue
    return violated(
      'O5',
      `the epoch cache has ${cached === null ? 'no entry' : `epoch ${cached}`} for offset ${batch.lastOffset}, which has epoch ${batch.leaderEpoch}`,
    )
  }
  return null
}

function hasFall(batches: readonly Batch[]): boolean {
  return batches.some((batch, index) => batch.leaderEpoch < (batches[index - 1] ?? batch).leaderEpoch)
}

/** The same batch as another observation shows it; compaction and a new checksum failure do not make it another. */
function storedAt(log: LogObservation, batch: Batch): Batch | undefined {
  return log.batches.find(
    ({ baseOffset, leaderEpoch }) => baseOffset === batch.baseOffset && leaderEpoch === batch.leaderEpoch,
  )
}

/** F5: a record that survives keeps its offset, key, value and timestamp, and nothing appears where nothing was written. */
export function offsetsSurvive({ before, operation, after }: LogTransition): Violation | null {
  if (after.batches === before.batches) return null
  const survivors = recordsOf(after.batches)
  for (const [index, record] of survivors.entries()) {
    const previous = survivors[index - 1]
    if (previous !== undefined && previous.offset >= record.offset) {
      return violated('F5', `offset ${record.offset} stands behind offset ${previous.offset}`)
    }
  }
  const isAppending = operation.kind === 'append' || operation.kind === 'replicate'
  const originals = recordsOf(before.batches)
  let position = 0
  for (const record of survivors) {
    if (isAppending && record.offset >= before.logEndOffset) return null
    while (position < originals.length && offsetAt(originals, position) < record.offset) position += 1
    if (!isSameRecord(originals[position], record)) {
      return violated(
        'F5',
        `offset ${record.offset} is ${text(record)} after ${operation.kind}, and was ${text(originals.find(({ offset }) => offset === record.offset))}`,
      )
    }
  }
  return null
}

/** F7: what is found by time is what a scan of the log finds. Records of corrupt batches cannot be scanned. */
export function foundEqualsScan({ before, operation, outcome }: LogTransition): Violation | null {
  if (operation.kind !== 'listOffsets') return null
  const { timestamp, endOffset } = operation
  if (outcome.kind === 'error') return outcome.error === 'CORRUPT_MESSAGE' ? corruptIsInTheWay(before, operation) : null
  if (outcome.kind !== 'found') return violated('F7', `a search by time answered ${outcome.kind}`)
  const scanned = scan(before, timestamp, endOffset)
  if (scanned?.offset === outcome.record?.offset && scanned?.timestamp === outcome.record?.timestamp) return null
  const found = outcome.record === null ? 'nothing' : `offset ${outcome.record.offset}`
  const expected = scanned === null ? 'nothing' : `offset ${scanned.offset}`
  return violated('F7', `timestamp ${timestamp} below ${endOffset} found ${found}, and a scan finds ${expected}`)
}

function corruptIsInTheWay(
  before: LogObservation,
  operation: LogOperation & { kind: 'listOffsets' },
): Violation | null {
  const scanned = scan(before, operation.timestamp, operation.endOffset)
  const stop = scanned === null ? operation.endOffset : scanned.offset
  if (
    before.batches.some(batch => batch.corrupt && batch.baseOffset < stop && batch.lastOffset >= before.logStartOffset)
  )
    return null
  return violated(
    'F7',
    `timestamp ${operation.timestamp} below ${operation.endOffset} met a corrupt batch where there is none`,
  )
}

function scan(
  log: LogObservation,
  timestamp: number,
  endOffset: number,
): Pick<LogRecord, 'offset' | 'timestamp'> | null {
  if (timestamp === -2) return { offset: log.logStartOffset, timestamp: -1 }
  if (timestamp === -1) return { offset: Math.min(endOffset, log.logEndOffset), timestamp: -1 }
  for (const record of recordsOf(log.batches)) {
    if (record.offset < log.logStartOffset || record.offset >= endOffset) continue
    if (record.timestamp >= timestamp) return record
  }
  return null
}

/** The epoch of the newest entry that starts within the batch or before it, or null. */
function cachedEpoch(log: LogObservation, batch: Batch): LeaderEpoch | null {
  let epoch: LeaderEpoch | null = null
  for (const entry of log.epochs) if (entry.startOffset <= batch.lastOffset) epoch = entry.epoch
  return epoch
}

function offsetAt(records: readonly LogRecord[], index: number): number {
  return records[index]?.offset ?? Number.POSITIVE_INFINITY
}

function text(record: LogRecord | undefined): string {
  return record === undefined ? 'nothing' : JSON.stringify([record.key, record.value, record.timestamp])
}
