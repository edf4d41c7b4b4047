// A trace of exploration that ends with a broken refinement, gone through again.
import { initialCluster, stepCluster } from '../../../../model/cluster.ts'
import type { ClusterOperation, ClusterSetup } from '../../../../model/vocabulary/cluster.ts'
import { clusterBounds, preamble } from '../world.ts'
import { abstractBounds, Refinement } from './refinement.ts'

/** What was seen, and at which operation; null if every step refines, or the trace does not begin as exploration does. */
export function unrefinedStep(
  setup: ClusterSetup,
  operations: readonly ClusterOperation[],
): { readonly sentence: string; readonly step: number } | null {
  const begin = preamble(clusterBounds({ brokers: setup.brokers }))
  if (begin.some(({ kind }, i) => operations[i]?.kind !== kind)) return null
  const count = (kind: ClusterOperation['kind']) => operations.filter(operation => operation.kind === kind).length
  const refinement = new Refinement(
    abstractBounds({
      ...clusterBounds({ brokers: setup.brokers }),
      records: recordsOf(operations),
      crashes: count('crash'),
      elections: count('expireSession') + count('electLeader'),
    }),
  )
  let cluster = initialCluster(setup)
  for (const operation of operations.slice(0, begin.length)) cluster = stepCluster(cluster, operation).state
  const first = refinement.first(cluster)
  if (first.violation !== null) return { sentence: first.violation.sentence, step: begin.length - 1 }
  let { refined } = first
  let sent = 0
  for (const [i, operation] of operations.slice(begin.length).entries()) {
    const { state, outcome } = stepCluster(refined.cluster, operation)
    if (operation.kind === 'send' && outcome.kind === 'done') sent += 1
    const after = refinement.step(refined, state, sent)
    if (after.violation !== null) return { sentence: after.violation.sentence, step: begin.length + i }
    refined = after.refined
  }
  return null
}

/** Exploration names records backwards, so that the last one is `a` (moves.ts): the first one tells how many there were. */
function recordsOf(operations: readonly ClusterOperation[]): number {
  for (const operation of operations) {
    if (operation.kind === 'send') return (operation.records[0]?.value ?? 'a').charCodeAt(0) - 'a'.charCodeAt(0) + 1
  }
  return 0
}
