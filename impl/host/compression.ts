// Kafka's four codecs, undone by zlib (gzip, zstd) and two native packages. Follows `CompressionType`.
//
// What a producer calls compressed may be anything: each codec is bounded, and nonsense is null and not an exception.
import { createRequire } from 'node:module'
// By its namespace: a Node without zstd can then load this file, and be told that it is too old.
import * as zlib from 'node:zlib'
import type { Bytes } from '../../model/vocabulary/units.ts'
import { codecNames, type Decompress } from '../ports/compression.ts'

// Loaded when the first batch needs it, which for most clusters is never.
const require = createRequire(import.meta.url)
const lz4 = (): typeof import('lz4-napi') => require('lz4-napi')
const snappy = (): typeof import('snappy') => require('snappy')

/** How snappy-java frames its blocks: a magic, two versions, then blocks with their lengths. */
const framing = { magic: Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]), headerBytes: 16 } as const
/** One byte of LZ4 stands for at most this many. */
const lz4RatioMax = 255

/** The bytes that were compressed; null when they are no such thing, or would be more than `bytesMax`. */
export const decompress: Decompress = (codec, bytes, bytesMax) => {
  try {
    const plain = byName(codec, bytes, bytesMax)
    return plain === null || plain.length > bytesMax ? null : plain
  } catch {
    return null
  }
}

function byName(codec: number, bytes: Uint8Array, bytesMax: Bytes): Uint8Array | null {
  switch (codecNames[codec]) {
    case 'none':
      return bytes
    case 'gzip':
      return zlib.gunzipSync(bytes, { maxOutputLength: bytesMax })
    case 'zstd':
      return zlib.zstdDecompressSync(bytes, { maxOutputLength: bytesMax })
    case 'lz4':
      return bytes.length * lz4RatioMax > 4 * bytesMax ? null : lz4().decompressFrameSync(asBuffer(bytes))
    case 'snappy':
      return unsnap(asBuffer(bytes), bytesMax)
    default:
      return null
  }
}

function unsnap(bytes: Buffer, bytesMax: Bytes): Uint8Array | null {
  if (!bytes.subarray(0, framing.magic.length).equals(framing.magic)) return unsnapBlock(bytes, bytesMax)
  const blocks: Uint8Array[] = []
  let left = bytesMax
  for (let at: number = framing.headerBytes; at < bytes.length; ) {
    const length = bytes.readInt32BE(at)
    at += 4
    if (length < 0 || at + length > bytes.length) return null
    const block = unsnapBlock(bytes.subarray(at, at + length), left)
    if (block === null) return null
    blocks.push(block)
    left -= block.length
    at += length
  }
  return Buffer.concat(blocks)
}

/** A block says first how long it was. */
function unsnapBlock(block: Buffer, bytesMax: Bytes): Uint8Array | null {
  let length = 0
  for (let at = 0, scale = 1; ; at++, scale *= 128) {
    const byte = block[at]
    if (byte === undefined || at > 4) return null
    length += (byte & 127) * scale
    if (byte < 128) break
  }
  if (length > bytesMax) return null
  const plain = snappy().uncompressSync(block, { asBuffer: true })
  return typeof plain === 'string' ? null : plain
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
