// What must have been there for the claims on a cluster to say something. Where a claim is about a promise that was made
// earlier, the promise is in the history that the claims are held with (model/invariants/history.ts).
import {
  emptyHistory,
  type History,
  historyOf,
  newlyCompleted,
  newlyProcessed,
} from '../../model/invariants/history.ts'
import type { ClusterTransition, PartitionHistory } from '../../model/invariants/known.ts'
import { allReplicas, isCompacted, isSame, partitionState } from '../../model/invariants/views.ts'
import type { BrokerObservation, ClusterObservation, ReplicaObservation } from '../../model/vocabulary/cluster.ts'
import { hasMoved } from './group.ts'
import type { Premise } from './premise.ts'

/** An operation, with what was known after it and before it, and what it changed: most premises look at that alone. */
export type SeenOfCluster = ClusterTransition & {
  readonly known: History
  readonly knownBefore: History
  readonly changedBrokers: readonly { readonly now: Up; readonly old: Up | null }[]
  readonly changedReplicas: readonly {
    readonly brokerId: number
    readonly now: ReplicaObservation
    readonly old: ReplicaObservation | undefined
  }[]
}

/** Works out once what every premise asks for. */
export function seenOfCluster(transition: ClusterTransition, known: History, knownBefore: History): SeenOfCluster {
  return {
    ...transition,
    known,
    knownBefore,
    changedBrokers: isSame(transition, 'brokers') ? [] : changedBrokers(transition),
    changedReplicas: isSame(transition, 'brokers') ? [] : changedReplicas(transition),
  }
}

/** The premises of claims about one operation. */
export const clusterPremises: Readonly<Record<string, Premise<SeenOfCluster>>> = {
  F1: {
    what: 'a replica with records that changed',
    isThere: seen => anyChangedReplica(seen, ({ batches }) => batches.length > 0),
  },
  F2: {
    what: 'a leader with followers in sync that moved its high watermark',
    isThere: seen =>
      anyChangedReplica(
        seen,
        ({ role, leaderEpoch, highWatermark }, old) =>
          role.kind === 'leader' &&
          old?.role.kind === 'leader' &&
          old.leaderEpoch === leaderEpoch &&
          highWatermark > old.highWatermark &&
          role.inSyncReplicas.length > 1,
      ),
  },
  F3: {
    what: 'records on their way to a consumer',
    isThere: seen =>
      !isSame(seen, 'links') &&
      Object.values(seen.after.links).some(
        ({ to, messages }) =>
          to.startsWith('c') &&
          to !== 'ctl' &&
          messages.some(message => message.kind === 'FetchResponse' && message.records.length > 0),
      ),
  },
  F4: {
    what: 'another leader of a partition, within the contract, from which a consumer had read',
    isThere: seen => hasNewLeader(seen, ({ processed }) => processed.length > 0),
  },
  F6: {
    what: 'a coordinator that changed and has committed offsets',
    isThere: seen => anyChangedBroker(seen, ({ groups }) => groups.some(({ offsets }) => offsets.length > 0)),
  },
  G1: {
    what: 'several members of a group with partitions of their own',
    isThere: seen => !isSame(seen, 'consumers') && hasSeveralOwners(seen),
  },
  G3: {
    what: 'a group that went from one state to another',
    isThere: seen =>
      anyChangedBroker(seen, ({ groups }, old) => groups.some(group => hasMoved(old?.groups ?? [], group))),
  },
  L1: {
    what: 'another leader of a partition, within the contract, with records acknowledged under acks=all',
    isThere: seen => hasNewLeader(seen, ({ acknowledged }) => acknowledged.length > 0),
  },
  L2: {
    what: 'an in-sync set of several or a high watermark that changed, within the contract, over committed records',
    isThere: seen =>
      anyChangedReplica(
        seen,
        (replica, old) =>
          replica.role.kind === 'leader' &&
          replica.highWatermark > 0 &&
          (replica.highWatermark !== old?.highWatermark || replica.partitionEpoch !== old.partitionEpoch) &&
          isInContract(seen, replica) &&
          membersOf(seen.after, replica) > 1,
      ),
  },
  L3: {
    what: 'another leader of a partition, within the contract, with committed records',
    isThere: seen => hasNewLeader(seen, ({ committed }) => committed.length > 0),
  },
  L4: {
    what: 'a batch acknowledged under acks=all, within the contract',
    isThere: seen =>
      newlyCompleted(seen.known, seen).some(
        ({ entry, batch }) => batch.acks === -1 && entry.result.kind === 'acknowledged' && isInContract(seen, entry),
      ),
  },
  L5: {
    what: 'a compaction that removed records',
    isThere: seen =>
      seen.operation.kind === 'clean' &&
      anyChangedReplica(seen, ({ batches }, old) => recordsIn(batches) < recordsIn(old?.batches ?? [])),
  },
  L6: {
    what: 'a broker that started with records on its disk',
    isThere: seen =>
      seen.operation.kind === 'restart' &&
      anyChangedBroker(seen, ({ replicas }, old) => old === null && replicas.some(({ batches }) => batches.length > 0)),
  },
  L7: {
    what: 'an offset above 0 that a group committed, within the contract',
    isThere: seen =>
      anyChangedBroker(seen, ({ groups }, old) =>
        groups.some(
          ({ groupId, offsets }) =>
            !seen.known.groupsFromLatest.includes(groupId) &&
            offsets !== old?.groups.find(group => group.groupId === groupId)?.offsets &&
            offsets.some(
              committed =>
                committed.offset > 0 &&
                isInContract(seen, committed) &&
                !isCompacted(seen.after.controller.image, committed.topic),
            ),
        ),
      ),
  },
  L8: {
    what: 'a batch that was reported as failed',
    isThere: seen => newlyCompleted(seen.known, seen).some(({ entry }) => entry.result.kind === 'failed'),
  },
  O1: {
    what: 'an offset, within the contract, that was read a second time',
    isThere: seen =>
      newlyProcessed(seen).some(
        ({ record }) =>
          isInContract(seen, record) &&
          historyOf(seen.knownBefore, record.topic, record.partition)?.processed.some(
            ({ offset }) => offset === record.offset,
          ) === true,
      ),
  },
  O2: {
    what: 'a leader whose log grew',
    isThere: seen =>
      anyChangedReplica(
        seen,
        ({ role, logEndOffset }, old) => role.kind === 'leader' && logEndOffset > (old?.logEndOffset ?? logEndOffset),
      ),
  },
  O3: {
    what: 'several batches of one producer session in a log that grew, within the contract',
    isThere: seen =>
      anyChangedReplica(
        seen,
        (replica, old) =>
          replica.role.kind === 'leader' &&
          replica.batches !== old?.batches &&
          isInContract(seen, replica) &&
          hasSessionOfSeveral(replica.batches),
      ),
  },
  O4: {
    what: 'a log of several leader epochs that changed, while another replica had records, too',
    isThere: seen =>
      anyChangedReplica(
        seen,
        (replica, old, brokerId) =>
          replica.batches !== old?.batches &&
          replica.epochs.length > 1 &&
          otherReplicas(seen.after, replica, brokerId).some(({ batches }) => batches.length > 0),
      ),
  },
  O5: {
    what: 'a log of several leader epochs that changed',
    isThere: seen =>
      anyChangedReplica(
        seen,
        ({ batches, epochs }, old) => epochs.length > 1 && (batches !== old?.batches || epochs !== old.epochs),
      ),
  },
  O6: { what: 'another leader of a partition', isThere: seen => hasNewLeader(seen, () => true, false) },
}

/** The premises of claims about a run that ended healed and quietly: they are looked at once, at its end. */
export const clusterEndPremises: Readonly<Record<string, Premise<ClusterObservation>>> = {
  P1: {
    what: 'a run that ended healed, with records in a partition of several replicas',
    isThere: last =>
      [...allReplicas(last).values()].some(
        placed => placed.length > 1 && placed.some(({ replica }) => replica.batches.length > 0),
      ),
  },
  P2: {
    what: 'a run that ended healed, with members in a group',
    isThere: last =>
      Object.values(last.brokers).some(
        broker => broker.status !== 'down' && broker.groups.some(({ members }) => members.length > 0),
      ),
  },
  P3: {
    what: 'a run that ended healed, in which a producer had sent',
    isThere: last => Object.values(last.producers).some(({ completed }) => completed.length > 0),
  },
}

type Up = Exclude<BrokerObservation, { readonly status: 'down' }>

function changedBrokers({ before, after }: ClusterTransition): SeenOfCluster['changedBrokers'] {
  return Object.entries(after.brokers).flatMap(([name, now]) => {
    const old = before.brokers[name]
    if (now === old || now.status === 'down') return []
    return [{ now, old: old === undefined || old.status === 'down' ? null : old }]
  })
}

function changedReplicas({ before, after }: ClusterTransition): SeenOfCluster['changedReplicas'] {
  const known = allReplicas(before)
  return Array.from(allReplicas(after)).flatMap(([key, placed]) =>
    placed.flatMap(({ brokerId, replica: now }) => {
      const old = known.get(key)?.find(other => other.brokerId === brokerId)?.replica
      return old === now ? [] : [{ brokerId, now, old }]
    }),
  )
}

function anyChangedBroker(seen: SeenOfCluster, isIt: (now: Up, old: Up | null) => boolean): boolean {
  return seen.changedBrokers.some(({ now, old }) => isIt(now, old))
}

function anyChangedReplica(
  seen: SeenOfCluster,
  isIt: (now: ReplicaObservation, old: ReplicaObservation | undefined, brokerId: number) => boolean,
): boolean {
  return seen.changedReplicas.some(({ brokerId, now, old }) => isIt(now, old, brokerId))
}

/** True when another broker than the last one came to lead a partition of which this was known before. */
function hasNewLeader(
  { known, knownBefore }: SeenOfCluster,
  isIt: (before: PartitionHistory) => boolean,
  withinContract = true,
): boolean {
  if (known.partitions === knownBefore.partitions || knownBefore === emptyHistory) return false
  return known.partitions.some(({ topic, partition, leaders, contract }) => {
    const old = historyOf(knownBefore, topic, partition)
    if (old === null || leaders === old.leaders || (withinContract && !contract.holds)) return false
    const last = old.leaders.at(-1)
    return last !== undefined && leaders.at(-1)?.brokerId !== last.brokerId && isIt(old)
  })
}

function isInContract(
  { known }: SeenOfCluster,
  { topic, partition }: { readonly topic: string; readonly partition: number },
): boolean {
  return historyOf(known, topic, partition)?.contract.holds === true
}

function membersOf({ controller }: ClusterObservation, { topic, partition }: ReplicaObservation): number {
  return partitionState(controller.image, topic, partition)?.inSyncReplicas.length ?? 0
}

function otherReplicas(
  after: ClusterObservation,
  { topic, partition }: ReplicaObservation,
  brokerId: number,
): readonly ReplicaObservation[] {
  const placed = allReplicas(after).get(`${topic}/${partition}`) ?? []
  return placed.filter(other => other.brokerId !== brokerId).map(({ replica }) => replica)
}

function hasSeveralOwners({ known, after }: SeenOfCluster): boolean {
  const owners = new Set<string>()
  for (const [name, { open, membership, positions }] of Object.entries(after.consumers)) {
    if (!open || membership !== 'stable' || positions.length === 0) continue
    const groupId = known.consumers.find(({ consumer }) => consumer === name)?.groupId
    if (groupId === undefined || groupId === null) continue
    if (owners.has(groupId)) return true
    owners.add(groupId)
  }
  return false
}

function hasSessionOfSeveral(batches: ReplicaObservation['batches']): boolean {
  const sessions = new Set<string>()
  for (const { producerId, producerEpoch } of batches) {
    if (producerId < 0) continue
    const session = `${producerId} ${producerEpoch}`
    if (sessions.has(session)) return true
    sessions.add(session)
  }
  return false
}

function recordsIn(batches: ReplicaObservation['batches']): number {
  return batches.reduce((sum, { records }) => sum + records.length, 0)
}
