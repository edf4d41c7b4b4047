// DeleteRecords, DescribeLogDirs and DescribeProducers: what concerns the replicas of this broker. Follows `KafkaApis`,
// KIP-107, KIP-113, KIP-664 and KIP-827.

import { isInternal } from '../broker/topics.ts'
import type { Replica } from '../replica/replica.ts'
import type { deleteRecords } from '../wire/apis/delete-records.ts'
import type { describeLogDirs } from '../wire/apis/describe-log-dirs.ts'
import type { describeProducers } from '../wire/apis/describe-producers.ts'
import { errorCode, type KafkaErrorName } from '../wire/errors.ts'
import type { ResponseOf } from '../wire/schema.ts'
import { byTopic } from './by-topic.ts'
import type { Core } from './core.ts'
import type { Call } from './session.ts'
import type { ClusterView } from './view.ts'

/**
 * Carries out DeleteRecords. The leader deletes at once and its followers when they next fetch; Kafka waits for all of
 * them, and answers the smallest log start among those alive, which is the leader's once they have followed.
 */
export function handleDeleteRecords(
  core: Core,
  view: ClusterView,
  { request, answer }: Call<typeof deleteRecords>,
): void {
  const topics = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, offset }) => {
      const error = erase(core, view, name, partitionIndex, offset)
      const lowWatermark = error === 'NONE' ? core.logStartOffset(name, partitionIndex) : -1
      return { partitionIndex, lowWatermark, errorCode: errorCode(error) }
    }),
  }))
  answer({ throttleTimeMs: 0, topics })
}

function erase(core: Core, view: ClusterView, topic: string, partition: number, offset: number): KafkaErrorName {
  if (isInternal(topic)) return 'INVALID_TOPIC_EXCEPTION'
  const replica = core.broker.replica(topic, partition)
  // A log that is compacted and nothing else keeps the last word on every key.
  if (replica?.role?.kind === 'leader' && replica.log.config.cleanupPolicy === 'compact') return 'POLICY_VIOLATION'
  const error = core.broker.administer(topic, partition, one => one.deleteRecords(offset))
  if (error !== null) return error
  return view.partition(topic, partition) === undefined ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'NOT_LEADER_OR_FOLLOWER'
}

/** How much room there is where the logs are. */
export type DiskRoom = { readonly totalBytes: number; readonly usableBytes: number }

/** Carries out DescribeLogDirs: one folder holds all logs of a broker. */
export function handleDescribeLogDirs(
  core: Core,
  logDir: string,
  room: () => DiskRoom,
  { request, answer }: Call<typeof describeLogDirs>,
): void {
  const wanted =
    request.topics === null ? null : new Map(request.topics.map(one => [one.topic, new Set(one.partitions)]))
  const shown = core.broker.replicas.filter(
    ({ topic, partition }) => wanted === null || wanted.get(topic)?.has(partition) === true,
  )
  const topics = byTopic(shown).map(([name, replicas]) => ({
    name,
    partitions: replicas.map(({ partition, log }) => ({
      partitionIndex: partition,
      partitionSize: log.segments.reduce((sum, { size }) => sum + size, 0),
      offsetLag: Math.max(0, log.highWatermark - log.logEndOffset),
      isFutureKey: false,
    })),
  }))
  const results = [{ errorCode: 0, logDir, topics, ...room(), isCordoned: false }]
  answer({ throttleTimeMs: 0, errorCode: 0, results })
}

type Producers = ResponseOf<typeof describeProducers>['topics'][number]['partitions'][number]

/** Carries out DescribeProducers. */
export function handleDescribeProducers(
  core: Core,
  view: ClusterView,
  { request, answer }: Call<typeof describeProducers>,
): void {
  const topics = request.topics.map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.map((partitionIndex): Producers => {
      const replica = core.broker.replica(name, partitionIndex)
      if (replica?.role?.kind === 'leader') return producersOf(replica)
      const isKnown = view.partition(name, partitionIndex) !== undefined
      const error = isKnown ? 'NOT_LEADER_OR_FOLLOWER' : 'UNKNOWN_TOPIC_OR_PARTITION'
      return { partitionIndex, errorCode: errorCode(error), errorMessage: null, activeProducers: [] }
    }),
  }))
  answer({ throttleTimeMs: 0, topics })
}

function producersOf({ partition, log }: Replica): Producers {
  const activeProducers = log.producers.entries.map(({ producerId, producerEpoch, batches }) => ({
    producerId,
    producerEpoch,
    lastSequence: batches.at(-1)?.lastSequence ?? -1,
    lastTimestamp: -1,
    coordinatorEpoch: -1,
    currentTxnStartOffset: -1,
  }))
  return { partitionIndex: partition, errorCode: 0, errorMessage: null, activeProducers }
}
