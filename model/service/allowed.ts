// The entrance of scope `service`: what a cluster may answer to one request of a client. Where the protocol leaves
// something open there are several answers; each leads to its own world, and an answer that is none of them is wrong.
import { unreachable } from '../unreachable.ts'
import type { ServiceOperation } from '../vocabulary/service.ts'
import { committed, deleteGroup, deleteOffset, describeGroup, listGroups } from './group-administration.ts'
import { commit, heartbeat, join, lapse, leave, sync } from './groups.ts'
import { afterLingering } from './lingering.ts'
import {
  deleteRecords,
  endOffsetForEpoch,
  fetchRecords,
  initProducer,
  listOffsets,
  produce,
  readAll,
  readAllTooEarly,
  refusedByFormer,
} from './records.ts'
import { alterConfig, createPartitions, createTopic, deleteTopic, describeConfig, describeTopic } from './topics.ts'
import { type Alternative, findTopic, type World } from './world.ts'

/** Every answer that may come, the usual one first. Total; never empty. */
export function allowed(world: World, operation: ServiceOperation): readonly Alternative[] {
  return afterLingering(world).flatMap(possible => allowedNow(possible, operation))
}

function allowedNow(world: World, operation: ServiceOperation): readonly Alternative[] {
  switch (operation.kind) {
    case 'createTopic':
      return createTopic(world, operation)
    case 'deleteTopic':
      return deleteTopic(world, operation)
    case 'createPartitions':
      return createPartitions(world, operation)
    case 'describeTopic':
      return describeTopic(world, operation)
    case 'describeConfig':
      return describeConfig(world, operation)
    case 'alterConfig':
      return alterConfig(world, operation)
    case 'initProducer':
      return initProducer(world, operation)
    case 'produce':
      return produce(world, operation)
    case 'fetch':
      return fetchRecords(world, operation)
    case 'readAll':
      return readAll(world, operation)
    case 'listOffsets':
      return listOffsets(world, operation)
    case 'deleteRecords':
      return deleteRecords(world, operation)
    case 'endOffsetForEpoch':
      return endOffsetForEpoch(world, operation)
    case 'join':
      return join(world, operation)
    case 'sync':
      return sync(world, operation)
    case 'heartbeat':
      return heartbeat(world, operation)
    case 'leave':
      return leave(world, operation)
    case 'commit':
      return commit(world, operation)
    case 'committed':
      return committed(world, operation)
    case 'deleteOffset':
      return deleteOffset(world, operation)
    case 'describeGroup':
      return describeGroup(world, operation)
    case 'listGroups':
      return listGroups(world)
    case 'deleteGroup':
      return deleteGroup(world, operation)
    case 'lapse':
      return lapse(world, operation)
    default:
      return unreachable(operation)
  }
}

/**
 * Answers after which a client asks again: they say nothing but *not now* or *not here*, and change nothing. Each may come
 * at any time, but not for ever.
 */
export function passing(
  world: World,
  operation: ServiceOperation,
): { readonly errors: readonly string[]; readonly outcomes: readonly Alternative[] } {
  switch (operation.kind) {
    case 'createTopic':
    case 'alterConfig':
      return { errors: controllerErrors, outcomes: [] }
    case 'deleteTopic':
    case 'createPartitions':
    case 'describeTopic':
    case 'describeConfig':
      return {
        errors: [...controllerErrors, ...notHeardOf(world, operation.topic), 'LEADER_NOT_AVAILABLE'],
        outcomes: [],
      }
    case 'initProducer':
      return { errors: coordinatorErrors, outcomes: [] }
    case 'readAll':
      return {
        errors: [...leaderErrors, ...notHeardOf(world, operation.topic)],
        outcomes: readAllTooEarly(world, operation),
      }
    case 'fetch':
    case 'listOffsets': {
      // A leader may not have heard yet of its own epoch, which the rest of the cluster knows.
      const epochErrors = operation.epoch === 'current' ? ['UNKNOWN_LEADER_EPOCH', 'FENCED_LEADER_EPOCH'] : []
      return { errors: [...leaderErrors, ...epochErrors, ...notHeardOf(world, operation.topic)], outcomes: [] }
    }
    case 'produce':
    case 'deleteRecords': {
      const errors = [...leaderErrors, ...notHeardOf(world, operation.topic)]
      return { errors, outcomes: refusedByFormer(world, operation) }
    }
    case 'endOffsetForEpoch':
      return { errors: [...leaderErrors, ...notHeardOf(world, operation.topic)], outcomes: [] }
    default:
      return { errors: coordinatorErrors, outcomes: [] }
  }
}

const controllerErrors = ['NOT_CONTROLLER']
const coordinatorErrors = ['COORDINATOR_NOT_AVAILABLE', 'COORDINATOR_LOAD_IN_PROGRESS', 'NOT_COORDINATOR']
const leaderErrors = [
  'NOT_LEADER_OR_FOLLOWER',
  'LEADER_NOT_AVAILABLE',
  'REPLICA_NOT_AVAILABLE',
  'OFFSET_NOT_AVAILABLE',
  'NOT_ENOUGH_REPLICAS',
]

/** A broker may not have heard yet of a topic that is there. */
function notHeardOf(world: World, topic: string): readonly string[] {
  return findTopic(world, topic) === null ? [] : ['UNKNOWN_TOPIC_OR_PARTITION', 'UNKNOWN_TOPIC_ID']
}
