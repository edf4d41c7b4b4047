import { describe, expect, test } from 'vitest'
import * as header from '../../../impl/log/batch.ts'
import { encodeBatch } from '../../../impl/log/codec.ts'
import { clientBatch, readBatches, spoiled } from './batches.ts'

const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
const stamp = { producerId: 7, producerEpoch: 2, baseSequence: 9 }
const records = [
  { key: 'k', value: 'x'.repeat(1000), timestamp: 5 },
  { key: null, value: null, timestamp: 3 },
  { key: '', value: '\x00\xff', timestamp: 9 },
]

/** A batch as a broker gives it: at an offset. */
function placed(baseOffset: number, codec: (typeof codecs)[number] = 'none'): Uint8Array {
  const bytes = clientBatch({ ...stamp, records }, codec)
  header.stamp(header.viewOf(bytes), 0, baseOffset, 4)
  return bytes
}

const joined = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts))
const at = (baseOffset: number) => records.map((record, index) => ({ ...record, offset: baseOffset + index }))

describe.each(codecs)('%s', codec => {
  test('comes back as it was', () => {
    const batch = placed(10, codec)
    expect(readBatches(batch, 10)).toEqual({ kind: 'records', records: at(10), nextOffset: 13 })
    expect(header.isSound(batch, header.viewOf(batch), 0, batch.length)).toBe(true)
    if (codec !== 'none') expect(batch.length).toBeLessThan(500)
  })

  test('is refused when it was spoiled', () => {
    const why = 'the batch at offset 10 does not match its checksum'
    expect(readBatches(spoiled(placed(10, codec)), 10)).toEqual({ kind: 'refused', why })
  })

  test('is refused when it holds something else than it says', () => {
    const batch = placed(10, codec)
    const view = header.viewOf(batch)
    view.setInt32(header.field.recordCount, 2)
    view.setUint32(header.field.checksum, header.checksumOf(batch, 0, batch.length))
    const why = 'the batch at offset 10 does not hold the records that its header tells of'
    expect(readBatches(batch, 10)).toEqual({ kind: 'refused', why })
  })
})

test('several batches are read from an offset on, and the last may be cut off', () => {
  const [first, second, third] = [placed(0), placed(3, 'gzip'), placed(6)]
  for (const cut of [1, 11, 12, 60, third.length - 1]) {
    const bytes = joined(first, second, third.subarray(0, cut))
    expect(readBatches(bytes, 2)).toEqual({ kind: 'records', records: [...at(0).slice(2), ...at(3)], nextOffset: 6 })
  }
  expect(readBatches(third.subarray(0, 40), 6)).toEqual({ kind: 'records', records: [], nextOffset: 6 })
})

test('control batches hold no records, and are passed', () => {
  const batch = placed(3)
  const view = header.viewOf(batch)
  view.setInt16(header.field.attributes, header.attribute.control)
  view.setUint32(header.field.checksum, header.checksumOf(batch, 0, batch.length))
  expect(readBatches(joined(placed(0), batch), 0)).toEqual({ kind: 'records', records: at(0), nextOffset: 6 })
})

test('a compacted batch says where to go on', () => {
  const compacted = { ...stamp, baseOffset: 5, lastOffset: 9, leaderEpoch: 0, deleteHorizon: null, corrupt: false }
  const [kept] = at(6)
  const bytes = encodeBatch({ ...compacted, records: kept === undefined ? [] : [kept] })
  expect(readBatches(bytes, 5)).toEqual({ kind: 'records', records: [kept], nextOffset: 10 })
  expect(readBatches(encodeBatch({ ...compacted, records: [] }), 5)).toEqual({
    kind: 'records',
    records: [],
    nextOffset: 10,
  })
})

test('what is no batch is refused', () => {
  const old = placed(1)
  old[header.field.magic] = 1
  const oldWhy = 'the batch at offset 1 has the magic 1, and 2 is read here'
  expect(readBatches(old, 0)).toEqual({ kind: 'refused', why: oldWhy })
  const short = placed(1)
  header.viewOf(short).setInt32(header.field.length, 3)
  expect(readBatches(short, 0)).toEqual({ kind: 'refused', why: 'the batch at offset 1 has an impossible length' })
})
