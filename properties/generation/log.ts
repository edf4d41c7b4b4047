// Walking one log: a leader, a follower, a cleaner and a bad disk take turns. Values lie where bugs live: one off the high
// watermark and the log's end, the last byte of a segment, the sequences that the five-batch window just forgot.
import type { LogConfig, LogObservation, LogOperation } from '../../model/vocabulary/log.ts'
import type { PlainRecord } from '../../model/vocabulary/records.ts'
import type { Random } from '../random.ts'
import type { SetupOf } from '../scope.ts'
import { LogValues } from './log-values.ts'
import { drawLength } from './mix.ts'
import type { Move, Walker } from './walk.ts'

/** Draws the settings of a log, and a walker for it. */
export function startLogWalker(random: Random, given?: SetupOf<'log'>): Walker<'log'> {
  const setup = given ?? drawSetup(random)
  const values = new LogValues(random, setup.config)
  let flushAsked = false
  return {
    setup,
    length: drawLength(random, 160),
    moves: [
      ...writing(random, values),
      ...cutting(random, values),
      ...asking(random, values),
      ...keeping(random, values),
      { name: 'synced', weight: 6, propose: () => (flushAsked || random.chance(0.1) ? { kind: 'synced' } : null) },
    ],
    saw: (operation, _outcome, after) => {
      if (operation.kind === 'flush') flushAsked = true
      if (operation.kind === 'synced' || operation.kind === 'crash') flushAsked = false
      values.saw(operation, after)
    },
  }
}

function drawSetup(random: Random): SetupOf<'log'> {
  return {
    scope: 'log',
    config: {
      segmentBytes: random.pick([100, 150, 200, 300, 500, 2000]),
      indexIntervalBytes: random.pick([0, 1, 70, 100, 200, 4096]),
      maxMessageBytes: random.pick([120, 200, 1000, 1000, 1000]),
      cleanupPolicy: random.pick<LogConfig['cleanupPolicy']>(['delete', 'compact', 'compact', 'compact,delete']),
      retentionMs: random.pick([-1, -1, 0, 5, 50]),
      retentionBytes: random.pick([-1, -1, 0, 100, 150, 400]),
      deleteRetentionMs: random.pick([0, 1, 20]),
    },
  }
}

function writing(random: Random, values: LogValues): readonly Move<'log'>[] {
  const append = (log: LogObservation): LogOperation => ({
    kind: 'append',
    leaderEpoch: values.leaderEpoch(log),
    ...values.stamp(log),
    records: values.records(log),
  })
  return [
    { name: 'append', weight: 24, propose: append },
    { name: 'append to the last byte', weight: 4, propose: log => filledAppend(log, append(log), values) },
    {
      name: 'replicate',
      weight: 8,
      propose: log => ({
        kind: 'replicate',
        batches: values.batches(log, random.between(random.chance(0.05) ? 0 : 1, 3)),
      }),
    },
    {
      name: 'replicate what was cut',
      weight: 4,
      propose: log => {
        const cut = values.cutBatches.filter(({ baseOffset }) => baseOffset >= log.logEndOffset)
        return cut.length === 0 ? null : { kind: 'replicate', batches: cut.slice(0, random.between(1, 3)) }
      },
    },
    { name: 'assignEpoch', weight: 4, propose: log => ({ kind: 'assignEpoch', leaderEpoch: values.leaderEpoch(log) }) },
    {
      name: 'roll',
      weight: 3,
      propose: log => (log.batches.length > 0 || random.chance(0.1) ? { kind: 'roll' } : null),
    },
  ]
}

/** The same append with one record, as long as leaves the segment full, or one byte more or less. */
function filledAppend(log: LogObservation, operation: LogOperation, values: LogValues): LogOperation | null {
  if (operation.kind !== 'append') return null
  const record: PlainRecord | null = values.fittingRecord(log)
  return record === null ? null : { ...operation, records: [record] }
}

function cutting(random: Random, values: LogValues): readonly Move<'log'>[] {
  return [
    {
      name: 'truncate',
      weight: 5,
      propose: log => {
        const offset = values.offset(log)
        return offset < log.logEndOffset || random.chance(0.3) ? { kind: 'truncate', offset } : null
      },
    },
    { name: 'truncateFully', weight: 0.5, propose: log => ({ kind: 'truncateFully', offset: values.offset(log) }) },
    {
      name: 'deleteRecords',
      weight: 4,
      propose: log => {
        const offset = random.chance(0.2) ? -1 : values.offset(log)
        const does = offset === -1 || (offset > log.logStartOffset && offset <= log.highWatermark)
        return does || random.chance(0.2) ? { kind: 'deleteRecords', offset } : null
      },
    },
    {
      name: 'retain',
      weight: 3,
      propose: log => (log.segments.length > 1 || random.chance(0.3) ? { kind: 'retain', now: values.now() } : null),
    },
    {
      name: 'clean',
      weight: 7,
      propose: log => (log.segments.length > 1 || random.chance(0.1) ? { kind: 'clean', now: values.now() } : null),
    },
  ]
}

function asking(random: Random, values: LogValues): readonly Move<'log'>[] {
  return [
    {
      name: 'read',
      weight: 7,
      propose: log => ({
        kind: 'read',
        offset: values.offset(log),
        endOffset: random.pick([log.highWatermark, log.logEndOffset, values.offset(log)]),
        bytesMax: random.pick([0, 1, 70, 150, 300, 10_000]),
      }),
    },
    {
      name: 'endOffsetForEpoch',
      weight: 5,
      propose: log => ({ kind: 'endOffsetForEpoch', leaderEpoch: values.askedEpoch(log) }),
    },
    {
      name: 'listOffsets',
      weight: 5,
      propose: log => ({
        kind: 'listOffsets',
        timestamp: random.chance(0.15) ? random.between(-3, -1) : values.time(),
        endOffset: random.pick([log.highWatermark, log.logEndOffset, values.offset(log)]),
      }),
    },
  ]
}

function keeping(random: Random, values: LogValues): readonly Move<'log'>[] {
  return [
    {
      name: 'updateHighWatermark',
      weight: 10,
      propose: log => {
        const offset = random.chance(0.5) ? log.logEndOffset : values.offset(log)
        return offset !== log.highWatermark || random.chance(0.1) ? { kind: 'updateHighWatermark', offset } : null
      },
    },
    {
      name: 'flush',
      weight: 5,
      propose: log => (log.recoveryPoint < log.logEndOffset || random.chance(0.1) ? { kind: 'flush' } : null),
    },
    { name: 'checkpoint', weight: 4, propose: () => ({ kind: 'checkpoint' }) },
    { name: 'close', weight: 3, propose: () => ({ kind: 'close' }) },
    { name: 'crash', weight: 5, propose: log => values.crash(log) },
    { name: 'crash of an offline log', weight: 30, propose: log => (log.offline ? values.crash(log) : null) },
    {
      name: 'rot',
      weight: 1,
      propose: log => (log.batches.length > 0 ? { kind: 'rot', offset: values.offset(log) } : null),
    },
    {
      name: 'fillDisk',
      weight: 0.3,
      propose: () => ({ kind: 'fillDisk', bytes: random.pick([null, 0, 1, 61, 75, 150, 300]) }),
    },
    { name: 'empty the disk', weight: 10, propose: log => (log.offline ? { kind: 'fillDisk', bytes: null } : null) },
  ]
}
