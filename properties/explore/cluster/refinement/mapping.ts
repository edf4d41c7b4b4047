// Which state of `kip-320-messages` a state of a small cluster is. The table is in docs/exploration.md, Refinement.
//
// The controller's and the replicas' variables are read off the cluster; what the cluster forgets of old epochs is in the
// terms. States that have no counterpart, because something happened that the abstract specification does not know (a
// broker lost what it had acknowledged), are named as such and not guessed at.

import type { MessagesShape } from '../../../../model/abstract/messages/state.ts'
import type { ReplicationBounds } from '../../../../model/abstract/replication.ts'
import { including, type Next } from '../../../../model/abstract/shape.ts'
import type { ClusterState } from '../../../../model/cluster/state.ts'
import { minInSyncOf } from '../../../../model/controller/state.ts'
import { maximalInSync, progressOf } from '../../../../model/replica/leader.ts'
import type { Leader, Replica } from '../../../../model/replica/state.ts'
import type { PartitionState } from '../../../../model/vocabulary/messages.ts'
import type { BrokerId } from '../../../../model/vocabulary/units.ts'
import { entriesOf } from './entries.ts'
import { electableOf, type Left, partitionIn, replicaAt, type Terms } from './terms.ts'

/** A cluster with what is written down about it. */
export type Remembered = {
  readonly cluster: ClusterState
  readonly terms: Terms
  /** Records that the producer was given. */
  readonly sent: number
}

/** Why a state has no counterpart, or a step is not compared. */
export type Unmapped =
  | 'a broker is down, or has not been told its part since it started'
  | 'a leader counts a follower by what an earlier process of it had'
  | 'somebody is elected who may lack what was committed'
  | 'the log or the epochs do not fit'

/** Assigns the counterpart of a cluster to variables that are the least that they can be; says why if there is none. */
export function assignCounterpart(
  next: Next<MessagesShape>,
  bounds: ReplicationBounds,
  { cluster, terms, sent }: Remembered,
): Unmapped | null {
  const partition = partitionIn(cluster)
  if (partition === null || terms.length > bounds.maxLeaderEpoch + 1) return 'the log or the epochs do not fit'
  const electable = electableOf(partition)
  const minInSync = minInSyncOf(cluster.controller.image, partition.topic, partition.replicas.length)
  next.nextRecordId = sent
  next.nextLeaderEpoch = terms.length
  next.quorum.leaderEpoch = partition.leaderEpoch
  next.quorum.leader = member(partition.leader)
  next.quorum.inSyncReplicas = subset(electable)
  for (const [epoch, term] of terms.entries()) {
    const request = next.requests[epoch]
    if (request === undefined) return 'the log or the epochs do not fit'
    request.leader = member(term.leader)
    request.inSyncReplicas = subset(term.electable)
    if (term.left !== null && !assignLog(request, bounds, term.left)) return 'the log or the epochs do not fit'
  }
  for (const [index, node] of cluster.nodes.entries()) {
    const replica = replicaAt(node)
    const image = next.replicas[index]
    if (node.status === 'down' || replica === null || replica.role.kind === 'none' || image === undefined) {
      return 'a broker is down, or has not been told its part since it started'
    }
    image.leaderEpoch = replica.leaderEpoch
    if (replica.role.kind === 'leader') {
      if (countsEarlierProcess(replica.role, cluster))
        return 'a leader counts a follower by what an earlier process of it had'
      image.leader = index
      image.inSyncReplicas = subset(waitedFor(replica, replica.role, partition, terms, minInSync))
    } else {
      image.leader = member(replica.role.leader)
      image.inSyncReplicas = subset(terms[replica.leaderEpoch]?.electable ?? [])
    }
    const { log } = replica
    if (!assignLog(image, bounds, { highWatermark: log.highWatermark, entries: entriesOf(log) }))
      return 'the log or the epochs do not fit'
  }
  return null
}

/**
 * For whom a leader waits with its high watermark: for its maximal in-sync set. One that knows too few in sync waits for
 * more, whoever they are; so it may be said to wait for everybody who can be elected.
 */
function waitedFor(
  replica: Replica,
  role: Leader,
  partition: PartitionState,
  terms: Terms,
  minInSync: number,
): readonly BrokerId[] {
  const maximal = maximalInSync(role)
  if (role.inSyncReplicas.length >= minInSync) return maximal
  const electable = terms[replica.leaderEpoch + 1]?.electable ?? electableOf(partition)
  return [...maximal, ...electable]
}

/** True when a member of the set restarted since its last fetch: KIP-903's broker epoch tells. */
function countsEarlierProcess(role: Leader, { nodes }: ClusterState): boolean {
  return maximalInSync(role).some(brokerId => {
    const progress = progressOf(role, brokerId)
    const node = nodes[brokerId - 1]
    return (
      progress !== null &&
      progress.brokerEpoch !== -1 &&
      node?.status !== 'down' &&
      progress.brokerEpoch !== node?.broker.brokerEpoch
    )
  })
}

/** A log and its high watermark. False if there is no room, or if the log is not one that exploration makes. */
function assignLog(
  image: Pick<Next<MessagesShape>['replicas'][number], 'highWatermark' | 'logEndOffset' | 'log'>,
  { logSize, maxRecords }: ReplicationBounds,
  { highWatermark, entries }: Left,
): boolean {
  if (entries === null || entries.length > logSize) return false
  image.highWatermark = highWatermark
  image.logEndOffset = entries.length
  for (const [offset, { left, leaderEpoch }] of entries.entries()) {
    const entry = image.log[offset]
    if (entry === undefined || left >= maxRecords) return false
    entry.id = maxRecords - 1 - left
    entry.leaderEpoch = leaderEpoch
  }
  return true
}

/** Broker 1 is member 0; -1, which stands for none, stays so. */
function member(brokerId: BrokerId): number {
  return brokerId < 1 ? -1 : brokerId - 1
}

function subset(brokerIds: readonly BrokerId[]): number {
  return brokerIds.reduce((set, id) => including(set, member(id)), 0)
}
