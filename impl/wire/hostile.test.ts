// Whatever bytes arrive, the codec gives a value or throws WireError, soon, and makes nothing much larger than the frame.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { apis } from './apis.ts'
import { type ApiVersion, messages, versionsOf } from './arbitraries.ts'
import { decodeRequestBody, decodeResponse, encodeRequest, encodeResponse, readRequestHeader } from './frames.ts'
import { defaultsOf, type Fields, fieldsOf, type Type, zeroUuid } from './schema.ts'
import { WireError } from './wire-error.ts'

/** Makes a value of a frame. */
type Decode = (frame: Uint8Array, of: ApiVersion) => unknown

const decodeRequest: Decode = (frame, { api, version }) => decodeRequestBody(api, version, frame, 0)
const decodeAnswer: Decode = (frame, { api, version }) => decodeResponse(api, version, frame).body
const decodeWhole: Decode = frame => {
  const { apiKey, apiVersion, bodyAt } = readRequestHeader(frame)
  const api = apis.find(one => one.key === apiKey)
  return api === undefined || bodyAt === -1 ? null : decodeRequestBody(api, apiVersion, frame, bodyAt)
}

const all = versionsOf(apis)

describe('arbitrary bytes', () => {
  const frames = fc.oneof(
    fc.uint8Array({ maxLength: 64 }),
    // Small numbers are more often lengths and counts that fit.
    fc.array(fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 255 })), { maxLength: 300 }).map(of),
  )
  test.each([
    ['as a request body', decodeRequest],
    ['as a response', decodeAnswer],
    ['as a request', decodeWhole],
  ])('%s', (_name, decode) => {
    const outcomes = { value: 0, wireError: 0 }
    const property = fc.property(frames, fc.constantFrom(...all), (frame, of) => {
      outcomes[outcomeOf(decode, frame, of)]++
    })
    fc.assert(property, { numRuns: 10_000 })
    expect(outcomes.value).toBeGreaterThan(20)
    expect(outcomes.wireError).toBeGreaterThan(1000)
  })

  test.each([0, 1, 2, 3, 7, 0x7f, 0x80, 0xff])('the byte %i, 20,000 times', byte => {
    const frame = new Uint8Array(20_000).fill(byte)
    for (const one of all) {
      outcomeOf(decodeRequest, frame, one)
      outcomeOf(decodeAnswer, frame, one)
    }
  })
})

describe('mutated frames', () => {
  test.each([
    ['of requests', decodeWhole, requestFrame],
    ['of responses', decodeAnswer, responseFrame],
  ] as const)('%s', (_name, decode, frameOf) => {
    const outcomes = { value: 0, wireError: 0 }
    const cases = fc.constantFrom(...all).chain(of => fc.record({ of: fc.constant(of), frame: frameOf(of) }))
    const property = fc.property(
      cases,
      fc.array(mutations, { minLength: 1, maxLength: 3 }),
      ({ of, frame }, changes) => {
        const mutated = changes.reduce((bytes, change) => mutate(bytes, change), frame)
        outcomes[outcomeOf(decode, mutated, of)]++
      },
    )
    fc.assert(property, { numRuns: 10_000 })
    expect(outcomes.value).toBeGreaterThan(500)
    expect(outcomes.wireError).toBeGreaterThan(2000)
  })
})

test('a thousand of the smallest elements weigh little for their bytes, wherever a message has an array', () => {
  let arrays = 0
  for (const one of all) {
    for (const body of crowded(one.api.request, one.version)) {
      arrays++
      expect(
        outcomeOf(decodeWhole, Buffer.concat(encodeRequest(one.api, one.version, 7, 'c', body)).subarray(4), one),
      ).toBe('value')
    }
    for (const body of crowded(one.api.response, one.version)) {
      arrays++
      expect(
        outcomeOf(decodeAnswer, Buffer.concat(encodeResponse(one.api, one.version, 7, body)).subarray(4), one),
      ).toBe('value')
    }
  }
  expect(arrays).toBeGreaterThan(400)
})

describe('the check notices', () => {
  test('an exception of another kind', () => {
    const naive: Decode = frame => new DataView(frame.buffer, frame.byteOffset, frame.length).getInt32(0)
    const property = fc.property(fc.uint8Array({ maxLength: 8 }), frame => void outcomeOf(naive, frame, first))
    expect(fc.check(property).failed).toBe(true)
  })

  test('a count that is believed', () => {
    const believing: Decode = frame => new Array((frame[0] ?? 0) << 8).fill(0)
    const property = fc.property(fc.uint8Array({ maxLength: 8 }), frame => void outcomeOf(believing, frame, first))
    expect(fc.check(property).failed).toBe(true)
  })
})

const first: ApiVersion = { api: apis[0] ?? raise('there are no APIs'), version: 3 }

// An element of the smallest kinds takes three or four bytes and has a handful of fields.
const weightPerByte = 4
const weightOfEmpty = 40

/** What became of a frame. Anything but a light value or a WireError throws. */
function outcomeOf(decode: Decode, frame: Uint8Array, of: ApiVersion): 'value' | 'wireError' {
  let value: unknown
  try {
    value = decode(frame, of)
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    expect(error.message).not.toBe('')
    return 'wireError'
  }
  const weight = weigh(value)
  if (weight > weightPerByte * frame.length + weightOfEmpty) {
    throw new Error(`${frame.length} bytes became a value of weight ${weight}`)
  }
  return 'value'
}

/** How many things had to be allocated or stored for a value; a string weighs its length, a view of the frame nothing. */
function weigh(value: unknown): number {
  if (typeof value === 'string') return 1 + value.length / 32
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return 1
  let weight = 1
  for (const part of Array.isArray(value) ? value : Object.values(value)) weight += weigh(part)
  return weight
}

/** For each array of a message, the smallest message in which that array has a thousand elements. */
function* crowded(fields: Fields, version: number): Generator<Record<string, unknown>> {
  const { body, tagged } = fieldsOf(fields, version)
  for (const [name, { type }] of [...body, ...tagged]) {
    if (type.kind === 'array') {
      const element = type.of.kind === 'struct' ? defaultsOf(type.of.fields) : smallest(type.of)
      yield { ...defaultsOf(fields), [name]: new Array(1000).fill(element) }
      if (type.of.kind === 'struct') {
        for (const inner of crowded(type.of.fields, version)) yield { ...defaultsOf(fields), [name]: [inner] }
      }
    }
    if (type.kind === 'struct') {
      for (const inner of crowded(type.fields, version)) yield { ...defaultsOf(fields), [name]: inner }
    }
  }
}

function smallest(type: Type): unknown {
  if (type.kind !== 'scalar') return []
  return type.name === 'string' ? '' : type.name === 'uuid' ? zeroUuid : 0
}

type Mutation =
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'truncate'; readonly at: number }
  | { readonly kind: 'insert'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'overwrite'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'move'; readonly at: number; readonly from: number; readonly length: number }

const share = fc.integer({ min: 0, max: 999 })
/** What a length, a count or a tag might be when someone means harm: huge, negative, or just a little too large. */
const hugeLengths = fc.constantFrom(
  of([0x7f, 0xff, 0xff, 0xff]),
  of([0xff, 0xff, 0xff, 0xff]),
  of([0x80, 0, 0, 0]),
  of([0x7f, 0xff]),
  of([0x80, 0]),
  of([0xff, 0xff, 0xff, 0xff, 0x0f]),
  of([0xff, 0xff, 0xff, 0xff, 0x7f]),
  of([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]),
  of([0xff, 0xff, 0x03]),
)
const mutations: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant('flip'), at: share, bit: fc.integer({ min: 0, max: 7 }) }),
  fc.record({ kind: fc.constant('truncate'), at: share }),
  fc.record({ kind: fc.constant('insert'), at: share, bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }) }),
  fc.record({ kind: fc.constant('overwrite'), at: share, bytes: hugeLengths }),
  fc.record({ kind: fc.constant('move'), at: share, from: share, length: fc.integer({ min: 1, max: 40 }) }),
)

/** Positions are thousandths of the frame, so that a mutation means something for any frame. */
function mutate(frame: Uint8Array, change: Mutation): Uint8Array {
  const index = (thousandths: number) => Math.floor((thousandths * frame.length) / 1000)
  const at = index(change.at)
  switch (change.kind) {
    case 'flip': {
      const flipped = Uint8Array.from(frame)
      if (at < flipped.length) flipped[at] = (flipped[at] ?? 0) ^ (1 << change.bit)
      return flipped
    }
    case 'truncate':
      return frame.subarray(0, at)
    case 'insert':
      return Buffer.concat([frame.subarray(0, at), change.bytes, frame.subarray(at)])
    case 'overwrite':
      return Buffer.concat([frame.subarray(0, at), change.bytes, frame.subarray(at + change.bytes.length)])
    case 'move': {
      const from = index(change.from)
      const piece = frame.subarray(from, from + change.length)
      return Buffer.concat([frame.subarray(0, at), piece, frame.subarray(at + piece.length)])
    }
  }
}

function requestFrame({ api, version }: ApiVersion): fc.Arbitrary<Uint8Array> {
  return messages(api.request, version).map(body =>
    Buffer.concat(encodeRequest(api, version, 7, 'c', body)).subarray(4),
  )
}

function responseFrame({ api, version }: ApiVersion): fc.Arbitrary<Uint8Array> {
  return messages(api.response, version).map(body => Buffer.concat(encodeResponse(api, version, 7, body)).subarray(4))
}

function of(bytes: readonly number[]): Uint8Array {
  return Uint8Array.from(bytes)
}

function raise(what: string): never {
  throw new Error(what)
}
