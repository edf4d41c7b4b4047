// What can happen next in a small cluster, and what it takes from the budget.
import type { ClusterState } from '../../../model/cluster/state.ts'
import type { ClusterOperation } from '../../../model/vocabulary/cluster.ts'
import { type Budget, tickMs } from './world.ts'

export type Move = { readonly operation: ClusterOperation; readonly left: Budget }

/** Every move, in a fixed order: deliveries, then what costs. */
export function movesOf({ network, nodes, controller }: ClusterState, left: Budget): readonly Move[] {
  const moves: Move[] = []
  const free = (operation: ClusterOperation) => moves.push({ operation, left })
  const paid = (of: keyof Budget, operation: ClusterOperation) => {
    if (left[of] > 0) moves.push({ operation, left: { ...left, [of]: left[of] - 1 } })
  }
  for (const link of network.links.flat()) {
    const { from, to } = link
    if (link.queue.length > 0) free({ kind: 'deliver', from, to })
    if (link.late.length > 0) free({ kind: 'deliverLate', from, to })
  }
  paid('records', sendOf(left.records))
  paid('ticks', { kind: 'advance', ms: tickMs, node: null })
  for (const { brokerId, status } of nodes) {
    if (status === 'down') free({ kind: 'restart', broker: brokerId })
    else {
      for (const damage of [{ kind: 'kept' }, { kind: 'lost' }] as const) {
        paid('crashes', { kind: 'crash', broker: brokerId, damage, indexes: 'kept', late: false })
      }
      paid('crashes', { kind: 'crash', broker: brokerId, damage: { kind: 'lost' }, indexes: 'kept', late: true })
    }
    const registered = controller.image.brokers.find(broker => broker.brokerId === brokerId)
    if (registered?.fenced === false) paid('elections', { kind: 'expireSession', broker: brokerId })
  }
  paid('elections', { kind: 'electLeader', topic: 't', partition: 0, election: 'preferred' })
  for (const [a, b] of busyPairs(network.links.flat())) {
    for (const late of [false, true]) paid('disconnects', { kind: 'disconnect', a, b, late })
  }
  return moves
}

/** Each record has a value of its own, by how many are left to be sent. */
function sendOf(left: number): ClusterOperation {
  const records = [{ key: null, value: String.fromCharCode('a'.charCodeAt(0) + left - 1) }]
  return { kind: 'send', producer: 'p1', topic: 't', partition: 0, records, draw: 0 }
}

/** Pairs with something in flight; a connection over which nothing is under way can break unnoticed. */
function busyPairs(
  links: readonly { readonly from: string; readonly to: string; readonly queue: readonly unknown[] }[],
) {
  return links
    .filter(({ queue }) => queue.length > 0)
    .map(({ from, to }) => (from < to ? ([from, to] as const) : ([to, from] as const)))
    .filter(([a, b], i, all) => all.findIndex(other => other[0] === a && other[1] === b) === i)
}
