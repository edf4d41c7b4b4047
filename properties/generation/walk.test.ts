import { describe, expect, test } from 'vitest'
import { runLockstep } from '../lockstep.ts'
import { Random, seedOf } from '../random.ts'
import type { Scope } from '../scope.ts'
import { clusterScope } from '../scopes/cluster.ts'
import { logScope } from '../scopes/log.ts'
import { scopeNames, scopes } from '../scopes.ts'
import type { ScopeName } from '../verdict.ts'
import { drawMix } from './mix.ts'
import { drawRun } from './walk.ts'

describe('a walk', () => {
  const twice = <S extends ScopeName>(name: S) => {
    const scope: Scope<S> = scopes[name]
    for (let i = 0; i < 3; i++) {
      const run = drawRun(scope, new Random(i))
      expect(drawRun(scope, new Random(i))).toEqual(run)
      expect(JSON.parse(JSON.stringify(run))).toEqual(run)
    }
  }
  test.each(scopeNames)('over scope %s is plain data that follows from its seed', name => twice(name))

  test('mostly draws operations that do something', () => {
    let changed = 0
    let all = 0
    for (let i = 0; i < 100; i++) {
      const { setup, operations } = drawRun(logScope, new Random(i))
      const model = logScope.startModel(setup)
      for (const operation of operations) {
        const before = model.observe()
        const outcome = model.apply(operation)
        if (model.observe() !== before || (outcome.kind !== 'done' && outcome.kind !== 'error')) changed++
        all++
      }
    }
    expect(changed / all).toBeGreaterThan(0.6)
  })

  test('over a cluster breaks no claim, whatever its faults', () => {
    for (let i = 0; i < 60; i++) {
      const run = drawRun(clusterScope, new Random(seedOf(4, i)))
      const { verdict } = runLockstep(run.setup, run.operations, clusterScope.subject, { labels: false })
      expect(verdict.kind).toBe('agree')
    }
  }, 60_000)
})

describe('the mix of a run', () => {
  const moves = [
    { name: 'often', weight: 9 },
    { name: 'seldom', weight: 1 },
    { name: 'never', weight: 0 },
  ]

  test('keeps to the weights on the whole, and varies between runs', () => {
    const shares: number[] = []
    for (let seed = 0; seed < 200; seed++) {
      const draw = drawMix(moves, new Random(seed))
      let often = 0
      for (let i = 0; i < 100; i++) {
        const { name } = draw()
        expect(name).not.toBe('never')
        if (name === 'often') often++
      }
      shares.push(often)
    }
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length
    expect(mean).toBeGreaterThan(75)
    expect(new Set(shares).size).toBeGreaterThan(20)
    expect(shares).toContain(0)
    expect(shares).toContain(100)
  })
})
