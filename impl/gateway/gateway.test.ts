// Frames in, frames out: what is answered without anybody being asked, and that an error of ours ends one connection only.
import { beforeEach, describe, expect, test } from 'vitest'
import { apiVersions } from '../wire/apis/api-versions.ts'
import { heartbeat } from '../wire/apis/heartbeat.ts'
import { metadata } from '../wire/apis/metadata.ts'
import { saslAuthenticate } from '../wire/apis/sasl-authenticate.ts'
import { saslHandshake } from '../wire/apis/sasl-handshake.ts'
import { errorName } from '../wire/errors.ts'
import { decodeResponse, encodeRequest } from '../wire/frames.ts'
import { type Api, defaultsOf, type RequestOf, type ResponseOf } from '../wire/schema.ts'
import type { Authenticator } from './authentication.ts'
import { Gateway, type Reception } from './gateway.ts'
import { type ClientSession, type Handled, handles } from './session.ts'

let closed: string[]
let client: ClientSession
beforeEach(() => {
  closed = []
  client = { name: 'k1', host: '127.0.0.1', closeBehindAnswers: why => closed.push(why) }
})

type Outcome = { readonly reception: Reception; readonly frames: (Buffer | null)[] }

function give(gateway: Gateway, frame: Uint8Array): Outcome {
  const frames: (Buffer | null)[] = []
  const reception = gateway.request(client, frame, chunks => {
    frames.push(chunks === null ? null : Buffer.concat(chunks).subarray(4))
  })
  return { reception, frames }
}

function frameOf<A extends Api>(api: A, version: number, body: Partial<RequestOf<A>> = {}): Buffer {
  const whole = { ...defaultsOf(api.request), ...body } as RequestOf<A>
  return Buffer.concat(encodeRequest(api, version, 7, 'test', whole)).subarray(4)
}

function answerOf<A extends Api>(api: A, version: number, { frames }: Outcome): ResponseOf<A> {
  const [frame] = frames
  if (frame === undefined || frame === null) throw new Error('there was no answer')
  const { correlationId, body } = decodeResponse(api, version, frame)
  expect(correlationId).toBe(7)
  return body
}

function withHandler(handle: Handled['handle']): Gateway {
  return new Gateway([handles(heartbeat, handle as Parameters<typeof handles<typeof heartbeat>>[1])], null)
}

describe('versions', () => {
  test('ApiVersions of a version that is newer than ours is answered in version 0 (KIP-511)', () => {
    const frame = frameOf(apiVersions, 0)
    frame.writeInt16BE(99, 2)
    const outcome = give(new Gateway([], null), frame)
    const { errorCode, apiKeys } = answerOf(apiVersions, 0, outcome)
    expect(errorName(errorCode)).toBe('UNSUPPORTED_VERSION')
    expect(apiKeys).toContainEqual({ apiKey: 18, minVersion: 0, maxVersion: 4 })
    expect(outcome.reception).toEqual({ kind: 'done' })
  })

  test.each([
    [77, 0, 'API 77 version 0 is not offered here'],
    [12, 99, 'Heartbeat version 99 is not offered here, but 0 to 4'],
    [12, -1, 'Heartbeat version -1 is not offered here, but 0 to 4'],
  ])('API %i version %i closes the connection with a sentence', (key, version, why) => {
    const frame = frameOf(heartbeat, 0)
    frame.writeInt16BE(key, 0)
    frame.writeInt16BE(version, 2)
    const { reception, frames } = give(
      withHandler(() => {}),
      frame,
    )
    expect(reception).toEqual({ kind: 'close', why: expect.stringContaining(why) })
    expect(frames).toEqual([])
  })

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['half a header', Buffer.from([0, 12, 0])],
    ['half a body', frameOf(heartbeat, 0).subarray(0, -3)],
  ])('%s closes the connection', (_what, frame) => {
    const { reception } = give(
      withHandler(() => {}),
      frame,
    )
    expect(reception).toEqual({ kind: 'close', why: expect.stringContaining('a request that cannot be read') })
  })
})

describe('an error of ours', () => {
  test('in a handler closes the connection, with the stack in the report', () => {
    const { reception } = give(
      withHandler(() => {
        throw new TypeError('oh')
      }),
      frameOf(heartbeat, 0),
    )
    expect(reception).toEqual({
      kind: 'close',
      why: expect.stringMatching(/an error of this broker: TypeError: oh\n.*at /s),
    })
  })

  test('in an answer that comes later is not thrown at whoever gives it', () => {
    let later: ((body: never) => void) | null = null
    const outcome = give(
      withHandler(({ answer }) => {
        later = answer as (body: never) => void
      }),
      frameOf(heartbeat, 0),
    )
    expect(outcome.reception).toEqual({ kind: 'kept' })
    const give2 = later as unknown as (body: object) => void
    give2({ throttleTimeMs: 0, errorCode: 'not a number' })
    expect(closed).toEqual([expect.stringContaining('an error of this broker: WireError')])
    expect(outcome.frames).toEqual([])
  })
})

describe('SASL', () => {
  const authenticator: Authenticator = {
    mechanisms: ['PLAIN'],
    begin: () => ({
      step: bytes =>
        Buffer.from(bytes).toString() === 'secret'
          ? { kind: 'authenticated', bytes: Buffer.from('welcome'), user: 'alice' }
          : { kind: 'failed', why: 'unknown user or wrong password' },
    }),
  }
  const gatewayOf = (): Gateway => new Gateway([handles(metadata, ({ answer }) => answer(noTopics))], authenticator)
  const noTopics = { ...defaultsOf(metadata.response), clusterId: null }
  const authBytes = (text: string) => ({ authBytes: Buffer.from(text) })

  test('nothing but ApiVersions and the exchange is carried out before it', () => {
    const gateway = gatewayOf()
    expect(give(gateway, frameOf(apiVersions, 0)).frames.length).toBe(1)
    const { reception, frames } = give(gateway, frameOf(metadata, 1))
    expect(reception).toEqual({ kind: 'close', why: 'Metadata before authentication: the client must use SASL' })
    expect(frames).toEqual([])
  })

  test('who says the secret is let in', () => {
    const gateway = gatewayOf()
    const handshake = answerOf(saslHandshake, 1, give(gateway, frameOf(saslHandshake, 1, { mechanism: 'PLAIN' })))
    expect(handshake).toEqual({ errorCode: 0, mechanisms: ['PLAIN'] })
    const answer = answerOf(saslAuthenticate, 2, give(gateway, frameOf(saslAuthenticate, 2, authBytes('secret'))))
    expect([answer.errorCode, Buffer.from(answer.authBytes).toString()]).toEqual([0, 'welcome'])
    expect(answerOf(metadata, 1, give(gateway, frameOf(metadata, 1)))).toMatchObject({ topics: [] })
    expect(closed).toEqual([])
  })

  test('who does not is told so, and the connection ends behind that answer', () => {
    const gateway = gatewayOf()
    give(gateway, frameOf(saslHandshake, 1, { mechanism: 'PLAIN' }))
    const answer = answerOf(saslAuthenticate, 2, give(gateway, frameOf(saslAuthenticate, 2, authBytes('guess'))))
    expect([errorName(answer.errorCode), answer.errorMessage]).toEqual([
      'SASL_AUTHENTICATION_FAILED',
      'Authentication failed: unknown user or wrong password',
    ])
    expect(closed).toEqual(['authentication failed: unknown user or wrong password'])
    expect(give(gateway, frameOf(metadata, 1)).reception.kind).toBe('close')
  })

  test('a mechanism that is not there is answered with those that are', () => {
    const handshake = answerOf(saslHandshake, 1, give(gatewayOf(), frameOf(saslHandshake, 1, { mechanism: 'GSSAPI' })))
    expect([errorName(handshake.errorCode), handshake.mechanisms]).toEqual(['UNSUPPORTED_SASL_MECHANISM', ['PLAIN']])
  })

  test('SaslAuthenticate without a handshake is out of place', () => {
    const answer = answerOf(saslAuthenticate, 0, give(gatewayOf(), frameOf(saslAuthenticate, 0, authBytes('secret'))))
    expect(errorName(answer.errorCode)).toBe('ILLEGAL_SASL_STATE')
    expect(closed).toEqual(['SaslAuthenticate comes after a SaslHandshake that was accepted'])
  })

  test('after a handshake of version 0 tokens come and go without headers', () => {
    const gateway = gatewayOf()
    give(gateway, frameOf(saslHandshake, 0, { mechanism: 'PLAIN' }))
    const { reception, frames } = give(gateway, Buffer.from('secret'))
    expect([reception.kind, frames[0]?.toString()]).toEqual(['done', 'welcome'])
    expect(give(gateway, frameOf(metadata, 1)).frames.length).toBe(1)
  })

  test('and a wrong one ends the connection, since nothing can be said', () => {
    const gateway = gatewayOf()
    give(gateway, frameOf(saslHandshake, 0, { mechanism: 'PLAIN' }))
    const { reception, frames } = give(gateway, Buffer.from('guess'))
    expect(reception).toEqual({ kind: 'close', why: 'authentication failed: unknown user or wrong password' })
    expect(frames).toEqual([])
  })
})
