// Every message that a node can send, with values that no run of a cluster would reach, for tests.

import fc from 'fast-check'
import type { GroupState } from '../../../model/vocabulary/groups.ts'
import type { ClusterImage } from '../../ports/image.ts'
import type { Wire } from '../../ports/network.ts'
import { chunkFromBytes } from '../writer.ts'
import { errorOf } from './family.ts'

type OfKind<K extends Wire['kind']> = Extract<Wire, { readonly kind: K }>

const int32 = fc.oneof(fc.integer(), fc.integer({ min: -2, max: 3 }))
const int64 = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -2, max: 3 }))
const text = fc.oneof(fc.string({ maxLength: 12 }), fc.string({ unit: 'binary', maxLength: 12 }), fc.constant(''))
const orNull = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(of, { freq: 3 })
const some = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(of, { maxLength: 4 })
const error = fc.constantFrom(...[-1, 0, 1, 2, 3, 6, 9, 16, 20, 22, 25, 27, 56, 74, 75, 77, 82, 95, 107].map(errorOf))
const records = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.integer({ min: chunkFromBytes - 2, max: chunkFromBytes + 2 }).map(length => new Uint8Array(length).fill(length)),
)

const id = { correlationId: int32 }
// Topics come from few, so that some follow each other.
const topic = fc.oneof(fc.constantFrom('a', 'b'), text)
const of = { topic, partition: int32 }
const partitions = some(plain(of))
const group = { groupId: text }
const instance = { memberId: text, groupInstanceId: orNull(text) }
const member = { ...group, ...instance }
const bytes = fc.uint8Array({ maxLength: 20 })
const failing = some(plain({ ...of, error }))
const offsets = some(plain({ ...of, offset: int64, leaderEpoch: int32, metadata: text }))
const state = fc.constantFrom<GroupState>('Empty', 'PreparingRebalance', 'CompletingRebalance', 'Stable', 'Dead')
const protocolNames = { protocolType: orNull(text), protocolName: orNull(text) }
// No topic has the id that is all zeros.
const topicId = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map(([_, ...rest]) => new Uint8Array([1, ...rest]).toHex())
const place = { host: text, port: fc.nat(0xffff), rack: orNull(text) }

const image = plain<ClusterImage>({
  metadataOffset: int64,
  controllerEpoch: int32,
  brokers: some(plain({ brokerId: int32, brokerEpoch: int64, fenced: fc.boolean() })),
  topics: some(
    plain({
      topic,
      config: plain({
        segmentBytes: int64,
        indexIntervalBytes: int64,
        maxMessageBytes: int64,
        cleanupPolicy: fc.constantFrom('delete', 'compact', 'compact,delete'),
        retentionMs: int64,
        retentionBytes: int64,
        deleteRetentionMs: int64,
        minInSyncReplicas: int32,
        uncleanLeaderElection: fc.boolean(),
      }),
    }),
  ),
  partitions: some(
    plain({
      ...of,
      replicas: some(int32),
      leader: int32,
      leaderEpoch: int32,
      inSyncReplicas: some(int32),
      eligibleLeaderReplicas: some(int32),
      lastKnownLeader: int32,
      partitionEpoch: int32,
    }),
  ),
  extras: maybe(
    plain({
      clusterId: text,
      places: some(plain({ ...place, brokerId: int32 })),
      topicIds: some(plain({ topic, topicId })),
    }),
  ),
})

/** By kind. */
export const messagesByKind: { readonly [K in Wire['kind']]: fc.Arbitrary<OfKind<K>> } = {
  AlterPartition: record('AlterPartition', {
    ...id,
    ...of,
    topicId: maybe(topicId),
    brokerId: int32,
    brokerEpoch: int64,
    leaderEpoch: int32,
    partitionEpoch: int32,
    newInSyncReplicas: some(plain({ brokerId: int32, brokerEpoch: int64 })),
  }),
  AlterPartitionResponse: record('AlterPartitionResponse', {
    ...id,
    ...of,
    error,
    leader: int32,
    leaderEpoch: int32,
    inSyncReplicas: some(int32),
    partitionEpoch: int32,
  }),
  BrokerHeartbeat: record('BrokerHeartbeat', { ...id, brokerId: int32, brokerEpoch: int64, metadataOffset: int64 }),
  BrokerHeartbeatResponse: record('BrokerHeartbeatResponse', { ...id, error, fenced: fc.boolean() }),
  BrokerRegistration: record('BrokerRegistration', {
    ...id,
    brokerId: int32,
    previousBrokerEpoch: int64,
    place: maybe(plain(place)),
  }),
  BrokerRegistrationResponse: record('BrokerRegistrationResponse', { ...id, error, brokerEpoch: int64 }),
  DeleteGroup: record('DeleteGroup', { ...id, ...group }),
  DeleteGroupResponse: record('DeleteGroupResponse', { ...id, error, ...group }),
  DescribeGroup: record('DescribeGroup', { ...id, ...group }),
  DescribeGroupResponse: record('DescribeGroupResponse', {
    ...id,
    error,
    ...group,
    state,
    protocolType: text,
    protocolName: text,
    members: some(plain({ ...instance, clientId: text, clientHost: text, metadata: bytes, assignment: bytes })),
  }),
  Fetch: record('Fetch', {
    ...id,
    ...of,
    topicId: maybe(topicId),
    replicaId: int32,
    replicaEpoch: int64,
    currentLeaderEpoch: int32,
    fetchOffset: int64,
    lastFetchedEpoch: int32,
    logStartOffset: int64,
  }),
  FetchResponse: record('FetchResponse', {
    ...id,
    ...of,
    error,
    highWatermark: int64,
    logStartOffset: int64,
    logEndOffset: int64,
    divergingEpoch: orNull(plain({ epoch: fc.nat(), endOffset: int64 })),
    records,
  }),
  FindCoordinator: record('FindCoordinator', { ...id, ...group }),
  FindCoordinatorResponse: record('FindCoordinatorResponse', { ...id, error, ...group, brokerId: int32 }),
  Heartbeat: record('Heartbeat', { ...id, ...member, generationId: int32 }),
  HeartbeatResponse: record('HeartbeatResponse', { ...id, error, ...group }),
  JoinGroup: record('JoinGroup', {
    ...id,
    ...member,
    sessionTimeoutMs: int32,
    rebalanceTimeoutMs: int32,
    protocolType: text,
    protocols: some(plain({ name: text, metadata: bytes })),
    clientId: text,
    clientHost: text,
    requiresKnownMemberId: fc.boolean(),
    supportsSkippingAssignment: fc.boolean(),
    reason: orNull(text),
  }),
  JoinGroupResponse: record('JoinGroupResponse', {
    ...id,
    error,
    ...group,
    generationId: int32,
    ...protocolNames,
    leader: text,
    memberId: text,
    skipAssignment: fc.boolean(),
    members: some(plain({ ...instance, metadata: bytes })),
  }),
  LeaveGroup: record('LeaveGroup', {
    ...id,
    ...group,
    members: some(plain({ memberId: orNull(text), groupInstanceId: orNull(text), reason: orNull(text) })),
  }),
  LeaveGroupResponse: record('LeaveGroupResponse', {
    ...id,
    error,
    ...group,
    members: some(plain({ memberId: orNull(text), groupInstanceId: orNull(text), error })),
  }),
  ListGroups: record('ListGroups', { ...id, states: some(text), types: some(text) }),
  ListGroupsResponse: record('ListGroupsResponse', {
    ...id,
    error,
    groups: some(plain({ ...group, protocolType: text, state })),
  }),
  ListOffsets: record('ListOffsets', { ...id, ...of, currentLeaderEpoch: int32, timestamp: int64 }),
  ListOffsetsResponse: record('ListOffsetsResponse', {
    ...id,
    ...of,
    error,
    offset: int64,
    timestamp: int64,
    leaderEpoch: int32,
  }),
  Metadata: record('Metadata', id),
  MetadataResponse: record('MetadataResponse', {
    ...id,
    brokers: some(int32),
    partitions: some(plain({ ...of, leader: int32, leaderEpoch: int32 })),
  }),
  MetadataUpdate: record('MetadataUpdate', { ...id, image }),
  OffsetCommit: record('OffsetCommit', {
    ...id,
    ...member,
    generationId: int32,
    understandsUnknownGroup: fc.boolean(),
    offsets,
  }),
  OffsetCommitResponse: record('OffsetCommitResponse', { ...id, error, ...group, refused: failing }),
  OffsetDelete: record('OffsetDelete', { ...id, ...group, partitions }),
  OffsetDeleteResponse: record('OffsetDeleteResponse', { ...id, error, ...group, partitions: failing }),
  OffsetFetch: record('OffsetFetch', { ...id, ...group, partitions: orNull(partitions) }),
  OffsetFetchResponse: record('OffsetFetchResponse', { ...id, error, ...group, offsets }),
  Produce: record('Produce', { ...id, ...of, acks: fc.constantFrom(-1, 0, 1), timeoutMs: int32, records }),
  ProduceResponse: record('ProduceResponse', { ...id, ...of, error, baseOffset: int64 }),
  SyncGroup: record('SyncGroup', {
    ...id,
    ...member,
    generationId: int32,
    ...protocolNames,
    assignments: some(plain({ memberId: text, assignment: bytes })),
  }),
  SyncGroupResponse: record('SyncGroupResponse', { ...id, error, ...group, ...protocolNames, assignment: bytes }),
}

/** Any of them. */
export const anyMessage: fc.Arbitrary<Wire> = fc.oneof(...Object.values<fc.Arbitrary<Wire>>(messagesByKind))

/** What may be absent. */
function maybe<T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(of, { freq: 3, nil: undefined })
}

/** An arbitrary for each field; for one that may be absent, undefined stands for that. */
type Model<T> = {
  [P in keyof T]-?: fc.Arbitrary<Record<never, never> extends Pick<T, P> ? T[P] | undefined : T[P]>
}

function record<K extends Wire['kind']>(kind: K, fields: Model<Omit<OfKind<K>, 'kind'>>): fc.Arbitrary<OfKind<K>> {
  // Its kind and all its other fields make the message.
  return plain(fields).map(values => ({ kind, ...values }) as unknown as OfKind<K>)
}

/** Records with the prototype that a literal has, and without what is undefined: deep equality looks at both. */
function plain<T>(fields: Model<T>): fc.Arbitrary<T> {
  const loose: Readonly<Record<string, fc.Arbitrary<unknown>>> = fields
  return fc
    .record(loose, { noNullPrototype: true })
    .map(values => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T)
}
