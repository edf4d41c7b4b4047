// Short ways to write logs in tests.
import type { LogConfig, LogObservation, LogOperation, LogOutcome } from '../vocabulary/log.ts'
import type { Batch, PlainRecord } from '../vocabulary/records.ts'
import { observeLog } from './observe.ts'
import { initialLog, type LogState } from './state.ts'
import { stepLog } from './step.ts'

/** Large segments, no limits, nothing compacted. */
export const plainConfig: LogConfig = {
  segmentBytes: 1000,
  indexIntervalBytes: 100,
  maxMessageBytes: 1000,
  cleanupPolicy: 'delete',
  retentionMs: -1,
  retentionBytes: -1,
  deleteRetentionMs: 100,
}

/** A record of 9 bytes, so that a batch of one takes 70: key "k", value "v". */
export function plain(key: string | null = 'k', value: string | null = 'v', timestamp = 0): PlainRecord {
  return { key, value, timestamp }
}

/** Appends records without idempotence. */
export function append(leaderEpoch: number, ...records: readonly PlainRecord[]): LogOperation {
  return { kind: 'append', leaderEpoch, producerId: -1, producerEpoch: -1, baseSequence: -1, records }
}

/** Appends `count` records of an idempotent producer with id 7. */
export function appendSequenced(producerEpoch: number, baseSequence: number, count = 1): LogOperation {
  const records = Array.from({ length: count }, () => plain())
  return { kind: 'append', leaderEpoch: 0, producerId: 7, producerEpoch, baseSequence, records }
}

/** A batch as a leader numbered it, without a producer; one record "k" = "v" at each offset. */
export function batch(baseOffset: number, lastOffset: number, leaderEpoch = 0): Batch {
  const offsets = Array.from({ length: Math.max(0, lastOffset - baseOffset + 1) }, (_, index) => baseOffset + index)
  return {
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    baseOffset,
    lastOffset,
    leaderEpoch,
    deleteHorizon: null,
    records: offsets.map(offset => ({ ...plain(), offset })),
    corrupt: false,
  }
}

/** A new log after some operations. */
export function logAfter(config: LogConfig, ...operations: readonly LogOperation[]): LogState {
  return after(initialLog(config), ...operations)
}

/** A log after some more operations. */
export function after(log: LogState, ...operations: readonly LogOperation[]): LogState {
  let state = log
  for (const operation of operations) state = stepLog(state, operation).state
  return state
}

/** What the last of some operations answers. */
export function outcomeOf(log: LogState, ...operations: readonly LogOperation[]): LogOutcome {
  const last = operations[operations.length - 1]
  return last === undefined ? { kind: 'done' } : stepLog(after(log, ...operations.slice(0, -1)), last).outcome
}

/** Each stored batch as its offsets: [0, 2] covers 0 to 2. */
export function offsetsOf(log: LogState): readonly (readonly [number, number])[] {
  return observeLog(log).batches.map(({ baseOffset, lastOffset }) => [baseOffset, lastOffset])
}

/** Some fields of what is observed. */
export function observed<F extends keyof LogObservation>(
  log: LogState,
  ...fields: readonly F[]
): Pick<LogObservation, F>
export function observed(log: LogState, ...fields: readonly (keyof LogObservation)[]): Partial<LogObservation> {
  const observation = observeLog(log)
  return Object.fromEntries(fields.map(field => [field, observation[field]]))
}
