import { crc32c as nativeCrc32c } from '@node-rs/crc32'
import { describe, expect, test } from 'vitest'
import type { Batch, UnplacedBatch } from '../../model/vocabulary/records.ts'
import { lastSequenceOf, maxTimestampOf, sequenceAfter, stamp, viewOf } from './batch.ts'
import { varintSize, writeVarint } from './bytes.ts'
import { decodeBatch, decodeBatches, encodeBatch, encodeUnplacedBatch } from './codec.ts'
import { crc32c, crc32cSliced } from './crc32c.ts'

// Both fixtures were written field by field from the description of the format, with a bitwise CRC, by another program.
const plainBytes =
  '0000000000000005000000500000000302db580cca0000000000020000018bcfe568000000018bcfe5692c0000000000000fa100077ffffffe' +
  '000000031a000000046b310a68656c6c6f001200d80402046b3201000c000104010000'
const plainBatch: Batch = {
  baseOffset: 5,
  lastOffset: 7,
  leaderEpoch: 3,
  producerId: 4001,
  producerEpoch: 7,
  baseSequence: 2 ** 31 - 2,
  deleteHorizon: null,
  corrupt: false,
  records: [
    { offset: 5, key: 'k1', value: 'hello', timestamp: 1_700_000_000_000 },
    { offset: 6, key: 'k2', value: null, timestamp: 1_700_000_000_300 },
    { offset: 7, key: null, value: '', timestamp: 1_699_999_999_999 },
  ],
}
const horizonBytes =
  '000000000000000a0000003a00000000027fcfc9890040000000020000018bcfe57b880000018bcfe56800ffffffffffffffffffffffffffff' +
  '0000000110008f4e02026b0100'
const horizonBatch: Batch = {
  baseOffset: 10,
  lastOffset: 12,
  leaderEpoch: 0,
  producerId: -1,
  producerEpoch: -1,
  baseSequence: -1,
  deleteHorizon: 1_700_000_005_000,
  corrupt: false,
  records: [{ offset: 11, key: 'k', value: null, timestamp: 1_700_000_000_000 }],
}

describe('record batches v2', () => {
  test('the checksum is CRC-32C', () => {
    const digits = new TextEncoder().encode('123456789')
    expect([crc32c(digits), crc32cSliced(digits)]).toEqual([0xe3069283, 0xe3069283])
    for (let size = 0; size < 600; size++) {
      const bytes = Uint8Array.from({ length: size }, (_, i) => (i * 37 + size) & 255)
      expect([crc32c(bytes), crc32cSliced(bytes)]).toEqual([nativeCrc32c(bytes), nativeCrc32c(bytes)])
    }
  })

  test('a batch has the bytes that Kafka gives it', () => {
    expect(Buffer.from(encodeBatch(plainBatch)).toString('hex')).toBe(plainBytes)
    expect(decodeBatch(Buffer.from(plainBytes, 'hex'))).toEqual(plainBatch)
  })

  test('a delete horizon takes the place of the base timestamp and sets attribute bit 6', () => {
    expect(Buffer.from(encodeBatch(horizonBatch)).toString('hex')).toBe(horizonBytes)
    expect(decodeBatch(Buffer.from(horizonBytes, 'hex'))).toEqual(horizonBatch)
  })

  test('an empty batch takes 61 bytes, has the maximum timestamp -1, and still counts its sequences', () => {
    const empty: Batch = { ...plainBatch, records: [] }
    const bytes = encodeBatch(empty)
    expect(bytes.length).toBe(61)
    expect(maxTimestampOf(viewOf(bytes), 0)).toBe(-1)
    expect(lastSequenceOf(viewOf(bytes), 0)).toBe(0)
    expect(decodeBatch(bytes)).toEqual(empty)
  })

  test('placing a batch changes its offsets and epoch in place, and its checksum still holds', () => {
    const { producerId, producerEpoch, baseSequence, records } = plainBatch
    const unplaced: UnplacedBatch = { producerId, producerEpoch, baseSequence, records: records.map(withoutOffset) }
    const bytes = encodeUnplacedBatch(unplaced)
    stamp(viewOf(bytes), 0, 5, 3)
    expect(Buffer.from(bytes).toString('hex')).toBe(plainBytes)
  })

  test('batches follow each other without anything between them', () => {
    const bytes = Buffer.concat([encodeBatch(plainBatch), encodeBatch(horizonBatch)])
    expect(decodeBatches(bytes)).toEqual([plainBatch, horizonBatch])
  })

  test('one flipped bit in the records makes a batch corrupt, whose records are not shown', () => {
    const bytes = encodeBatch(plainBatch)
    bytes[70] = (bytes[70] ?? 0) ^ 4
    expect(decodeBatch(bytes)).toEqual({ ...plainBatch, corrupt: true, records: [] })
    expect(decodeBatch(encodeBatch({ ...plainBatch, corrupt: true })).corrupt).toBe(true)
  })

  test('sequence 0 follows 2^31-1', () => {
    expect([sequenceAfter(2 ** 31 - 1, 1), sequenceAfter(2 ** 31 - 2, 3), sequenceAfter(7, 1)]).toEqual([0, 1, 8])
  })

  test('timestamps far apart survive, in as many bytes as their size says', () => {
    const edges = [0, 63, 64, 8191, 8192, 2 ** 20, 2 ** 27, 2 ** 30, 2 ** 34 + 1, 2 ** 51, 2 ** 52, 2 ** 53 - 1]
    for (const value of edges.flatMap(edge => [edge, -edge, -edge - 1, edge - 1])) {
      const view = new DataView(new ArrayBuffer(10))
      expect([value, writeVarint(view, 0, value)]).toEqual([value, varintSize(value)])
      const batch: Batch = {
        ...plainBatch,
        deleteHorizon: Math.max(0, value),
        records: [{ offset: 5, key: 'k', value: null, timestamp: Math.max(0, -value) }],
      }
      expect(decodeBatch(encodeBatch(batch))).toEqual(batch)
    }
  })
})

function withoutOffset({ key, value, timestamp }: Batch['records'][number]): UnplacedBatch['records'][number] {
  return { key, value, timestamp }
}
