// Appending as the leader: check a producer's batch, number its records from the log's end, write it.
// Follows Kafka's UnifiedLog.appendAsLeader and LogValidator.
import type { LogOutcome } from '../vocabulary/log.ts'
import type { Batch, UnplacedBatch } from '../vocabulary/records.ts'
import type { LeaderEpoch, Offset } from '../vocabulary/units.ts'
import { isFenced } from './epochs.ts'
import { checkSequence, lastSequenceOf } from './producers.ts'
import { batchSize } from './size.ts'
import { type LogState, type LogStep, logEndOffset, type Refused, refused } from './state.ts'
import { writeBatch } from './write.ts'

export type Appended = Extract<LogOutcome, { kind: 'appended' }>

/**
 * Who: the leader of `leaderEpoch`, with a batch from a producer.
 * When: the log is online, the records are valid and not too large, the epoch is not fenced, the sequence follows. The
 * first rule that fails answers, in the order of the code.
 * Then: the records get consecutive offsets from the log's end on, and are written. A batch that was appended before is
 * not written again: the answer carries the offsets that it got then.
 * Source: `UnifiedLog.append`, KIP-98 for sequences.
 */
export function appendAsLeader(
  log: LogState,
  unplaced: UnplacedBatch,
  leaderEpoch: LeaderEpoch,
): LogStep<Appended | Refused> {
  if (log.offline) return refused(log, 'KAFKA_STORAGE_ERROR')
  if (!isValid(log, unplaced)) return refused(log, 'INVALID_RECORD')
  const batch = placed(unplaced, logEndOffset(log), leaderEpoch)
  if (batchSize(batch) > log.config.maxMessageBytes) return refused(log, 'MESSAGE_TOO_LARGE')
  if (isFenced(log.epochs, leaderEpoch)) return refused(log, 'FENCED_LEADER_EPOCH')
  const verdict = checkSequence(log.producers, batch, lastSequenceOf(batch))
  if (verdict.kind === 'refused') return refused(log, verdict.error)
  if (verdict.kind === 'duplicate') {
    return {
      log,
      outcome: { kind: 'appended', baseOffset: verdict.baseOffset, lastOffset: verdict.lastOffset, duplicate: true },
    }
  }
  const written = writeBatch(log, batch)
  if (written.offline) return refused(written, 'KAFKA_STORAGE_ERROR')
  return {
    log: written,
    outcome: { kind: 'appended', baseOffset: batch.baseOffset, lastOffset: batch.lastOffset, duplicate: false },
  }
}

/**
 * A batch needs a record, a batch with a producer id a sequence, and in a compacted log every record a key
 * (`LogValidator.validateBatch`, `validateRecord`).
 */
function isValid(log: LogState, { producerId, baseSequence, records }: UnplacedBatch): boolean {
  if (records.length === 0) return false
  if (producerId >= 0 && baseSequence < 0) return false
  return log.config.cleanupPolicy === 'delete' || records.every(record => record.key !== null)
}

function placed(unplaced: UnplacedBatch, baseOffset: Offset, leaderEpoch: LeaderEpoch): Batch {
  return {
    producerId: unplaced.producerId,
    producerEpoch: unplaced.producerEpoch,
    baseSequence: unplaced.baseSequence,
    baseOffset,
    lastOffset: baseOffset + unplaced.records.length - 1,
    leaderEpoch,
    deleteHorizon: null,
    records: unplaced.records.map(({ key, value, timestamp }, index) => ({
      key,
      value,
      timestamp,
      offset: baseOffset + index,
    })),
    corrupt: false,
  }
}
