// Batches from partitions, for consumers and followers. Sessions since version 7 (KIP-227), divergence by epoch since 12
// (KIP-595), topic ids instead of names since 13 (KIP-516), the follower's broker epoch since 15 (KIP-903), its directory
// since 17 (KIP-853). In version 18 a follower says which high watermark it knows (KIP-1166): by default the largest int64.

import {
  array,
  defineApi,
  int8,
  int16,
  int32,
  int64,
  nullable,
  records,
  string,
  struct,
  tagged,
  uuid,
} from '../schema.ts'

export const fetch = defineApi({
  key: 1,
  name: 'Fetch',
  minVersion: 4,
  maxVersion: 18,
  flexibleSince: 12,
  request: {
    clusterId: tagged(0, nullable('12+', string('12+'), null)),
    replicaId: int32('0-14', -1),
    replicaState: tagged(
      1,
      struct('15+', {
        replicaId: int32('0+', -1),
        replicaEpoch: int64('0+', -1),
      }),
    ),
    maxWaitMs: int32(),
    minBytes: int32(),
    maxBytes: int32('3+', 0x7fffffff),
    isolationLevel: int8('4+'),
    sessionId: int32('7+'),
    sessionEpoch: int32('7+', -1),
    topics: array('0+', {
      topic: string('0-12'),
      topicId: uuid('13+'),
      partitions: array('0+', {
        partition: int32(),
        currentLeaderEpoch: int32('9+', -1),
        fetchOffset: int64(),
        lastFetchedEpoch: int32('12+', -1),
        logStartOffset: int64('5+', -1),
        partitionMaxBytes: int32(),
        replicaDirectoryId: tagged(0, uuid('17+')),
        highWatermark: tagged(1, int64('18+', Number.MAX_SAFE_INTEGER)),
      }),
    }),
    forgottenTopicsData: array('7+', {
      topic: string('7-12'),
      topicId: uuid('13+'),
      partitions: array('0+', 'int32'),
    }),
    rackId: string('11+'),
  },
  response: {
    throttleTimeMs: int32('1+'),
    errorCode: int16('7+'),
    sessionId: int32('7+'),
    responses: array('0+', {
      topic: string('0-12'),
      topicId: uuid('13+'),
      partitions: array('0+', {
        partitionIndex: int32(),
        errorCode: int16(),
        highWatermark: int64(),
        lastStableOffset: int64('4+', -1),
        logStartOffset: int64('5+', -1),
        divergingEpoch: tagged(
          0,
          struct('12+', {
            epoch: int32('0+', -1),
            endOffset: int64('0+', -1),
          }),
        ),
        currentLeader: tagged(
          1,
          struct('12+', {
            leaderId: int32('0+', -1),
            leaderEpoch: int32('0+', -1),
          }),
        ),
        snapshotId: tagged(
          2,
          struct('12+', {
            endOffset: int64('0+', -1),
            epoch: int32('0+', -1),
          }),
        ),
        abortedTransactions: nullable(
          '4+',
          array('4+', {
            producerId: int64(),
            firstOffset: int64(),
          }),
        ),
        preferredReadReplica: int32('11+', -1),
        records: nullable('0+', records()),
      }),
    }),
    nodeEndpoints: tagged(
      0,
      array('16+', {
        nodeId: int32(),
        host: string(),
        port: int32(),
        rack: nullable('16+', string(), null),
      }),
    ),
  },
})
