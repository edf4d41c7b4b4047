import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PartitionerName } from '../../model/vocabulary/choosing.ts'
import { murmur2 } from './murmur2.ts'
import { Partitioner } from './partitioner.ts'

const names: readonly PartitionerName[] = ['roundRobin', 'sticky']

describe.each(names)('with %s', name => {
  test('a given partition is taken as it is, also without a leader, and nothing is remembered', () => {
    const partitioner = new Partitioner(name)
    expect([-1, 0, 2, 3].map(given => partitioner.choose('t', given, 'key', 3, [1], 0))).toEqual([-1, 0, 2, -1])
    expect(partitioner.topics).toEqual(new Map())
  })

  test('a key decides by its UTF-8 bytes among all partitions, available or not', () => {
    const partitioner = new Partitioner(name)
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.integer({ min: 1, max: 64 }), (key, count) => {
        const expected = (murmur2(new TextEncoder().encode(key)) & 0x7fffffff) % count
        expect(partitioner.choose('t', null, key, count, [], 0)).toBe(expected)
      }),
    )
    expect(partitioner.topics).toEqual(new Map())
  })

  test('a keyless record goes to an available partition, or to any when none is available', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(255), fc.nat(), (count, mask, draw) => {
        const available = Array.from({ length: count }, (_, p) => p).filter(p => (mask >> p) & 1)
        const chosen = new Partitioner(name).choose('t', null, null, count, available, draw)
        if (available.length > 0) expect(available).toContain(chosen)
        else expect(chosen).toBe(name === 'sticky' ? draw % count : 0)
      }),
    )
  })
})

test('round robin counts by topic and takes the available partitions in turn', () => {
  const partitioner = new Partitioner('roundRobin')
  const choose = (topic: string, available: readonly number[]) => partitioner.choose(topic, null, null, 4, available, 9)
  expect([choose('a', [1, 3]), choose('a', [1, 3]), choose('b', [1, 3]), choose('a', []), choose('a', [0, 1])]).toEqual(
    [1, 3, 1, 2, 1],
  )
  partitioner.newBatch('a')
  expect(partitioner.topics).toEqual(
    new Map([
      ['a', { counter: 4, current: null, previous: null }],
      ['b', { counter: 1, current: null, previous: null }],
    ]),
  )
})

test('a sticky choice stays until its batch is closed, and the next one avoids it', () => {
  const partitioner = new Partitioner('sticky')
  const choose = (draw: number, available: readonly number[] = [0, 1, 2]) =>
    partitioner.choose('t', null, null, 3, available, draw)
  expect([choose(2), choose(0), choose(1, [])]).toEqual([2, 2, 2])
  partitioner.newBatch('t')
  expect(partitioner.topics.get('t')).toEqual({ counter: 0, current: null, previous: 2 })
  // The draw falls on partition 2 again, so the choice wraps to the next one.
  expect(choose(5)).toBe(0)
  expect(partitioner.topics.get('t')).toEqual({ counter: 0, current: 0, previous: 2 })
})

test('the previous choice is taken again when it is the only one available', () => {
  const partitioner = new Partitioner('sticky')
  partitioner.choose('t', null, null, 2, [1], 0)
  partitioner.newBatch('t')
  expect(partitioner.choose('t', null, null, 2, [1], 0)).toBe(1)
})

test('closing a batch without a current choice changes nothing', () => {
  const partitioner = new Partitioner('sticky')
  partitioner.newBatch('t')
  expect(partitioner.topics).toEqual(new Map())
  partitioner.choose('t', null, null, 2, [0, 1], 1)
  partitioner.newBatch('t')
  partitioner.newBatch('t')
  expect(partitioner.topics.get('t')).toEqual({ counter: 0, current: null, previous: 1 })
})
