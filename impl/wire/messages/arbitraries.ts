// Every message that a node can send, with values that no run of a cluster would reach, for tests.

import fc from 'fast-check'
import type { AssignorName } from '../../../model/vocabulary/choosing.ts'
import type { JoinProtocol } from '../../../model/vocabulary/messages.ts'
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
const member = { ...group, memberId: text, groupInstanceId: orNull(text) }
const offsets = some(plain({ ...of, offset: int64, leaderEpoch: int32, metadata: text }))
const assignor = fc.constantFrom<AssignorName>('range', 'roundrobin', 'sticky', 'cooperative-sticky')

function protocol(name: fc.Arbitrary<AssignorName>): fc.Arbitrary<JoinProtocol> {
  return plain({ name, topics: some(topic), owned: partitions, generationId: int32 })
}

const image = plain({
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
})

/** By kind. */
export const messagesByKind: { readonly [K in Wire['kind']]: fc.Arbitrary<OfKind<K>> } = {
  AlterPartition: record('AlterPartition', {
    ...id,
    ...of,
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
  BrokerRegistration: record('BrokerRegistration', { ...id, brokerId: int32, previousBrokerEpoch: int64 }),
  BrokerRegistrationResponse: record('BrokerRegistrationResponse', { ...id, error, brokerEpoch: int64 }),
  Fetch: record('Fetch', {
    ...id,
    ...of,
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
    protocols: some(protocol(assignor)),
  }),
  // The members are those of the chosen protocol; without one there are none.
  JoinGroupResponse: orNull(assignor).chain(protocolName =>
    record('JoinGroupResponse', {
      ...id,
      error,
      ...group,
      generationId: int32,
      protocolName: fc.constant(protocolName),
      leader: text,
      memberId: text,
      members:
        protocolName === null
          ? fc.constant([])
          : some(
              plain({
                memberId: text,
                groupInstanceId: orNull(text),
                protocol: protocol(fc.constant(protocolName)),
              }),
            ),
    }),
  ),
  LeaveGroup: record('LeaveGroup', { ...id, ...member }),
  LeaveGroupResponse: record('LeaveGroupResponse', { ...id, error, ...group }),
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
  OffsetCommit: record('OffsetCommit', { ...id, ...member, generationId: int32, offsets }),
  OffsetCommitResponse: record('OffsetCommitResponse', { ...id, error, ...group }),
  OffsetFetch: record('OffsetFetch', { ...id, ...group, partitions }),
  OffsetFetchResponse: record('OffsetFetchResponse', { ...id, error, ...group, offsets }),
  Produce: record('Produce', { ...id, ...of, acks: fc.constantFrom(-1, 0, 1), timeoutMs: int32, records }),
  ProduceResponse: record('ProduceResponse', { ...id, ...of, error, baseOffset: int64 }),
  SyncGroup: record('SyncGroup', {
    ...id,
    ...member,
    generationId: int32,
    assignments: some(plain({ memberId: text, partitions })),
  }),
  SyncGroupResponse: record('SyncGroupResponse', { ...id, error, ...group, partitions }),
}

/** Any of them. */
export const anyMessage: fc.Arbitrary<Wire> = fc.oneof(...Object.values<fc.Arbitrary<Wire>>(messagesByKind))

type Model<T> = { [P in keyof T]: fc.Arbitrary<T[P]> }

function record<K extends Wire['kind']>(kind: K, fields: Model<Omit<OfKind<K>, 'kind'>>): fc.Arbitrary<OfKind<K>> {
  // Its kind and all its other fields make the message.
  return plain(fields).map(values => ({ kind, ...values }) as unknown as OfKind<K>)
}

/** Records with the prototype that a literal has: deep equality looks at it. */
function plain<T>(fields: Model<T>): fc.Arbitrary<T> {
  return fc.record<T>(fields, { noNullPrototype: true })
}
