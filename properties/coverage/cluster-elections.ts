// What the controller decided in one step: elections, in-sync sets, and its own fail-over.

import type { ClusterObservation } from '../../model/vocabulary/cluster.ts'
import type { PartitionState } from '../../model/vocabulary/messages.ts'
import type { Hit, Transition } from '../scope.ts'

/** Labels the changes of the controller's image. */
export function labelElections({ before, operation, after }: Transition<'cluster'>, hit: Hit): void {
  const image = after.controller.image
  const old = before.controller.image
  if (image === old) return
  if (image.controllerEpoch > old.controllerEpoch) hit('controller failover')
  if (operation.kind === 'advance') {
    const isFenced = image.brokers.some(
      ({ brokerId, fenced }) => fenced && old.brokers.some(known => known.brokerId === brokerId && !known.fenced),
    )
    if (isFenced) hit('broker fenced by its session')
  }
  for (const [index, state] of image.partitions.entries()) {
    const previous = old.partitions[index]
    if (previous === undefined || previous === state) continue
    if (previous.topic !== state.topic || previous.partition !== state.partition) continue
    labelPartition(previous, state, before, hit)
    if (operation.kind === 'electLeader' && operation.election === 'preferred' && previous.leader !== state.leader) {
      hit('preferred leader elected')
    }
  }
}

function labelPartition(old: PartitionState, now: PartitionState, before: ClusterObservation, hit: Hit): void {
  if (now.inSyncReplicas.length < old.inSyncReplicas.length && now.leader === old.leader) hit('in-sync shrink')
  if (now.inSyncReplicas.length > old.inSyncReplicas.length && now.leader === old.leader) hit('in-sync expansion')
  if (now.leader === old.leader) return
  if (now.leader === -1) {
    hit('leaderless partition')
    return
  }
  if (now.topic.startsWith('__')) hit('coordinator failover')
  if (old.leader !== -1) {
    hit('leader failover')
    if (hadTail(old, before)) hit('leader failover with an unreplicated tail')
  }
  if (old.inSyncReplicas.includes(now.leader)) return
  if (old.eligibleLeaderReplicas.includes(now.leader)) hit('eligible leader elected')
  else if (old.inSyncReplicas.length === 0 && old.lastKnownLeader === now.leader) hit('last known leader elected')
  else hit('unclean election')
}

/** The old leader had more than it had told anyone was safe. A leader that is down cannot be asked. */
function hadTail({ topic, partition, leader }: PartitionState, before: ClusterObservation): boolean {
  const broker = before.brokers[`b${leader}`]
  if (broker === undefined || broker.status === 'down') return false
  const replica = broker.replicas.find(known => known.topic === topic && known.partition === partition)
  return replica !== undefined && replica.highWatermark < replica.logEndOffset
}
