// The implementation's log as a subject of scope `log`: operations in, outcomes and observations out, over a simulated
// disk. Everything is observed from the stored bytes, not from what was asked to be stored.
import { headerBytes, sizeOf, viewOf } from '../../impl/log/batch.ts'
import { decodeBatch } from '../../impl/log/codec.ts'
import type { Log } from '../../impl/log/log.ts'
import { openLog } from '../../impl/log/open.ts'
import type { Segment } from '../../impl/log/segment.ts'
import type { LogObservation, LogOperation, LogOutcome, LogSetup } from '../../model/vocabulary/log.ts'
import type { Batch } from '../../model/vocabulary/records.ts'
import type { Bytes } from '../../model/vocabulary/units.ts'
import { Arena } from '../simulation/arena.ts'
import { SimulatedDisk } from '../simulation/disk.ts'
import { rotBatch } from '../simulation/rot.ts'
import { applyToLog, offline, outcomeOf } from './log-operations.ts'

/** A log under test. */
export type LogSubject = {
  /** Does one operation. */
  readonly apply: (operation: LogOperation) => LogOutcome
  /** All that the two sides compare. Cheap when little changed. */
  readonly observe: () => LogObservation
  /** Differs whenever the observation may differ. */
  readonly version: () => number
}

const folder = 't-0'
const done: LogOutcome = { kind: 'done' }

/** A new, empty log on a new disk. */
export function startLogSubject(setup: LogSetup): LogSubject {
  const disk = new SimulatedDisk()
  const arena = new Arena()
  const decoded = new DecodedSegments()
  let log = openLog(disk, folder, setup.config)
  let versionBefore = 0
  let observed: { readonly version: number; readonly observation: LogObservation } | null = null

  const version = (): number => versionBefore + log.version
  const reopen = (): void => {
    versionBefore += log.version + 1
    log = openLog(disk, folder, setup.config)
  }
  const apply = (operation: LogOperation): LogOutcome => {
    switch (operation.kind) {
      case 'fillDisk':
        disk.fill(operation.bytes)
        return done
      case 'crash':
        disk.crash(operation.damage, operation.indexes)
        reopen()
        return done
      case 'synced':
        if (log.offline) return offline
        disk.completeSyncs()
        return done
      case 'close': {
        const error = log.close()
        if (error === 'NONE') reopen()
        return outcomeOf(error)
      }
      case 'rot':
        if (log.offline) return offline
        if (rotBatch(disk, log, operation.offset)) versionBefore++
        return done
      default:
        return applyToLog(log, operation, arena)
    }
  }
  const observe = (): LogObservation => {
    if (observed?.version !== version()) observed = { version: version(), observation: observationOf(log, decoded) }
    return observed.observation
  }
  return { apply, observe, version }
}

function observationOf(log: Log, decoded: DecodedSegments): LogObservation {
  return {
    logStartOffset: log.logStartOffset,
    logEndOffset: log.logEndOffset,
    highWatermark: log.highWatermark,
    recoveryPoint: log.recoveryPoint,
    firstDirtyOffset: log.firstDirtyOffset,
    segments: decoded.shapesOf(log.segments),
    epochs: log.epochs.entries,
    producers: log.producers.entries,
    batches: decoded.of(log.segments),
    offline: log.offline,
  }
}

/** What was decoded of one segment, and the bytes that each batch was decoded from. */
type DecodedSegment = {
  readonly segment: Segment
  readonly generation: number
  readonly size: Bytes
  readonly batches: DecodedBatch[]
}
type DecodedBatch = { readonly bytes: Uint8Array; readonly batch: Batch }

/**
 * Batches of all segments, each decoded when its bytes are new. A segment that only grew is read from where it grew;
 * any other is compared with the bytes seen before, so that a batch counts as unchanged because its bytes are.
 */
class DecodedSegments {
  #known: readonly DecodedSegment[] = []
  #batches: readonly Batch[] = []
  #shapes: LogObservation['segments'] = []

  /** All batches; the same array as before while no byte of a segment changed. */
  of(segments: readonly Segment[]): readonly Batch[] {
    const before = this.#known
    let isSame = segments.length === before.length
    const known = segments.map((segment, index) => {
      const { baseOffset } = segment
      const inPlace = before[index]
      const decoded = bringUpToDate(
        inPlace?.segment.baseOffset === baseOffset
          ? inPlace
          : before.find(({ segment }) => segment.baseOffset === baseOffset),
        segment,
      )
      isSame &&= decoded === inPlace
      return decoded
    })
    if (isSame) return this.#batches
    const batches: Batch[] = []
    for (const decoded of known) for (const { batch } of decoded.batches) batches.push(batch)
    this.#known = known
    this.#batches = batches
    return batches
  }

  /** Bases and sizes; the same array as before while they are the same. */
  shapesOf(segments: readonly Segment[]): LogObservation['segments'] {
    const shapes = this.#shapes
    const isSame =
      segments.length === shapes.length &&
      segments.every(({ baseOffset, size }, index) => {
        const shape = shapes[index]
        return shape?.baseOffset === baseOffset && shape.sizeBytes === size
      })
    if (!isSame) this.#shapes = segments.map(({ baseOffset, size }) => ({ baseOffset, sizeBytes: size }))
    return this.#shapes
  }
}

function bringUpToDate(before: DecodedSegment | undefined, segment: Segment): DecodedSegment {
  const { generation, size } = segment
  if (before !== undefined && before.segment === segment && before.generation === generation) {
    if (before.size === size) return before
    decodeInto(before.batches, segment.readRange(before.size, size - before.size), 0)
    return { segment, generation, size, batches: before.batches }
  }
  const bytes = segment.readRange(0, size)
  const batches: DecodedBatch[] = []
  let same = 0
  for (const known of before?.batches ?? []) {
    if (!startsWithAt(bytes, known.bytes, same)) break
    batches.push(known)
    same += known.bytes.length
  }
  decodeInto(batches, bytes, same)
  return { segment, generation, size, batches }
}

function decodeInto(batches: DecodedBatch[], bytes: Uint8Array, from: Bytes): void {
  const view = viewOf(bytes)
  for (let at = from; at + headerBytes <= bytes.length; ) {
    const end = at + sizeOf(view, at)
    batches.push({ bytes: bytes.subarray(at, end), batch: decodeBatch(bytes, view, at) })
    at = end
  }
}

function startsWithAt(bytes: Uint8Array, part: Uint8Array, from: Bytes): boolean {
  if (from + part.length > bytes.length) return false
  for (let at = 0; at < part.length; at++) if (bytes[from + at] !== part[at]) return false
  return true
}
