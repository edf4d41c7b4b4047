// Record batches as a client makes them, and as it reads them: compressed with any codec, checksummed, one after the other.
import { createRequire } from 'node:module'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { decompress } from '../../../impl/host/compression.ts'
import * as header from '../../../impl/log/batch.ts'
import { decodeBatch, encodeUnplacedBatch } from '../../../impl/log/codec.ts'
import { plainBatch } from '../../../impl/log/plain-batch.ts'
import { codecNames } from '../../../impl/ports/compression.ts'
import type { LogRecord, UnplacedBatch } from '../../../model/vocabulary/records.ts'
import type { CodecName } from '../../../model/vocabulary/service.ts'
import type { Offset } from '../../../model/vocabulary/units.ts'

// Loaded when the first batch needs them: most questions need neither.
const require = createRequire(import.meta.url)
const lz4 = (): typeof import('lz4-napi') => require('lz4-napi')
const snappy = (): typeof import('snappy') => require('snappy')

/** The bytes of a batch, as a producer sends them. */
export function clientBatch(batch: UnplacedBatch, codec: CodecName): Uint8Array {
  const plain = encodeUnplacedBatch(batch)
  if (codec === 'none') return plain
  const packed = compress(codec, Buffer.from(plain.subarray(header.headerBytes)))
  const bytes = new Uint8Array(header.headerBytes + packed.length)
  bytes.set(plain.subarray(0, header.headerBytes))
  bytes.set(packed, header.headerBytes)
  const view = header.viewOf(bytes)
  view.setInt32(header.field.length, bytes.length - header.lengthEnd)
  view.setInt16(header.field.attributes, codecNames.indexOf(codec))
  view.setUint32(header.field.checksum, header.checksumOf(bytes, 0, bytes.length))
  return bytes
}

/** The same batch with its last byte changed, which its checksum then contradicts. */
export function spoiled(batch: Uint8Array): Uint8Array {
  const bytes = Uint8Array.from(batch)
  bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1
  return bytes
}

/** What a fetch brought, as a consumer understands it. */
export type Fetched =
  /** `nextOffset` is where to go on; the offset that was asked for when no whole batch came. */
  | { readonly kind: 'records'; readonly records: readonly LogRecord[]; readonly nextOffset: Offset }
  /** A client would refuse this, and says why. */
  | { readonly kind: 'refused'; readonly why: string }

/** Reads batches that follow each other; the last one may be cut off. Records before `from` are left out, as are control batches. */
export function readBatches(bytes: Uint8Array, from: Offset): Fetched {
  const view = header.viewOf(bytes)
  const records: LogRecord[] = []
  let nextOffset = from
  for (let at = 0; ; ) {
    const size = header.wholeBatchSize(view, at, bytes.length)
    if (size === 0) {
      const isNonsense = bytes.length - at >= header.lengthEnd && header.sizeOf(view, at) < header.headerBytes
      return isNonsense ? refused(view, at, 'has an impossible length') : { kind: 'records', records, nextOffset }
    }
    const magic = view.getInt8(at + header.field.magic)
    if (magic !== header.magicV2) return refused(view, at, `has the magic ${magic}, and 2 is read here`)
    if (!header.isSound(bytes, view, at, size)) return refused(view, at, 'does not match its checksum')
    const isControl = (header.attributesOf(view, at) & header.attribute.control) !== 0
    if (!isControl) {
      const plain = plainBatch(bytes, view, at, size, decompress)
      if (plain === null) return refused(view, at, 'does not hold the records that its header tells of')
      for (const record of decodeBatch(plain.bytes, plain.view, plain.at).records) {
        if (record.offset >= from) records.push(record)
      }
    }
    nextOffset = Math.max(nextOffset, header.lastOffsetOf(view, at) + 1)
    at += size
  }
}

function refused(view: DataView, at: number, why: string): Fetched {
  return { kind: 'refused', why: `the batch at offset ${header.baseOffsetOf(view, at)} ${why}` }
}

function compress(codec: Exclude<CodecName, 'none'>, bytes: Buffer): Uint8Array {
  switch (codec) {
    case 'gzip':
      return gzipSync(bytes)
    case 'zstd':
      return zstdCompressSync(bytes)
    case 'lz4':
      return lz4().compressFrameSync(bytes)
    case 'snappy':
      return snappy().compressSync(bytes)
  }
}
