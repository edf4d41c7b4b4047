import { expect, test } from 'vitest'
import { after, append, batch, logAfter, observed, outcomeOf, plain, plainConfig } from './examples.ts'

const log = logAfter(plainConfig, append(0, plain()), append(1, plain(), plain()), append(1, plain()))

test('the high watermark stays within the log, and may fall', () => {
  const at = (offset: number) =>
    observed(after(log, { kind: 'updateHighWatermark', offset }), 'highWatermark').highWatermark
  expect([-5, 2, 9].map(at)).toEqual([0, 2, 4])
  const raised = after(log, { kind: 'updateHighWatermark', offset: 4 })
  expect(observed(after(raised, { kind: 'updateHighWatermark', offset: 1 }), 'highWatermark')).toEqual({
    highWatermark: 1,
  })
  expect(after(raised, { kind: 'updateHighWatermark', offset: 5 })).toBe(raised)
})

test('records can be deleted up to the high watermark, and stay stored', () => {
  const raised = after(log, { kind: 'updateHighWatermark', offset: 3 })
  expect(outcomeOf(raised, { kind: 'deleteRecords', offset: 4 })).toEqual({
    kind: 'error',
    error: 'OFFSET_OUT_OF_RANGE',
  })
  expect(outcomeOf(raised, { kind: 'deleteRecords', offset: -2 })).toEqual({
    kind: 'error',
    error: 'OFFSET_OUT_OF_RANGE',
  })
  expect(after(raised, { kind: 'deleteRecords', offset: 0 })).toBe(raised)
  expect(observed(after(raised, { kind: 'deleteRecords', offset: 2 }), 'logStartOffset', 'epochs', 'batches')).toEqual({
    logStartOffset: 2,
    epochs: [{ epoch: 1, startOffset: 2 }],
    batches: [batch(0, 0), batch(1, 2, 1), batch(3, 3, 1)],
  })
  expect(observed(after(raised, { kind: 'deleteRecords', offset: -1 }), 'logStartOffset')).toEqual({
    logStartOffset: 3,
  })
})
