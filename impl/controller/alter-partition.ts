// A leader's wish for another in-sync set. Follows KIP-497 and KIP-903 (`ReplicationControlManager.alterPartition`);
// docs/protocol/cluster.md §3.6.
import type { ErrorName } from '../../model/vocabulary/errors.ts'
import type { WireRequest } from '../ports/network.ts'
import type { ClusterMetadata, PartitionSlot } from './cluster-metadata.ts'
import { changeInSyncReplicas, type ElectionRules, sameIds, sorted } from './partition-change.ts'

type AlterPartition = Extract<WireRequest, { kind: 'AlterPartition' }>

/** Notes the new set in `metadata`, or answers why not. `slot` and `rules` are missing for an unknown partition. */
export function alterPartition(
  metadata: ClusterMetadata,
  slot: PartitionSlot | undefined,
  request: AlterPartition,
  rules: ElectionRules | null,
): ErrorName {
  if (metadata.broker(request.brokerId)?.brokerEpoch !== request.brokerEpoch) return 'STALE_BROKER_EPOCH'
  if (slot === undefined || rules === null) return 'UNKNOWN_TOPIC_OR_PARTITION'
  const { leader, leaderEpoch, partitionEpoch, replicas, inSyncReplicas } = slot.state
  if (request.leaderEpoch !== leaderEpoch) {
    return request.leaderEpoch < leaderEpoch ? 'FENCED_LEADER_EPOCH' : 'INVALID_REQUEST'
  }
  if (request.brokerId !== leader) return 'INVALID_REQUEST'
  if (request.partitionEpoch !== partitionEpoch) {
    return request.partitionEpoch < partitionEpoch ? 'INVALID_UPDATE_VERSION' : 'INVALID_REQUEST'
  }
  const members = request.newInSyncReplicas
  const ids = members.map(({ brokerId }) => brokerId)
  const target = sorted(ids)
  if (!ids.includes(leader) || target.length !== ids.length || target.some(id => !replicas.includes(id))) {
    return 'INVALID_REQUEST'
  }
  for (const { brokerId, brokerEpoch } of members) {
    const registered = metadata.broker(brokerId)
    if (registered === undefined || registered.fenced || registered.brokerEpoch !== brokerEpoch) {
      return 'INELIGIBLE_REPLICA'
    }
  }
  if (!sameIds(target, inSyncReplicas)) metadata.setPartition(slot, changeInSyncReplicas(slot.state, target, rules))
  return 'NONE'
}
