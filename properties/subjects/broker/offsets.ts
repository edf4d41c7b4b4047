// Questions about the offsets of a partition.
import { listOffsets as listOffsetsApi } from '../../../impl/wire/apis/list-offsets.ts'
import { offsetForLeaderEpoch } from '../../../impl/wire/apis/offset-for-leader-epoch.ts'
import { defaultsOf } from '../../../impl/wire/schema.ts'
import type { ServiceOutcome } from '../../../model/vocabulary/service.ts'
import type { LeaderEpoch, Milliseconds, PartitionIndex } from '../../../model/vocabulary/units.ts'
import type { Place } from './directory.ts'
import { claimed } from './epochs.ts'
import { besideThePoint, failed, nothing, type OperationOf } from './outcomes.ts'
import type { Run } from './run.ts'

/** Who asks: a consumer, and no replica. */
const consumer = -1

export async function listOffsets(run: Run, operation: OperationOf<'listOffsets'>): Promise<ServiceOutcome> {
  const { partition, timestamp, epoch } = operation
  const topic = run.names.real(operation.topic)
  const place = await run.directory.placeOf(topic, partition, epoch !== 'none')
  const leaderEpoch = claimed(epoch, place, run.versionOf(listOffsetsApi.name) >= epochSince)
  if (leaderEpoch === null) return nothing
  const outcome = await offsetAt(run, { place, topic, partition, timestamp, leaderEpoch })
  if (outcome.kind === 'error') run.directory.forgetTopic(topic)
  return outcome
}

/** ListOffsets says which epoch is known since version 4 (KIP-320). */
const epochSince = 4

type OffsetAt = {
  readonly place: Place
  readonly topic: string
  readonly partition: PartitionIndex
  /** Negative ones have a meaning of their own; others are times of the run. */
  readonly timestamp: Milliseconds
  readonly leaderEpoch: LeaderEpoch
}

/** One ListOffsets request. */
export async function offsetAt(run: Run, asked: OffsetAt): Promise<ServiceOutcome> {
  const { place, topic, partition, timestamp, leaderEpoch } = asked
  const row = {
    partitionIndex: partition,
    currentLeaderEpoch: leaderEpoch,
    timestamp: timestamp < 0 ? timestamp : run.baseMs + timestamp,
  }
  const { topics } = await run.ask(place.address, listOffsetsApi, {
    ...defaultsOf(listOffsetsApi.request),
    replicaId: consumer,
    topics: [{ name: topic, partitions: [row] }],
    timeoutMs: 10_000,
  })
  const answered = topics[0]?.partitions[0]
  if (answered === undefined || answered.partitionIndex !== partition) return besideThePoint
  if (answered.errorCode !== 0) return failed(answered.errorCode)
  const isTime = answered.timestamp >= 0
  return {
    kind: 'offset',
    offset: answered.offset,
    timestamp: isTime ? answered.timestamp - run.baseMs : answered.timestamp,
  }
}

export async function endOffsetForEpoch(
  run: Run,
  operation: OperationOf<'endOffsetForEpoch'>,
): Promise<ServiceOutcome> {
  const { partition, epoch } = operation
  const topic = run.names.real(operation.topic)
  const place = await run.directory.placeOf(topic, partition, epoch !== 'none')
  const leaderEpoch = claimed(epoch, place, true)
  if (leaderEpoch === null) return nothing
  const row = { partition, currentLeaderEpoch: -1, leaderEpoch }
  const asked = { replicaId: consumer, topics: [{ topic, partitions: [row] }] }
  const { topics } = await run.ask(place.address, offsetForLeaderEpoch, asked)
  const answered = topics[0]?.partitions[0]
  if (answered === undefined || answered.partition !== partition) return besideThePoint
  if (answered.errorCode !== 0) {
    run.directory.forgetTopic(topic)
    return failed(answered.errorCode)
  }
  return { kind: 'epochEnd', isKnown: answered.endOffset >= 0, endOffset: answered.endOffset }
}
