// Scope `cluster`: brokers, a controller, clients, and everything that can happen to them.

import { observeCluster } from '../../model/cluster/observe.ts'
import type { ClusterState } from '../../model/cluster/state.ts'
import { initialCluster, stepCluster } from '../../model/cluster.ts'
import { checkCluster } from '../../model/invariants/cluster.ts'
import { emptyHistory } from '../../model/invariants/history.ts'
import { progressMade } from '../../model/invariants/progress.ts'
import { clusterLabels, startClusterLabeller } from '../coverage/cluster.ts'
import { startClusterWalker } from '../generation/cluster.ts'
import { clusterEndPremises, clusterPremises, type SeenOfCluster, seenOfCluster } from '../premises/cluster.ts'
import { namesOf } from '../premises/premise.ts'
import { Quiet } from '../progress.ts'
import { type Checker, modelSide, type ObservationOf, type Run, type Scope, type Specification } from '../scope.ts'
import { startClusterSubject, startClusterWireSubject } from '../subjects/cluster.ts'
import { clusterShrinking } from './cluster-shrinking.ts'

/** The model of a cluster. */
export const clusterSpecification: Specification<'cluster', ClusterState> = {
  initial: initialCluster,
  step: stepCluster,
  observe: observeCluster,
}

export const clusterScope: Scope<'cluster'> = {
  name: 'cluster',
  startModel: setup => modelSide(clusterSpecification, setup),
  subject: { name: 'impl', start: startClusterSubject },
  wireSubject: { name: 'impl', start: startClusterWireSubject },
  startChecker: startClusterChecker,
  premises: namesOf({ ...clusterPremises, ...clusterEndPremises }),
  startLabeller: startClusterLabeller,
  labels: clusterLabels,
  labelledEvery: 3,
  startWalker: startClusterWalker,
  abstractState,
  settings,
  ...clusterShrinking,
}

function startClusterChecker(): Checker<'cluster'> {
  const quiet = new Quiet()
  let known = emptyHistory
  let knownBefore = emptyHistory
  let seen: SeenOfCluster | null = null
  return {
    check: transition => {
      quiet.saw(transition)
      const checked = checkCluster(known, transition)
      knownBefore = known
      seen = null
      known = checked.history
      return checked.violation
    },
    atEnd: last => (quiet.isReached(last) ? progressMade(last) : null),
    isTried: (claim, transition) => {
      seen ??= seenOfCluster(transition, known, knownBefore)
      return clusterPremises[claim]?.isThere(seen) === true
    },
    isTriedAtEnd: (claim, last) => quiet.isReached(last) && clusterEndPremises[claim]?.isThere(last) === true,
  }
}

/** The settings of the contract, as far as the run states them. */
function settings({ operations }: Run<'cluster'>): readonly string[] {
  const found = new Set<string>()
  for (const operation of operations) {
    if (operation.kind === 'openProducer') {
      found.add(`acks=${operation.acks === -1 ? 'all' : operation.acks}`)
      found.add(`enable.idempotence=${operation.idempotent}`)
    }
    if (operation.kind === 'createTopic') {
      found.add(`min.insync.replicas=${operation.config.minInSyncReplicas}`)
      found.add(`unclean.leader.election.enable=${operation.config.uncleanLeaderElection}`)
    }
  }
  return [...found].sort()
}

function abstractState({ controller, brokers, links, consumers }: ObservationOf<'cluster'>): string {
  const partition = controller.image.partitions.find(({ topic }) => !topic.startsWith('__'))
  if (partition === undefined) return 'no topic'
  const statuses = Object.values(brokers).map(({ status }) => status)
  const pictures = partition.replicas.map(id => {
    const broker = brokers[`b${id}`]
    if (broker === undefined || broker.status === 'down') return 'down'
    const replica = broker.replicas.find(({ topic }) => topic === partition.topic)
    if (replica === undefined) return 'none'
    const { role, logEndOffset, highWatermark, leaderEpoch } = replica
    const pending = role.kind === 'leader' && role.pendingInSyncReplicas !== null ? 'pending' : ''
    const lag = highWatermark < logEndOffset ? 'lag' : ''
    return `${role.kind}${pending}${lag}${leaderEpoch < partition.leaderEpoch ? 'old' : ''}`
  })
  return [
    pictures.sort().join(),
    `isr${partition.inSyncReplicas.length}`,
    `elr${partition.eligibleLeaderReplicas.length}`,
    partition.leader === -1 ? 'leaderless' : '',
    Math.min(3, partition.leaderEpoch),
    statuses.filter(status => status !== 'running').length,
    Object.values(links).some(({ cut }) => cut) ? 'cut' : '',
    Object.values(links).some(({ late }) => late.length > 0) ? 'late' : '',
    Object.values(consumers)
      .map(({ membership }) => membership)
      .sort()
      .join(),
  ].join(' ')
}
