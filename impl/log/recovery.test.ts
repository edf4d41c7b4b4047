// What a crash leaves and what opening makes of it; docs/protocol/log.md §14.
import { expect, test } from 'vitest'
import type { CrashDamage, LogConfig, LogObservation, LogOperation } from '../../model/vocabulary/log.ts'
import { SimulatedDisk } from '../../properties/simulation/disk.ts'
import { type LogSubject, startLogSubject } from '../../properties/subjects/log.ts'
import { encodeUnplacedBatch } from './codec.ts'
import type { Log } from './log.ts'
import { openLog } from './open.ts'

const config: LogConfig = {
  segmentBytes: 1000,
  indexIntervalBytes: 100,
  maxMessageBytes: 1000,
  cleanupPolicy: 'delete',
  retentionMs: -1,
  retentionBytes: -1,
  deleteRetentionMs: 0,
}
// One record with a one-letter key and value.
const batchBytes = 70

test('a torn batch at the end is cut, and what is left counts as synced', () => {
  const log = logOf('abc')
  crash(log, { kind: 'torn', bytes: 2 * batchBytes + 5 })
  expect(summary(log)).toEqual({ end: 2, recoveryPoint: 2, values: 'ab', offline: false })
  crash(log, { kind: 'lost' })
  expect(summary(log)).toEqual({ end: 2, recoveryPoint: 2, values: 'ab', offline: false })
})

test('what was flushed survives when the sync was completed, and only then', () => {
  for (const [operations, values] of [
    [['flush'], ''],
    [['flush', 'synced'], 'ab'],
  ] as const) {
    const log = logOf('ab')
    for (const kind of operations) log.apply({ kind })
    append(log, 'c')
    crash(log, { kind: 'lost' })
    expect(summary(log).values).toBe(values)
  }
})

test('recovery cuts at the first corrupt batch of the active segment, and leaves closed ones as they are', () => {
  const log = logOf('abcd')
  log.apply({ kind: 'roll' })
  for (const value of 'efg') append(log, value)
  log.apply({ kind: 'rot', offset: 1 })
  log.apply({ kind: 'rot', offset: 5 })
  crash(log, { kind: 'kept' })
  expect(log.observe().batches.map(({ corrupt, records }) => (corrupt ? '!' : records[0]?.value))).toEqual([
    ...['a', '!', 'c', 'd', 'e'],
  ])
})

test('a clean restart scans nothing, so rot stays', () => {
  const log = logOf('abc')
  log.apply({ kind: 'rot', offset: 1 })
  log.apply({ kind: 'close' })
  expect(summary(log)).toEqual({ end: 3, recoveryPoint: 3, values: 'a!c', offline: false })
})

test('the high watermark and the log start fall back to their checkpoint', () => {
  const log = logOf('abcd')
  log.apply({ kind: 'updateHighWatermark', offset: 2 })
  log.apply({ kind: 'deleteRecords', offset: 1 })
  log.apply({ kind: 'checkpoint' })
  log.apply({ kind: 'updateHighWatermark', offset: 4 })
  log.apply({ kind: 'deleteRecords', offset: 3 })
  crash(log, { kind: 'kept' })
  const { highWatermark, logStartOffset, epochs } = log.observe()
  expect({ highWatermark, logStartOffset, epochs }).toEqual({
    highWatermark: 2,
    logStartOffset: 1,
    // The second deletion had cut it at 3, and its records are there again.
    epochs: [{ epoch: 0, startOffset: 1 }],
  })
})

test('an epoch that a lost deletion cut comes back with the records, from the scan after a crash', () => {
  const log = logOf('a')
  append(log, 'b', 2)
  log.apply({ kind: 'updateHighWatermark', offset: 2 })
  log.apply({ kind: 'deleteRecords', offset: 2 })
  log.apply({ kind: 'truncate', offset: 2 })
  expect(log.observe().epochs).toEqual([])
  crash(log, { kind: 'kept' })
  expect(log.observe().epochs).toEqual([
    { epoch: 0, startOffset: 0 },
    { epoch: 2, startOffset: 1 },
  ])
})

test('a log without epochs is opened with that of its last batch, also after a clean close and behind a roll', () => {
  for (const kind of ['close', 'crash'] as const) {
    const log = logOf('a')
    append(log, 'b', 2)
    log.apply({ kind: 'roll' })
    log.apply({ kind: 'updateHighWatermark', offset: 1 })
    log.apply({ kind: 'deleteRecords', offset: 1 })
    log.apply({ kind: 'checkpoint' })
    log.apply({ kind: 'updateHighWatermark', offset: 2 })
    log.apply({ kind: 'deleteRecords', offset: 2 })
    log.apply({ kind: 'truncate', offset: 2 })
    if (kind === 'close') log.apply({ kind })
    else crash(log, { kind: 'lost' })
    // Closing saves the log start, and the epoch goes on from there; the crash falls back to the one saved before.
    expect(log.observe().epochs).toEqual([{ epoch: 2, startOffset: kind === 'close' ? 2 : 1 }])
  }
})

test('a log that lost everything up to its log start begins anew there', () => {
  const log = logOf('abcd')
  log.apply({ kind: 'updateHighWatermark', offset: 3 })
  log.apply({ kind: 'deleteRecords', offset: 3 })
  log.apply({ kind: 'checkpoint' })
  crash(log, { kind: 'lost' })
  const { logStartOffset, logEndOffset, highWatermark, segments, epochs } = log.observe()
  expect({ logStartOffset, logEndOffset, highWatermark, segments, epochs }).toEqual({
    logStartOffset: 3,
    logEndOffset: 3,
    highWatermark: 3,
    segments: [{ baseOffset: 3, sizeBytes: 0 }],
    epochs: [],
  })
})

test('a full disk cuts a batch short and takes the log offline until it is recovered', () => {
  const log = logOf('ab')
  const before = log.observe()
  log.apply({ kind: 'fillDisk', bytes: 10 })
  expect(append(log, 'c')).toEqual({ kind: 'error', error: 'KAFKA_STORAGE_ERROR' })
  expect(log.observe()).toEqual({ ...before, offline: true })
  expect(log.apply({ kind: 'read', offset: 0, endOffset: 9, bytesMax: 9 })).toEqual({
    kind: 'error',
    error: 'KAFKA_STORAGE_ERROR',
  })
  crash(log, { kind: 'kept' })
  expect(summary(log)).toEqual({ end: 2, recoveryPoint: 2, values: 'ab', offline: false })
  append(log, 'd')
  expect(log.observe().offline).toBe(true)
  log.apply({ kind: 'fillDisk', bytes: null })
  crash(log, { kind: 'kept' })
  append(log, 'e')
  expect(summary(log).values).toBe('abe')
})

test('lost, torn and foreign index files change no answer', () => {
  for (const damage of ['kept', 'lost', 'torn', 'foreign'] as const) {
    const disk = new SimulatedDisk()
    const log = openLog(disk, 't-0', config)
    for (let i = 0; i < 40; i++) appendTo(log, i)
    log.close()
    expect(disk.list('t-0').some(name => name.endsWith('.index'))).toBe(true)
    if (damage === 'foreign') {
      for (const name of disk.list('t-0'))
        if (name.endsWith('.index')) disk.writeAtomic(name, new Uint8Array(64).fill(7))
    } else disk.crash({ kind: 'kept' }, damage)
    const again = openLog(disk, 't-0', config)
    expect(again.segments.map(({ size, nextOffset }) => [size, nextOffset])).toEqual(
      log.segments.map(({ size, nextOffset }) => [size, nextOffset]),
    )
    for (let offset = 0; offset < 40; offset++) {
      expect(again.read(offset, 40, 150)).toEqual(log.read(offset, 40, 150))
      expect(again.findByTime(offset, 40)).toEqual({ offset, timestamp: offset })
    }
  }
})

test('files that a kill orphaned are removed at the next opening', () => {
  const disk = new SimulatedDisk()
  openLog(disk, 't-0', config).close()
  const orphans = ['00000000000000000007.snapshot', '00000000000000000007.index', '00000000000000000000.log.cleaned']
  for (const name of orphans) disk.writeAtomic(`t-0/${name}`, new Uint8Array(3))
  openLog(disk, 't-0', config)
  expect(disk.list('t-0').filter(name => orphans.some(orphan => name.endsWith(orphan)))).toEqual([])
})

test('a checkpoint of a version that is not known is refused', () => {
  const disk = new SimulatedDisk()
  disk.writeAtomic('t-0/leader-epoch-checkpoint', new TextEncoder().encode('9\n0\n'))
  expect(() => openLog(disk, 't-0', config)).toThrow('leader-epoch-checkpoint has version 9, and this reads 0 only')
})

function logOf(values: string): LogSubject {
  const log = startLogSubject({ scope: 'log', config })
  for (const value of values) append(log, value)
  return log
}

function append(log: LogSubject, value: string, leaderEpoch = 0): ReturnType<LogSubject['apply']> {
  const operation: LogOperation = {
    kind: 'append',
    leaderEpoch,
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    records: [{ key: 'k', value, timestamp: 0 }],
  }
  return log.apply(operation)
}

function appendTo(log: Log, timestamp: number): void {
  const records = [{ key: 'k', value: 'v', timestamp }]
  log.appendAsLeader(encodeUnplacedBatch({ producerId: -1, producerEpoch: -1, baseSequence: -1, records }), 0)
}

function crash(log: LogSubject, damage: CrashDamage): void {
  log.apply({ kind: 'crash', damage, indexes: 'lost' })
}

function summary(log: LogSubject): {
  readonly end: number
  readonly recoveryPoint: number
  readonly values: string
  readonly offline: boolean
} {
  const { logEndOffset, recoveryPoint, batches, offline }: LogObservation = log.observe()
  const values = batches.map(({ corrupt, records }) => (corrupt ? '!' : records[0]?.value)).join('')
  return { end: logEndOffset, recoveryPoint, values, offline }
}
