import { expect, test } from 'vitest'
import { after, batch, logAfter, observed, offsetsOf, outcomeOf, plainConfig } from './examples.ts'
import { initialLog } from './state.ts'

const replicate = (...batches: readonly ReturnType<typeof batch>[]) => ({ kind: 'replicate', batches }) as const

test('a follower takes batches as they are numbered, with their gaps and epochs', () => {
  const log = logAfter(plainConfig, replicate(batch(2, 4, 1), batch(7, 7, 3)))
  expect(offsetsOf(log)).toEqual([
    [2, 4],
    [7, 7],
  ])
  expect(observed(log, 'logEndOffset', 'epochs')).toEqual({
    logEndOffset: 8,
    epochs: [
      { epoch: 1, startOffset: 2 },
      { epoch: 3, startOffset: 7 },
    ],
  })
})

test('one bad batch keeps all out', () => {
  const log = logAfter(plainConfig, replicate(batch(0, 1, 2)))
  const refusals = [
    [replicate(batch(2, 2, 2), { ...batch(3, 3, 2), corrupt: true }), 'CORRUPT_MESSAGE'],
    [replicate(batch(1, 2, 2)), 'OFFSET_OUT_OF_RANGE'],
    [replicate(batch(2, 1, 2)), 'OFFSET_OUT_OF_RANGE'],
    [replicate(batch(2, 4, 2), batch(4, 5, 2)), 'OFFSET_OUT_OF_RANGE'],
    [replicate(batch(2, 4, 1)), 'FENCED_LEADER_EPOCH'],
    [replicate(batch(2, 4, 5), batch(5, 5, 4)), 'FENCED_LEADER_EPOCH'],
    [replicate(batch(1, 1, 0), { ...batch(3, 3, 2), corrupt: true }), 'CORRUPT_MESSAGE'],
  ] as const
  for (const [operation, error] of refusals) {
    expect(outcomeOf(log, operation)).toEqual({ kind: 'error', error })
    expect(after(log, operation)).toBe(log)
  }
})

test('nothing to replicate is done', () => {
  const log = initialLog(plainConfig)
  expect(outcomeOf(log, replicate())).toEqual({ kind: 'done' })
  expect(after(log, replicate())).toBe(log)
})

test('a follower does not check sequences, and ignores a lower producer epoch', () => {
  const stamped = (offset: number, producerEpoch: number, baseSequence: number) => ({
    ...batch(offset, offset),
    producerId: 7,
    producerEpoch,
    baseSequence,
  })
  const log = logAfter(plainConfig, replicate(stamped(0, 1, 9), stamped(1, 1, 3), stamped(2, 0, 4)))
  expect(observed(log, 'producers')).toEqual({
    producers: [
      {
        producerId: 7,
        producerEpoch: 1,
        batches: [
          { baseSequence: 9, lastSequence: 9, baseOffset: 0, lastOffset: 0 },
          { baseSequence: 3, lastSequence: 3, baseOffset: 1, lastOffset: 1 },
        ],
      },
    ],
  })
})

test('when the disk fills up, the batches before the one that did not fit stay', () => {
  const log = logAfter(plainConfig, { kind: 'fillDisk', bytes: 100 }, replicate(batch(0, 0), batch(1, 1)))
  expect(offsetsOf(log)).toEqual([[0, 0]])
  expect(observed(log, 'offline')).toEqual({ offline: true })
})
