import { describe, expect, test } from 'vitest'
import { claimsOf } from '../claim-of.ts'
import { scopeNames, scopes } from '../scopes.ts'
import { playShard, runShard, runsOfShard } from '../shard.ts'
import type { ScopeName } from '../verdict.ts'
import type { Facts } from './facts.ts'
import { ledTo } from './faults.ts'
import { Gathering } from './gather.ts'
import { FactsSum } from './sum.ts'

function gathered(scope: ScopeName, shards: readonly number[]): Facts {
  const gathering = new Gathering(scope)
  for (const shard of shards) runShard(11, scope, shard, runsOfShard, undefined, { gathering })
  return gathering.facts()
}

test('every claim of a scope has a premise, and every premise a claim', () => {
  for (const scope of scopeNames) {
    expect(Object.keys(scopes[scope].premises).sort(), scope).toEqual([...claimsOf(scope).keys()])
  }
})

test('what faults lead to are behaviours that somebody counts', () => {
  const known = new Set(scopeNames.flatMap(scope => Object.keys(scopes[scope].labels)))
  expect(
    Object.values(ledTo)
      .flat()
      .filter(label => !known.has(label)),
  ).toEqual([])
})

describe('gathering', { timeout: 60_000 }, () => {
  test('changes nothing of what a shard reports', () => {
    for (const scope of scopeNames) {
      const gathering = new Gathering(scope)
      const watched = runShard(11, scope, 1, 25, undefined, { gathering })
      expect(watched, scope).toEqual(runShard(11, scope, 1, 25))
    }
  })

  test('counts every operation and every behaviour that the shard counts', () => {
    for (const scope of scopeNames) {
      const gathering = new Gathering(scope)
      const { operations, reached } = runShard(11, scope, 0, runsOfShard, undefined, { gathering })
      const facts = gathering.facts()
      expect(
        Object.values(facts.operations).reduce((sum, { all }) => sum + all, 0),
        scope,
      ).toBe(operations)
      expect(
        Object.fromEntries(Object.entries(facts.labels).map(([label, { times }]) => [label, times])),
        scope,
      ).toEqual(reached)
      for (const { injected, felt } of Object.values(facts.faults)) expect(felt).toBeLessThanOrEqual(injected)
    }
  })

  test('calls an operation one that changed nothing when everything looks as before', () => {
    const runs = 15
    const countIn = <S extends ScopeName>(scope: S): number => {
      let unchanged = 0
      for (const { run } of playShard(11, scope, 0, runs, scopes[scope].subject)) {
        const model = scopes[scope].startModel(run.setup)
        let before = JSON.stringify(model.observe())
        for (const operation of run.operations) {
          model.apply(operation)
          const after = JSON.stringify(model.observe())
          if (after === before) unchanged++
          before = after
        }
      }
      return unchanged
    }
    for (const scope of scopeNames) {
      const gathering = new Gathering(scope)
      runShard(11, scope, 0, runs, undefined, { gathering })
      const counts = Object.values(gathering.facts().operations)
      expect(
        counts.reduce((sum, { unchanged }) => sum + unchanged, 0),
        scope,
      ).toBe(countIn(scope))
    }
  })

  test('of shards apart adds up to gathering of all of them', () => {
    const whole = new FactsSum('group')
    whole.add(gathered('group', [0, 1, 2]))
    const parts = new FactsSum('group')
    for (const shard of [0, 1, 2]) parts.add(gathered('group', [shard]))
    expect(parts).toEqual(whole)
    expect(whole.firstReached.size).toBeGreaterThan(500)
  })

  test('finds the premise of every claim of a small scope in a few hundred runs', () => {
    for (const scope of ['log', 'partitioner', 'assignor', 'producer', 'group'] as const) {
      const { tried } = gathered(scope, [0, 1, 2, 3])
      expect(
        Object.entries(tried).filter(([, runs]) => runs.length === 0),
        scope,
      ).toEqual([])
    }
  })
})
