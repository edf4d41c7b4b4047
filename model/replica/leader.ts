// The leader's bookkeeping: high watermark, in-sync set, and who waits for them.
// Follows Partition, DelayedProduce and AlterPartitionManager. Notes: docs/protocol/cluster.md §4.6 to §4.8.

import { ascending } from '../controller/partition-change.ts'
import { minInSyncOf } from '../controller/state.ts'
import { updateHighWatermark } from '../log/offsets.ts'
import { logEndOffset } from '../log/state.ts'
import type { Send } from '../network.ts'
import type { ErrorName } from '../vocabulary/errors.ts'
import type { RecordsValue, Response } from '../vocabulary/messages.ts'
import type { BrokerEpoch, BrokerId, CorrelationId } from '../vocabulary/units.ts'
import {
  type FollowerProgress,
  followedBy,
  type Leader,
  type Proposal,
  type Replica,
  type ReplicaStep,
  type Surroundings,
  unchanged,
  type Waiting,
  withLeader,
  withLog,
} from './state.ts'

/**
 * Who: the leader, whenever a follower fetched, a record was appended or the in-sync set changed.
 * When: enough replicas are in sync (KIP-966: below `min.insync.replicas` nothing becomes committed).
 * Then: the high watermark rises to what *every* member of the maximal in-sync set has. The maximal set is the decided
 * one and the proposed one together: a follower that is being added may already count for the controller, one that is
 * being removed may still count for it. Say b3 is proposed at offset 5 while the set {b1, b2} is at 7: taking 7 would
 * commit records that b3, elected a moment later, has never seen.
 * Source: `Partition.maybeIncrementLeaderHW`, KIP-497.
 */
export function advanceHighWatermark(replica: Replica, around: Surroundings, next: CorrelationId): ReplicaStep {
  const { role, log } = replica
  if (role.kind !== 'leader' || role.inSyncReplicas.length < minInSync(replica, around)) return unchanged(replica, next)
  const committed = maximalInSync(role)
    .map(id => (id === around.brokerId ? logEndOffset(log) : (progressOf(role, id)?.fetchOffset ?? -1)))
    .reduce((least, offset) => Math.min(least, offset), logEndOffset(log))
  if (committed <= log.highWatermark) return unchanged(replica, next)
  const raised = withLog(replica, updateHighWatermark(log, committed).log)
  return finishWaiting(raised, around, next)
}

/** The decided in-sync set and the proposed one together. */
export function maximalInSync(role: Leader): readonly BrokerId[] {
  return role.proposal === null
    ? role.inSyncReplicas
    : ascending([...role.inSyncReplicas, ...role.proposal.inSyncReplicas])
}

/** How many in-sync replicas `acks=all` needs here. */
export function minInSync(replica: Replica, around: Surroundings): number {
  const { role } = replica
  const replicas = role.kind === 'leader' ? role.followers.length + 1 : 1
  return around.image === null ? 1 : minInSyncOf(around.image, replica.topic, replicas)
}

export function progressOf(role: Leader, brokerId: BrokerId): FollowerProgress | null {
  return role.followers.find(follower => follower.brokerId === brokerId) ?? null
}

/**
 * Who: the leader, when the high watermark has moved or somebody begins to wait.
 * Then: writers whose records are committed are answered. If the in-sync set is too small *by now*, they learn that the
 * record is in the log without the promise (NOT_ENOUGH_REPLICAS_AFTER_APPEND).
 * Source: `Partition.checkEnoughReplicasReachOffset`.
 */
export function finishWaiting(replica: Replica, around: Surroundings, next: CorrelationId): ReplicaStep {
  const { role, log } = replica
  if (role.kind !== 'leader') return unchanged(replica, next)
  const finished = role.waiting.filter(({ endOffset }) => log.highWatermark >= endOffset)
  if (finished.length === 0) return unchanged(replica, next)
  const error = role.inSyncReplicas.length >= minInSync(replica, around) ? 'NONE' : 'NOT_ENOUGH_REPLICAS_AFTER_APPEND'
  return {
    replica: withLeader(replica, { waiting: role.waiting.filter(waiting => !finished.includes(waiting)) }),
    sends: finished.flatMap(waiting => produceAnswer(replica, waiting, error)),
    nextCorrelationId: next,
    finished: finished.flatMap(({ writer }) => (writer.kind === 'group' ? [{ writeId: writer.writeId, error }] : [])),
  }
}

/** The response to a waiting produce; none for a group's write. */
export function produceAnswer(replica: Replica, { writer }: Waiting, error: ErrorName): readonly Send[] {
  if (writer.kind === 'group') return []
  return [
    {
      kind: 'respond',
      to: writer.requester,
      message: {
        kind: 'ProduceResponse',
        correlationId: writer.correlationId,
        topic: replica.topic,
        partition: replica.partition,
        error,
        baseOffset: error === 'NONE' ? writer.baseOffset : -1,
      },
    },
  ]
}

/**
 * Who: the leader, after a follower's fetch.
 * When: nothing is proposed, the follower is not in the set, has everything committed *and* everything from before this
 * leadership (a new leader's high watermark may lag: KAFKA-7128), and the controller holds it for alive under the very
 * broker epoch that it fetched with (KIP-903).
 * Then: the leader proposes to add it.
 */
export function maybeExpand(
  replica: Replica,
  around: Surroundings,
  brokerId: BrokerId,
  next: CorrelationId,
): ReplicaStep {
  const { role, log } = replica
  if (role.kind !== 'leader' || role.proposal !== null || role.inSyncReplicas.includes(brokerId)) {
    return unchanged(replica, next)
  }
  const progress = progressOf(role, brokerId)
  const registration = around.image?.brokers.find(broker => broker.brokerId === brokerId)
  const isReady =
    progress !== null &&
    progress.fetchOffset >= log.highWatermark &&
    progress.fetchOffset >= role.leaderEpochStartOffset &&
    registration?.fenced === false &&
    registration.brokerEpoch === progress.brokerEpoch
  return isReady
    ? propose(replica, around, ascending([...role.inSyncReplicas, brokerId]), next)
    : unchanged(replica, next)
}

/**
 * Who: every leader, from time to time.
 * Then: a proposal whose fate is open is sent again; otherwise members that have not caught up for
 * `replica.lag.time.max.ms` are proposed to be left out. One that has everything stays, however long it is silent.
 * Source: `Partition.maybeShrinkIsr`.
 */
export function checkInSync(replica: Replica, around: Surroundings, next: CorrelationId): ReplicaStep {
  const { role, log } = replica
  if (role.kind !== 'leader') return unchanged(replica, next)
  if (role.proposal !== null) {
    return role.proposal.sending.kind === 'again'
      ? sendProposal(replica, around, role.proposal, next)
      : unchanged(replica, next)
  }
  const staying = role.inSyncReplicas.filter(id => {
    const progress = progressOf(role, id)
    if (progress === null || progress.fetchOffset === logEndOffset(log)) return true
    return progress.lastCaughtUp !== null && around.now - progress.lastCaughtUp <= around.config.replicaLagTimeMaxMs
  })
  return staying.length === role.inSyncReplicas.length
    ? unchanged(replica, next)
    : propose(replica, around, staying, next)
}

/** The controller's answer to a proposal. Source: `Partition.handleAlterPartitionUpdate`, `handleAlterPartitionError`. */
export function proposalAnswered(
  replica: Replica,
  around: Surroundings,
  response: Extract<Response<RecordsValue>, { kind: 'AlterPartitionResponse' }>,
  next: CorrelationId,
): ReplicaStep {
  const { role } = replica
  if (role.kind !== 'leader' || role.proposal === null) return unchanged(replica, next)
  const { sending } = role.proposal
  if (sending.kind !== 'outstanding' || sending.correlationId !== response.correlationId)
    return unchanged(replica, next)
  switch (response.error) {
    case 'NONE': {
      if (response.partitionEpoch <= replica.partitionEpoch)
        return unchanged(withLeader(replica, { proposal: null }), next)
      const decided = withLeader(replica, { proposal: null, inSyncReplicas: response.inSyncReplicas })
      return advanceHighWatermark({ ...decided, partitionEpoch: response.partitionEpoch }, around, next)
    }
    case 'INELIGIBLE_REPLICA':
      return unchanged(withLeader(replica, { proposal: null }), next)
    case 'STALE_BROKER_EPOCH':
      return unchanged(withLeader(replica, { proposal: { ...role.proposal, sending: { kind: 'again' } } }), next)
    default:
      // Refused, but an earlier try of the same proposal may have been accepted: both sets go on counting.
      return unchanged(withLeader(replica, { proposal: { ...role.proposal, sending: { kind: 'unknown' } } }), next)
  }
}

/** The connection to the controller broke: whether a proposal that was sent was decided is open. */
export function proposalLost(replica: Replica): Replica {
  const { role } = replica
  if (role.kind !== 'leader' || role.proposal?.sending.kind !== 'outstanding') return replica
  return withLeader(replica, { proposal: { ...role.proposal, sending: { kind: 'again' } } })
}

function propose(
  replica: Replica,
  around: Surroundings,
  inSyncReplicas: readonly BrokerId[],
  next: CorrelationId,
): ReplicaStep {
  const { role } = replica
  if (role.kind !== 'leader') return unchanged(replica, next)
  const members = inSyncReplicas.map(brokerId => ({ brokerId, brokerEpoch: epochOf(role, around, brokerId) }))
  return sendProposal(replica, around, { inSyncReplicas, members, sending: { kind: 'again' } }, next)
}

/** Of itself its own epoch, of others the one of their last fetch, else the one in the metadata. */
function epochOf(role: Leader, around: Surroundings, brokerId: BrokerId): BrokerEpoch {
  if (brokerId === around.brokerId) return around.brokerEpoch
  const fetched = progressOf(role, brokerId)?.brokerEpoch ?? -1
  if (fetched !== -1) return fetched
  return around.image?.brokers.find(broker => broker.brokerId === brokerId)?.brokerEpoch ?? -1
}

function sendProposal(replica: Replica, around: Surroundings, proposal: Proposal, next: CorrelationId): ReplicaStep {
  if (!around.registered) {
    return unchanged(withLeader(replica, { proposal: { ...proposal, sending: { kind: 'again' } } }), next)
  }
  const members = proposal.members.map(member =>
    member.brokerId === around.brokerId ? { ...member, brokerEpoch: around.brokerEpoch } : member,
  )
  return {
    replica: withLeader(replica, {
      proposal: { ...proposal, members, sending: { kind: 'outstanding', correlationId: next } },
    }),
    sends: [
      {
        kind: 'request',
        to: 'ctl',
        message: {
          kind: 'AlterPartition',
          correlationId: next,
          brokerId: around.brokerId,
          brokerEpoch: around.brokerEpoch,
          topic: replica.topic,
          partition: replica.partition,
          leaderEpoch: replica.leaderEpoch,
          partitionEpoch: replica.partitionEpoch,
          newInSyncReplicas: members,
        },
      },
    ],
    nextCorrelationId: next + 1,
    finished: [],
  }
}

/** One more that waits for the high watermark; perhaps not for long. */
export function beginWaiting(
  replica: Replica,
  around: Surroundings,
  waiting: Waiting,
  next: CorrelationId,
): ReplicaStep {
  if (replica.role.kind !== 'leader') return unchanged(replica, next)
  return finishWaiting(withLeader(replica, { waiting: [...replica.role.waiting, waiting] }), around, next)
}

/** Advances the high watermark after another rule. */
export function thenAdvance(step: ReplicaStep, around: Surroundings): ReplicaStep {
  return followedBy(step, (replica, next) => advanceHighWatermark(replica, around, next))
}
