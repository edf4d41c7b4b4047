import { expect, test } from 'vitest'
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

const small = { ...plainConfig, segmentBytes: 140 }

test('a truncation lowers everything that pointed above the new end', () => {
  const log = logAfter(
    small,
    append(0, plain()),
    append(0, plain()),
    append(1, plain()),
    append(2, plain()),
    { kind: 'updateHighWatermark', offset: 4 },
    { kind: 'flush' },
    { kind: 'synced' },
    { kind: 'truncate', offset: 2 },
  )
  expect(observeLog(log)).toEqual({
    logStartOffset: 0,
    logEndOffset: 2,
    highWatermark: 2,
    recoveryPoint: 2,
    firstDirtyOffset: 0,
    segments: [
      { baseOffset: 0, sizeBytes: 140 },
      { baseOffset: 2, sizeBytes: 0 },
    ],
    epochs: [{ epoch: 0, startOffset: 0 }],
    producers: [],
    batches: [batch(0, 0), batch(1, 1)],
    offline: false,
  })
})

test('an offset inside a batch cuts the whole batch, and its epoch with it', () => {
  const log = logAfter(plainConfig, append(0, plain()), append(1, plain(), plain(), plain()), {
    kind: 'truncate',
    offset: 2,
  })
  expect(offsetsOf(log)).toEqual([[0, 0]])
  expect(observed(log, 'logEndOffset', 'epochs')).toEqual({ logEndOffset: 1, epochs: [{ epoch: 0, startOffset: 0 }] })
})

test('a new end in a gap begins an empty segment there, and what is before it is synced', () => {
  const log = logAfter(
    plainConfig,
    { kind: 'replicate', batches: [batch(0, 2), batch(5, 9)] },
    { kind: 'truncate', offset: 4 },
  )
  expect(observed(log, 'logEndOffset', 'recoveryPoint', 'segments')).toEqual({
    logEndOffset: 4,
    recoveryPoint: 4,
    segments: [
      { baseOffset: 0, sizeBytes: 88 },
      { baseOffset: 4, sizeBytes: 0 },
    ],
  })
})

test('a truncation below the first segment empties the log', () => {
  const log = logAfter(plainConfig, { kind: 'truncateFully', offset: 10 }, append(3, plain()), {
    kind: 'truncate',
    offset: 4,
  })
  expect(observeLog(log)).toEqual({
    logStartOffset: 4,
    logEndOffset: 4,
    highWatermark: 4,
    recoveryPoint: 4,
    firstDirtyOffset: 4,
    segments: [{ baseOffset: 4, sizeBytes: 0 }],
    epochs: [],
    producers: [],
    batches: [],
    offline: false,
  })
  expect(after(log, { kind: 'truncateFully', offset: 4 })).toBe(log)
})

test('a negative offset is OFFSET_OUT_OF_RANGE', () => {
  const log = logAfter(plainConfig)
  expect(outcomeOf(log, { kind: 'truncate', offset: -1 })).toEqual({ kind: 'error', error: 'OFFSET_OUT_OF_RANGE' })
  expect(outcomeOf(log, { kind: 'truncateFully', offset: -1 })).toEqual({ kind: 'error', error: 'OFFSET_OUT_OF_RANGE' })
})

test('producer state goes back to what the remaining batches tell', () => {
  const log = logAfter(
    plainConfig,
    appendSequenced(0, 0),
    appendSequenced(0, 1),
    { kind: 'roll' },
    appendSequenced(1, 0),
  )
  expect(observed(after(log, { kind: 'truncate', offset: 1 }), 'producers')).toEqual({
    producers: [
      {
        producerId: 7,
        producerEpoch: 0,
        batches: [{ baseSequence: 0, lastSequence: 0, baseOffset: 0, lastOffset: 0 }],
      },
    ],
  })
  expect(outcomeOf(log, { kind: 'truncate', offset: 2 }, appendSequenced(0, 2)).kind).toBe('appended')
})

test('what an outstanding flush makes durable is lowered, so that later records are not taken for synced', () => {
  const log = logAfter(
    plainConfig,
    append(0, plain()),
    append(0, plain()),
    { kind: 'flush' },
    { kind: 'truncate', offset: 1 },
  )
  const grown = after(log, append(1, plain()), { kind: 'synced' })
  expect(observed(grown, 'recoveryPoint')).toEqual({ recoveryPoint: 1 })
})
