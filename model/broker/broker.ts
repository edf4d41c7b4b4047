// A broker as a node: which message, loss or timer goes to which rule.
import { endpointOfController } from '../cluster/names.ts'
import type { Requester } from '../network.ts'
import {
  answerDueFetches,
  consumerFetches,
  followerFetches,
  unknownPartition,
  withoutParkedOf,
} from '../replica/fetch.ts'
import { fetchAnswered, fetchLost, retryFetch } from '../replica/follower.ts'
import { checkInSync, proposalAnswered, proposalLost } from '../replica/leader.ts'
import { listRefused, offsetsListed, produced, produceRefused, timeOutWaiting } from '../replica/produce.ts'
import { type FetchRequest, followedBy, type Replica, type ReplicaStep } from '../replica/state.ts'
import type { MessageValue, RecordsValue, Request } from '../vocabulary/messages.ts'
import type { CorrelationId } from '../vocabulary/units.ts'
import { coordinatorFound, finishStep, groupRequested, groupTimers } from './groups.ts'
import { learnMetadata, metadataAsked } from './metadata.ts'
import { controllerLost, heartbeatAnswered, heartbeatTimer, registrationAnswered } from './registration.ts'
import { andThen, type BrokerState, type BrokerStep, replicaOf, still, surroundings } from './state.ts'

/** A message arrives. Kinds that are not meant for a broker are ignored. */
export function brokerReceives(broker: BrokerState, requester: Requester, message: MessageValue): BrokerStep {
  switch (message.kind) {
    case 'BrokerRegistrationResponse':
      return registrationAnswered(broker, message)
    case 'BrokerHeartbeatResponse':
      return heartbeatAnswered(broker, message)
    case 'MetadataUpdate':
      return learnMetadata(broker, message.image)
    case 'AlterPartitionResponse':
      return onReplica(broker, message, (replica, next) =>
        proposalAnswered(replica, surroundings(broker), message, next),
      )
    case 'FetchResponse':
      return onReplica(broker, message, (replica, next) => fetchAnswered(replica, surroundings(broker), message, next))
    case 'Fetch':
      return fetched(broker, requester, message)
    case 'Produce':
      return produceAsked(broker, requester, message)
    case 'ListOffsets': {
      const replica = replicaOf(broker, message.topic, message.partition)
      return {
        broker,
        sends: [
          replica === null
            ? listRefused(requester, message, 'UNKNOWN_TOPIC_OR_PARTITION')
            : offsetsListed(replica, requester, message),
        ],
      }
    }
    case 'Metadata':
      return { broker, sends: [metadataAsked(broker, requester, message)] }
    case 'FindCoordinator':
      return { broker, sends: [coordinatorFound(broker, requester, message)] }
    case 'JoinGroup':
    case 'SyncGroup':
    case 'Heartbeat':
    case 'LeaveGroup':
    case 'OffsetCommit':
    case 'OffsetFetch':
      return groupRequested(broker, requester, message)
    default:
      return still(broker)
  }
}

/** The connection to another node broke: nothing is under way to it, and nothing that it asked need be kept. */
export function brokerDisconnected(broker: BrokerState, endpoint: string): BrokerStep {
  const isController = endpoint === endpointOfController
  const replicas = broker.replicas.map(replica => {
    const lost = isController ? proposalLost(replica) : fetchLost(replica, surroundings(broker), endpoint)
    return withoutParkedOf(lost, endpoint)
  })
  const known = isController ? controllerLost(broker) : broker
  return still(replicas.every((replica, i) => replica === broker.replicas[i]) ? known : { ...known, replicas })
}

/** Time has passed on the broker's clock: timers in the order of docs/protocol/cluster.md §4.11. */
export function brokerTicks(broker: BrokerState): BrokerStep {
  const beaten = heartbeatTimer(broker)
  const checked = andThen(beaten, inSyncTimer)
  const replicas = broker.replicas.reduce(
    (step, replica) => andThen(step, current => replicaTimers(current, replica)),
    checked,
  )
  return andThen(replicas, groupTimers)
}

function inSyncTimer(broker: BrokerState): BrokerStep {
  if (broker.now < broker.inSyncCheckDue) return still(broker)
  const armed = { ...broker, inSyncCheckDue: broker.now + inSyncCheckIntervalMs(broker) }
  return broker.replicas.reduce(
    (step, replica) =>
      andThen(step, current =>
        onReplica(current, replica, (present, next) => checkInSync(present, surroundings(current), next)),
      ),
    still(armed),
  )
}

/** Half the lag time, rounded down (`ReplicaManager`: `replica.lag.time.max.ms / 2`). */
export function inSyncCheckIntervalMs(broker: Pick<BrokerState, 'config'>): number {
  return Math.floor(broker.config.replicaLagTimeMaxMs / 2)
}

function replicaTimers(broker: BrokerState, of: Replica): BrokerStep {
  return onReplica(broker, of, (replica, next) => {
    const around = surroundings(broker)
    const retried = retryFetch(replica, around, next)
    const answered = followedBy(retried, (present, id) => answerDueFetches(present, around, id))
    return followedBy(answered, (present, id) => timeOutWaiting(present, around, id))
  })
}

function fetched(broker: BrokerState, requester: Requester, request: FetchRequest): BrokerStep {
  const replica = replicaOf(broker, request.topic, request.partition)
  if (replica === null) return { broker, sends: [unknownPartition(requester, request)] }
  const rule = request.replicaId === -1 ? consumerFetches : followerFetches
  return onReplica(broker, request, (present, next) => rule(present, surroundings(broker), requester, request, next))
}

function produceAsked(
  broker: BrokerState,
  requester: Requester,
  request: Extract<Request<RecordsValue>, { kind: 'Produce' }>,
): BrokerStep {
  if (request.topic.startsWith('__')) return { broker, sends: produceRefused(requester, request, 'INVALID_REQUEST') }
  if (replicaOf(broker, request.topic, request.partition) === null) {
    return { broker, sends: produceRefused(requester, request, 'UNKNOWN_TOPIC_OR_PARTITION') }
  }
  return onReplica(broker, request, (replica, next) =>
    produced(replica, surroundings(broker), requester, request, next),
  )
}

function onReplica(
  broker: BrokerState,
  of: { readonly topic: string; readonly partition: number },
  rule: (replica: Replica, next: CorrelationId) => ReplicaStep,
): BrokerStep {
  const replica = replicaOf(broker, of.topic, of.partition)
  return replica === null ? still(broker) : finishStep(broker, rule(replica, broker.nextCorrelationId))
}
