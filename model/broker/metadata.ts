// A broker learns of the controller's decisions, perhaps late and never backwards.
// Follows BrokerMetadataPublisher and ReplicaManager.applyDelta. Notes: docs/protocol/cluster.md §4.3.
import { brokerOf, topicConfigOf } from '../controller/state.ts'
import { initialLog } from '../log/state.ts'
import type { Send } from '../network.ts'
import { learnState } from '../replica/role.ts'
import type { Replica } from '../replica/state.ts'
import type { MetadataImage, PartitionState, RecordsValue, Request } from '../vocabulary/messages.ts'
import { finishStep, leadershipChanged } from './groups.ts'
import { heartbeatIfFenced } from './registration.ts'
import { andThen, type BrokerState, type BrokerStep, replicaOf, still, surroundings } from './state.ts'

/**
 * Who: a broker, told the metadata.
 * When: they are newer than its own, not from a controller that has been replaced, and speak of *this* process. One that
 * has just started must not see itself as the leader that its predecessor was: it would lead again in the same epoch,
 * perhaps without the records of that epoch. (In KRaft it first catches up to its own registration.)
 * Then: every partition that it has a replica of takes its part, in order; then, if fenced, it tells the controller.
 */
export function learnMetadata(broker: BrokerState, image: MetadataImage): BrokerStep {
  const known = broker.image
  const isAnother = brokerOf(image, broker.brokerId)?.brokerEpoch !== broker.brokerEpoch
  const isOld =
    known !== null && (image.controllerEpoch < known.controllerEpoch || image.metadataOffset <= known.metadataOffset)
  if (isAnother || isOld) return still(broker)
  const mine = image.partitions.filter(state => state.replicas.includes(broker.brokerId))
  const learned = mine.reduce(
    (step, state) => andThen(step, current => learnPartition(current, state)),
    still({ ...broker, image }),
  )
  return andThen(learned, heartbeatIfFenced)
}

function learnPartition(broker: BrokerState, state: PartitionState): BrokerStep {
  const before = replicaOf(broker, state.topic, state.partition)
  const replica = before ?? newReplica(broker, state)
  if (replica === null) return still(broker)
  const present = before === null ? withNewReplica(broker, replica) : broker
  const step = learnState(replica, surroundings(present), state, present.nextCorrelationId)
  return andThen(finishStep(present, step), current => leadershipChanged(current, before, step.replica))
}

function newReplica(broker: BrokerState, { topic, partition }: PartitionState): Replica | null {
  const config = broker.image === null ? null : topicConfigOf(broker.image, topic)
  if (config === null) return null
  return { topic, partition, log: initialLog(config), leaderEpoch: -1, partitionEpoch: -1, role: { kind: 'none' } }
}

function withNewReplica(broker: BrokerState, replica: Replica): BrokerState {
  const { topic, partition } = replica
  const isBefore = (other: Replica) => other.topic < topic || (other.topic === topic && other.partition < partition)
  return {
    ...broker,
    replicas: [...broker.replicas.filter(isBefore), replica, ...broker.replicas.filter(other => !isBefore(other))],
  }
}

/** Who: a client. Then: the leaders as this broker knows them, which may be old news. */
export function metadataAsked(
  broker: BrokerState,
  to: { readonly endpoint: string; readonly connection: number },
  request: Extract<Request<RecordsValue>, { kind: 'Metadata' }>,
): Send {
  const { image } = broker
  return {
    kind: 'respond',
    to,
    message: {
      kind: 'MetadataResponse',
      correlationId: request.correlationId,
      brokers: image === null ? [] : image.brokers.filter(other => !other.fenced).map(other => other.brokerId),
      partitions:
        image === null
          ? []
          : image.partitions.map(({ topic, partition, leader, leaderEpoch }) => ({
              topic,
              partition,
              leader,
              leaderEpoch,
            })),
    },
  }
}
