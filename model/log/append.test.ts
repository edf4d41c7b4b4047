import { expect, test } from 'vitest'
import {
  after,
  append,
  appendSequenced,
  logAfter,
  observed,
  offsetsOf,
  outcomeOf,
  plain,
  plainConfig,
} from './examples.ts'
import { observeLog } from './observe.ts'
import { initialLog } from './state.ts'

test('a leader numbers records from the end of its log', () => {
  const log = logAfter(plainConfig, append(0, plain(), plain()), append(0, plain('a', 'b', 5)))
  expect(observeLog(log)).toEqual({
    logStartOffset: 0,
    logEndOffset: 3,
    highWatermark: 0,
    recoveryPoint: 0,
    firstDirtyOffset: 0,
    segments: [{ baseOffset: 0, sizeBytes: 79 + 70 }],
    epochs: [{ epoch: 0, startOffset: 0 }],
    producers: [],
    batches: [
      {
        baseOffset: 0,
        lastOffset: 1,
        leaderEpoch: 0,
        producerId: -1,
        producerEpoch: -1,
        baseSequence: -1,
        deleteHorizon: null,
        corrupt: false,
        records: [
          { ...plain(), offset: 0 },
          { ...plain(), offset: 1 },
        ],
      },
      {
        baseOffset: 2,
        lastOffset: 2,
        leaderEpoch: 0,
        producerId: -1,
        producerEpoch: -1,
        baseSequence: -1,
        deleteHorizon: null,
        corrupt: false,
        records: [{ key: 'a', value: 'b', timestamp: 5, offset: 2 }],
      },
    ],
    offline: false,
  })
})

test('a batch without records is an INVALID_RECORD, and one without a key where keys are compacted', () => {
  const compacted = initialLog({ ...plainConfig, cleanupPolicy: 'compact,delete' })
  expect(outcomeOf(initialLog(plainConfig), append(0))).toEqual({ kind: 'error', error: 'INVALID_RECORD' })
  expect(outcomeOf(compacted, append(0, plain(), plain(null)))).toEqual({ kind: 'error', error: 'INVALID_RECORD' })
})

test('a batch with a producer id and a negative sequence is an INVALID_RECORD, whoever the log remembers', () => {
  const log = logAfter(plainConfig, appendSequenced(0, 0))
  for (const sequence of [-1, -9]) {
    expect(outcomeOf(log, appendSequenced(0, sequence))).toEqual({ kind: 'error', error: 'INVALID_RECORD' })
    expect(outcomeOf(initialLog(plainConfig), appendSequenced(-1, sequence))).toMatchObject({ error: 'INVALID_RECORD' })
  }
})

test('a batch of exactly the largest size is appended, and one byte more is MESSAGE_TOO_LARGE', () => {
  const log = initialLog({ ...plainConfig, maxMessageBytes: 70 })
  expect(outcomeOf(log, append(0, plain()))).toEqual({
    kind: 'appended',
    baseOffset: 0,
    lastOffset: 0,
    duplicate: false,
  })
  expect(outcomeOf(log, append(0, plain('k', 'vv')))).toEqual({ kind: 'error', error: 'MESSAGE_TOO_LARGE' })
})

test('a leader of an epoch below the newest one is fenced', () => {
  const log = logAfter(plainConfig, { kind: 'assignEpoch', leaderEpoch: 3 })
  expect(outcomeOf(log, append(2, plain()))).toEqual({ kind: 'error', error: 'FENCED_LEADER_EPOCH' })
})

test('a segment takes a batch that fills it to its last byte, and rolls for one byte more', () => {
  const config = { ...plainConfig, segmentBytes: 140 }
  expect(observed(logAfter(config, append(0, plain()), append(0, plain())), 'segments', 'recoveryPoint')).toEqual({
    segments: [{ baseOffset: 0, sizeBytes: 140 }],
    recoveryPoint: 0,
  })
  expect(
    observed(logAfter(config, append(0, plain()), append(0, plain('k', 'vv'))), 'segments', 'recoveryPoint'),
  ).toEqual({
    segments: [
      { baseOffset: 0, sizeBytes: 70 },
      { baseOffset: 1, sizeBytes: 71 },
    ],
    recoveryPoint: 1,
  })
})

test('an empty segment takes a batch that is larger than a segment', () => {
  const log = logAfter({ ...plainConfig, segmentBytes: 10 }, append(0, plain()))
  expect(observed(log, 'segments')).toEqual({ segments: [{ baseOffset: 0, sizeBytes: 70 }] })
})

test('a repeated batch is answered with the offsets that it got the first time', () => {
  const log = logAfter(plainConfig, appendSequenced(0, 0, 2), appendSequenced(0, 2))
  expect(outcomeOf(log, appendSequenced(0, 0, 2))).toEqual({
    kind: 'appended',
    baseOffset: 0,
    lastOffset: 1,
    duplicate: true,
  })
  expect(after(log, appendSequenced(0, 0, 2))).toBe(log)
})

test('the sixth last batch is no longer known, and its repeat is out of order', () => {
  const log = logAfter(plainConfig, ...[0, 1, 2, 3, 4, 5].map(sequence => appendSequenced(0, sequence)))
  expect(outcomeOf(log, appendSequenced(0, 1))).toEqual({
    kind: 'appended',
    baseOffset: 1,
    lastOffset: 1,
    duplicate: true,
  })
  expect(outcomeOf(log, appendSequenced(0, 0))).toEqual({ kind: 'error', error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' })
})

test('a gap in the sequence, a lower producer epoch and a higher one that does not begin at 0 are refused', () => {
  const log = logAfter(plainConfig, appendSequenced(1, 0))
  expect(outcomeOf(log, appendSequenced(1, 2))).toEqual({ kind: 'error', error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' })
  expect(outcomeOf(log, appendSequenced(0, 1))).toEqual({ kind: 'error', error: 'INVALID_PRODUCER_EPOCH' })
  expect(outcomeOf(log, appendSequenced(2, 1))).toEqual({ kind: 'error', error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' })
  expect(observed(after(log, appendSequenced(2, 0)), 'producers')).toEqual({
    producers: [
      {
        producerId: 7,
        producerEpoch: 2,
        batches: [{ baseSequence: 0, lastSequence: 0, baseOffset: 1, lastOffset: 1 }],
      },
    ],
  })
})

test('an unknown producer may start at any sequence, and 0 follows the largest one', () => {
  const log = logAfter(plainConfig, appendSequenced(0, 2 ** 31 - 2, 3))
  expect(observed(log, 'producers')).toEqual({
    producers: [
      {
        producerId: 7,
        producerEpoch: 0,
        batches: [{ baseSequence: 2 ** 31 - 2, lastSequence: 0, baseOffset: 0, lastOffset: 2 }],
      },
    ],
  })
  expect(outcomeOf(log, appendSequenced(0, 1)).kind).toBe('appended')
})

test('a batch that does not fit on the disk takes the log offline and is not seen, but its roll is', () => {
  const log = logAfter({ ...plainConfig, segmentBytes: 100 }, append(0, plain()), { kind: 'fillDisk', bytes: 69 })
  expect(outcomeOf(log, append(1, plain()))).toEqual({ kind: 'error', error: 'KAFKA_STORAGE_ERROR' })
  const offline = after(log, append(1, plain()))
  expect(observed(offline, 'segments', 'epochs', 'offline')).toEqual({
    segments: [
      { baseOffset: 0, sizeBytes: 70 },
      { baseOffset: 1, sizeBytes: 0 },
    ],
    epochs: [{ epoch: 0, startOffset: 0 }],
    offline: true,
  })
  expect(after(offline, { kind: 'truncate', offset: -1 }, { kind: 'roll' }, append(1, plain()))).toBe(offline)
})

test('a full disk stays full over a crash, and exactly as much fits as there is room', () => {
  const crash = { kind: 'crash', damage: { kind: 'kept' }, indexes: 'kept' } as const
  const log = logAfter(plainConfig, { kind: 'fillDisk', bytes: 139 }, append(0, plain()), append(0, plain()), crash)
  expect(offsetsOf(log)).toEqual([[0, 0]])
  expect(observed(log, 'offline')).toEqual({ offline: false })
  expect(outcomeOf(log, append(0, plain()))).toEqual({ kind: 'error', error: 'KAFKA_STORAGE_ERROR' })
  expect(outcomeOf(log, { kind: 'fillDisk', bytes: 70 }, append(0, plain())).kind).toBe('appended')
})
