import { describe, expect, test } from 'vitest'
import { checkCluster } from '../../../model/invariants/cluster.ts'
import { runLockstep } from '../../lockstep.ts'
import { clusterScope } from '../../scopes/cluster.ts'
import { searchCluster } from './search.ts'
import { clusterBounds, clusterSetup } from './world.ts'

const unlimited = { statesMax: Number.POSITIVE_INFINITY }

describe('everything that can happen to a small cluster', () => {
  // docs/exploration.md has these, and larger ones.
  test.each([
    [{ elections: 0 }, 8, 8],
    [{ elections: 1 }, 324, 16],
    [{ elections: 2 }, 1613, 19],
    [{ elections: 1, disconnects: 1 }, 1688, 17],
    [{ elections: 1, records: 2 }, 1966, 21],
    [{ elections: 0, crashes: 1 }, 4382, 28],
  ] as const)('%j keeps every claim, and is so many states', async (bounds, distinctStates, depth) => {
    const found = await searchCluster(clusterBounds(bounds), unlimited)
    expect(found).toMatchObject({ complete: true, violation: null, statesCut: 0, distinctStates, depth })
  })

  test('with too much in flight is cut, and not called complete', async () => {
    const found = await searchCluster(clusterBounds({ messages: 1 }), unlimited)
    expect(found).toMatchObject({ complete: false, violation: null })
    expect(found.statesCut).toBeGreaterThan(0)
  })

  test('that breaks a claim is found by the shortest way, which replays', async () => {
    const bounds = clusterBounds({ elections: 1 })
    // Not a promise of Kafka's: that a second leader never has a record.
    const check: typeof checkCluster = (history, transition) => {
      const checked = checkCluster(history, transition)
      const { b2 } = transition.after.brokers
      const leads =
        b2?.status === 'running' &&
        b2.replicas.some(({ role, logEndOffset }) => role.kind === 'leader' && logEndOffset > 0)
      return { ...checked, violation: leads ? { claim: 'L1', sentence: 'b2 leads' } : checked.violation }
    }
    const { violation } = await searchCluster(bounds, { ...unlimited, check })
    expect(violation?.violation.sentence).toBe('b2 leads')
    const kinds = violation?.operations.map(({ kind }) => kind) ?? []
    expect(kinds.slice(0, 4)).toEqual(['createTopic', 'settle', 'openProducer', 'settle'])
    expect(kinds.slice(4)).toHaveLength((violation?.length ?? 0) - 1)
    const { verdict } = runLockstep(clusterSetup(bounds), violation?.operations ?? [], clusterScope.subject)
    expect(verdict.kind).toBe('agree')
  })
})
