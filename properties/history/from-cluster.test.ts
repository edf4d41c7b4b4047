// Histories of the model's own clusters: the model keeps its claims, so that nothing forbidden may be found; and a broken
// promise that is planted into such a history is.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runs } from '../generation/arbitrary.ts'
import { clusterScope } from '../scopes/cluster.ts'
import { checkHistory } from './check.ts'
import { historyOfRun } from './from-cluster.ts'
import type { History } from './history.ts'
import { judgeLoss } from './legal.ts'

const runsOfEach = 150

test('a cluster that keeps its promises has no forbidden anomaly, whatever its settings and faults', {
  timeout: 120_000,
}, () => {
  const reached = { strong: 0, weak: 0, read: 0, allowed: 0 }
  fc.assert(
    fc.property(runs(clusterScope), run => {
      const history = historyOfRun(run)
      if (history === null) return
      const { anomalies, counts, seen } = checkHistory(history)
      expect(anomalies.filter(({ judgement }) => judgement.kind !== 'allowed')).toEqual([])
      reached[isStrong(history) ? 'strong' : 'weak']++
      if (seen.read > 0) reached.read++
      if (counts.length > 0) reached.allowed++
    }),
    { numRuns: runsOfEach },
  )
  // A property over histories in which nothing happened would hold of anything.
  for (const count of Object.values(reached)) expect(count).toBeGreaterThan(runsOfEach / 10)
})

test('an acknowledged record that vanishes from such a history is found', { timeout: 120_000 }, () => {
  let planted = 0
  fc.assert(
    fc.property(runs(clusterScope), fc.nat(), (run, draw) => {
      const history = historyOfRun(run)
      if (history === null || !isStrong(history) || history.settings.cleanupPolicy !== 'delete') return
      if (!history.settings.readToEnd || history.settings.recordsDeleted) return
      const acknowledged = history.operations.flatMap(operation =>
        operation.kind === 'send' && operation.completed === 'ok' ? operation.records.map(({ value }) => value) : [],
      )
      const lost = acknowledged[draw % acknowledged.length]
      if (lost === undefined) return
      planted++
      const operations = history.operations.map(operation =>
        operation.kind === 'poll'
          ? { ...operation, records: operation.records.filter(({ value }) => value !== lost) }
          : operation,
      )
      const { kind, anomalies } = checkHistory({ ...history, operations })
      expect(kind).toBe('violation')
      const found = anomalies.find(anomaly => anomaly.kind === 'lost-write' || anomaly.kind === 'unseen')
      expect(found?.sentence).toContain(`"${lost}"`)
    }),
    { numRuns: runsOfEach },
  )
  expect(planted).toBeGreaterThan(runsOfEach / 20)
})

function isStrong({ settings }: History): boolean {
  return judgeLoss(settings).kind === 'forbidden'
}
