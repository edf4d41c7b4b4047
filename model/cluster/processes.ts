// Broker processes start and stop. Notes: docs/protocol/cluster.md §4.1.
import { inSyncCheckIntervalMs } from '../broker/broker.ts'
import { register } from '../broker/registration.ts'
import type { BrokerState } from '../broker/state.ts'
import { closeLog } from '../log/recovery.ts'
import type { ClusterSetup } from '../vocabulary/cluster.ts'
import type { BrokerEpoch, BrokerId, Milliseconds } from '../vocabulary/units.ts'
import { brokerStepped, isolated, withoutInbox } from './nodes.ts'
import { type ClusterState, type Down, nodeOf, type Up, withNode } from './state.ts'

/** A broker that is up stops cleanly first; then it starts over its disks and registers. Null: no such broker. */
export function restarted(cluster: ClusterState, brokerId: BrokerId): ClusterState | null {
  const node = nodeOf(cluster, brokerId)
  if (node === null) return null
  const stopped = node.status === 'down' ? cluster : stop(cluster, node)
  const down = nodeOf(stopped, brokerId)
  return down?.status === 'down' ? start(stopped, down) : null
}

/** A running process stands still: no message, no timer. */
export function paused(cluster: ClusterState, brokerId: BrokerId): ClusterState | null {
  const node = nodeOf(cluster, brokerId)
  return node?.status === 'running' ? withNode(cluster, { ...node, status: 'paused' }) : null
}

/** A process that stood still goes on. */
export function resumed(cluster: ClusterState, brokerId: BrokerId): ClusterState | null {
  const node = nodeOf(cluster, brokerId)
  return node?.status === 'paused' ? withNode(cluster, { ...node, status: 'running' }) : null
}

/** A broker that has just started: no roles, no metadata, no registration, all timers anew. */
export function freshBroker(
  setup: ClusterSetup,
  brokerId: BrokerId,
  now: Milliseconds,
  previousBrokerEpoch: BrokerEpoch,
): BrokerState {
  return {
    brokerId,
    config: setup.broker,
    groupConfig: setup.group,
    offsetsPartitions: setup.offsetsPartitions,
    now,
    nextCorrelationId: 1,
    brokerEpoch: -1,
    registering: { previousBrokerEpoch, outstanding: null },
    heartbeat: null,
    fenced: true,
    heartbeatDue: now + setup.broker.heartbeatIntervalMs,
    inSyncCheckDue: now + inSyncCheckIntervalMs({ config: setup.broker }),
    image: null,
    replicas: [],
    coordinators: [],
  }
}

function stop(cluster: ClusterState, { name, brokerId, broker }: Up): ClusterState {
  const down: Down = {
    status: 'down',
    name,
    brokerId,
    now: broker.now,
    logs: broker.replicas.map(({ topic, partition, log }) => ({ topic, partition, log: closeLog(log).log })),
    // A process that was never registered has written nothing: what its predecessor kept still holds.
    keptBrokerEpoch: broker.registering?.previousBrokerEpoch ?? broker.brokerEpoch,
  }
  return withoutInbox(isolated(withNode(cluster, down), name, false), name)
}

function start(cluster: ClusterState, { name, brokerId, now, logs, keptBrokerEpoch }: Down): ClusterState {
  const broker: BrokerState = {
    ...freshBroker(cluster.setup, brokerId, now, keptBrokerEpoch),
    replicas: logs.map(({ topic, partition, log }) => ({
      topic,
      partition,
      log,
      leaderEpoch: -1,
      partitionEpoch: -1,
      role: { kind: 'none' },
    })),
  }
  const up: Up = { status: 'running', name, brokerId, broker }
  return brokerStepped(withNode(cluster, up), up, register(broker))
}
