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
import { recordsOf } from './same.ts'
import type { LogState } from './state.ts'

const config = { ...plainConfig, segmentBytes: 158, cleanupPolicy: 'compact' } as const
const high = { kind: 'updateHighWatermark', offset: 99 } as const
const roll = { kind: 'roll' } as const
const clean = (now: number) => ({ kind: 'clean', now }) as const
const contents = (log: LogState) =>
  recordsOf(observeLog(log).batches).map(({ offset, key, value }) => [offset, key, value])

test('the last value of each key stays, at its offset, and the active segment is left alone', () => {
  const log = logAfter(
    config,
    append(0, plain('a', '1'), plain('b', '1')),
    append(0, plain('a', '2')),
    append(0, plain('b', '2')),
    high,
    clean(0),
  )
  expect(contents(log)).toEqual([
    [1, 'b', '1'],
    [2, 'a', '2'],
    [3, 'b', '2'],
  ])
  expect(offsetsOf(log)).toEqual([
    [0, 1],
    [2, 2],
    [3, 3],
  ])
  expect(observed(log, 'firstDirtyOffset', 'recoveryPoint')).toEqual({ firstDirtyOffset: 3, recoveryPoint: 3 })
  expect(after(log, clean(1))).toBe(log)
})

test('nothing is cleaned at or above the high watermark', () => {
  const log = logAfter(
    config,
    append(0, plain('a', '1')),
    roll,
    append(0, plain('a', '2')),
    roll,
    append(0, plain('a', '3')),
  )
  const cleaned = after(log, { kind: 'updateHighWatermark', offset: 1 }, clean(0))
  expect(contents(cleaned)).toEqual(contents(log))
  expect(observed(cleaned, 'firstDirtyOffset')).toEqual({ firstDirtyOffset: 1 })
})

test('a tombstone stays until the horizon that the first cleaning set', () => {
  const log = logAfter(
    config,
    append(0, plain('a', '1')),
    append(0, plain('a', null)),
    roll,
    append(0, plain('z')),
    high,
    clean(50),
  )
  expect(contents(log)).toEqual([
    [1, 'a', null],
    [2, 'z', 'v'],
  ])
  expect(observed(log, 'batches').batches[0]?.deleteHorizon).toBe(150)
  const more = after(log, roll, append(0, plain('y')), high)
  expect(contents(after(more, clean(149)))).toEqual([
    [1, 'a', null],
    [2, 'z', 'v'],
    [3, 'y', 'v'],
  ])
  expect(contents(after(more, clean(150)))).toEqual([
    [2, 'z', 'v'],
    [3, 'y', 'v'],
  ])
})

test('an empty batch stays while it is the newest of its producer', () => {
  const log = logAfter(
    config,
    appendSequenced(0, 0),
    appendSequenced(0, 1),
    append(0, plain('k', 'new')),
    roll,
    high,
    clean(0),
  )
  expect(offsetsOf(log)).toEqual([
    [1, 1],
    [2, 2],
  ])
  expect(outcomeOf(log, { kind: 'close' }, appendSequenced(0, 1))).toEqual({
    kind: 'appended',
    baseOffset: 1,
    lastOffset: 1,
    duplicate: true,
  })
})

test('small neighbours become one segment', () => {
  const log = logAfter(
    config,
    append(0, plain('a')),
    roll,
    append(0, plain('b')),
    roll,
    append(0, plain('c')),
    roll,
    high,
    clean(0),
  )
  expect(observed(log, 'segments')).toEqual({
    segments: [
      { baseOffset: 0, sizeBytes: 140 },
      { baseOffset: 2, sizeBytes: 70 },
      { baseOffset: 3, sizeBytes: 0 },
    ],
  })
})

test('a corrupt batch stops the cleaning', () => {
  const log = logAfter(config, append(0, plain('a')), roll, append(0, plain('a')), high, { kind: 'rot', offset: 0 })
  expect(outcomeOf(log, clean(0))).toEqual({ kind: 'error', error: 'CORRUPT_MESSAGE' })
  expect(after(log, clean(0))).toBe(log)
})
