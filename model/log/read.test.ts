import { expect, test } from 'vitest'
import { append, batch, logAfter, outcomeOf, plain, plainConfig } from './examples.ts'

const log = logAfter(
  { ...plainConfig, segmentBytes: 140 },
  append(0, plain()),
  append(0, plain()),
  append(0, plain()),
  { kind: 'updateHighWatermark', offset: 3 },
  { kind: 'deleteRecords', offset: 1 },
)
const read = (offset: number, endOffset: number, bytesMax: number) =>
  ({ kind: 'read', offset, endOffset, bytesMax }) as const

test('a read takes whole batches while they fit, the first one always, and never crosses a segment', () => {
  const whole = logAfter(
    { ...plainConfig, segmentBytes: 140 },
    append(0, plain()),
    append(0, plain()),
    append(0, plain()),
  )
  expect(outcomeOf(whole, read(0, 9, 0))).toEqual({ kind: 'batches', batches: [batch(0, 0)] })
  expect(outcomeOf(whole, read(0, 9, 139))).toEqual({ kind: 'batches', batches: [batch(0, 0)] })
  expect(outcomeOf(whole, read(0, 9, 140))).toEqual({ kind: 'batches', batches: [batch(0, 0), batch(1, 1)] })
  expect(outcomeOf(whole, read(0, 9, 999))).toEqual({ kind: 'batches', batches: [batch(0, 0), batch(1, 1)] })
  expect(outcomeOf(whole, read(2, 9, 999))).toEqual({ kind: 'batches', batches: [batch(2, 2)] })
})

test('a read below the log start or beyond its end is OFFSET_OUT_OF_RANGE, and at the end it is empty', () => {
  expect(outcomeOf(log, read(0, 3, 999))).toEqual({ kind: 'error', error: 'OFFSET_OUT_OF_RANGE' })
  expect(outcomeOf(log, read(4, 3, 999))).toEqual({ kind: 'error', error: 'OFFSET_OUT_OF_RANGE' })
  expect(outcomeOf(log, read(3, 3, 999))).toEqual({ kind: 'batches', batches: [] })
})

test('a batch that reaches to the end offset or above is not read', () => {
  const wide = logAfter(plainConfig, append(0, plain(), plain()))
  expect(outcomeOf(wide, read(0, 1, 999))).toEqual({ kind: 'batches', batches: [] })
  expect(outcomeOf(wide, read(1, 2, 999))).toEqual({ kind: 'batches', batches: [batch(0, 1)] })
})

test('a corrupt batch is read without its records', () => {
  expect(outcomeOf(log, { kind: 'rot', offset: 1 }, read(1, 2, 999))).toEqual({
    kind: 'batches',
    batches: [{ ...batch(1, 1), corrupt: true, records: [] }],
  })
})
