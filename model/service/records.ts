// What a partition's leader answers to producers and consumers. The log is the model's own; what is open is how far its
// followers have come (the high watermark), how much of what it could send it sends, and when a batch arrives that nobody
// waited for. Follows KIP-98, KIP-101, KIP-107, KIP-207, KIP-320, `ReplicaManager` and `Partition`.
import { appendAsLeader } from '../log/append.ts'
import { withLogStartAtLeast } from '../log/offsets.ts'
import { readBatches } from '../log/read.ts'
import { batchSize } from '../log/size.ts'
import { type LogState, logEndOffset } from '../log/state.ts'
import { listOffsets as findOffset } from '../log/time.ts'
import type { Batch, LogRecord, UnplacedBatch } from '../vocabulary/records.ts'
import type { ServiceOperation, ServiceOutcome } from '../vocabulary/service.ts'
import type { Bytes, Offset } from '../vocabulary/units.ts'
import { afterStrays } from './strays.ts'
import {
  type Alternative,
  answered,
  findPartition,
  findTopic,
  refusedWith,
  type ServicePartition,
  underEachSetting,
  versionOf,
  type World,
  withPartition,
} from './world.ts'

type Of<K extends ServiceOperation['kind']> = Extract<ServiceOperation, { readonly kind: K }>
type Place = { readonly topic: string; readonly partition: number }

/** Who: an idempotent producer that begins. Then: it has an id that nobody else has, at epoch 0. */
export function initProducer(world: World, { producer }: Of<'initProducer'>): readonly Alternative[] {
  const others = world.producers.map(name => (name === producer ? '' : name))
  return answered({ ...world, producers: [...others, producer] }, { kind: 'done' })
}

/**
 * Who: a producer with one batch.
 * When: the partition exists, the batch is sound, not too large, has keys where it must, and its sequence follows.
 * Then: it is appended; with `acks` -1 all replicas in sync have it when the answer comes. A batch that was appended
 * before is answered with the offset that it got then. Where nobody waits for the answer, it may be appended later.
 */
export function produce(world: World, operation: Of<'produce'>): readonly Alternative[] {
  const batch = batchOf(world, operation)
  if (batch === null) return answered(world, { kind: 'nothing' })
  if (operation.acks === 0 || operation.fault === 'abandoned')
    return answered(withStray(world, operation, batch), { kind: 'sent' })
  return afterStrays(world, operation).flatMap(at => append(at, operation, batch))
}

function append(world: World, operation: Of<'produce'>, batch: UnplacedBatch): readonly Alternative[] {
  const known = findPartition(world, operation.topic, operation.partition)
  if (known === null) return refusedWith(world, ...unknownPartition)
  // KIP-110: zstd came with version 7.
  if (operation.codec === 'zstd' && versionOf(world, 'Produce') < 7) {
    return refusedWith(world, 'UNSUPPORTED_COMPRESSION_TYPE')
  }
  return underEachSetting(known).flatMap(setting => appendUnder(world, operation, batch, setting))
}

/**
 * The batch under one of the settings that may count. That it is refused by a former one is for the client to try again:
 * `refusedByFormer`.
 */
function appendUnder(
  world: World,
  operation: Of<'produce'>,
  batch: UnplacedBatch,
  { partition: known, isFormer, restored }: ReturnType<typeof underEachSetting>[number],
): readonly Alternative[] {
  const isTooLarge = plainSize(batch) > known.log.config.maxMessageBytes
  const { topic, partition } = operation
  const same = withPartition(world, topic, partition, { ...restored(known.log), settled: known.settled })
  if (operation.fault === 'checksum') {
    return refusedWith(same, 'CORRUPT_MESSAGE', ...(isTooLarge ? ['MESSAGE_TOO_LARGE'] : []))
  }
  // How large a batch is that was compressed, the model does not know.
  const isMaybeSmaller = isTooLarge && operation.codec !== 'none'
  const roomy = { ...known.log, config: { ...known.log.config, maxMessageBytes: Number.POSITIVE_INFINITY } }
  const step = appendAsLeader(isMaybeSmaller ? roomy : known.log, batch, 0)
  if (step.outcome.kind === 'error') return isFormer ? [] : refusedWith(same, step.outcome.error)
  const { baseOffset, lastOffset } = step.outcome
  const settled =
    operation.acks === -1 || isAlone(world, operation) ? Math.max(known.settled, lastOffset + 1) : known.settled
  const appended = withPartition(world, topic, partition, { ...restored(step.log), settled })
  return [
    ...answered(appended, { kind: 'appended', baseOffset }),
    // The batch is there, and will be acknowledged to whoever asks again; until then nobody knows.
    ...(operation.acks === -1
      ? refusedWith(withStray(same, operation, batch), 'REQUEST_TIMED_OUT', 'NOT_ENOUGH_REPLICAS_AFTER_APPEND')
      : []),
    ...(isMaybeSmaller ? refusedWith(same, 'MESSAGE_TOO_LARGE') : []),
  ]
}

/**
 * Who: a consumer with one request.
 * When: the offset is in the log, and the leader epoch that it claims, if any, is the partition's.
 * Then: batches from the one that holds the offset on, as many as the leader likes but one at least, all below the high
 * watermark; nothing when there are none.
 */
export function fetchRecords(world: World, operation: Of<'fetch'>): readonly Alternative[] {
  const claimed = wrongEpoch(world, operation, versionOf(world, 'Fetch') >= 9)
  if (claimed !== null) return claimed
  return afterStrays(world, operation).flatMap(at => {
    const known = findPartition(at, operation.topic, operation.partition)
    if (known === null) return refusedWith(at, ...unknownPartition)
    const { log } = known
    if (operation.offset < log.logStartOffset || operation.offset > logEndOffset(log)) {
      return refusedWith(at, 'OFFSET_OUT_OF_RANGE')
    }
    // Before version 5 a fetch does not tell the log start.
    const logStartOffset = versionOf(at, 'Fetch') >= 5 ? log.logStartOffset : -1
    return watermarks(known).flatMap(highWatermark => {
      const batches = batchesBelow(log, operation.offset, highWatermark)
      const settled = withSettled(at, operation, known, highWatermark)
      return prefixes(batches).map(some => ({
        outcome: {
          kind: 'records',
          records: recordsFrom(some, operation.offset),
          highWatermark,
          logStartOffset,
        } as const,
        world: settled,
      }))
    })
  })
}

/** Who: a consumer that reads from the start to the end. Then: it reads everything, sooner or later. */
export function readAll(world: World, operation: Of<'readAll'>): readonly Alternative[] {
  return afterStrays(world, operation).flatMap(at => {
    const known = findPartition(at, operation.topic, operation.partition)
    return known === null
      ? refusedWith(at, ...unknownPartition)
      : [allBelow(at, operation, known, logEndOffset(known.log))]
  })
}

/** What the same consumer may read while followers are behind: it has to read again. */
export function readAllTooEarly(world: World, operation: Of<'readAll'>): readonly Alternative[] {
  return afterStrays(world, operation).flatMap(at => {
    const known = findPartition(at, operation.topic, operation.partition)
    if (known === null) return []
    return watermarks(known)
      .slice(0, -1)
      .map(highWatermark => allBelow(at, operation, known, highWatermark))
  })
}

/**
 * Who: a client that looks for an offset: the start, the high watermark, the record with the largest timestamp, or the
 * first one that is not older than a time. Records at or above the high watermark are not found.
 */
export function listOffsets(world: World, operation: Of<'listOffsets'>): readonly Alternative[] {
  const version = versionOf(world, 'ListOffsets')
  if (operation.epoch !== 'none' && version < 4) return answered(world, { kind: 'nothing' })
  if (operation.timestamp === largestTimestamp && version < 7) {
    return [
      ...refusedWith(world, 'UNSUPPORTED_VERSION'),
      ...(operation.epoch === 'older' ? answered(world, { kind: 'nothing' }) : []),
    ]
  }
  const claimed = wrongEpoch(world, operation, true)
  if (claimed !== null) return claimed
  return afterStrays(world, operation).flatMap(at => {
    const known = findPartition(at, operation.topic, operation.partition)
    if (known === null) return refusedWith(at, ...unknownPartition)
    return watermarks(known).flatMap(highWatermark => {
      const settled = withSettled(at, operation, known, highWatermark)
      const all =
        operation.timestamp === largestTimestamp
          ? newest(known.log, highWatermark)
          : [find(known.log, operation.timestamp, highWatermark)]
      return all.map(outcome => ({ outcome, world: settled }))
    })
  })
}

/**
 * Who: an administrator who deletes records below an offset (KIP-107).
 * When: it is not above the high watermark, and the topic may lose records.
 * Then: the log starts there, if it started below.
 */
export function deleteRecords(world: World, operation: Of<'deleteRecords'>): readonly Alternative[] {
  return afterStrays(world, operation).flatMap(at => {
    const known = findPartition(at, operation.topic, operation.partition)
    if (known === null) return refusedWith(at, ...unknownPartition)
    const isRefused = ({ log }: ServicePartition): boolean => log.config.cleanupPolicy === 'compact'
    const isMaybeFormer = underEachSetting(known).some(({ partition }) => !isRefused(partition))
    const refused = isRefused(known) ? refusedWith(at, 'POLICY_VIOLATION') : []
    if (!isMaybeFormer) return refused
    const deleted = watermarks(known).flatMap(highWatermark => {
      const settled = withSettled(at, operation, known, highWatermark)
      const offset = operation.offset === -1 ? highWatermark : operation.offset
      if (offset < 0 || offset > highWatermark) return refusedWith(settled, 'OFFSET_OUT_OF_RANGE')
      const log = withLogStartAtLeast(known.log, offset)
      const cut = withPartition(settled, operation.topic, operation.partition, {
        ...known,
        log,
        settled: Math.max(known.settled, highWatermark),
      })
      return answered(cut, { kind: 'lowWatermark', offset: log.logStartOffset })
    })
    return [...refused, ...deleted]
  })
}

/** What a leader may answer that still goes by a former setting: it will be asked again, and must have heard by then. */
export function refusedByFormer(world: World, operation: Of<'produce'> | Of<'deleteRecords'>): readonly Alternative[] {
  return afterStrays(world, operation).flatMap(at => {
    const known = findPartition(at, operation.topic, operation.partition)
    if (known === null) return []
    return underEachSetting(known)
      .filter(({ isFormer }) => isFormer)
      .flatMap(({ partition: { log } }) => {
        if (operation.kind === 'deleteRecords') {
          return log.config.cleanupPolicy === 'compact' ? refusedWith(at, 'POLICY_VIOLATION') : []
        }
        const batch = batchOf(at, operation)
        if (batch === null) return []
        const { outcome } = appendAsLeader(log, batch, 0)
        return outcome.kind === 'error' ? refusedWith(at, outcome.error) : []
      })
  })
}

/** Who: a client that wants to know where a leader epoch ended (KIP-101, KIP-320): the newest one at the log's end. */
export function endOffsetForEpoch(world: World, operation: Of<'endOffsetForEpoch'>): readonly Alternative[] {
  return afterStrays(world, operation).flatMap(at => {
    const known = findPartition(at, operation.topic, operation.partition)
    if (known === null) return refusedWith(at, ...unknownPartition)
    const unknown: ServiceOutcome = { kind: 'epochEnd', isKnown: false, endOffset: -1 }
    switch (operation.epoch) {
      case 'current':
        return answered(at, { kind: 'epochEnd', isKnown: true, endOffset: logEndOffset(known.log) })
      case 'older': {
        // There is no epoch before the first; which of them the first is, the broker alone knows.
        const start = known.log.epochs[0]?.startOffset ?? 0
        return [
          ...answered(at, { kind: 'nothing' }),
          ...answered(at, { kind: 'epochEnd', isKnown: true, endOffset: start }),
        ]
      }
      default:
        return answered(at, unknown)
    }
  })
}

/** A partition that is not there, or (from the versions on that name topics by id) a topic. */
const unknownPartition = ['UNKNOWN_TOPIC_OR_PARTITION', 'UNKNOWN_TOPIC_ID']

/** ListOffsetsRequest.MAX_TIMESTAMP (KIP-734). */
const largestTimestamp = -3

/**
 * A claimed epoch that is not the partition's is refused before anything else is looked at; null: there is none, or it is
 * right. `nothing` where the request cannot carry one, or there is no older one.
 */
function wrongEpoch(
  world: World,
  { topic, partition, epoch }: Of<'fetch'> | Of<'listOffsets'>,
  isSent: boolean,
): readonly Alternative[] | null {
  if (epoch === 'none') return null
  const nothing = answered(world, { kind: 'nothing' })
  if (!isSent) return nothing
  if (epoch === 'current') return null
  if (findPartition(world, topic, partition) === null) return [...refusedWith(world, ...unknownPartition), ...nothing]
  return epoch === 'older'
    ? [...nothing, ...refusedWith(world, 'FENCED_LEADER_EPOCH')]
    : refusedWith(world, 'UNKNOWN_LEADER_EPOCH')
}

/** Where the high watermark may stand: at the end of a batch, no lower than it was seen. The last is the log's end. */
function watermarks({ log, settled }: ServicePartition): readonly Offset[] {
  const ends = log.segments.flatMap(({ batches }) => batches.map(({ lastOffset }) => lastOffset + 1))
  return [settled, ...ends.filter(end => end > settled)]
}

function withSettled(world: World, { topic, partition }: Place, known: ServicePartition, offset: Offset): World {
  return offset <= known.settled ? world : withPartition(world, topic, partition, { ...known, settled: offset })
}

/** With one replica there is nobody to wait for. */
function isAlone(world: World, { topic }: Place): boolean {
  return findTopic(world, topic)?.replicationFactor === 1
}

function withStray(world: World, { topic, partition }: Place, batch: UnplacedBatch): World {
  return { ...world, strays: [...world.strays, { topic, partition, batch }] }
}

/** Null when the producer that it names was never initialised. */
function batchOf({ producers }: World, { stamp, records }: Of<'produce'>): UnplacedBatch | null {
  if (stamp === null) return { producerId: -1, producerEpoch: -1, baseSequence: -1, records }
  const producerId = producers.indexOf(stamp.producer)
  const { producerEpoch, baseSequence } = stamp
  return producerId < 0 ? null : { producerId, producerEpoch, baseSequence, records }
}

function plainSize({ records }: UnplacedBatch): Bytes {
  const placed = records.map((record, offset) => ({ ...record, offset }))
  return batchSize({ baseOffset: 0, deleteHorizon: null, records: placed })
}

function batchesBelow(log: LogState, offset: Offset, highWatermark: Offset): readonly Batch[] {
  const { outcome } = readBatches(log, offset, highWatermark, Number.POSITIVE_INFINITY)
  return outcome.kind === 'batches' ? outcome.batches : []
}

function recordsFrom(batches: readonly Batch[], offset: Offset): readonly LogRecord[] {
  return batches.flatMap(({ records }) => records.filter(record => record.offset >= offset))
}

/** The first batch, the first two, and so on; nothing only when there is none. */
function prefixes(batches: readonly Batch[]): readonly (readonly Batch[])[] {
  return batches.length === 0 ? [[]] : batches.map((_last, index) => batches.slice(0, index + 1))
}

function allBelow(world: World, operation: Of<'readAll'>, known: ServicePartition, highWatermark: Offset): Alternative {
  const { log } = known
  const records = recordsFrom(batchesBelow(log, log.logStartOffset, highWatermark), log.logStartOffset)
  return {
    outcome: { kind: 'records', records, highWatermark, logStartOffset: log.logStartOffset },
    world: withSettled(world, operation, known, highWatermark),
  }
}

const noOffset: ServiceOutcome = { kind: 'offset', offset: -1, timestamp: -1 }

function find(log: LogState, timestamp: number, highWatermark: Offset): ServiceOutcome {
  const { outcome } = findOffset(log, timestamp, highWatermark)
  if (outcome.kind === 'error') return outcome
  return outcome.record === null ? noOffset : { kind: 'offset', ...outcome.record }
}

/**
 * The first record with the largest timestamp of all that is stored, if it may be read. Whether records below the log
 * start count, which are stored until their segment goes, is not promised.
 */
function newest(log: LogState, highWatermark: Offset): readonly ServiceOutcome[] {
  const stored = recordsFrom(
    log.segments.flatMap(({ batches }) => batches),
    0,
  )
  const largest = [stored, stored.filter(({ offset }) => offset >= log.logStartOffset)].map(records =>
    records.reduce<LogRecord | null>(
      (best, record) => (best === null || record.timestamp > best.timestamp ? record : best),
      null,
    ),
  )
  const found = largest.map(
    (record): ServiceOutcome =>
      record === null || record.offset >= highWatermark
        ? noOffset
        : { kind: 'offset', offset: record.offset, timestamp: record.timestamp },
  )
  const [first = noOffset, second = noOffset] = found
  return largest[0] === largest[1] ? [first] : [first, second, noOffset]
}
