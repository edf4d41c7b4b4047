// Messages between nodes survive their way through bytes, and nothing but messages is read from bytes.

import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Wire } from '../ports/network.ts'
import { anyMessage, messagesByKind } from './messages/arbitraries.ts'
import { families } from './messages/families.ts'
import { decodeMessage, encodeMessage } from './messages.ts'
import { WireError } from './wire-error.ts'
import { chunkFromBytes } from './writer.ts'

describe('a message is decoded as it was before it was encoded', () => {
  test.each(Object.entries<fc.Arbitrary<Wire>>(messagesByKind))('%s', (_kind, messages) => {
    fc.assert(
      fc.property(messages, message => {
        const decoded = decodeMessage(withoutSize(encodeMessage(message)))
        // The comparison of vitest is slow, and only needed for its message.
        if (!isDeepStrictEqual(decoded, message)) expect(decoded).toEqual(message)
        expect(isDeepStrictEqual(decoded, message)).toBe(true)
      }),
      { numRuns: 200 },
    )
  })
})

test('a frame says what it is before the header of Kafka begins', () => {
  const request = withoutSize(encodeMessage({ kind: 'Metadata', correlationId: 7 }))
  // Direction, key and version, then key, version and correlation id once more, as every Kafka request begins.
  expect(request.subarray(0, 13).toHex()).toBe('00' + '0003' + '000d' + '0003' + '000d' + '00000007')
  const response = withoutSize(
    encodeMessage({ kind: 'MetadataResponse', correlationId: 7, brokers: [], partitions: [] }),
  )
  expect(response.subarray(0, 9).toHex()).toBe('01' + '0003' + '000d' + '00000007')
})

test('large records are a chunk of their own, the very bytes of the message', () => {
  const records = new Uint8Array(chunkFromBytes).fill(3)
  const chunks = encodeMessage({ ...produced, records })
  expect(chunks.some(chunk => chunk === records)).toBe(true)
  expect(chunks.every(chunk => chunk.length > 0)).toBe(true)
})

test('what is encoded later does not change what was encoded before', () => {
  fc.assert(
    fc.property(fc.array(anyMessage, { maxLength: 20 }), messages => {
      const frames = messages.map(message => encodeMessage(message))
      const decoded = frames.map(chunks => decodeMessage(withoutSize(chunks)))
      expect(isDeepStrictEqual(decoded, messages)).toBe(true)
    }),
  )
})

test('bytes that were changed are another message or a WireError, and nothing else', () => {
  const changed = fc.record({ message: anyMessage, at: fc.nat(), byte: fc.nat(255), cut: fc.boolean() })
  fc.assert(
    fc.property(changed, ({ message, at, byte, cut }) => {
      const frame = withoutSize(encodeMessage(message))
      frame[at % frame.length] = byte
      isMessage(cut ? frame.subarray(0, at % frame.length) : frame)
    }),
    { numRuns: 3000 },
  )
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), frame => void isMessage(frame)))
})

test('the versions are those of the APIs, of which each is one family', () => {
  const all = Object.values(families)
  for (const { api, version } of all) {
    expect(version).toBeGreaterThanOrEqual(api.minVersion)
    expect(version).toBeLessThanOrEqual(api.maxVersion)
  }
  expect(new Set(all.map(({ api }) => api.key)).size).toBe(all.length)
})

test.each([
  ['an unknown direction', '02' + '0003' + '000d', 'direction 2'],
  ['an API that is not for nodes', '00' + '0012' + '0004', 'API key 18'],
  ['another version', '00' + '0003' + '000c', 'goes in version 13, not 12'],
  ['the header of another request', '00' + '0003' + '000d' + '0001' + '000d' + '00000007', 'the header is of API 1'],
  ['an answer to a push', '01' + '2710' + '0000', 'direction 1'],
  ['nothing', '', 'a frame of 0 bytes'],
])('%s is refused', (_what, hex, complaint) => {
  expect(() => decodeMessage(Uint8Array.fromHex(hex))).toThrow(complaint)
})

const produced = {
  kind: 'Produce',
  correlationId: 1,
  topic: 't',
  partition: 0,
  acks: -1,
  timeoutMs: 1000,
} as const

function isMessage(frame: Uint8Array): boolean {
  try {
    decodeMessage(frame)
    return true
  } catch (error) {
    if (error instanceof WireError) return false
    throw error
  }
}

/** The chunks as one, after a look at the size that they begin with. */
function withoutSize(chunks: readonly Uint8Array[]): Uint8Array {
  const frame = Buffer.concat(chunks)
  expect(frame.readInt32BE(0)).toBe(frame.length - 4)
  return new Uint8Array(frame.subarray(4))
}
