// Where clients' requests come in as bytes and answers go out as bytes. Follows `KafkaApis`; docs/protocol/wire.md.
//
// What a request means for one partition or group is the core's business. The gateway takes requests apart into such
// parts and puts the answers together; it keeps nothing but what waits.
import { apiVersions } from '../wire/apis/api-versions.ts'
import { produce } from '../wire/apis/produce.ts'
import { saslAuthenticate } from '../wire/apis/sasl-authenticate.ts'
import { saslHandshake } from '../wire/apis/sasl-handshake.ts'
import { errorCode, type KafkaErrorName } from '../wire/errors.ts'
import { decodeRequestBody, encodeResponse, readRequestHeader } from '../wire/frames.ts'
import type { Api, ResponseOf } from '../wire/schema.ts'
import { WireError } from '../wire/wire-error.ts'
import { Authentications, type Authenticator } from './authentication.ts'
import { type Call, type ClientSession, type Handled, handles } from './session.ts'

/** Gives the answer to one request: the chunks of its frame, or null where there is none. */
export type Answer = (chunks: readonly Uint8Array[] | null) => void

/** How a connection is to go on after a request. `done`: nobody looks at the frame's bytes any more. */
export type Reception =
  | { readonly kind: 'done' }
  | { readonly kind: 'kept' }
  | { readonly kind: 'close'; readonly why: string }

const done: Reception = { kind: 'done' }
const kept: Reception = { kind: 'kept' }

/** The APIs of one broker. */
export class Gateway {
  readonly #handled: ReadonlyMap<number, Handled>
  readonly #offered: readonly Api[]
  readonly #authentications: Authentications | null

  /** `handled` is what the broker offers besides ApiVersions and SASL. */
  constructor(handled: readonly Handled[], authenticator: Authenticator | null) {
    this.#authentications = authenticator === null ? null : new Authentications(authenticator)
    const own = [
      handles(apiVersions, call => this.#apiVersions(call)),
      handles(saslHandshake, call => this.#saslHandshake(call)),
      handles(saslAuthenticate, call => this.#saslAuthenticate(call)),
    ]
    this.#handled = new Map([...handled, ...own].map(one => [one.api.key, one]))
    this.#offered = Array.from(this.#handled.values(), ({ api }) => api).sort((a, b) => a.key - b.key)
  }

  /** Takes a request's frame, without its size. */
  request(client: ClientSession, frame: Uint8Array, answer: Answer): Reception {
    if (this.#authentications?.expectsToken(client) === true) return this.#token(client, frame, answer)
    try {
      return this.#request(client, frame, answer)
    } catch (error) {
      if (!(error instanceof WireError)) throw error
      return { kind: 'close', why: `a request that cannot be read: ${error.message}` }
    }
  }

  #request(client: ClientSession, frame: Uint8Array, answer: Answer): Reception {
    const { apiKey, apiVersion, correlationId, clientId, bodyAt } = readRequestHeader(frame)
    const handled = this.#handled.get(apiKey)
    if (handled === undefined || bodyAt < 0) {
      if (apiKey === apiVersions.key) {
        // A newer client learns from an answer of version 0 what it may ask (KIP-511).
        answer(encodeResponse(apiVersions, 0, correlationId, this.#offer('UNSUPPORTED_VERSION')))
        return done
      }
      return { kind: 'close', why: unsupported(apiKey, apiVersion, handled) }
    }
    const { api, handle } = handled
    if (this.#authentications?.allows(client, apiKey) === false) {
      return { kind: 'close', why: `${api.name} before authentication: the client must use SASL` }
    }
    const request = decodeRequestBody(api, apiVersion, frame, bodyAt, 'ignored')
    let failure: string | null = null
    handle({
      client,
      clientId: clientId ?? '',
      version: apiVersion,
      request,
      answer: response => answer(response === null ? null : encodeResponse(api, apiVersion, correlationId, response)),
    })
    if (api === saslAuthenticate) failure = this.#failedWith
    this.#failedWith = null
    if (failure !== null) return { kind: 'close', why: failure }
    return apiKey === produce.key ? done : kept
  }

  #failedWith: string | null = null

  #token(client: ClientSession, frame: Uint8Array, answer: Answer): Reception {
    const token = this.#authentications?.token(client, frame) ?? null
    if (token === null) return { kind: 'close', why: 'authentication failed: unknown user or wrong password' }
    const size = new Uint8Array(4)
    new DataView(size.buffer).setInt32(0, token.length)
    answer([size, token])
    return done
  }

  #apiVersions({ answer }: Call<typeof apiVersions>): void {
    answer(this.#offer('NONE'))
  }

  #offer(error: KafkaErrorName): ResponseOf<typeof apiVersions> {
    return {
      errorCode: errorCode(error),
      apiKeys: this.#offered.map(({ key, minVersion, maxVersion }) => ({ apiKey: key, minVersion, maxVersion })),
      throttleTimeMs: 0,
      supportedFeatures: [],
      finalizedFeaturesEpoch: -1,
      finalizedFeatures: [],
      zkMigrationReady: false,
    }
  }

  #saslHandshake(call: Call<typeof saslHandshake>): void {
    if (this.#authentications !== null) this.#authentications.handshake(call)
    else call.answer({ errorCode: errorCode('ILLEGAL_SASL_STATE'), mechanisms: [] })
  }

  #saslAuthenticate(call: Call<typeof saslAuthenticate>): void {
    if (this.#authentications === null) {
      const errorMessage = 'this broker was started without SASL'
      call.answer({
        errorCode: errorCode('ILLEGAL_SASL_STATE'),
        errorMessage,
        authBytes: new Uint8Array(0),
        sessionLifetimeMs: 0,
      })
    } else if (!this.#authentications.authenticate(call)) {
      this.#failedWith = 'authentication failed: unknown user or wrong password'
    }
  }
}

function unsupported(apiKey: number, apiVersion: number, handled: Handled | undefined): string {
  if (handled === undefined) return `API ${apiKey} version ${apiVersion} is not offered here (ApiVersions says what is)`
  const { name, minVersion, maxVersion } = handled.api
  return `${name} version ${apiVersion} is not offered here, but ${minVersion} to ${maxVersion} (as ApiVersions says)`
}
