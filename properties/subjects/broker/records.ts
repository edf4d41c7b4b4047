// What is done to the records of a partition, each a request to its leader.
import { setTimeout as pause } from 'node:timers/promises'
import { apiVersions } from '../../../impl/wire/apis/api-versions.ts'
import { deleteRecords } from '../../../impl/wire/apis/delete-records.ts'
import { fetch } from '../../../impl/wire/apis/fetch.ts'
import { produce } from '../../../impl/wire/apis/produce.ts'
import { defaultsOf } from '../../../impl/wire/schema.ts'
import type { LogRecord } from '../../../model/vocabulary/records.ts'
import type { ServiceOutcome } from '../../../model/vocabulary/service.ts'
import type { Bytes, LeaderEpoch, Offset, PartitionIndex } from '../../../model/vocabulary/units.ts'
import { isSubjectGone } from '../../subject-gone.ts'
import { clientBatch, readBatches, spoiled } from './batches.ts'
import type { Place } from './directory.ts'
import { claimed } from './epochs.ts'
import { offsetAt } from './offsets.ts'
import { besideThePoint, failed, nothing, type OperationOf } from './outcomes.ts'
import { initExactProducerId, withProducerId } from './producer-id.ts'
import type { Run } from './run.ts'

const timeoutMs = 10_000
const readBytes: Bytes = 1_048_576
const lookMs = 20
const withoutStamp = { producerId: -1, producerEpoch: -1, baseSequence: -1 }
const noTransactionMs = 60_000

export async function initProducer(run: Run, { producer }: OperationOf<'initProducer'>): Promise<ServiceOutcome> {
  const api = initExactProducerId
  const asked = { ...defaultsOf(api.request), transactionalId: null, transactionTimeoutMs: noTransactionMs }
  const { errorCode, high, low, producerEpoch } = await run.ask(run.directory.anyBroker, api, asked)
  if (errorCode !== 0) return failed(errorCode)
  if (producerEpoch !== 0) return failed(`a new producer's epoch is ${producerEpoch}`)
  run.producers.set(producer, { high, low })
  return { kind: 'done' }
}

export async function produceBatch(run: Run, operation: OperationOf<'produce'>): Promise<ServiceOutcome> {
  const { partition, stamp, acks, codec, fault } = operation
  const producerId = stamp === null ? null : run.producers.get(stamp.producer)
  if (producerId === undefined) return nothing
  const records = operation.records.map(record => ({ ...record, timestamp: run.baseMs + record.timestamp }))
  const plain = clientBatch({ ...withoutStamp, ...stamp, producerId: -1, records }, codec)
  const batch = producerId === null ? plain : withProducerId(plain, producerId)
  const topic = run.names.real(operation.topic)
  const { address, topicId } = await run.directory.placeOf(topic, partition)
  const partitionData = [{ index: partition, records: fault === 'checksum' ? spoiled(batch) : batch }]
  const body = { transactionalId: null, acks, timeoutMs, topicData: [{ name: topic, topicId, partitionData }] }
  const version = run.versionOf(produce.name)
  if (fault === 'abandoned') {
    const connection = await run.connections.fresh(address, run.names.clientId('driver'))
    connection.tell(produce, version, body)
    connection.hangUp()
    return { kind: 'sent' }
  }
  if (acks === 0) {
    const connection = await run.connections.to(address, 'unacknowledged', run.names.clientId('driver'))
    connection.tell(produce, version, body)
    await settled(run, connection)
    return { kind: 'sent' }
  }
  const { responses } = await run.ask(address, produce, body)
  const answered = responses[0]?.partitionResponses[0]
  if (answered === undefined || answered.index !== partition) return besideThePoint
  if (answered.errorCode !== 0) return lookAgain(run, topic, answered.errorCode)
  return { kind: 'appended', baseOffset: answered.baseOffset }
}

/**
 * Waits until the broker has seen what was told it: it answers the requests of one connection in order. A broker that
 * could not append closes the connection instead, which is all that it may do.
 */
async function settled(run: Run, connection: Awaited<ReturnType<Run['connections']['to']>>): Promise<void> {
  const software = { clientSoftwareName: 'kafka-lockstep', clientSoftwareVersion: '0.1.0' }
  try {
    await run.connections.ask(connection, apiVersions, run.versionOf(apiVersions.name), software)
  } catch (error) {
    if (!isSubjectGone(error)) throw error
  }
}

export async function fetchOnce(run: Run, operation: OperationOf<'fetch'>): Promise<ServiceOutcome> {
  const { partition, offset, bytesMax, epoch, isolation } = operation
  const topic = run.names.real(operation.topic)
  const place = await run.directory.placeOf(topic, partition, epoch !== 'none')
  const leaderEpoch = claimed(epoch, place, run.versionOf(fetch.name) >= fetchEpochSince)
  if (leaderEpoch === null) return nothing
  return (await fetched(run, { place, topic, partition, offset, bytesMax, leaderEpoch, isolation })).outcome
}

/** Fetch says which epoch is known since version 9 (KIP-320). */
const fetchEpochSince = 9

export async function readAll(run: Run, operation: OperationOf<'readAll'>): Promise<ServiceOutcome> {
  const { partition } = operation
  const topic = run.names.real(operation.topic)
  const place = await run.directory.placeOf(topic, partition)
  const start = await offsetAt(run, { place, topic, partition, timestamp: -2, leaderEpoch: -1 })
  if (start.kind !== 'offset') return lookAgainAfter(run, topic, start)
  const until = performance.now() + run.patience.patienceMs
  const records: LogRecord[] = []
  for (let at: Offset = Math.max(start.offset, 0); ; ) {
    const asked = { place, topic, partition, offset: at, bytesMax: readBytes, leaderEpoch: -1 }
    const { outcome, nextOffset } = await fetched(run, { ...asked, isolation: 'read_uncommitted' })
    if (outcome.kind !== 'records') return outcome
    records.push(...outcome.records)
    const isStuck = nextOffset === at
    at = nextOffset
    if (at < outcome.highWatermark && performance.now() <= until) {
      if (isStuck) await pause(lookMs)
      continue
    }
    const end = await offsetAt(run, { place, topic, partition, timestamp: -1, leaderEpoch: -1 })
    if (end.kind !== 'offset') return lookAgainAfter(run, topic, end)
    const { logStartOffset } = outcome
    const told = { ...outcome, records, logStartOffset: logStartOffset < 0 ? start.offset : logStartOffset }
    if (end.offset === outcome.highWatermark || performance.now() > until) return told
    await pause(lookMs)
  }
}

type FetchFrom = {
  readonly place: Place
  readonly topic: string
  readonly partition: PartitionIndex
  readonly offset: Offset
  readonly bytesMax: Bytes
  readonly leaderEpoch: LeaderEpoch
  readonly isolation: 'read_uncommitted' | 'read_committed'
}

/** One Fetch request of a consumer that waits for nothing. */
async function fetched(
  run: Run,
  from: FetchFrom,
): Promise<{ readonly outcome: ServiceOutcome; readonly nextOffset: Offset }> {
  const { place, topic, partition, offset, bytesMax, leaderEpoch, isolation } = from
  const failure = (outcome: ServiceOutcome) => ({ outcome, nextOffset: offset })
  const answer = await run.ask(place.address, fetch, {
    ...defaultsOf(fetch.request),
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes: bytesMax,
    isolationLevel: isolation === 'read_committed' ? 1 : 0,
    topics: [
      {
        topic,
        topicId: place.topicId,
        partitions: [
          { ...consumer, partition, currentLeaderEpoch: leaderEpoch, fetchOffset: offset, partitionMaxBytes: bytesMax },
        ],
      },
    ],
  })
  if (answer.errorCode !== 0) return failure(lookAgain(run, topic, answer.errorCode))
  const answered = answer.responses[0]?.partitions[0]
  if (answered === undefined || answered.partitionIndex !== partition) return failure(besideThePoint)
  if (answered.errorCode !== 0) return failure(lookAgain(run, topic, answered.errorCode))
  const batches = readBatches(answered.records ?? new Uint8Array(0), offset)
  if (batches.kind === 'refused') return failure(failed(`CORRUPT_MESSAGE by the client's check: ${batches.why}`))
  const { highWatermark, logStartOffset } = answered
  const records = batches.records.map(record => ({ ...record, timestamp: record.timestamp - run.baseMs }))
  return { outcome: { kind: 'records', records, highWatermark, logStartOffset }, nextOffset: batches.nextOffset }
}

/** What a consumer says of a partition besides what it wants. */
const consumer = {
  lastFetchedEpoch: -1,
  logStartOffset: -1,
  replicaDirectoryId: '0'.repeat(32),
  highWatermark: Number.MAX_SAFE_INTEGER,
}

export async function deleteUpTo(run: Run, operation: OperationOf<'deleteRecords'>): Promise<ServiceOutcome> {
  const { partition, offset } = operation
  const topic = run.names.real(operation.topic)
  const { address } = await run.directory.placeOf(topic, partition)
  const topics = [{ name: topic, partitions: [{ partitionIndex: partition, offset }] }]
  const answer = await run.ask(address, deleteRecords, { topics, timeoutMs })
  const answered = answer.topics[0]?.partitions[0]
  if (answered === undefined || answered.partitionIndex !== partition) return besideThePoint
  if (answered.errorCode !== 0) return lookAgain(run, topic, answered.errorCode)
  return { kind: 'lowWatermark', offset: answered.lowWatermark }
}

/** An error, after which nothing that was known of the topic is believed. */
function lookAgain(run: Run, topic: string, code: number): ServiceOutcome {
  return lookAgainAfter(run, topic, failed(code))
}

function lookAgainAfter(run: Run, topic: string, outcome: ServiceOutcome): ServiceOutcome {
  run.directory.forgetTopic(topic)
  return outcome
}
