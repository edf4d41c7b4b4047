// What administrators, cleaners and disks do to a cluster.
import type { ClusterObservation, ClusterOperation } from '../../model/vocabulary/cluster.ts'
import type { Random } from '../random.ts'
import type { Plan } from './cluster-setup.ts'
import { replicasOf, runningBrokers, userPartitions } from './cluster-views.ts'
import type { Move } from './walk.ts'

/** Topics and elections. */
export function administration(random: Random, plan: Plan): readonly Move<'cluster'>[] {
  const create = (seen: ClusterObservation, topic: string): ClusterOperation => {
    const brokers = Object.keys(seen.brokers).map((_, index) => index + 1)
    const assignment = Array.from({ length: plan.partitions }, () => {
      const start = random.below(brokers.length)
      return [...brokers.slice(start), ...brokers.slice(0, start)].slice(0, plan.replicationFactor)
    })
    return { kind: 'createTopic', topic, assignment, config: plan.topic }
  }
  return [
    {
      name: 'create the first topic',
      weight: 400,
      propose: seen => (userPartitions(seen).length === 0 ? create(seen, 't') : null),
    },
    { name: 'create another topic', weight: 0.2, propose: seen => create(seen, 'u') },
    {
      name: 'create an impossible topic',
      weight: 0.15,
      propose: seen => {
        const assignment = random.pick([[], [[]], [[1, 1]], [[9]], [[1]]])
        const minInSyncReplicas = random.pick([0, 1])
        const topic = random.pick(['t', 'v', '__v'])
        return {
          ...create(seen, topic),
          kind: 'createTopic',
          topic,
          assignment,
          config: { ...plan.topic, minInSyncReplicas },
        }
      },
    },
    {
      name: 'prefer the preferred leader',
      weight: 1,
      propose: seen => {
        const place = random.pickOrNull(userPartitions(seen))
        if (place === null || (place.leader === place.replicas[0] && random.chance(0.9))) return null
        return { kind: 'electLeader', topic: place.topic, partition: place.partition, election: 'preferred' }
      },
    },
    {
      name: 'elect uncleanly',
      weight: plan.mode === 'contract' ? 0 : 2,
      propose: seen => {
        const place = random.pickOrNull(userPartitions(seen))
        if (place === null || (place.leader !== -1 && random.chance(0.95))) return null
        return { kind: 'electLeader', topic: place.topic, partition: place.partition, election: 'unclean' }
      },
    },
    {
      name: 'setUncleanElection',
      weight: plan.mode === 'contract' ? 0 : 0.4,
      propose: () => ({ kind: 'setUncleanElection', topic: 't', enabled: random.chance(0.7) }),
    },
  ]
}

/** Syncs, checkpoints, rolls, cleaning, retention and deletion. */
export function disks(random: Random, plan: Plan): readonly Move<'cluster'>[] {
  const aReplica = (seen: ClusterObservation) => {
    const places = random.chance(0.85) ? userPartitions(seen) : seen.controller.image.partitions
    const place = random.pickOrNull(places)
    if (place === null) return null
    const found = random.pickOrNull(replicasOf(seen, place))
    return found === null
      ? null
      : { ...found, at: { broker: found.broker, topic: place.topic, partition: place.partition } }
  }
  const cleans = plan.topic.cleanupPolicy === 'delete' ? 0.2 : 4
  const retains = plan.topic.retentionMs >= 0 || plan.topic.retentionBytes >= 0 ? 2 : 0.5
  return [
    {
      name: 'flush',
      weight: 2,
      propose: seen => {
        const found = aReplica(seen)
        return found === null || found.replica.recoveryPoint === found.replica.logEndOffset
          ? null
          : { kind: 'flush', ...found.at }
      },
    },
    {
      name: 'synced',
      weight: 1.5,
      propose: seen => {
        const broker = random.pickOrNull(runningBrokers(seen, ['running', 'paused']))
        return broker === null ? null : { kind: 'synced', broker }
      },
    },
    {
      name: 'checkpoint',
      weight: 1.5,
      propose: seen => {
        const broker = random.pickOrNull(runningBrokers(seen, ['running', 'paused']))
        return broker === null ? null : { kind: 'checkpoint', broker }
      },
    },
    {
      name: 'roll',
      weight: plan.topic.cleanupPolicy === 'delete' ? 0.7 : 2,
      propose: seen => {
        const found = aReplica(seen)
        return found === null || found.replica.batches.length === 0 ? null : { kind: 'roll', ...found.at }
      },
    },
    {
      name: 'clean',
      weight: cleans,
      propose: seen => {
        const found = aReplica(seen)
        return found === null || found.replica.batches.length < 2 ? null : { kind: 'clean', ...found.at }
      },
    },
    {
      name: 'retain',
      weight: retains,
      propose: seen => {
        const found = aReplica(seen)
        return found === null || found.replica.batches.length === 0 ? null : { kind: 'retain', ...found.at }
      },
    },
    {
      name: 'deleteRecords',
      weight: 0.6,
      propose: seen => {
        const found = aReplica(seen)
        if (found === null || (found.replica.role.kind !== 'leader' && random.chance(0.9))) return null
        const { highWatermark } = found.replica
        if (highWatermark === 0) return null
        return {
          kind: 'deleteRecords',
          ...found.at,
          offset: random.pick([-1, highWatermark - 1, highWatermark, highWatermark + 1, 1]),
        }
      },
    },
  ]
}
