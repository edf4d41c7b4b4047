import { expect, test } from 'vitest'
import { batch } from './examples.ts'
import { batchSize, largestTimestamp, varintSize } from './size.ts'

test('a varint takes a byte for every seven bits of its zigzag code', () => {
  const cases = [0, -1, 63, 64, -64, -65, 8191, 8192, -8192, -8193, 2 ** 31 - 1, -(2 ** 31), 2 ** 40]
  expect(cases.map(varintSize)).toEqual([1, 1, 1, 2, 1, 2, 2, 3, 2, 3, 5, 5, 6])
})

test('a batch takes 61 bytes and its records', () => {
  expect(batchSize(batch(0, 0))).toBe(61 + 9)
  expect(batchSize(batch(100, 101))).toBe(61 + 9 + 9)
  expect(batchSize({ ...batch(4, 4), records: [] })).toBe(61)
})

test('a null key or value takes the one byte of its length -1', () => {
  const records = [{ key: null, value: null, timestamp: 0, offset: 0 }]
  expect(batchSize({ ...batch(0, 0), records })).toBe(61 + 7)
})

test('a record whose body needs two bytes for its length takes one byte more', () => {
  const sized = (length: number) => [{ key: null, value: 'x'.repeat(length), timestamp: 0, offset: 0 }]
  expect(batchSize({ ...batch(0, 0), records: sized(57) })).toBe(61 + 64)
  expect(batchSize({ ...batch(0, 0), records: sized(58) })).toBe(61 + 66)
})

test('timestamps count from the delete horizon if there is one, else from the first record', () => {
  const records = [{ key: 'k', value: null, timestamp: 1000, offset: 0 }]
  expect(batchSize({ ...batch(0, 0), records })).toBe(61 + 8)
  expect(batchSize({ ...batch(0, 0), records, deleteHorizon: 1100 })).toBe(61 + 9)
})

test('a batch without records has the largest timestamp -1', () => {
  expect(largestTimestamp({ ...batch(0, 0), records: [] })).toBe(-1)
})
