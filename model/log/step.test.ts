// Random walks on one log: whatever happens, the claims hold, nothing is mutated, and identity tells what changed.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CrashDamage, LogConfig, LogOperation } from '../vocabulary/log.ts'
import type { Batch, PlainRecord } from '../vocabulary/records.ts'
import { batch } from './examples.ts'
import { checkLog } from './invariants.ts'
import { observeLog } from './observe.ts'
import { batchesSize } from './size.ts'
import { initialLog, type LogState, logEndOffset, logFields } from './state.ts'
import { stepLog } from './step.ts'

/** The numbers that one step of a walk draws from. */
type Draw = readonly [number, number, number, number]

const draws = fc.array(fc.tuple(fc.nat(999), fc.nat(999), fc.nat(999), fc.nat(999)), { maxLength: 80, size: 'max' })

const configs: fc.Arbitrary<LogConfig> = fc.record({
  segmentBytes: fc.constantFrom(70, 150, 300, 1000),
  indexIntervalBytes: fc.constant(100),
  maxMessageBytes: fc.constantFrom(150, 1000),
  cleanupPolicy: fc.constantFrom('delete', 'compact', 'compact,delete'),
  retentionMs: fc.constantFrom(-1, 5),
  retentionBytes: fc.constantFrom(-1, 200),
  deleteRetentionMs: fc.constantFrom(0, 3),
})

function plainFrom(first: number, second: number): PlainRecord {
  const key = 'abc'[first % 3] ?? 'a'
  return {
    key: first % 11 === 0 ? null : key,
    value: second % 3 === 0 ? null : `v${second}`,
    timestamp: (first * 7) % 30,
  }
}

/** An offset near one of the places where rules change. */
function offsetFrom(log: LogState, first: number, second: number): number {
  const places = [
    0,
    log.logStartOffset,
    log.highWatermark,
    log.recoveryPoint,
    logEndOffset(log),
    log.segments.at(-1)?.baseOffset ?? 0,
  ]
  return (places[first % places.length] ?? 0) + (second % 5) - 2
}

function damageFrom(first: number, second: number): CrashDamage {
  const kinds: readonly CrashDamage[] = [{ kind: 'kept' }, { kind: 'lost' }, { kind: 'torn', bytes: second % 400 }]
  return kinds[first % 3] ?? { kind: 'kept' }
}

function replicatedFrom(log: LogState, first: number, second: number, third: number): Batch {
  const baseOffset = logEndOffset(log) + (third % 4 === 0 ? (first % 5) - 1 : 0)
  const newest = log.epochs.at(-1)?.epoch ?? 0
  const stamp = second % 3 === 0 ? { producerId: third % 2, producerEpoch: second % 2, baseSequence: first % 4 } : {}
  return { ...batch(baseOffset, baseOffset + (second % 3), newest + (third % 3 === 0 ? 1 : 0)), ...stamp }
}

function operationFrom(log: LogState, [kind, first, second, third]: Draw): LogOperation {
  const epoch = (log.epochs.at(-1)?.epoch ?? 0) + ((third % 5) - 1 > 1 ? 1 : 0)
  const offset = offsetFrom(log, first, second)
  const operations: readonly LogOperation[] = [
    {
      kind: 'append',
      leaderEpoch: epoch,
      producerId: -1,
      producerEpoch: -1,
      baseSequence: -1,
      records: [plainFrom(first, second)],
    },
    {
      kind: 'append',
      leaderEpoch: epoch,
      producerId: -1,
      producerEpoch: -1,
      baseSequence: -1,
      records: [plainFrom(second, first), plainFrom(third, second)],
    },
    {
      kind: 'append',
      leaderEpoch: epoch,
      producerId: first % 2,
      producerEpoch: (second % 7) - 5 > 0 ? 1 : 0,
      baseSequence: third % 6,
      records: [plainFrom(third, first)],
    },
    { kind: 'append', leaderEpoch: -1, producerId: -1, producerEpoch: -1, baseSequence: -1, records: [] },
    { kind: 'replicate', batches: [replicatedFrom(log, first, second, third)] },
    { kind: 'replicate', batches: [replicatedFrom(log, first, second, 1), replicatedFrom(log, second, first, third)] },
    { kind: 'read', offset, endOffset: offset + (third % 9), bytesMax: third % 300 },
    { kind: 'truncate', offset },
    { kind: 'truncateFully', offset },
    { kind: 'updateHighWatermark', offset },
    { kind: 'updateHighWatermark', offset: logEndOffset(log) },
    { kind: 'deleteRecords', offset },
    { kind: 'assignEpoch', leaderEpoch: epoch },
    { kind: 'endOffsetForEpoch', leaderEpoch: epoch - (first % 4) },
    { kind: 'listOffsets', timestamp: (first % 33) - 3, endOffset: offset },
    { kind: 'roll' },
    { kind: 'retain', now: first % 60 },
    { kind: 'clean', now: first % 60 },
    { kind: 'flush' },
    { kind: 'synced' },
    { kind: 'checkpoint' },
    { kind: 'close' },
    { kind: 'crash', damage: damageFrom(first, second), indexes: 'lost' },
    { kind: 'rot', offset },
    { kind: 'fillDisk', bytes: third % 8 === 0 ? (second % 600) - 10 : null },
  ]
  return operations[kind % operations.length] ?? { kind: 'roll' }
}

function deeplyFrozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const part of Object.values(value)) deeplyFrozen(part)
  return value
}

test('every walk keeps the claims on one log', () => {
  fc.assert(
    fc.property(configs, draws, (config, walk) => {
      let state = deeplyFrozen(initialLog(config))
      for (const draw of walk) {
        const operation = deeplyFrozen(operationFrom(state, draw))
        const before = observeLog(state)
        const step = stepLog(state, operation)
        const transition = { config, before, operation, outcome: step.outcome, after: observeLog(step.state) }
        expect(checkLog(transition)).toBe(null)
        state = deeplyFrozen(step.state)
      }
    }),
    { numRuns: 500 },
  )
})

test('a step that changes nothing gives back the same state, and unchanged parts stay the same', () => {
  fc.assert(
    fc.property(configs, draws, (config, walk) => {
      let state = initialLog(config)
      for (const draw of walk) {
        const next = stepLog(state, operationFrom(state, draw)).state
        const isEqual = JSON.stringify(next) === JSON.stringify(state)
        expect(next === state).toBe(isEqual)
        for (const field of ['segments', 'producers', 'epochs'] as const) {
          if (JSON.stringify(next[field]) === JSON.stringify(state[field])) expect(next[field]).toBe(state[field])
        }
        state = next
      }
    }),
    { numRuns: 200 },
  )
})

test('every walk keeps segments in order, their sizes true, and all offsets within the log', () => {
  fc.assert(
    fc.property(configs, draws, (config, walk) => {
      let state = initialLog(config)
      for (const draw of walk) {
        state = stepLog(state, operationFrom(state, draw)).state
        const end = logEndOffset(state)
        expect(state.segments.map(segment => segment.sizeBytes)).toEqual(
          state.segments.map(({ batches }) => batchesSize(batches)),
        )
        let previousEnd = -1
        for (const { baseOffset, batches } of state.segments) {
          expect(baseOffset).toBeGreaterThanOrEqual(previousEnd)
          for (const stored of batches) expect(stored.baseOffset).toBeGreaterThanOrEqual(baseOffset)
          previousEnd = (batches.at(-1)?.lastOffset ?? baseOffset) + 1
        }
        expect(state.logStartOffset).toBeGreaterThanOrEqual(state.segments[0]?.baseOffset ?? 0)
        expect(Math.max(state.recoveryPoint, state.firstDirtyOffset, state.pendingFlush ?? 0)).toBeLessThanOrEqual(end)
      }
    }),
    { numRuns: 200 },
  )
})

test('every field of a log takes part in telling whether a step changed it', () => {
  const log = initialLog({ ...fc.sample(configs, 1)[0] } as LogConfig)
  expect([...logFields].sort()).toEqual(Object.keys(log).sort())
})
