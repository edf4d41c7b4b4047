// How a cluster's run becomes smaller: without its last broker or client, without one topic; towards a plain set-up.
import type { LogConfig } from '../../model/vocabulary/log.ts'
import type { OperationOf, Run, Scope, SetupOf } from '../scope.ts'
import { restructuredCluster } from './cluster-restructuring.ts'

type Operation = OperationOf<'cluster'>

const plainLog: LogConfig = {
  segmentBytes: 1000,
  indexIntervalBytes: 4096,
  maxMessageBytes: 1000,
  cleanupPolicy: 'delete',
  retentionMs: -1,
  retentionBytes: -1,
  deleteRetentionMs: 0,
}

const plainSetup: SetupOf<'cluster'> = {
  scope: 'cluster',
  brokers: 3,
  producers: 1,
  consumers: 0,
  offsetsPartitions: 0,
  offsetsConfig: {
    ...plainLog,
    maxMessageBytes: 100_000,
    cleanupPolicy: 'compact',
    minInSyncReplicas: 1,
    uncleanLeaderElection: false,
  },
  brokerSessionTimeoutMs: 2000,
  broker: {
    heartbeatIntervalMs: 500,
    replicaLagTimeMaxMs: 2000,
    replicaFetchWaitMaxMs: 500,
    replicaFetchBackoffMs: 200,
    fetchBytesMax: 1000,
  },
  group: { offsetsRetentionMs: 10_000, offsetsRetentionCheckIntervalMs: 2000, groupMaxSize: 10 },
  client: {
    retryBackoffMs: 100,
    deliveryTimeoutMs: 5000,
    requestTimeoutMs: 1000,
    maxInFlight: 5,
    heartbeatIntervalMs: 500,
    sessionTimeoutMs: 2000,
    rebalanceTimeoutMs: 2000,
  },
}

/** What the shrinker needs for clusters. */
export const clusterShrinking: Pick<Scope<'cluster'>, 'plainSetup' | 'shrinking'> = {
  plainSetup,
  shrinking: { isSensible, arePaired, smallerRuns, restructured: restructuredCluster },
}

function isSensible(operation: Operation): boolean {
  if (operation.kind === 'openProducer') return !operation.idempotent || operation.acks === -1
  return operation.kind !== 'send' || operation.records.length > 0
}

function arePaired(earlier: Operation, later: Operation): boolean {
  switch (earlier.kind) {
    case 'crash':
      return later.kind === 'restart' && later.broker === earlier.broker
    case 'pause':
      return later.kind === 'resume' && later.broker === earlier.broker
    case 'cut':
      return later.kind === 'healAll' || ((later.kind === 'heal' || later.kind === 'cut') && isSameLink(earlier, later))
    case 'disconnect':
      return later.kind === 'deliverLate'
    case 'openConsumer':
      return later.kind === 'closeConsumer' || later.kind === 'openConsumer'
    case 'openProducer':
      return later.kind === 'openProducer' || later.kind === 'killClient'
    case 'flush':
      return later.kind === 'synced'
    case 'fillDisk':
      return later.kind === 'fillDisk'
    default:
      return false
  }
}

type Link = { readonly from: string; readonly to: string }

/** The same two ends, in either direction: a cut both ways is two operations. */
function isSameLink(a: Link, b: Link): boolean {
  return (a.from === b.from && a.to === b.to) || (a.from === b.to && a.to === b.from)
}

function* smallerRuns({ setup, operations }: Run<'cluster'>): Iterable<Run<'cluster'>> {
  for (const topic of new Set(operations.flatMap(operation => ('topic' in operation ? [operation.topic] : [])))) {
    yield { setup, operations: operations.filter(operation => !('topic' in operation && operation.topic === topic)) }
  }
  if (setup.brokers > 1) {
    const smaller = { ...setup, brokers: setup.brokers - 1 }
    yield { setup: smaller, operations: withoutBroker(operations, setup.brokers) }
  }
  if (setup.producers > 0) {
    const name = `p${setup.producers}`
    yield { setup: { ...setup, producers: setup.producers - 1 }, operations: withoutNode(operations, name) }
  }
  if (setup.consumers > 0) {
    const name = `c${setup.consumers}`
    yield { setup: { ...setup, consumers: setup.consumers - 1 }, operations: withoutNode(operations, name) }
  }
  if (setup.offsetsPartitions > 0)
    yield { setup: { ...setup, offsetsPartitions: setup.offsetsPartitions - 1 }, operations }
}

function withoutNode(operations: readonly Operation[], name: string): readonly Operation[] {
  return operations.filter(operation => !Object.values(operation).includes(name))
}

/** Without what the broker does or suffers, and with its replicas taken from the topics. */
function withoutBroker(operations: readonly Operation[], broker: number): readonly Operation[] {
  return withoutNode(operations, `b${broker}`).flatMap((operation): readonly Operation[] => {
    if ('broker' in operation && operation.broker === broker) return []
    if (operation.kind !== 'createTopic') return [operation]
    return [{ ...operation, assignment: operation.assignment.map(replicas => replicas.filter(id => id !== broker)) }]
  })
}
