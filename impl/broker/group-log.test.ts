import { expect, test } from 'vitest'
import { SimulatedDisk } from '../../properties/simulation/disk.ts'
import { plainTopic } from '../../properties/simulation/test-cluster.ts'
import { openLog } from '../log/open.ts'
import { groupBatch, readGroupRecords } from './group-log.ts'

function openOffsets() {
  return openLog(new SimulatedDisk(), '__consumer_offsets-0', {
    ...plainTopic,
    segmentBytes: 2 ** 20,
    maxMessageBytes: 2 ** 20,
  })
}

test('keys and values come back as they were, in any script', () => {
  const records = ['', 'g', 'Käse', '群|😀', '\u0000\u007f\u0080\ufeff\uffff', 'ÿ'].map(text => ({
    key: `group|${text}`,
    value: text === 'g' ? null : text,
  }))
  const log = openOffsets()
  log.appendAsLeader(groupBatch(records, 5), 0)
  expect([...readGroupRecords(log)]).toEqual(records)
})

test('what is written is UTF-8', () => {
  const bytes = groupBatch([{ key: 'ä', value: 'ÿ' }], 0)
  expect(Buffer.from(bytes).includes(Buffer.from([4, 0xc3, 0xa4, 4, 0xc3, 0xbf]))).toBe(true)
})

test('a large log is loaded in pieces, each of its bytes once', () => {
  const log = openOffsets()
  const value = 'v'.repeat(30_000)
  for (let n = 0; n < 100; n++) log.appendAsLeader(groupBatch([{ key: `k${n}`, value }], n), 0)
  const stored = log.segments.reduce((sum, { size }) => sum + size, 0)
  expect(stored).toBeGreaterThan(2 * 2 ** 20)
  let bytesRead = 0
  let reads = 0
  const counted = {
    logStartOffset: log.logStartOffset,
    logEndOffset: log.logEndOffset,
    read: (...place: Parameters<typeof log.read>) => {
      const result = log.read(...place)
      bytesRead += result.bytes.length
      reads++
      return result
    },
  }
  expect([...readGroupRecords(counted)].map(({ key }) => key)).toEqual(Array.from({ length: 100 }, (_, n) => `k${n}`))
  expect(bytesRead).toBe(stored)
  expect(reads).toBeLessThan(8)
})

test('records below the log start are not loaded', () => {
  const log = openOffsets()
  log.appendAsLeader(
    groupBatch(
      [
        { key: 'a', value: '1' },
        { key: 'b', value: '2' },
      ],
      0,
    ),
    0,
  )
  log.updateHighWatermark(2)
  log.deleteRecords(1)
  expect([...readGroupRecords(log)]).toEqual([{ key: 'b', value: '2' }])
})
