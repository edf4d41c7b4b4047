import { expect, test } from 'vitest'
import { after, append, logAfter, observed, plain, plainConfig } from './examples.ts'

const config = { ...plainConfig, segmentBytes: 70 }
const three = [append(0, plain('k', 'v', 10)), append(1, plain('k', 'v', 20)), append(1, plain('k', 'v', 30))]
const retain = (now: number) => ({ kind: 'retain', now }) as const
const high = (offset: number) => ({ kind: 'updateHighWatermark', offset }) as const

test('a segment goes when its newest record is older than the limit', () => {
  const log = logAfter({ ...config, retentionMs: 5 }, ...three, high(3))
  expect(after(log, retain(15))).toBe(log)
  expect(observed(after(log, retain(16)), 'logStartOffset', 'epochs')).toEqual({
    logStartOffset: 1,
    epochs: [{ epoch: 1, startOffset: 1 }],
  })
})

test('when all segments go, an empty one is begun first, and is synced up to there', () => {
  const log = logAfter({ ...config, retentionMs: 5 }, ...three, high(3), retain(99))
  expect(observed(log, 'logStartOffset', 'logEndOffset', 'recoveryPoint', 'segments')).toEqual({
    logStartOffset: 3,
    logEndOffset: 3,
    recoveryPoint: 3,
    segments: [{ baseOffset: 3, sizeBytes: 0 }],
  })
  expect(after(log, retain(200))).toBe(log)
})

test('nothing at or above the high watermark goes', () => {
  const log = logAfter({ ...config, retentionMs: 5 }, ...three, high(1), retain(99))
  expect(observed(log, 'logStartOffset')).toEqual({ logStartOffset: 1 })
})

test('segments go while the log without them is at least the limit', () => {
  expect(
    observed(logAfter({ ...config, retentionBytes: 140 }, ...three, high(3), retain(0)), 'logStartOffset'),
  ).toEqual({ logStartOffset: 1 })
  expect(
    observed(logAfter({ ...config, retentionBytes: 141 }, ...three, high(3), retain(0)), 'logStartOffset'),
  ).toEqual({ logStartOffset: 0 })
})

test('segments below the log start go under any policy', () => {
  const compacted = { ...config, cleanupPolicy: 'compact', retentionMs: 0 } as const
  const log = logAfter(compacted, ...three, high(3), { kind: 'deleteRecords', offset: 3 }, retain(99))
  expect(observed(log, 'logStartOffset', 'segments')).toEqual({
    logStartOffset: 3,
    segments: [{ baseOffset: 2, sizeBytes: 70 }],
  })
})
