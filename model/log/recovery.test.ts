import { expect, test } from 'vitest'
import type { CrashDamage } from '../vocabulary/log.ts'
import {
  after,
  append,
  appendSequenced,
  batch,
  logAfter,
  observed,
  offsetsOf,
  outcomeOf,
  plain,
  plainConfig,
} from './examples.ts'
import { observeLog } from './observe.ts'

const crash = (damage: CrashDamage) => ({ kind: 'crash', damage, indexes: 'torn' }) as const
const lost = crash({ kind: 'lost' })
const kept = crash({ kind: 'kept' })

test('a crash loses what was not synced, or keeps as many complete batches as the torn tail holds', () => {
  const log = logAfter(
    plainConfig,
    append(0, plain()),
    { kind: 'flush' },
    append(0, plain()),
    { kind: 'synced' },
    append(1, plain()),
  )
  expect(offsetsOf(after(log, kept))).toEqual([
    [0, 0],
    [1, 1],
    [2, 2],
  ])
  expect(offsetsOf(after(log, lost))).toEqual([[0, 0]])
  expect(offsetsOf(after(log, crash({ kind: 'torn', bytes: 139 })))).toEqual([
    [0, 0],
    [1, 1],
  ])
  expect(offsetsOf(after(log, crash({ kind: 'torn', bytes: -1 })))).toEqual([[0, 0]])
  expect(observeLog(after(log, crash({ kind: 'torn', bytes: 100 })))).toEqual({
    logStartOffset: 0,
    logEndOffset: 2,
    highWatermark: 0,
    recoveryPoint: 2,
    firstDirtyOffset: 0,
    segments: [{ baseOffset: 0, sizeBytes: 140 }],
    epochs: [{ epoch: 0, startOffset: 0 }],
    producers: [],
    batches: [batch(0, 0), batch(1, 1)],
    offline: false,
  })
})

test('recovery cuts the active segment at its first corrupt batch, also when that was synced', () => {
  const log = logAfter(
    plainConfig,
    append(0, plain()),
    { kind: 'roll' },
    append(0, plain()),
    append(0, plain()),
    append(0, plain()),
  )
  const rotten = after(
    log,
    { kind: 'flush' },
    { kind: 'synced' },
    { kind: 'rot', offset: 0 },
    { kind: 'rot', offset: 2 },
    kept,
  )
  expect(offsetsOf(rotten)).toEqual([
    [0, 0],
    [1, 1],
  ])
})

test('high watermark and log start fall back to their checkpoints', () => {
  const high = (offset: number) => ({ kind: 'updateHighWatermark', offset }) as const
  const log = logAfter(plainConfig, append(0, plain(), plain(), plain()), high(1), { kind: 'checkpoint' }, high(3), {
    kind: 'deleteRecords',
    offset: 2,
  })
  expect(observed(after(log, kept), 'logStartOffset', 'highWatermark')).toEqual({ logStartOffset: 0, highWatermark: 1 })
  expect(observed(after(log, { kind: 'close' }), 'logStartOffset', 'highWatermark', 'recoveryPoint')).toEqual({
    logStartOffset: 2,
    highWatermark: 3,
    recoveryPoint: 3,
  })
})

test('a log that ends below its checkpointed start is emptied there', () => {
  const log = logAfter(
    plainConfig,
    append(0, plain()),
    append(0, plain()),
    { kind: 'updateHighWatermark', offset: 2 },
    { kind: 'deleteRecords', offset: 2 },
    { kind: 'checkpoint' },
    lost,
  )
  expect(
    observed(log, 'logStartOffset', 'logEndOffset', 'highWatermark', 'recoveryPoint', 'segments', 'epochs'),
  ).toEqual({
    logStartOffset: 2,
    logEndOffset: 2,
    highWatermark: 2,
    recoveryPoint: 2,
    segments: [{ baseOffset: 2, sizeBytes: 0 }],
    epochs: [],
  })
})

test('a retry across a restart is still recognised', () => {
  const log = logAfter(plainConfig, appendSequenced(0, 0), { kind: 'roll' }, appendSequenced(0, 1), kept)
  expect(outcomeOf(log, appendSequenced(0, 0))).toEqual({
    kind: 'appended',
    baseOffset: 0,
    lastOffset: 0,
    duplicate: true,
  })
  expect(outcomeOf(log, lost, appendSequenced(0, 1))).toEqual({
    kind: 'appended',
    baseOffset: 1,
    lastOffset: 1,
    duplicate: true,
  })
})

test('a flush that was under way when the log crashed completes nothing', () => {
  const log = logAfter(
    plainConfig,
    append(0, plain()),
    append(0, plain()),
    { kind: 'flush' },
    lost,
    append(0, plain()),
    { kind: 'synced' },
  )
  expect(observed(log, 'recoveryPoint', 'logEndOffset')).toEqual({ recoveryPoint: 0, logEndOffset: 1 })
})

test('a clean restart keeps a corrupt batch and forgets an epoch without records', () => {
  const log = logAfter(
    plainConfig,
    append(0, plain()),
    { kind: 'rot', offset: 0 },
    { kind: 'assignEpoch', leaderEpoch: 1 },
    { kind: 'close' },
  )
  expect(observed(log, 'batches', 'epochs')).toEqual({
    batches: [{ ...batch(0, 0), corrupt: true, records: [] }],
    epochs: [{ epoch: 0, startOffset: 0 }],
  })
})

test('opening brings back epochs of stored batches that a deletion and a truncation made the cache forget', () => {
  const forgotten = logAfter(
    plainConfig,
    append(1, plain()),
    append(2, plain()),
    { kind: 'updateHighWatermark', offset: 2 },
    { kind: 'deleteRecords', offset: 2 },
    { kind: 'truncate', offset: 2 },
  )
  expect(observed(forgotten, 'epochs')).toEqual({ epochs: [] })
  expect(observed(after(forgotten, kept), 'logStartOffset', 'epochs')).toEqual({
    logStartOffset: 0,
    epochs: [
      { epoch: 1, startOffset: 0 },
      { epoch: 2, startOffset: 1 },
    ],
  })
  // Nothing is scanned after a clean close, but the last batch tells its epoch, which goes on from the log start.
  expect(observed(after(forgotten, { kind: 'close' }), 'logStartOffset', 'epochs')).toEqual({
    logStartOffset: 2,
    epochs: [{ epoch: 2, startOffset: 2 }],
  })
  const rolled = after(forgotten, { kind: 'roll' }, kept)
  expect(observed(rolled, 'epochs')).toEqual({
    epochs: [
      { epoch: 1, startOffset: 0 },
      { epoch: 2, startOffset: 1 },
    ],
  })
})

test('a saved log start at the end cuts the epochs after the end has cut them', () => {
  const log = logAfter(
    plainConfig,
    { kind: 'truncateFully', offset: 1 },
    { kind: 'close' },
    { kind: 'truncate', offset: 0 },
    append(0, plain()),
    kept,
  )
  expect(observed(log, 'logStartOffset', 'logEndOffset', 'epochs')).toEqual({
    logStartOffset: 1,
    logEndOffset: 1,
    epochs: [{ epoch: 0, startOffset: 1 }],
  })
})
