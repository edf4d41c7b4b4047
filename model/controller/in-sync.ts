// A leader asks the controller for another in-sync set: compare-and-set on the partition epoch.
// Follows KIP-497, KIP-841, KIP-903 and ReplicationControlManager.alterPartition. Notes: docs/protocol/cluster.md §3.6.
import type { Requester, Send } from '../network.ts'
import type { ErrorName } from '../vocabulary/errors.ts'
import type { MetadataImage, PartitionState, RecordsValue, Request } from '../vocabulary/messages.ts'
import { ascending, changedPartitions, equalSets } from './partition-change.ts'
import { brokerOf, type ControllerState, type ControllerStep, decided, partitionOf } from './state.ts'

type AlterPartition = Extract<Request<RecordsValue>, { kind: 'AlterPartition' }>

/**
 * Who: the leader of a partition.
 * When: it is the broker that it says (its broker epoch), leads (leader epoch), and knows the partition's newest state
 * (partition epoch: of two proposals that were made from the same state only the first one wins); and everybody in the
 * new set is alive under the broker epoch that the leader knows (a broker that restarted with lost data is not added
 * back by a request from before its crash).
 * Then: the set is changed; the answer tells the partition's state.
 */
export function alterPartition(
  controller: ControllerState,
  requester: Requester,
  request: AlterPartition,
): ControllerStep {
  const partition = partitionOf(controller.image, request.topic, request.partition)
  const error = refusal(controller.image, partition, request)
  if (error !== null || partition === null) {
    return { controller, sends: [answer(requester, request, error ?? 'UNKNOWN_TOPIC_OR_PARTITION', partition)] }
  }
  const target = ascending(request.newInSyncReplicas.map(({ brokerId }) => brokerId))
  if (equalSets(target, partition.inSyncReplicas)) {
    return { controller, sends: [answer(requester, request, 'NONE', partition)] }
  }
  const image = changedPartitions(controller.image, state => (state === partition ? target : null), [])
  const changed = partitionOf(image, request.topic, request.partition)
  return decided(controller, image, [answer(requester, request, 'NONE', changed)])
}

/** The first thing that is wrong with a request, or null. */
function refusal(image: MetadataImage, partition: PartitionState | null, request: AlterPartition): ErrorName | null {
  if (brokerOf(image, request.brokerId)?.brokerEpoch !== request.brokerEpoch) return 'STALE_BROKER_EPOCH'
  if (partition === null) return 'UNKNOWN_TOPIC_OR_PARTITION'
  if (request.leaderEpoch < partition.leaderEpoch) return 'FENCED_LEADER_EPOCH'
  if (request.leaderEpoch > partition.leaderEpoch) return 'INVALID_REQUEST'
  if (request.brokerId !== partition.leader) return 'INVALID_REQUEST'
  if (request.partitionEpoch < partition.partitionEpoch) return 'INVALID_UPDATE_VERSION'
  if (request.partitionEpoch > partition.partitionEpoch) return 'INVALID_REQUEST'
  const ids = request.newInSyncReplicas.map(({ brokerId }) => brokerId)
  const isValid =
    ids.includes(partition.leader) &&
    ids.every(id => partition.replicas.includes(id)) &&
    ascending(ids).length === ids.length
  if (!isValid) return 'INVALID_REQUEST'
  const isEveryoneAlive = request.newInSyncReplicas.every(member => {
    const broker = brokerOf(image, member.brokerId)
    return broker !== null && !broker.fenced && broker.brokerEpoch === member.brokerEpoch
  })
  return isEveryoneAlive ? null : 'INELIGIBLE_REPLICA'
}

function answer(
  requester: Requester,
  request: AlterPartition,
  error: ErrorName,
  partition: PartitionState | null,
): Send {
  return {
    kind: 'respond',
    to: requester,
    message: {
      kind: 'AlterPartitionResponse',
      correlationId: request.correlationId,
      topic: request.topic,
      partition: request.partition,
      error,
      leader: partition?.leader ?? -1,
      leaderEpoch: partition?.leaderEpoch ?? -1,
      inSyncReplicas: partition?.inSyncReplicas ?? [],
      partitionEpoch: partition?.partitionEpoch ?? -1,
    },
  }
}
