import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type ConsumerAssignment,
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
  type Subscription,
} from './consumer-protocol.ts'

const plain: Subscription = { topics: ['t'], userData: null, ownedPartitions: [], generationId: -1, rackId: null }
const t0 = { topic: 't', partition: 0 }

const bytes = fc.uint8Array({ maxLength: 40 })
const partitions = fc.array(
  fc.record({ topic: fc.constantFrom('t', 'u', 'Käse'), partition: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }) }),
  { maxLength: 12 },
)
const text = fc.string({ unit: 'binary', maxLength: 20 })
const subscriptions: fc.Arbitrary<Subscription> = fc.record({
  topics: fc.array(text, { maxLength: 5 }),
  userData: fc.option(bytes),
  ownedPartitions: partitions,
  generationId: fc.integer({ min: -1, max: 2 ** 31 - 1 }),
  rackId: fc.option(text),
})
const assignments: fc.Arbitrary<ConsumerAssignment> = fc.record({ partitions, userData: fc.option(bytes) })

describe('a subscription', () => {
  test.each([
    ['0: topics', plain, '0000 00000001 0001 74 ffffffff'],
    [
      '1: what it owns',
      { ...plain, ownedPartitions: [t0] },
      '0001 00000001 0001 74 ffffffff 00000001 0001 74 00000001 00000000',
    ],
    ['2: since when', { ...plain, generationId: 7 }, '0002 00000001 0001 74 ffffffff 00000000 00000007'],
    ['3: its rack', { ...plain, rackId: 'r' }, '0003 00000001 0001 74 ffffffff 00000000 ffffffff 0001 72'],
  ])('is written in the lowest version that says it all, %s', (_what, subscription, hex) => {
    expect(hexOf(encodeSubscription(subscription))).toBe(hex.replaceAll(' ', ''))
    expect(decodeSubscription(bytesOf(hex))).toEqual({ kind: 'decoded', value: subscription })
  })

  test('is read as it was written, whatever it says', () => {
    fc.assert(
      fc.property(subscriptions, subscription => {
        expect(decodeSubscription(encodeSubscription(subscription))).toEqual({ kind: 'decoded', value: subscription })
      }),
    )
  })

  test('of a version that is not known yet is read as far as it is', () => {
    const hex = '0009 00000001 0001 74 00000000 00000000 00000001 ffff 0102030405'
    const value = { ...plain, userData: new Uint8Array(0), generationId: 1 }
    expect(decodeSubscription(bytesOf(hex))).toEqual({ kind: 'decoded', value })
  })

  test('keeps the order of what is owned, also when topics take turns', () => {
    const ownedPartitions = [t0, { topic: 'u', partition: 0 }, { topic: 't', partition: 1 }]
    const decoded = decodeSubscription(encodeSubscription({ ...plain, ownedPartitions }))
    expect(decoded).toEqual({ kind: 'decoded', value: { ...plain, ownedPartitions } })
  })

  test('with a name that no length field can hold is not written, and spoils nothing that is written after it', () => {
    expect(() => encodeSubscription({ ...plain, topics: ['x'.repeat(32_768)] })).toThrow('32768 bytes')
    expect(hexOf(encodeSubscription(plain))).toBe('000000000001000174ffffffff')
  })
})

describe('an assignment', () => {
  test('is written in version 0', () => {
    expect(hexOf(encodeAssignment({ partitions: [t0, { topic: 't', partition: 2 }], userData: null }))).toBe(
      '0000 00000001 0001 74 00000002 00000000 00000002 ffffffff'.replaceAll(' ', ''),
    )
  })

  test('is read as it was written, whatever it says', () => {
    fc.assert(
      fc.property(assignments, assignment => {
        expect(decodeAssignment(encodeAssignment(assignment))).toEqual({ kind: 'decoded', value: assignment })
      }),
    )
  })

  test('without bytes is empty: the leader did not name the member', () => {
    expect(decodeAssignment(new Uint8Array(0))).toEqual({ kind: 'decoded', value: { partitions: [], userData: null } })
  })
})

describe('bytes from anybody', () => {
  test('are read or said to be malformed, and never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), payload => {
        for (const decoded of [decodeSubscription(payload), decodeAssignment(payload)]) {
          expect(['decoded', 'malformed']).toContain(decoded.kind)
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('that end early are malformed, wherever they end', () => {
    const whole = encodeSubscription({ ...plain, ownedPartitions: [t0], generationId: 3, rackId: 'r' })
    for (let length = 0; length < whole.length; length++) {
      expect(decodeSubscription(whole.subarray(0, length)).kind).toBe('malformed')
    }
    expect(decodeSubscription(whole.subarray(0, 3))).toEqual({ kind: 'malformed', reason: 'ends 3 bytes early' })
  })

  test('that promise more than they hold are refused before anything is made for it', () => {
    expect(decodeSubscription(bytesOf('0000 7fffffff 0001 74'))).toEqual({
      kind: 'malformed',
      reason: 'a list of 2147483647 items',
    })
    expect(decodeAssignment(bytesOf('0000 00000001 0001 74 7fffffff 00000000 ffffffff')).kind).toBe('malformed')
    expect(decodeSubscription(bytesOf('0000 ffffffff')).kind).toBe('malformed')
    expect(decodeSubscription(bytesOf('ffff 00000000 ffffffff'))).toEqual({
      kind: 'malformed',
      reason: 'a negative version',
    })
  })

  test('are read where they lie in a larger buffer', () => {
    const whole = encodeSubscription(plain)
    const buffer = new Uint8Array(whole.length + 9)
    buffer.set(whole, 5)
    const decoded = decodeSubscription(buffer.subarray(5, 5 + whole.length))
    expect(decoded).toEqual({ kind: 'decoded', value: plain })
  })
})

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}

function bytesOf(hex: string): Uint8Array {
  const digits = hex.replaceAll(' ', '')
  return Uint8Array.from({ length: digits.length / 2 }, (_, at) =>
    Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16),
  )
}
