import { expect, test } from 'vitest'
import { append, logAfter, outcomeOf, plain, plainConfig } from './examples.ts'

const log = logAfter(
  plainConfig,
  append(0, plain('k', 'v', 10), plain('k', 'v', 50)),
  append(0, plain('k', 'v', 20)),
  append(0, plain('k', 'v', 60)),
)
const list = (timestamp: number, endOffset = 4) => ({ kind: 'listOffsets', timestamp, endOffset }) as const

test('the first record that is not older is found, in offset order', () => {
  expect(outcomeOf(log, list(15))).toEqual({ kind: 'found', record: { offset: 1, timestamp: 50 } })
  expect(outcomeOf(log, list(51))).toEqual({ kind: 'found', record: { offset: 3, timestamp: 60 } })
  expect(outcomeOf(log, list(61))).toEqual({ kind: 'found', record: null })
  expect(outcomeOf(log, list(51, 3))).toEqual({ kind: 'found', record: null })
})

test('-2 asks for the start, -1 for the end, and other negative timestamps are invalid', () => {
  expect(outcomeOf(log, list(-2))).toEqual({ kind: 'found', record: { offset: 0, timestamp: -1 } })
  expect(outcomeOf(log, list(-1, 3))).toEqual({ kind: 'found', record: { offset: 3, timestamp: -1 } })
  expect(outcomeOf(log, list(-3))).toEqual({ kind: 'error', error: 'INVALID_REQUEST' })
})

test('records below the log start are not found', () => {
  expect(
    outcomeOf(log, { kind: 'updateHighWatermark', offset: 4 }, { kind: 'deleteRecords', offset: 2 }, list(0)),
  ).toEqual({
    kind: 'found',
    record: { offset: 2, timestamp: 20 },
  })
})

test('a corrupt batch is skipped if its header says that it is too old, and is an error otherwise', () => {
  const rot = { kind: 'rot', offset: 0 } as const
  expect(outcomeOf(log, rot, list(51))).toEqual({ kind: 'found', record: { offset: 3, timestamp: 60 } })
  expect(outcomeOf(log, rot, list(50))).toEqual({ kind: 'error', error: 'CORRUPT_MESSAGE' })
})
