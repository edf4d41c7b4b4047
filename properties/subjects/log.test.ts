// Sequences of operations on several subjects that must not differ: the fate of index files and their density decide how
// fast an answer is found, never what it is. And the cheap observation must equal one that decodes everything anew.
import { expect, test } from 'vitest'
import type { LogConfig, LogObservation, LogOperation } from '../../model/vocabulary/log.ts'
import type { Batch, PlainRecord } from '../../model/vocabulary/records.ts'
import { Random } from '../random.ts'
import { startLogSubject } from './log.ts'

const fates = ['kept', 'lost', 'torn'] as const

test('no outcome and no observation depends on the indexes', () => {
  for (let seed = 0; seed < 60; seed++) {
    const random = new Random(seed)
    const config = randomConfig(random)
    const subjects = [0, 100, 100_000].map(indexIntervalBytes =>
      startLogSubject({ scope: 'log', config: { ...config, indexIntervalBytes } }),
    )
    // Never looks until the end, and then decodes everything.
    const blind = startLogSubject({ scope: 'log', config })
    let observation = blind.observe()
    for (let step = 0; step < 60; step++) {
      const operation = randomOperation(random, observation, step)
      const outcomes = subjects.map((subject, index) =>
        subject.apply(operation.kind === 'crash' ? { ...operation, indexes: fates[index] ?? 'kept' } : operation),
      )
      outcomes.push(blind.apply(operation))
      const observations = subjects.map(subject => subject.observe())
      expect({ seed, step, operation, outcomes, observations }).toEqual({
        ...{ seed, step, operation },
        outcomes: outcomes.map(() => outcomes[0]),
        observations: observations.map(() => observations[0]),
      })
      observation = observations[0] ?? observation
      const { logStartOffset, highWatermark, logEndOffset, recoveryPoint } = observation
      expect(logStartOffset <= highWatermark && highWatermark <= logEndOffset).toBe(true)
      expect(recoveryPoint <= logEndOffset).toBe(true)
    }
    expect([seed, blind.observe()]).toEqual([seed, observation])
  }
})

test('the version differs whenever the observation does', () => {
  for (let seed = 1000; seed < 1050; seed++) {
    const random = new Random(seed)
    const subject = startLogSubject({ scope: 'log', config: randomConfig(random) })
    const seen = new Map<number, string>()
    for (let step = 0; step < 60; step++) {
      const operation = randomOperation(random, subject.observe(), step)
      subject.apply(operation)
      const shown = JSON.stringify(subject.observe())
      expect([seed, step, operation, seen.get(subject.version()) ?? shown]).toEqual([seed, step, operation, shown])
      seen.set(subject.version(), shown)
    }
  }
})

function randomConfig(random: Random): LogConfig {
  return {
    segmentBytes: random.pick([150, 300, 1000]),
    indexIntervalBytes: 64,
    maxMessageBytes: 400,
    cleanupPolicy: random.pick(['delete', 'compact', 'compact,delete']),
    retentionMs: random.pick([-1, 50]),
    retentionBytes: random.pick([-1, 500]),
    deleteRetentionMs: random.pick([0, 20]),
  }
}

function randomOperation(random: Random, log: LogObservation, step: number): LogOperation {
  const now = step * 5
  const leaderEpoch = log.epochs.at(-1)?.epoch ?? 0
  const offset = random.between(log.logStartOffset - 1, log.logEndOffset + 1)
  const choices: (() => LogOperation)[] = [
    () => ({ kind: 'read', offset, endOffset: offset + random.below(9), bytesMax: random.below(400) }),
    () => ({ kind: 'truncate', offset }),
    () => ({ kind: 'updateHighWatermark', offset: log.logEndOffset }),
    () => ({ kind: 'updateHighWatermark', offset }),
    () => ({ kind: 'deleteRecords', offset }),
    () => ({ kind: 'assignEpoch', leaderEpoch: leaderEpoch + random.below(2) }),
    () => ({ kind: 'endOffsetForEpoch', leaderEpoch: random.below(leaderEpoch + 2) }),
    () => ({ kind: 'listOffsets', timestamp: random.between(-3, now), endOffset: offset }),
    () => ({ kind: 'roll' }),
    () => ({ kind: 'retain', now }),
    () => ({ kind: 'clean', now }),
    () => ({ kind: 'flush' }),
    () => ({ kind: 'synced' }),
    () => ({ kind: 'checkpoint' }),
    () => ({ kind: 'close' }),
    () => ({ kind: 'crash', damage: { kind: 'torn', bytes: random.below(300) }, indexes: random.pick(fates) }),
    () => ({ kind: 'crash', damage: { kind: random.pick(['kept', 'lost']) }, indexes: random.pick(fates) }),
  ]
  const rare: (() => LogOperation)[] = [
    () => ({ kind: 'rot', offset }),
    () => ({ kind: 'truncateFully', offset }),
    () => ({ kind: 'fillDisk', bytes: random.chance(0.4) ? random.below(300) : null }),
  ]
  if (random.chance(0.4)) return randomAppend(random, log, leaderEpoch, now)
  if (random.chance(0.15))
    return { kind: 'replicate', batches: randomBatches(random, log.logEndOffset, leaderEpoch, now) }
  return (random.pickOrNull(random.chance(0.06) ? rare : choices) ?? (() => ({ kind: 'roll' })))()
}

function randomAppend(random: Random, log: LogObservation, leaderEpoch: number, now: number): LogOperation {
  const producerId = random.between(-1, 2)
  const known = log.producers.find(entry => entry.producerId === producerId)
  const producer =
    producerId < 0
      ? { producerId: -1, producerEpoch: -1, baseSequence: -1 }
      : {
          producerId,
          producerEpoch: known?.producerEpoch ?? 0,
          baseSequence: (known?.batches.at(-1)?.lastSequence ?? -1) + (random.chance(0.1) ? 0 : 1),
        }
  return { kind: 'append', leaderEpoch, ...producer, records: randomRecords(random, now) }
}

function randomBatches(random: Random, logEndOffset: number, leaderEpoch: number, now: number): readonly Batch[] {
  let next = logEndOffset
  return Array.from({ length: random.below(4) }, () => {
    const baseOffset = next + random.below(3)
    const records = randomRecords(random, now).map((record, index) => ({ ...record, offset: baseOffset + index }))
    const lastOffset = baseOffset + records.length - 1 + random.below(2)
    next = lastOffset + 1
    const deleteHorizon = random.chance(0.2) ? now : null
    const stamp = { producerId: -1, producerEpoch: -1, baseSequence: -1 }
    return { baseOffset, lastOffset, leaderEpoch, ...stamp, deleteHorizon, corrupt: false, records }
  })
}

function randomRecords(random: Random, now: number): readonly PlainRecord[] {
  return Array.from({ length: random.between(1, 3) }, () => ({
    key: random.pick(['a', 'b', 'c']),
    value: random.chance(0.25) ? null : `v${random.below(100)}`,
    timestamp: Math.max(0, now - random.below(9)),
  }))
}
