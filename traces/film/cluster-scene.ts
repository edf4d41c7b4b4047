// What one side of a cluster shows at one time: nodes with their logs, the controller's partitions, groups, cuts.
import { remembered } from '../../model/memo.ts'
import type {
  BrokerObservation,
  ClusterObservation,
  Endpoint,
  ReplicaObservation,
} from '../../model/vocabulary/cluster.ts'
import type { MetadataImage, PartitionState } from '../../model/vocabulary/messages.ts'
import { brokersWord, listed, partitionWord } from '../render/words.ts'
import { consumerNode, producerNode } from './client-scenes.ts'
import { asJson } from './drawn.ts'
import { fact } from './facts.ts'
import type { Fact, GroupScene, LogScene, NodeScene, PartitionScene, Scene } from './film.ts'
import { groupScene } from './group-scene.ts'
import { recordScenes } from './log-scene.ts'

/** The scene of an observation. Parts of observations that are the same objects give the same objects. */
export const clusterScene: (observation: ClusterObservation) => Scene = remembered(observation => {
  const { controller, brokers, producers, consumers, links } = observation
  const nodes: readonly (readonly [Endpoint, NodeScene])[] = [
    ['ctl', controllerNode(controller)],
    ...Object.entries(brokers).map(([name, broker]) => [name, brokerNode(broker)] as const),
    ...Object.entries(producers).map(([name, producer]) => [name, producerNode(producer)] as const),
    ...Object.entries(consumers).map(([name, consumer]) => [name, consumerNode(consumer)] as const),
  ]
  return {
    nodes: Object.fromEntries(nodes),
    partitions: partitionScenes(controller.image),
    groups: Object.entries(brokers).flatMap(([name, broker]) => groupsAt(name, broker)),
    cuts: Object.keys(links).filter(name => links[name]?.cut),
    raw: asJson(observation),
  }
})

const controllerNode = remembered(({ now, image }: ClusterObservation['controller']): NodeScene => {
  const fenced = image.brokers.filter(broker => broker.fenced).map(({ brokerId }) => brokerId)
  const facts = [
    fact('controller epoch', image.controllerEpoch),
    fact('metadata offset', image.metadataOffset),
    fact('fenced', brokersWord(fenced)),
    fact('clock', `${now} ms`),
  ]
  return { status: 'up', facts, logs: [] }
})

const brokerNode = remembered((broker: BrokerObservation): NodeScene => {
  if (broker.status === 'down') return { status: 'down', facts: [], logs: [] }
  const { brokerEpoch, fenced, metadataOffset, now, replicas } = broker
  return {
    status: broker.status === 'paused' ? 'paused' : fenced ? 'fenced' : 'up',
    facts: [
      fact('broker epoch', brokerEpoch),
      fact('metadata offset', metadataOffset),
      ...(fenced && broker.status === 'paused' ? [fact('fenced', 'yes')] : []),
      fact('clock', `${now} ms`),
    ],
    logs: replicas.map(replicaScene),
  }
})

const replicaScene = remembered((replica: ReplicaObservation): LogScene => {
  const { role, leaderEpoch, logStartOffset, highWatermark, logEndOffset, recoveryPoint, batches } = replica
  return {
    title: partitionWord(replica),
    role: role.kind,
    facts: roleFacts(replica),
    leaderEpoch,
    logStartOffset,
    highWatermark,
    logEndOffset,
    syncedOffset: recoveryPoint,
    records: recordScenes(batches),
  }
})

function roleFacts({ role, leaderEpoch, partitionEpoch, epochs }: ReplicaObservation): readonly Fact[] {
  const known = [
    fact('epoch', leaderEpoch),
    fact('partition epoch', partitionEpoch),
    fact('epochs begin', listed(epochs.map(({ epoch, startOffset }) => `${epoch}@${startOffset}`))),
  ]
  switch (role.kind) {
    case 'none':
      return known
    case 'follower':
      return [...known, fact('leader', role.leader < 0 ? 'none' : `b${role.leader}`), fact('fetch', role.fetch)]
    case 'leader': {
      const { inSyncReplicas, pendingInSyncReplicas, followers, waiting, parkedFetches } = role
      return [
        ...known,
        fact('in sync', brokersWord(inSyncReplicas)),
        ...(pendingInSyncReplicas === null ? [] : [fact('proposes', brokersWord(pendingInSyncReplicas))]),
        fact(
          'fetched up to',
          listed(followers.map(({ brokerId, fetchOffset }) => `b${brokerId}@${fetchOffset < 0 ? '?' : fetchOffset}`)),
        ),
        ...(waiting.length === 0 ? [] : [fact('waits for', listed(waiting))]),
        ...(parkedFetches.length === 0 ? [] : [fact('fetches that wait', brokersWord(parkedFetches))]),
      ]
    }
  }
}

const partitionScenes = remembered(({ partitions }: MetadataImage): readonly PartitionScene[] =>
  partitions.map(partitionScene),
)

const partitionScene = remembered(
  (state: PartitionState): PartitionScene => ({
    title: partitionWord(state),
    leader: state.leader < 0 ? null : `b${state.leader}`,
    leaderEpoch: state.leaderEpoch,
    replicas: state.replicas.map(id => `b${id}`),
    inSyncReplicas: state.inSyncReplicas.map(id => `b${id}`),
  }),
)

function groupsAt(name: Endpoint, broker: BrokerObservation): readonly GroupScene[] {
  return broker.status === 'down' ? [] : broker.groups.map(group => groupScene(group, name))
}
