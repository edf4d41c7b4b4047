// Each claim on one log can fail: a true transition, and one thing in it that is not so.
import { expect, test } from 'vitest'
import type { LogConfig, LogObservation, LogOperation, LogOutcome } from '../vocabulary/log.ts'
import { after, append, appendSequenced, logAfter, plain, plainConfig } from './examples.ts'
import { checkLog, epochsRise } from './invariants.ts'
import { observeLog } from './observe.ts'
import type { LogState } from './state.ts'
import { stepLog } from './step.ts'

type Told = { readonly outcome?: LogOutcome; readonly after?: Partial<LogObservation> }

/** The claim that breaks when an operation on a log is told otherwise than it happened; null if none does. */
function brokenClaim(
  log: LogState,
  operation: LogOperation,
  told: (truth: LogObservation) => Told,
  config: LogConfig = plainConfig,
) {
  const step = stepLog(log, operation)
  const truth = observeLog(step.state)
  const { outcome = step.outcome, after: changes } = told(truth)
  const transition = { config, before: observeLog(log), operation, outcome, after: { ...truth, ...changes } }
  return checkLog(transition)?.claim ?? null
}

const two = logAfter(plainConfig, append(0, plain('a', '1', 10)), append(1, plain('a', '2', 20)))
const crash: LogOperation = { kind: 'crash', damage: { kind: 'kept' }, indexes: 'kept' }

test('what happened breaks no claim', () => {
  for (const operation of [append(1, plain()), crash, { kind: 'roll' } as const]) {
    expect(brokenClaim(two, operation, () => ({}))).toBe(null)
  }
})

test('F1: a high watermark outside the log', () => {
  expect(brokenClaim(two, { kind: 'flush' }, () => ({ after: { highWatermark: 3 } }))).toBe('F1')
})

test('O2: an append that leaves a gap, or a refused one that is stored', () => {
  const gap: LogOutcome = { kind: 'appended', baseOffset: 3, lastOffset: 3, duplicate: false }
  expect(brokenClaim(two, append(1, plain()), () => ({ outcome: gap }))).toBe('O2')
  expect(brokenClaim(two, append(1, plain()), () => ({ outcome: { kind: 'error', error: 'MESSAGE_TOO_LARGE' } }))).toBe(
    'O2',
  )
})

test('O5: an epoch missing from the cache, a wrong one, and one beyond the end', () => {
  const epochs = (...entries: LogObservation['epochs']) =>
    brokenClaim(two, { kind: 'flush' }, () => ({ after: { epochs: entries } }))
  expect(epochs({ epoch: 1, startOffset: 1 })).toBe('O5')
  expect(epochs({ epoch: 0, startOffset: 0 })).toBe('O5')
  expect(epochs({ epoch: 0, startOffset: 0 }, { epoch: 1, startOffset: 1 }, { epoch: 2, startOffset: 3 })).toBe('O5')
})

test('O5: a lower epoch behind a known one, but not behind one that the cache has forgotten', () => {
  const lower = (truth: LogObservation) => ({
    after: { batches: truth.batches.map((batch, index) => (index === 2 ? { ...batch, leaderEpoch: 0 } : batch)) },
  })
  expect(brokenClaim(two, append(1, plain()), lower)).toBe('O5')
  // The fall itself is named, before what the cache says of it.
  const { state, outcome } = stepLog(two, append(1, plain()))
  const truth = observeLog(state)
  const fallen = { ...truth, ...lower(truth).after }
  expect(
    epochsRise({ config: plainConfig, before: observeLog(two), operation: append(1, plain()), outcome, after: fallen }),
  ).toEqual({ claim: 'O5', sentence: 'offset 2 has epoch 0, after epoch 1' })
  const forgotten = after(
    two,
    { kind: 'updateHighWatermark', offset: 2 },
    { kind: 'deleteRecords', offset: 2 },
    { kind: 'truncate', offset: 2 },
  )
  expect(brokenClaim(forgotten, append(0, plain()), () => ({}))).toBe(null)
  expect(brokenClaim(after(forgotten, append(0, plain())), crash, () => ({}))).toBe(null)
})

test('F5: a record that changes its value, or its offset', () => {
  const changed = (change: object) =>
    brokenClaim(two, { kind: 'roll' }, truth => ({
      after: {
        batches: truth.batches
          .map(batch => ({ ...batch, records: batch.records.map(record => ({ ...record, ...change })) }))
          .slice(0, 1),
      },
    }))
  expect(changed({})).toBe(null)
  expect(changed({ value: 'x' })).toBe('F5')
  expect(changed({ offset: 5 })).toBe('F5')
})

test('F7: a record that is not the first one', () => {
  const told: LogOutcome = { kind: 'found', record: { offset: 1, timestamp: 20 } }
  expect(brokenClaim(two, { kind: 'listOffsets', timestamp: 5, endOffset: 2 }, () => ({ outcome: told }))).toBe('F7')
  expect(
    brokenClaim(two, { kind: 'listOffsets', timestamp: 5, endOffset: 2 }, () => ({
      outcome: { kind: 'error', error: 'CORRUPT_MESSAGE' },
    })),
  ).toBe('F7')
})

test('L5: a last value that goes, a tombstone that goes early, and an active segment that is cleaned', () => {
  const config = { ...plainConfig, cleanupPolicy: 'compact' } as const
  const roll = { kind: 'roll' } as const
  const log = logAfter(
    config,
    append(0, plain('a', '1')),
    append(0, plain('b', null)),
    roll,
    append(0, plain('c', '1')),
    {
      kind: 'updateHighWatermark',
      offset: 3,
    },
  )
  const without = (offset: number) =>
    brokenClaim(
      log,
      { kind: 'clean', now: 0 },
      truth => ({ after: { batches: truth.batches.filter(batch => batch.baseOffset !== offset) } }),
      config,
    )
  expect([9, 0, 1, 2].map(without)).toEqual([null, 'L5', 'L5', 'L5'])
  const early = (truth: LogObservation) => ({
    after: { batches: truth.batches.map(batch => ({ ...batch, deleteHorizon: null })) },
  })
  expect(brokenClaim(log, { kind: 'clean', now: 0 }, early, config)).toBe('L5')
})

test('L6: a synced batch that goes, a corrupt one that stays, and a producer that is remembered beyond the end', () => {
  const log = logAfter(plainConfig, appendSequenced(0, 0), { kind: 'flush' }, { kind: 'synced' }, appendSequenced(0, 1))
  const first = (truth: LogObservation) => ({
    after: { batches: truth.batches.slice(0, 1), logEndOffset: 1, producers: [] },
  })
  const none = () => ({ after: { batches: [], logEndOffset: 0, epochs: [], producers: [] } })
  expect(brokenClaim(log, crash, first)).toBe('L6')
  expect(brokenClaim(log, crash, none)).toBe('L6')
  expect(brokenClaim(log, crash, truth => ({ after: { batches: truth.batches.slice(0, 1), logEndOffset: 1 } }))).toBe(
    'L6',
  )
  const rotten = after(log, { kind: 'rot', offset: 1 })
  const kept = {
    after: { batches: observeLog(rotten).batches, logEndOffset: 2, producers: observeLog(rotten).producers },
  }
  expect(brokenClaim(rotten, crash, () => kept)).toBe('L6')
})
