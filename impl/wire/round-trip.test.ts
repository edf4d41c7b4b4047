// What is encoded is what is decoded, in every version of every API, both ways.

import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { apis } from './apis.ts'
import { messages, versionsOf } from './arbitraries.ts'
import { decodeRequestBody, decodeResponse, encodeRequest, encodeResponse, readRequestHeader } from './frames.ts'

const all = versionsOf(apis).map(({ api, version }) => [api.name, version, api] as const)
const correlationIds = fc.integer()
const clientIds = fc.option(fc.string({ unit: 'binary', maxLength: 10 }))

describe('a request is decoded as it was before it was encoded', () => {
  test.each(all)('%s %i', (_name, version, api) => {
    fc.assert(
      fc.property(messages(api.request, version), correlationIds, clientIds, (body, correlationId, clientId) => {
        const frame = withoutSize(encodeRequest(api, version, correlationId, clientId, body))
        const { bodyAt, ...header } = readRequestHeader(frame)
        expect(header).toEqual({ apiKey: api.key, apiVersion: version, correlationId, clientId })
        same(decodeRequestBody(api, version, frame, bodyAt), body)
      }),
      { numRuns: 100 },
    )
  })
})

describe('a response is decoded as it was before it was encoded', () => {
  test.each(all)('%s %i', (_name, version, api) => {
    fc.assert(
      fc.property(messages(api.response, version), correlationIds, (body, correlationId) => {
        const frame = withoutSize(encodeResponse(api, version, correlationId, body))
        const decoded = decodeResponse(api, version, frame)
        expect(decoded.correlationId).toBe(correlationId)
        same(decoded.body, body)
      }),
      { numRuns: 100 },
    )
  })
})

/** The chunks as one, after a look at the size that they begin with. */
function withoutSize(chunks: readonly Uint8Array[]): Uint8Array {
  const frame = Buffer.concat(chunks)
  expect(frame.readInt32BE(0)).toBe(frame.length - 4)
  return frame.subarray(4)
}

function same(actual: unknown, expected: unknown): void {
  // The comparison of vitest is slow, and only needed for its message.
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toEqual(expected)
}
