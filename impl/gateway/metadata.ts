// Metadata, DescribeCluster and FindCoordinator: what clients need to find their way. Follows `KafkaApis` and
// `KRaftMetadataCache`.
import type { PartitionState } from '../../model/vocabulary/messages.ts'
import { findCoordinator as findInCore } from '../broker/known-metadata.ts'
import { isInternal } from '../broker/topics.ts'
import { refuseName } from '../controller/topic-names.ts'
import type { describeCluster } from '../wire/apis/describe-cluster.ts'
import type { findCoordinator } from '../wire/apis/find-coordinator.ts'
import type { metadata } from '../wire/apis/metadata.ts'
import { errorCode, type KafkaErrorName } from '../wire/errors.ts'
import { type ResponseOf, zeroUuid } from '../wire/schema.ts'
import type { Call } from './session.ts'
import type { ClusterView } from './view.ts'

type MetadataCall = Call<typeof metadata>
type Response = ResponseOf<typeof metadata>
type Topic = Response['topics'][number]
type Asked = { readonly topicId: string; readonly name: string | null }

/** Bits of the operations that a client may do when it asks; without authorization, all that the resource has. */
export const topicOperations = 3576
const clusterOperations = 8096
const notAsked = -2_147_483_648

/** Creates topics that somebody asked for; `done` is called when that is decided, with what became of each. */
export type CreateTopics = (
  topics: readonly string[],
  done: (errors: ReadonlyMap<string, KafkaErrorName>) => void,
) => void

/** Carries out Metadata; `create` is null where topics are not created by asking for them. */
export function handleMetadata(view: ClusterView, create: CreateTopics | null, call: MetadataCall): void {
  const { request, version } = call
  const isAll = request.topics === null || (version === 0 && request.topics.length === 0)
  if (isAll || request.topics === null) {
    call.answer(responseOf(view, call, everyTopic(view)))
    return
  }
  const asked = request.topics
  const missing = new Set(
    asked.flatMap(({ name, topicId }) =>
      name !== null && topicId === zeroUuid && isMissing(view, name) ? [name] : [],
    ),
  )
  const isWanted = request.allowAutoTopicCreation || version < 4
  if (create === null || !isWanted || missing.size === 0) {
    call.answer(responseOf(view, call, asked))
    return
  }
  create([...missing], errors => call.answer(responseOf(view, call, asked, errors)))
}

/** Carries out DescribeCluster (KIP-700, KIP-1073). */
export function handleDescribeCluster(view: ClusterView, { request, answer }: Call<typeof describeCluster>): void {
  const { includeClusterAuthorizedOperations, endpointType, includeFencedBrokers } = request
  const wrong = wrongEndpoint(endpointType)
  const brokers = []
  for (const { brokerId, fenced } of wrong !== null ? [] : (view.image?.brokers ?? [])) {
    const address = fenced && !includeFencedBrokers ? null : view.addressOf(brokerId)
    if (address !== null) brokers.push({ brokerId, ...address, isFenced: fenced })
  }
  answer({
    throttleTimeMs: 0,
    errorCode: errorCode(wrong?.error ?? 'NONE'),
    errorMessage: wrong?.message ?? null,
    endpointType: brokerEndpoints,
    clusterId: view.clusterId,
    controllerId: aController(view),
    brokers,
    clusterAuthorizedOperations: includeClusterAuthorizedOperations ? clusterOperations : notAsked,
  })
}

const brokerEndpoints = 1
const controllerEndpoints = 2

function wrongEndpoint(endpointType: number): { readonly error: KafkaErrorName; readonly message: string } | null {
  switch (endpointType) {
    case brokerEndpoints:
      return null
    case controllerEndpoints:
      return {
        error: 'MISMATCHED_ENDPOINT_TYPE',
        message: 'clients speak with brokers here, never with the controller',
      }
    default:
      return { error: 'UNSUPPORTED_ENDPOINT_TYPE', message: `there is no endpoint type ${endpointType}` }
  }
}

/** Where the coordinator of each key is. */
export function handleFindCoordinator(view: ClusterView, call: Call<typeof findCoordinator>): void {
  const { request, version } = call
  const keys = version >= 4 ? request.coordinatorKeys : [request.key]
  const coordinators = keys.map(key => {
    if (request.keyType !== 0) {
      const errorMessage = 'this broker coordinates groups only: it has no transactions and no share groups'
      // The one error that every client takes as final for a transactional id, as InitProducerId answers it.
      const isTransaction = request.keyType === transactionKeys
      const error = isTransaction ? 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED' : 'INVALID_REQUEST'
      return { key, ...nowhere, errorCode: errorCode(error), errorMessage }
    }
    const { error, brokerId } = findInCore(view.known, { kind: 'FindCoordinator', correlationId: 0, groupId: key })
    const address = error === 'NONE' ? view.addressOf(brokerId) : null
    if (address === null) {
      return { key, ...nowhere, errorCode: errorCode('COORDINATOR_NOT_AVAILABLE'), errorMessage: null }
    }
    return { key, nodeId: brokerId, host: address.host, port: address.port, errorCode: 0, errorMessage: null }
  })
  const [first] = coordinators
  call.answer({
    throttleTimeMs: 0,
    errorCode: first?.errorCode ?? 0,
    errorMessage: first?.errorMessage ?? null,
    nodeId: first?.nodeId ?? -1,
    host: first?.host ?? '',
    port: first?.port ?? -1,
    coordinators,
  })
}

/** The type of key that stands for a transactional id. */
const transactionKeys = 1
const nowhere = { nodeId: -1, host: '', port: -1 } as const

function isMissing(view: ClusterView, name: string): boolean {
  return view.topicId(name) === zeroUuid && !isInternal(name)
}

/** A topic that was asked for twice is answered once. */
function withoutRepetitions(asked: readonly Asked[]): readonly Asked[] {
  return [...new Map(asked.map(one => [one.topicId === zeroUuid ? `name ${one.name}` : one.topicId, one])).values()]
}

function everyTopic(view: ClusterView): readonly Asked[] {
  return view.image?.topics.map(({ topic }) => ({ name: topic, topicId: zeroUuid })) ?? []
}

function responseOf(
  view: ClusterView,
  { request, version }: MetadataCall,
  asked: readonly Asked[],
  errors: ReadonlyMap<string, KafkaErrorName> = new Map(),
): Response {
  const operations = request.includeTopicAuthorizedOperations ? topicOperations : notAsked
  return {
    throttleTimeMs: 0,
    brokers: liveBrokers(view),
    clusterId: view.clusterId,
    controllerId: aController(view),
    topics: withoutRepetitions(asked).map(topic => {
      const described = describeTopic(view, topic, errors, operations)
      // Before version 12 a topic always has a name, also one that was asked for by an id that nobody knows.
      return version < 12 ? { ...described, name: described.name ?? '' } : described
    }),
    clusterAuthorizedOperations: request.includeClusterAuthorizedOperations ? clusterOperations : notAsked,
    errorCode: 0,
  }
}

/** The brokers that are not fenced, with where to reach them. */
function liveBrokers(view: ClusterView): Response['brokers'] {
  const brokers = []
  for (const { brokerId, fenced } of view.image?.brokers ?? []) {
    const address = fenced ? null : view.addressOf(brokerId)
    if (address !== null) brokers.push({ nodeId: brokerId, ...address })
  }
  return brokers
}

/** Clients send what is for the controller to any broker, which hands it on (KIP-590). */
function aController(view: ClusterView): number {
  return liveBrokers(view)[0]?.nodeId ?? -1
}

function describeTopic(
  view: ClusterView,
  { name, topicId }: Asked,
  errors: ReadonlyMap<string, KafkaErrorName>,
  topicAuthorizedOperations: number,
): Topic {
  // Who asks by id leaves the name null, or empty as the Java client does.
  const isById = topicId !== zeroUuid
  const topic = isById ? (view.topicOfId(topicId) ?? null) : name
  const id = topic === null ? zeroUuid : view.topicId(topic)
  if (topic === null || id === zeroUuid) {
    const isIllegal = !isById && (name === null || refuseName(name) !== null)
    const unknownName = isIllegal ? 'INVALID_TOPIC_EXCEPTION' : 'UNKNOWN_TOPIC_OR_PARTITION'
    const unknown = isById ? 'UNKNOWN_TOPIC_ID' : unknownName
    const error = errors.get(name ?? '') ?? unknown
    const isInternalTopic = name !== null && isInternal(name)
    return {
      errorCode: errorCode(error),
      name: isById ? null : name,
      topicId,
      isInternal: isInternalTopic,
      partitions: [],
      topicAuthorizedOperations,
    }
  }
  return {
    errorCode: 0,
    name: topic,
    topicId: id,
    isInternal: isInternal(topic),
    partitions: view.partitionsOf(topic).map(state => describePartition(state, isUpIn(view))),
    topicAuthorizedOperations,
  }
}

/** Whether a broker is registered and not fenced. */
export function isUpIn({ image }: ClusterView): (brokerId: number) => boolean {
  return id => image?.brokers.some(({ brokerId, fenced }) => brokerId === id && !fenced) === true
}

/** One partition as clients are told of it. */
export function describePartition(
  state: PartitionState,
  isUp: (brokerId: number) => boolean,
): Topic['partitions'][number] {
  return {
    errorCode: state.leader < 0 ? errorCode('LEADER_NOT_AVAILABLE') : 0,
    partitionIndex: state.partition,
    leaderId: state.leader,
    leaderEpoch: state.leaderEpoch,
    replicaNodes: state.replicas,
    isrNodes: state.inSyncReplicas,
    offlineReplicas: state.replicas.filter(id => !isUp(id)),
  }
}
