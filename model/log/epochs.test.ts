import { expect, test } from 'vitest'
import { epochEnd, epochsBelow, epochsFrom, withEpoch } from './epochs.ts'
import { after, append, logAfter, observed, outcomeOf, plain, plainConfig } from './examples.ts'

const entries = [
  { epoch: 1, startOffset: 0 },
  { epoch: 4, startOffset: 7 },
  { epoch: 5, startOffset: 9 },
]

test('the end of an epoch is where the next one starts, and the answer names the epoch that it is for', () => {
  expect([-1, 0, 1, 3, 4, 5, 6].map(epoch => epochEnd(entries, epoch, 12))).toEqual([
    { epoch: -1, endOffset: -1 },
    { epoch: 0, endOffset: 0 },
    { epoch: 1, endOffset: 7 },
    { epoch: 1, endOffset: 7 },
    { epoch: 4, endOffset: 9 },
    { epoch: 5, endOffset: 12 },
    { epoch: -1, endOffset: -1 },
  ])
  expect(epochEnd([], 0, 12)).toEqual({ epoch: -1, endOffset: -1 })
})

test('a new epoch takes the place of one that never got a record', () => {
  expect(withEpoch(entries, 6, 9)).toEqual([...entries.slice(0, 2), { epoch: 6, startOffset: 9 }])
  expect(withEpoch(entries, 5, 12)).toBe(entries)
})

test('a cut at the end removes the epochs that start there or above', () => {
  expect(epochsBelow(entries, 9)).toEqual(entries.slice(0, 2))
  expect(epochsBelow(entries, 10)).toBe(entries)
})

test('a cut at the start leaves the epoch that is under way', () => {
  expect(epochsFrom(entries, 8)).toEqual([
    { epoch: 4, startOffset: 8 },
    { epoch: 5, startOffset: 9 },
  ])
  expect(epochsFrom(entries, 0)).toBe(entries)
  expect(epochsFrom(entries, 20)).toEqual([{ epoch: 5, startOffset: 20 }])
})

test('a new leader assigns its epoch at the log end, also when it writes nothing', () => {
  const log = logAfter(plainConfig, append(0, plain()), { kind: 'assignEpoch', leaderEpoch: 2 })
  expect(observed(log, 'epochs')).toEqual({
    epochs: [
      { epoch: 0, startOffset: 0 },
      { epoch: 2, startOffset: 1 },
    ],
  })
  expect(outcomeOf(log, { kind: 'assignEpoch', leaderEpoch: 1 })).toEqual({
    kind: 'error',
    error: 'FENCED_LEADER_EPOCH',
  })
  expect(after(log, { kind: 'assignEpoch', leaderEpoch: 2 })).toBe(log)
})

test('a truncation at the log end removes an epoch without records', () => {
  const log = logAfter(plainConfig, append(0, plain()), { kind: 'assignEpoch', leaderEpoch: 2 })
  expect(observed(after(log, { kind: 'truncate', offset: 1 }), 'epochs')).toEqual({
    epochs: [{ epoch: 0, startOffset: 0 }],
  })
  expect(after(log, { kind: 'truncate', offset: 2 })).toBe(log)
})
