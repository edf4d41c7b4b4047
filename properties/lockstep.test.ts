import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LogOperation } from '../model/vocabulary/log.ts'
import { runs } from './generation/arbitrary.ts'
import { openLockstep, runLockstep } from './lockstep.ts'
import type { Scope } from './scope.ts'
import { logScope } from './scopes/log.ts'
import { scopeNames, scopes } from './scopes.ts'
import { subjectGone } from './subject-gone.ts'
import type { ScopeName, Subject } from './verdict.ts'
import { wrongSubject } from './wrong.ts'

const { plainSetup } = logScope
const append: LogOperation = {
  kind: 'append',
  leaderEpoch: 0,
  producerId: -1,
  producerEpoch: -1,
  baseSequence: -1,
  records: [{ key: null, value: 'a', timestamp: 0 }],
}

describe('model and implementation agree on walks', () => {
  const counts: Readonly<Record<ScopeName, number>> = {
    log: 150,
    partitioner: 200,
    assignor: 200,
    group: 100,
    producer: 100,
    cluster: 12,
  }
  const agree = <S extends ScopeName>(name: S) => {
    const scope: Scope<S> = scopes[name]
    fc.assert(
      fc.property(runs(scope), run => {
        const { verdict } = runLockstep(run.setup, run.operations, scope.subject)
        expect(verdict).toEqual({ kind: 'agree', operations: run.operations.length })
      }),
      { seed: 20261123, numRuns: counts[scope.name] },
    )
  }
  test.each(scopeNames)('scope %s', { timeout: 60_000 }, name => agree(name))
})

describe('what a run comes to', () => {
  const ahead = wrongSubject(logScope, {
    observation: (seen, done) =>
      done.some(({ kind }) => kind === 'roll') ? { ...seen, logEndOffset: seen.logEndOffset + 1 } : seen,
  })

  test('the first step on which the sides part ends it, with both values', () => {
    const { verdict } = runLockstep(plainSetup, [append, { kind: 'roll' }, append], ahead)
    expect(verdict).toEqual({
      kind: 'violation',
      claim: 'O2',
      sentence: 'after roll logEndOffset is 2 at liar, and 1 in the model',
      settings: [],
      step: 1,
      differences: [{ path: '.logEndOffset', model: 1, subject: 2 }],
    })
  })

  test('a claim that the subject breaks says more than the field that differs', () => {
    const subject = wrongSubject(logScope, { observation: seen => ({ ...seen, highWatermark: seen.logEndOffset + 1 }) })
    const { verdict } = runLockstep(plainSetup, [append], subject)
    expect(verdict).toMatchObject({
      claim: 'F1',
      sentence: 'logStartOffset 0, highWatermark 2 and logEndOffset 1 do not rise',
      differences: [{ path: '.highWatermark', model: 0, subject: 2 }],
    })
  })

  test('a claim that both sides break is a violation without differences', () => {
    const scope: Scope<'log'> = {
      ...logScope,
      startChecker: () => ({
        check: ({ after }) => (after.logEndOffset > 1 ? { claim: 'X', sentence: 'too long' } : null),
        atEnd: () => null,
        isTried: () => false,
        isTriedAtEnd: () => false,
      }),
    }
    const { verdict } = runLockstep(plainSetup, [append, append], logScope.subject, { scope })
    expect(verdict).toEqual({
      kind: 'violation',
      claim: 'X',
      sentence: 'too long',
      settings: [],
      step: 1,
      differences: [],
    })
  })

  test('a claim about the whole run is checked at its end', () => {
    const scope: Scope<'log'> = {
      ...logScope,
      startChecker: () => ({
        check: () => null,
        atEnd: () => ({ claim: 'P1', sentence: 'nothing happened' }),
        isTried: () => false,
        isTriedAtEnd: () => false,
      }),
    }
    const { verdict } = runLockstep(plainSetup, [append], logScope.subject, { scope })
    expect(verdict).toMatchObject({ kind: 'violation', claim: 'P1', step: 0 })
  })

  test('an exception is a disagreement, told by its first line', () => {
    const subject = wrongSubject(logScope, {
      outcome: () => {
        throw new Error('index out of range\n    at somewhere')
      },
    })
    expect(runLockstep(plainSetup, [append], subject).verdict).toEqual({
      kind: 'violation',
      claim: 'agreement',
      sentence: 'liar threw at append: Error: index out of range',
      settings: [],
      step: 0,
      differences: [],
    })
  })

  test('a subject that is gone, or that does not start, gives unknown', () => {
    const gone = wrongSubject(logScope, {
      outcome: () => {
        throw subjectGone('exit code 1')
      },
    })
    expect(runLockstep(plainSetup, [append], gone).verdict).toEqual({
      kind: 'unknown',
      sentence: 'liar gave no usable answer at append: exit code 1',
      step: 0,
    })
    const stillborn: Subject<'log'> = {
      name: 'stillborn',
      start: () => {
        throw new Error('no such file')
      },
    }
    expect(runLockstep(plainSetup, [append], stillborn).verdict).toEqual({
      kind: 'unknown',
      sentence: 'stillborn did not start: Error: no such file',
      step: -1,
    })
  })

  test('a subject that changes what it has shown is caught at the end', () => {
    const shown: { epoch: number; startOffset: number }[] = []
    const subject = wrongSubject(logScope, {
      observation: (seen, done) => {
        for (const entry of seen.epochs) if (shown.length === 0) shown.push({ ...entry })
        for (const entry of shown) if (done.length > 1) entry.startOffset = 7
        return seen.epochs.length === 0 ? seen : { ...seen, epochs: shown }
      },
    })
    const { verdict } = runLockstep(plainSetup, [append, { kind: 'flush' }, append], subject)
    expect(verdict).toMatchObject({
      kind: 'violation',
      claim: 'O5',
      differences: [{ path: '.epochs[0].startOffset', model: 0, subject: 7 }],
    })
  })

  test('the same run gives the same verdict, byte for byte', () => {
    const [first, second] = [1, 2].map(() =>
      JSON.stringify(runLockstep(plainSetup, [append, { kind: 'roll' }, append], ahead)),
    )
    expect(first).toBe(second)
  })

  test('what was reached is counted on the way', () => {
    const { reached } = runLockstep(
      plainSetup,
      [append, append, { kind: 'deleteRecords', offset: 1 }],
      logScope.subject,
    )
    expect(reached).toEqual({ 'batch appended': 2, 'deletion above the high watermark refused': 1 })
  })
})

describe('one step at a time', () => {
  test('both sides can be seen after each, and nothing happens after the verdict', () => {
    const subject = wrongSubject(logScope, {
      outcome: (outcome, { kind }) => (kind === 'roll' ? { kind: 'error', error: 'INVALID_REQUEST' } : outcome),
    })
    const lockstep = openLockstep(plainSetup, subject)
    expect(lockstep.start.logEndOffset).toBe(0)
    const first = lockstep.step(append)
    expect(first?.verdict).toBeNull()
    expect(first?.model).toEqual(first?.subject)
    expect(lockstep.step({ kind: 'roll' })).toMatchObject({
      model: { outcome: { kind: 'done' } },
      subject: { outcome: { kind: 'error' } },
      verdict: { claim: 'agreement', sentence: 'after roll outcome.kind is "error" at liar, and "done" in the model' },
    })
    expect(lockstep.step(append)).toBeNull()
    expect(lockstep.end().verdict).toMatchObject({ kind: 'violation', step: 1 })
  })
})
