// Record batches that are not what they say: wrong checksums, lying counts and lengths, compressed nonsense, and a few
// bytes that become a hundred megabytes.
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { compressFrameSync } from 'lz4-napi'
import { compressSync } from 'snappy'
import { checksumOf, field, headerBytes, lengthEnd, viewOf } from '../../impl/log/batch.ts'
import { encodeUnplacedBatch } from '../../impl/log/codec.ts'
import type { Dice } from './dice.ts'

const codecs = { gzip: 1, snappy: 2, lz4: 3, zstd: 4 } as const
type Codec = keyof typeof codecs
const names = Object.keys(codecs) as readonly Codec[]
/** Just below and far above what a broker is ready to unpack. */
const bombBytes = [120_000_000, 400_000_000]

/** Makes batches; bombs are made once, since packing them takes a while. */
export class HostileBatches {
  readonly #dice: Dice
  readonly #bombs: readonly Uint8Array[]

  constructor(dice: Dice) {
    this.#dice = dice
    this.#bombs = bombBytes.flatMap(size => {
      const zeros = Buffer.alloc(size)
      return [
        packed(codecs.gzip, gzipSync(zeros, { level: 1 }), 1),
        packed(codecs.zstd, zstdCompressSync(zeros), 1),
        // Lies about its count, too: as many empty records as there could be.
        packed(codecs.zstd, zstdCompressSync(zeros), Math.floor(size / 7)),
        packed(codecs.gzip, gzipSync(manyRecords(size / 40), { level: 1 }), Math.floor(size / 40 / 7)),
      ]
    })
  }

  /** One batch, sound or not. */
  batch(): Uint8Array {
    const dice = this.#dice
    const kind = dice.pick([
      'sound',
      'packed',
      'checksum',
      'count',
      'length',
      'header',
      'nonsense',
      'flipped',
      'empty',
    ] as const)
    const sound = soundBatch(dice)
    switch (kind) {
      case 'sound':
        return sound
      case 'packed':
        return packed(...compressed(sound.subarray(headerBytes), dice), viewOf(sound).getInt32(field.recordCount))
      case 'checksum':
        viewOf(sound).setUint32(field.checksum, dice.below(2 ** 32))
        return sound
      case 'count':
        viewOf(sound).setInt32(field.recordCount, lie(dice))
        if (dice.chance(0.5)) viewOf(sound).setInt32(field.lastOffsetDelta, lie(dice))
        return summed(sound)
      case 'length':
        viewOf(sound).setInt32(field.length, lie(dice))
        return dice.chance(0.5) ? summed(sound) : sound
      case 'header': {
        for (let k = 0; k < 4; k++) sound[dice.between(field.attributes, headerBytes - 1)] = dice.below(256)
        return summed(sound)
      }
      case 'nonsense':
        return packed(codecs[dice.pick(names)], noise(dice, dice.between(0, 400)), dice.between(1, 50))
      case 'flipped':
        for (let k = 0; k < 3; k++) sound[dice.between(headerBytes, sound.length - 1)] = dice.below(256)
        return summed(sound)
      case 'empty':
        return sound.subarray(0, dice.below(sound.length))
    }
  }

  /** A few kilobytes that want to become very many. */
  bomb(): Uint8Array {
    return Uint8Array.from(this.#dice.pick(this.#bombs))
  }
}

function soundBatch(dice: Dice): Uint8Array {
  const isIdempotent = dice.chance(0.3)
  const producer = isIdempotent
    ? { producerId: dice.below(20), producerEpoch: dice.below(3), baseSequence: dice.below(5) }
    : { producerId: -1, producerEpoch: -1, baseSequence: -1 }
  const records = Array.from({ length: dice.between(1, 8) }, () => ({
    key: dice.chance(0.2) ? null : `k${dice.below(9)}`,
    value: dice.chance(0.2) ? null : 'v'.repeat(dice.below(200)),
    timestamp: dice.chance(0.1) ? dice.below(2 ** 40) : Date.now(),
  }))
  return encodeUnplacedBatch({ ...producer, records })
}

/** Records of seven bytes, each a sound one. */
function manyRecords(size: number): Uint8Array {
  const count = Math.floor(size / 7)
  const bytes = new Uint8Array(count * 7)
  // Length 6, attributes, time, offset 0, key of no bytes, no value, no headers.
  for (let k = 0; k < count; k++) bytes.set([12, 0, 0, 0, 0, 1, 0], k * 7)
  return bytes
}

function compressed(records: Uint8Array, dice: Dice): [codec: number, bytes: Uint8Array] {
  const name = dice.pick(names)
  const plain = Buffer.from(records)
  switch (name) {
    case 'gzip':
      return [codecs[name], gzipSync(plain)]
    case 'zstd':
      return [codecs[name], zstdCompressSync(plain)]
    case 'snappy':
      return [codecs[name], compressSync(plain)]
    case 'lz4':
      return [codecs[name], compressFrameSync(plain)]
  }
}

/** A batch around bytes that claim to be compressed records. */
function packed(codec: number, records: Uint8Array, count: number): Uint8Array {
  const batch = new Uint8Array(headerBytes + records.length)
  batch.set(encodeUnplacedBatch({ producerId: -1, producerEpoch: -1, baseSequence: -1, records: [] }))
  batch.set(records, headerBytes)
  const view = viewOf(batch)
  view.setInt32(field.length, batch.length - lengthEnd)
  view.setInt16(field.attributes, codec)
  view.setInt32(field.lastOffsetDelta, count - 1)
  view.setInt32(field.recordCount, count)
  // Whoever asks for a time is led to look into it.
  view.setBigInt64(field.maxTimestamp, BigInt(Date.now()))
  return summed(batch)
}

function summed(batch: Uint8Array): Uint8Array {
  viewOf(batch).setUint32(field.checksum, checksumOf(batch, 0, batch.length))
  return batch
}

function lie(dice: Dice): number {
  return dice.pick([0, -1, 1, 2, 49, 50, 0x7fff_ffff, -0x8000_0000, 1_000_000, dice.below(1000)])
}

/** Bytes of chance. */
export function noise(dice: Dice, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => dice.below(256))
}
