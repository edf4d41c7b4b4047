import { gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { compressFrameSync } from 'lz4-napi'
import { compressSync } from 'snappy'
import { expect, test } from 'vitest'
import * as header from '../log/batch.ts'
import { encodeUnplacedBatch, writeHeader } from '../log/codec.ts'
import { plainBatch } from '../log/plain-batch.ts'
import { codecNames } from '../ports/compression.ts'
import { decompress } from './compression.ts'

const text = Buffer.from('kafka '.repeat(2000))
const compressors: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  gzip: bytes => gzipSync(bytes),
  snappy: bytes => compressSync(Buffer.from(bytes)),
  lz4: bytes => compressFrameSync(Buffer.from(bytes)),
  zstd: bytes => zstdCompressSync(bytes),
}

test.each([1, 2, 3, 4])('codec %i is undone, within its bound only, and nonsense is null', codec => {
  const compressed = compressors[codecNames[codec] ?? '']?.(text) ?? new Uint8Array()
  expect(compressed.length).toBeLessThan(text.length / 4)
  expect(Buffer.from(decompress(codec, compressed, text.length) ?? []).equals(text)).toBe(true)
  expect(decompress(codec, compressed, text.length - 1)).toBeNull()
  expect(decompress(codec, compressed.subarray(0, 20), 1e6)).toBeNull()
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
      const plain = decompress(codec, bytes, 10_000)
      expect(plain === null || plain.length <= 10_000).toBe(true)
    }),
  )
})

test('the framing of snappy-java is understood', () => {
  const block = (bytes: Uint8Array): Buffer => {
    const compressed = compressSync(Buffer.from(bytes))
    const length = Buffer.alloc(4)
    length.writeInt32BE(compressed.length)
    return Buffer.concat([length, compressed])
  }
  const head = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1])
  const framed = Buffer.concat([head, block(text.subarray(0, 5000)), block(text.subarray(5000))])
  expect(Buffer.from(decompress(2, framed, text.length) ?? []).equals(text)).toBe(true)
  expect(decompress(2, framed, text.length - 1)).toBeNull()
  expect(decompress(2, framed.subarray(0, framed.length - 1), text.length)).toBeNull()
})

test('a compressed batch is stepped through as if it were plain, and one whose records are not as many is not', () => {
  const records = ['a', 'b', 'c'].map(value => ({ key: 'k', value, timestamp: 7 }))
  const plain = encodeUnplacedBatch({ producerId: -1, producerEpoch: -1, baseSequence: -1, records })
  const compressed = (count: number): Uint8Array => {
    const payload = gzipSync(plain.subarray(header.headerBytes))
    const bytes = new Uint8Array(header.headerBytes + payload.length)
    bytes.set(payload, header.headerBytes)
    writeHeader(bytes, header.viewOf(bytes), {
      baseOffset: 0,
      lastOffset: count - 1,
      leaderEpoch: -1,
      attributes: 1,
      baseTimestamp: 7,
      maxTimestamp: 7,
      producerId: -1,
      producerEpoch: -1,
      baseSequence: -1,
      recordCount: count,
    })
    return bytes
  }
  const opened = (bytes: Uint8Array) => plainBatch(bytes, header.viewOf(bytes), 0, bytes.length, decompress)
  expect(opened(compressed(3))?.bytes).toEqual(plain)
  expect([opened(compressed(2)), opened(compressed(4))]).toEqual([null, null])
})

test('whatever the records are, looking whether they are whole neither fails nor hangs', () => {
  const records = ['a', 'bc', null].map(value => ({ key: 'k', value, timestamp: 7 }))
  const sound = encodeUnplacedBatch({ producerId: -1, producerEpoch: -1, baseSequence: -1, records })
  const change = fc.record({ at: fc.nat(sound.length - header.headerBytes - 1), to: fc.nat(255) })
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), fc.integer(), (changes, count) => {
      const bytes = Uint8Array.from(sound)
      for (const { at, to } of changes) bytes[header.headerBytes + at] = to
      const view = header.viewOf(bytes)
      view.setInt32(header.field.recordCount, count % 2 === 0 ? 3 : count)
      const plain = plainBatch(bytes, view, 0, bytes.length, decompress)
      expect(plain === null || plain.size === bytes.length).toBe(true)
    }),
  )
})
