// What the abstract specification remembers of leader epochs and a cluster does not: a history variable.
//
// The controller's model keeps its last decision only, and a replica that goes on to a later epoch forgets what it had in
// the one before. Nothing that happens depends on it; it is written down to name the abstract state.
import { replicaOf } from '../../../../model/broker/state.ts'
import type { ClusterState, Node } from '../../../../model/cluster/state.ts'
import { partitionOf } from '../../../../model/controller/state.ts'
import type { Replica } from '../../../../model/replica/state.ts'
import type { PartitionState } from '../../../../model/vocabulary/messages.ts'
import type { BrokerId, Offset } from '../../../../model/vocabulary/units.ts'
import { type Entry, entriesOf } from './entries.ts'

/** One leader epoch of the partition. */
export type Term = {
  /** Whom the controller made the leader; -1 for nobody. */
  readonly leader: BrokerId
  /** Who could be elected when the epoch began. */
  readonly electable: readonly BrokerId[]
  /** What its leader had when that left the epoch, as long as others are in it. */
  readonly left: Left | null
}

export type Left = { readonly highWatermark: Offset; readonly entries: readonly Entry[] | null }

/** By leader epoch. */
export type Terms = readonly Term[]

/** The partition that exploration is about. */
export function partitionIn(cluster: ClusterState): PartitionState | null {
  return partitionOf(cluster.controller.image, 't', 0)
}

/** A process's replica of it; null while there is none, or no process. */
export function replicaAt(node: Node): Replica | null {
  return node.status === 'down' ? null : replicaOf(node.broker, 't', 0)
}

/** Whoever the controller would elect without giving anything up: in sync, or eligible (KIP-966). */
export function electableOf({ inSyncReplicas, eligibleLeaderReplicas }: PartitionState): readonly BrokerId[] {
  return eligibleLeaderReplicas.length === 0 ? inSyncReplicas : [...inSyncReplicas, ...eligibleLeaderReplicas]
}

/** What is known of a cluster that has decided nothing since its partition was made. */
export function firstTerms(cluster: ClusterState): Terms {
  const partition = partitionIn(cluster)
  return partition === null ? [] : [{ leader: partition.leader, electable: electableOf(partition), left: null }]
}

/** What is known after a step; the same object if there is nothing new. */
export function termsAfter(terms: Terms, before: ClusterState, after: ClusterState): Terms {
  let known = terms
  const partition = after.controller === before.controller ? null : partitionIn(after)
  while (partition !== null && known.length <= partition.leaderEpoch) {
    // A registration may raise the epoch twice; nobody is told of the first of both.
    const leader = known.length === partition.leaderEpoch ? partition.leader : -1
    known = [...known, { leader, electable: electableOf(partition), left: null }]
  }
  if (after.nodes === before.nodes) return known
  for (const [i, node] of before.nodes.entries()) {
    const was = replicaAt(node)
    const is = after.nodes[i] === undefined ? null : replicaAt(after.nodes[i])
    if (was === null || was.leaderEpoch === is?.leaderEpoch) continue
    const isAnybodyThere = after.nodes.some(other => replicaAt(other)?.leaderEpoch === was.leaderEpoch)
    if (was.role.kind === 'leader' || !isAnybodyThere) {
      const left = { highWatermark: was.log.highWatermark, entries: entriesOf(was.log) }
      known = withLeft(known, was.leaderEpoch, isAnybodyThere ? left : null)
    }
  }
  return known
}

function withLeft(terms: Terms, leaderEpoch: number, left: Left | null): Terms {
  const term = terms[leaderEpoch]
  return term === undefined || term.left === left ? terms : terms.with(leaderEpoch, { ...term, left })
}
