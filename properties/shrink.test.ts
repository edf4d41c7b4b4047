import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ClusterOperation } from '../model/vocabulary/cluster.ts'
import { runs } from './generation/arbitrary.ts'
import { drawRun } from './generation/walk.ts'
import { runLockstep } from './lockstep.ts'
import { Random } from './random.ts'
import type { Run } from './scope.ts'
import { clusterScope } from './scopes/cluster.ts'
import { logScope } from './scopes/log.ts'
import { shrink, shrinkSmallest } from './shrink.ts'
import { wrongSubject } from './wrong.ts'

/** Wrong as soon as something was cut and something was appended behind the cut. */
const forgetful = wrongSubject(logScope, {
  observation: (seen, done) => {
    const cut = done.findIndex(({ kind }) => kind === 'truncate')
    const isWrong = cut >= 0 && done.slice(cut).some(({ kind }) => kind === 'append')
    return isWrong ? { ...seen, recoveryPoint: seen.recoveryPoint + 1 } : seen
  },
})

function firstFailing(count: number): readonly Run<'log'>[] {
  const found: Run<'log'>[] = []
  for (let seed = 0; found.length < count; seed++) {
    const run = drawRun(logScope, new Random(seed))
    if (run.operations.length > 20 && runLockstep(run.setup, run.operations, forgetful).verdict.kind !== 'agree') {
      found.push(run)
    }
  }
  return found
}

describe('a failing run becomes as short as it can be', () => {
  test('in a few hundred executions', () => {
    for (const run of firstFailing(5)) {
      const shrunk = shrink(run, forgetful)
      expect(shrunk?.run.operations.map(({ kind }) => kind)).toEqual(['truncate', 'append'])
      expect(shrunk?.run.setup).toEqual(logScope.plainSetup)
      expect(shrunk?.verdict).toMatchObject({ claim: 'L6', step: 1 })
      expect(shrunk?.executions).toBeLessThan(400)
    }
  })

  test('with values that say nothing', () => {
    const [run] = firstFailing(1)
    expect(run === undefined ? null : shrink(run, forgetful)?.run.operations).toEqual([
      { kind: 'truncate', offset: 0 },
      {
        kind: 'append',
        leaderEpoch: 0,
        producerId: -1,
        producerEpoch: -1,
        baseSequence: -1,
        records: [],
      },
    ])
  })

  test('and never longer than the executions allow', () => {
    const [run] = firstFailing(1)
    expect(run === undefined ? null : shrink(run, forgetful, { executions: 20 })?.executions).toBe(20)
  })

  test('two that belong together go together', () => {
    const lying = wrongSubject(clusterScope, {
      observation: (seen, done) =>
        done.some(({ kind }) => kind === 'failoverController') &&
        done.filter(({ kind }) => kind === 'cut').length === done.filter(({ kind }) => kind === 'heal').length
          ? { ...seen, producers: {} }
          : seen,
    })
    const cut = { from: 'b1', to: 'b2' }
    const operations: readonly ClusterOperation[] = [
      { kind: 'cut', ...cut },
      { kind: 'settle' },
      { kind: 'heal', ...cut },
      { kind: 'failoverController' },
    ]
    const shrunk = shrink({ setup: clusterScope.plainSetup, operations }, lying)
    expect(shrunk?.run).toMatchObject({ setup: { brokers: 1 }, operations: [{ kind: 'failoverController' }] })
  })
})

test('a run that does not fail is not shrunk', () => {
  expect(shrink({ setup: logScope.plainSetup, operations: [{ kind: 'roll' }] }, logScope.subject)).toBeNull()
})

test('of several failures the smallest is kept', () => {
  const failing = firstFailing(3)
  const shrunk = shrinkSmallest(failing, forgetful)
  expect(shrunk?.run.operations).toHaveLength(2)
  expect(failing[shrunk?.index ?? -1]).toBeDefined()
})

test('fast-check shrinks a run that was handed in', () => {
  const [example] = firstFailing(1)
  if (example === undefined) throw new Error('no run fails')
  const details = fc.check(
    fc.property(
      runs(logScope),
      ({ setup, operations }) => runLockstep(setup, operations, forgetful).verdict.kind === 'agree',
    ),
    { numRuns: 1, examples: [[example]] },
  )
  expect(details.counterexample?.[0]?.operations.map(({ kind }) => kind)).toEqual(['truncate', 'append'])
})
