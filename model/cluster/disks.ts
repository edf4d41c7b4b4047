// What is done to one replica's log from outside: maintenance, administration, disk faults.
// Notes: docs/protocol/cluster.md §4.12.

import { replicaOf, withReplica } from '../broker/state.ts'
import { compact } from '../log/compaction.ts'
import { fillDisk, flush, rotBatch } from '../log/disk.ts'
import { deleteRecords, saveCheckpoints } from '../log/offsets.ts'
import { applyRetention } from '../log/retention.ts'
import type { LogState, LogStep } from '../log/state.ts'
import { roll } from '../log/write.ts'
import { withLog } from '../replica/state.ts'
import { unreachable } from '../unreachable.ts'
import type { ClusterOperation, ClusterOutcome } from '../vocabulary/cluster.ts'
import type { LogOutcome } from '../vocabulary/log.ts'
import type { BrokerId, Milliseconds } from '../vocabulary/units.ts'
import { syncedNode } from './delivery.ts'
import { type ClusterState, nodeOf, withBroker, withNode } from './state.ts'

export type LogOperationOnBroker = Extract<
  ClusterOperation,
  { kind: 'deleteRecords' | 'flush' | 'roll' | 'clean' | 'retain' | 'rot' | 'fillDisk' }
>

/** A cluster after an operation, and what it answered. */
export type ClusterStep = { readonly state: ClusterState; readonly outcome: ClusterOutcome }

/** One operation on one replica's log, by the broker's clock. */
export function onLog(cluster: ClusterState, operation: LogOperationOnBroker): ClusterStep {
  const node = nodeOf(cluster, operation.broker)
  if (node === null || node.status === 'down') return nothing(cluster)
  const replica = replicaOf(node.broker, operation.topic, operation.partition)
  if (replica === null) return nothing(cluster)
  if (operation.kind === 'deleteRecords' && replica.role.kind !== 'leader') {
    return { state: cluster, outcome: { kind: 'error', error: 'NOT_LEADER_OR_FOLLOWER' } }
  }
  const { log, outcome } = logStep(replica.log, operation, node.broker.now)
  const broker = withReplica(node.broker, withLog(replica, log))
  return {
    state: withNode(cluster, withBroker(node, broker)),
    outcome: outcome.kind === 'error' ? { kind: 'error', error: outcome.error } : { kind: 'done' },
  }
}

/** Everything that a broker asked to sync is synced. */
export function syncBroker(cluster: ClusterState, brokerId: BrokerId): ClusterStep {
  const node = nodeOf(cluster, brokerId)
  if (node === null || node.status === 'down') return nothing(cluster)
  return { state: withNode(cluster, syncedNode(node)), outcome: { kind: 'done' } }
}

/** A broker's periodic checkpoint of its high watermarks and log starts. */
export function checkpointBroker(cluster: ClusterState, brokerId: BrokerId): ClusterStep {
  const node = nodeOf(cluster, brokerId)
  if (node === null || node.status === 'down') return nothing(cluster)
  const replicas = node.broker.replicas.map(replica => withLog(replica, saveCheckpoints(replica.log).log))
  const isSame = replicas.every((replica, i) => replica === node.broker.replicas[i])
  const broker = isSame ? node.broker : { ...node.broker, replicas }
  return { state: withNode(cluster, withBroker(node, broker)), outcome: { kind: 'done' } }
}

/** The operation did not apply. */
export function nothing(cluster: ClusterState): ClusterStep {
  return { state: cluster, outcome: { kind: 'nothing' } }
}

function logStep(log: LogState, operation: LogOperationOnBroker, now: Milliseconds): LogStep<LogOutcome> {
  switch (operation.kind) {
    case 'deleteRecords':
      return deleteRecords(log, operation.offset)
    case 'flush':
      return flush(log)
    case 'roll':
      return roll(log)
    case 'clean':
      return compact(log, now)
    case 'retain':
      return applyRetention(log, now)
    case 'rot':
      return rotBatch(log, operation.offset)
    case 'fillDisk':
      return fillDisk(log, operation.bytes)
    default:
      return unreachable(operation)
  }
}
