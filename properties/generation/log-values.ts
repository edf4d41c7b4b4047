// The values that a log's walker draws: offsets, epochs, sequences, times and records, biased to where bugs live.
import type { LogConfig, LogObservation, LogOperation } from '../../model/vocabulary/log.ts'
import type { Batch, LogRecord, PlainRecord, ProducerEntry, ProducerStamp } from '../../model/vocabulary/records.ts'
import type { Bytes, LeaderEpoch, Milliseconds, Offset, Sequence } from '../../model/vocabulary/units.ts'
import type { Random } from '../random.ts'

const noProducer: ProducerStamp = { producerId: -1, producerEpoch: -1, baseSequence: -1 }
const sequences = 2 ** 31

/** Values for one run. It has a clock, and remembers batches that were cut, which a follower may be given again. */
export class LogValues {
  readonly #random: Random
  readonly #config: LogConfig
  #clock: Milliseconds = 10
  #batchesBefore: readonly Batch[] = []
  cutBatches: readonly Batch[] = []

  constructor(random: Random, config: LogConfig) {
    this.#random = random
    this.#config = config
  }

  saw(operation: LogOperation, after: LogObservation): void {
    if (operation.kind === 'truncate' || operation.kind === 'crash') {
      const cut = this.#batchesBefore.filter(batch => batch.baseOffset >= after.logEndOffset && !batch.corrupt)
      if (cut.length > 0) this.cutBatches = cut
    }
    this.#batchesBefore = after.batches
  }

  offset(log: LogObservation): Offset {
    const random = this.#random
    switch (random.below(8)) {
      case 0:
        return log.highWatermark + random.between(-1, 1)
      case 1:
        return log.logEndOffset + random.between(-1, 1)
      case 2:
        return log.logStartOffset + random.between(-1, 1)
      case 3:
        return (random.pickOrNull(log.segments)?.baseOffset ?? 0) + random.between(-1, 1)
      case 4:
      case 5: {
        const batch = random.pickOrNull(log.batches)
        if (batch === null) return log.logEndOffset
        return random.chance(0.5) ? batch.baseOffset : batch.lastOffset + random.between(0, 1)
      }
      case 6:
        return (random.pickOrNull(log.epochs)?.startOffset ?? 0) + random.between(-1, 1)
      default:
        return random.between(log.logStartOffset, log.logEndOffset)
    }
  }

  /** Mostly the newest epoch, often the next one, now and then an old one. */
  leaderEpoch(log: LogObservation): LeaderEpoch {
    const newest = log.epochs.at(-1)?.epoch ?? 0
    const random = this.#random
    const share = random.fraction()
    if (share < 0.75) return newest
    if (share < 0.95) return newest + random.between(1, 2)
    return Math.max(0, newest - 1)
  }

  askedEpoch(log: LogObservation): LeaderEpoch {
    return (this.#random.pickOrNull(log.epochs)?.epoch ?? 0) + this.#random.between(-1, 1)
  }

  /** A producer's next batch, a repetition of an earlier one, or something out of order. */
  stamp(log: LogObservation): ProducerStamp {
    const random = this.#random
    if (random.chance(0.4)) return noProducer
    const producerId = random.below(3)
    const entry = log.producers.find(known => known.producerId === producerId)
    if (entry === undefined) {
      const baseSequence = random.pick([0, 0, 0, sequences - 2, sequences - 1, 7, -1])
      return { producerId, producerEpoch: random.pick([0, 0, 1]), baseSequence }
    }
    const share = random.fraction()
    if (share < 0.6) return { producerId, producerEpoch: entry.producerEpoch, baseSequence: nextSequence(entry) }
    if (share < 0.8) return { producerId, producerEpoch: entry.producerEpoch, baseSequence: this.#repeated(entry) }
    if (share < 0.9) {
      return {
        producerId,
        producerEpoch: entry.producerEpoch + 1,
        baseSequence: random.pick([0, 0, nextSequence(entry)]),
      }
    }
    if (share < 0.95) {
      const baseSequence = (nextSequence(entry) + random.pick([-1, 1, 2]) + sequences) % sequences
      return { producerId, producerEpoch: entry.producerEpoch, baseSequence }
    }
    return { producerId, producerEpoch: Math.max(0, entry.producerEpoch - 1), baseSequence: nextSequence(entry) }
  }

  /** One of the remembered batches, or the one that was forgotten last. */
  #repeated(entry: ProducerEntry): Sequence {
    const remembered = this.#random.pickOrNull(entry.batches)
    const oldest = entry.batches[0]
    if (remembered === null || oldest === undefined) return 0
    return this.#random.chance(0.15) ? Math.max(0, oldest.baseSequence - 1) : remembered.baseSequence
  }

  records(log: LogObservation): readonly PlainRecord[] {
    const random = this.#random
    const count = random.chance(0.02) ? 0 : random.pick([1, 1, 1, 2, 2, 3])
    const records: PlainRecord[] = []
    for (let i = 0; i < count; i++) records.push(this.record(log))
    return records
  }

  record(_log: LogObservation): PlainRecord {
    const random = this.#random
    const isKeyless = random.chance(this.#config.cleanupPolicy === 'delete' ? 0.4 : 0.02)
    return {
      key: isKeyless ? null : random.pick(['a', 'b', 'c', 'a', 'kk']),
      value: random.chance(0.15) ? null : random.pick(['', 'v', 'w', 'xyz', 'x'.repeat(random.between(10, 70))]),
      timestamp: this.time(),
    }
  }

  /** A record that alone makes a batch which fills the active segment, give or take a byte; null if none does. */
  fittingRecord(log: LogObservation): PlainRecord | null {
    const room = this.#config.segmentBytes - (log.segments.at(-1)?.sizeBytes ?? 0) + this.#random.between(-1, 1)
    // Header, then varints of one byte each: attributes, timestamp, offset, key of one, and no headers.
    const small = room - batchHeaderBytes - 1 - 7
    if (small < 0) return null
    const length = small + 7 < 64 && small < 64 ? small : small - (small + 8 >= 64 ? 1 : 0) - (small >= 64 ? 1 : 0)
    return { key: 'f', value: 'x'.repeat(length), timestamp: this.time() }
  }

  /** Batches as some leader may have numbered them: from the log's end, perhaps with gaps, rarely wrong. */
  batches(log: LogObservation, count: number): readonly Batch[] {
    const random = this.#random
    const batches: Batch[] = []
    let nextOffset = log.logEndOffset + (random.chance(0.05) ? -1 : 0)
    let leaderEpoch = this.leaderEpoch(log)
    for (let i = 0; i < count; i++) {
      const baseOffset = nextOffset + (random.chance(0.2) ? random.between(1, 4) : 0)
      const records = this.records(log)
      const kept: LogRecord[] = []
      records.forEach((record, index) => {
        if (!random.chance(0.15)) kept.push({ ...record, offset: baseOffset + index })
      })
      const lastOffset = baseOffset + Math.max(1, records.length) - 1
      const isCorrupt = random.chance(0.02)
      const deleteHorizon = kept.length > 0 && random.chance(0.1) ? this.now() : null
      batches.push({
        ...(i === 0 ? this.stamp(log) : noProducer),
        baseOffset,
        lastOffset,
        leaderEpoch,
        deleteHorizon: isCorrupt ? null : deleteHorizon,
        records: isCorrupt ? [] : kept,
        corrupt: isCorrupt,
      })
      nextOffset = lastOffset + 1
      if (random.chance(0.15)) leaderEpoch += random.chance(0.1) ? -1 : 1
    }
    return batches
  }

  /** Around the clock of the producers; not monotonic, and never negative. */
  time(): Milliseconds {
    return Math.max(0, this.#clock + this.#random.between(-8, 3))
  }

  /** The broker's clock, which moves on now and then. */
  now(): Milliseconds {
    this.#clock += this.#random.pick([0, 0, 1, 5, 20, 60])
    return this.#clock
  }

  crash(log: LogObservation): LogOperation {
    const random = this.#random
    const unsynced = log.batches.filter(({ baseOffset }) => baseOffset >= log.recoveryPoint).length
    const damage = random.below(unsynced === 0 ? 4 : 8)
    return {
      kind: 'crash',
      damage:
        damage === 0 ? { kind: 'kept' } : damage === 1 ? { kind: 'lost' } : { kind: 'torn', bytes: this.#tornAt(log) },
      indexes: random.pick(['kept', 'lost', 'torn']),
    }
  }

  /** Somewhere in the unsynced bytes: within a header, within a record, or at the very edge of a batch. */
  #tornAt(log: LogObservation): Bytes {
    const size = log.segments.at(-1)?.sizeBytes ?? 0
    return this.#random.pick([0, 1, 8, 12, 60, 61, 62, 70, 76, size - 1, size, this.#random.between(0, size)])
  }
}

const batchHeaderBytes = 61

function nextSequence(entry: ProducerEntry): Sequence {
  const last = entry.batches.at(-1)?.lastSequence ?? -1
  return (last + 1) % sequences
}
