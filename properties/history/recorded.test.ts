// Histories of real clients against our own cluster, as docs/histories/record.ts records them: they agree, a loss that the
// settings allow is found and allowed, and a bug in a live broker is a violation.
import { expect, test } from 'vitest'
import { record } from '../../docs/histories/record.ts'
import { Cluster } from '../../impl/host/cluster.ts'
import { parseHistory } from '../../traces/read-history.ts'
import { exportOfPatched } from '../subjects/patched.ts'
import { plantedBugs } from '../zoo/bugs.ts'
import { checkHistory, type HistoryReport } from './check.ts'

async function verdictOf(acks: -1 | 1, Clusters: typeof Cluster): Promise<HistoryReport> {
  return checkHistory(parseHistory(await record({ acks, Clusters }), 'recorded'))
}

const timeout = 120_000

test('with acks=all nothing is lost when a leader is cut off and dies', { timeout }, async () => {
  const { anomalies, kind, seen } = await verdictOf(-1, Cluster)
  // Without idempotence a producer that tries again may write twice, and the consumers of a group may be moved.
  expect(anomalies.filter(({ judgement }) => judgement.kind !== 'allowed')).toEqual([])
  expect(anomalies.map(anomaly => anomaly.kind)).not.toContain('lost-write')
  expect(kind).toBe('agree')
  expect(seen.read).toBeGreaterThan(50)
})

test('with acks=1 the same loses what was acknowledged, which is found, and allowed', { timeout }, async () => {
  const { anomalies, kind } = await verdictOf(1, Cluster)
  expect(anomalies[0]).toMatchObject({ kind: 'lost-write', judgement: { kind: 'allowed' } })
  expect(kind).toBe('agree')
})

test('a broker that lets consumers read to the end of its log is caught by what its clients record', {
  timeout,
}, async () => {
  const bug = plantedBugs.find(({ name }) => name === 'consumers-read-to-the-end')
  if (bug === undefined) throw new Error('there is no such bug')
  const patched = (await exportOfPatched(bug, 'impl/host/cluster.ts', 'Cluster')) as typeof Cluster
  const { anomalies, kind } = await verdictOf(-1, patched)
  expect(kind).toBe('violation')
  expect(anomalies[0]).toMatchObject({ kind: 'inconsistent-offsets', judgement: { kind: 'forbidden' } })
})
