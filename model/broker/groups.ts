// A broker as group coordinator: the groups of every partition of the groups' topic that it leads.
// Follows GroupMetadataManager. Notes: docs/protocol/groups.md §7.
import { offsetsTopic } from '../controller/controller.ts'
import { plainResponse } from '../group/answers.ts'
import {
  completeWrite,
  handleGroupRequest,
  initialCoordinator,
  loadCoordinator,
  tickCoordinator,
  unloadCoordinator,
} from '../group/coordinator.ts'
import { groupPartition } from '../group/partition.ts'
import type { CoordinatorEffect, CoordinatorState, CoordinatorStep } from '../group/state.ts'
import type { Requester, Send } from '../network.ts'
import { groupWrote } from '../replica/produce.ts'
import type { FinishedWrite, Replica, ReplicaStep } from '../replica/state.ts'
import type { ErrorName } from '../vocabulary/errors.ts'
import type { GroupLogRecord } from '../vocabulary/groups.ts'
import type { GroupRequest, RecordsValue, Request } from '../vocabulary/messages.ts'
import type { PartitionIndex } from '../vocabulary/units.ts'
import { andThen, type BrokerState, type BrokerStep, replicaOf, still, surroundings, withStep } from './state.ts'

/** The end of a replica's step: group writes that finished are told to their coordinator. */
export function finishStep(broker: BrokerState, step: ReplicaStep): BrokerStep {
  const after: BrokerStep = { broker: withStep(broker, step), sends: step.sends }
  if (step.finished.length === 0) return after
  return step.finished.reduce(
    (so, write) => andThen(so, current => writeFinished(current, step.replica.partition, write)),
    after,
  )
}

/** Who: a member, or anybody else with a question to a group's coordinator. */
export function groupRequested(broker: BrokerState, requester: Requester, request: GroupRequest): BrokerStep {
  const partition = broker.offsetsPartitions === 0 ? -1 : groupPartition(request.groupId, broker.offsetsPartitions)
  const coordinator = coordinatorOf(broker, partition)
  if (coordinator === null) {
    return { broker, sends: [{ kind: 'respond', to: requester, message: plainResponse(request, 'NOT_COORDINATOR') }] }
  }
  return taken(broker, partition, handleGroupRequest(coordinator, broker.now, requester, request))
}

/** Who: a member that looks for its coordinator. Then: the leader of the group's partition, as far as known here. */
export function coordinatorFound(
  broker: BrokerState,
  requester: Requester,
  request: Extract<Request<RecordsValue>, { kind: 'FindCoordinator' }>,
): Send {
  const partition = broker.offsetsPartitions === 0 ? -1 : groupPartition(request.groupId, broker.offsetsPartitions)
  const state = broker.image?.partitions.find(entry => entry.topic === offsetsTopic && entry.partition === partition)
  const leader = state?.leader ?? -1
  return {
    kind: 'respond',
    to: requester,
    message: {
      kind: 'FindCoordinatorResponse',
      correlationId: request.correlationId,
      groupId: request.groupId,
      error: leader === -1 ? 'COORDINATOR_NOT_AVAILABLE' : 'NONE',
      brokerId: leader,
    },
  }
}

/**
 * When: metadata may have begun, ended or renewed this broker's leadership of a partition of the groups' topic.
 * Then: the old coordinator sends everybody away; the new one reads its log, committed or not.
 */
export function leadershipChanged(broker: BrokerState, before: Replica | null, after: Replica): BrokerStep {
  if (after.topic !== offsetsTopic) return still(broker)
  const led = before?.role.kind === 'leader' ? before.leaderEpoch : null
  const leads = after.role.kind === 'leader' ? after.leaderEpoch : null
  if (led === leads) return still(broker)
  const unloaded = led === null ? still(broker) : unload(broker, after.partition)
  return leads === null ? unloaded : andThen(unloaded, current => still(load(current, after)))
}

/** Time passes for every coordinator. */
export function groupTimers(broker: BrokerState): BrokerStep {
  return broker.coordinators.reduce(
    (step, { partition }) =>
      andThen(step, current => {
        const coordinator = coordinatorOf(current, partition)
        return coordinator === null
          ? still(current)
          : taken(current, partition, tickCoordinator(coordinator, current.now))
      }),
    still(broker),
  )
}

function coordinatorOf(broker: BrokerState, partition: PartitionIndex): CoordinatorState | null {
  return broker.coordinators.find(entry => entry.partition === partition)?.coordinator ?? null
}

/** What a coordinator wants done, in order: answers are sent, writes are appended to its partition. */
function taken(broker: BrokerState, partition: PartitionIndex, step: CoordinatorStep): BrokerStep {
  const start = still(withCoordinator(broker, partition, step.state))
  return step.effects.reduce((so, effect) => andThen(so, current => carryOut(current, partition, effect)), start)
}

function carryOut(broker: BrokerState, partition: PartitionIndex, effect: CoordinatorEffect): BrokerStep {
  if (effect.kind === 'respond') {
    return { broker, sends: [{ kind: 'respond', to: effect.requester, message: effect.response }] }
  }
  const replica = replicaOf(broker, offsetsTopic, partition)
  if (replica === null) return writeFailed(broker, partition, effect.writeId, 'NOT_LEADER_OR_FOLLOWER')
  const batch = {
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    records: effect.records.map(({ key, value }) => ({ key, value, timestamp: broker.now })),
  }
  const written = groupWrote(replica, surroundings(broker), batch, effect.writeId, broker.nextCorrelationId)
  const step = finishStep(broker, written)
  const { refused } = written
  return refused === null ? step : andThen(step, current => writeFailed(current, partition, effect.writeId, refused))
}

function writeFinished(broker: BrokerState, partition: PartitionIndex, write: FinishedWrite): BrokerStep {
  return writeFailed(broker, partition, write.writeId, write.error)
}

function writeFailed(broker: BrokerState, partition: PartitionIndex, writeId: number, error: ErrorName): BrokerStep {
  const coordinator = coordinatorOf(broker, partition)
  return coordinator === null
    ? still(broker)
    : taken(broker, partition, completeWrite(coordinator, broker.now, writeId, error))
}

function unload(broker: BrokerState, partition: PartitionIndex): BrokerStep {
  const coordinator = coordinatorOf(broker, partition)
  if (coordinator === null) return still(broker)
  const { effects } = unloadCoordinator(coordinator)
  const gone = { ...broker, coordinators: broker.coordinators.filter(entry => entry.partition !== partition) }
  return effects.reduce((so, effect) => andThen(so, current => carryOut(current, partition, effect)), still(gone))
}

function load(broker: BrokerState, replica: Replica): BrokerState {
  const { brokerId, groupConfig, now } = broker
  const records: GroupLogRecord[] = []
  for (const segment of replica.log.segments) {
    for (const batch of segment.batches) {
      if (batch.corrupt) continue
      for (const { offset, key, value } of batch.records) {
        if (key !== null && offset >= replica.log.logStartOffset) records.push({ key, value })
      }
    }
  }
  const coordinator =
    records.length === 0
      ? initialCoordinator(groupConfig, brokerId, replica.leaderEpoch, now)
      : loadCoordinator(groupConfig, brokerId, replica.leaderEpoch, now, records)
  const others = broker.coordinators.filter(entry => entry.partition !== replica.partition)
  return {
    ...broker,
    coordinators: [...others, { partition: replica.partition, coordinator }].sort((a, b) => a.partition - b.partition),
  }
}

function withCoordinator(broker: BrokerState, partition: PartitionIndex, coordinator: CoordinatorState): BrokerState {
  if (coordinatorOf(broker, partition) === coordinator) return broker
  return {
    ...broker,
    coordinators: broker.coordinators.map(entry =>
      entry.partition === partition ? { partition, coordinator } : entry,
    ),
  }
}
