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
import { type Call, type ClientSession, guarded, type Handled, handles, ownError } from './session.ts'

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

  /** Takes a request's frame, without its size. Never throws: what goes wrong ends this client's connection. */
  request(client: ClientSession, frame: Uint8Array, answer: Answer): Reception {
    try {
      const authentications = this.#authentications
      if (authentications?.expectsToken(client) === true) return takeToken(authentications, client, frame, answer)
      return this.#request(client, frame, answer)
    } catch (error) {
      const why = error instanceof WireError ? `a request that cannot be read: ${error.message}` : ownError(error)
      return { kind: 'close', why }
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
    handle({
      client,
      clientId: clientId ?? '',
      version: apiVersion,
      request,
      // An answer may come from anywhere, long after: what cannot be written must not fall upon whoever gives it.
      answer: response =>
        guarded(client, () =>
          answer(response === null ? null : encodeResponse(api, apiVersion, correlationId, response)),
        ),
    })
    return apiKey === produce.key ? done : kept
  }

  #apiVersions({ version, request, answer }: Call<typeof apiVersions>): void {
    const { clientSoftwareName, clientSoftwareVersion } = request
    const isNamed = softwareName.test(clientSoftwareName) && softwareName.test(clientSoftwareVersion)
    if (version < 3 || isNamed) answer(this.#offer('NONE'))
    else answer({ ...this.#offer('INVALID_REQUEST'), apiKeys: [] })
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
    } else {
      const failure = this.#authentications.authenticate(call)
      if (failure !== null) call.client.closeBehindAnswers(failure)
    }
  }
}

/** Takes a token without a header, which is answered by one. */
function takeToken(
  authentications: Authentications,
  client: ClientSession,
  frame: Uint8Array,
  answer: Answer,
): Reception {
  const step = authentications.token(client, frame)
  if (step.kind === 'failed') return { kind: 'close', why: `authentication failed: ${step.why}` }
  const size = new Uint8Array(4)
  new DataView(size.buffer).setInt32(0, step.bytes.length)
  answer([size, step.bytes])
  return done
}

/** What a client and its version may be called since version 3 of ApiVersions (KIP-511). */
const softwareName = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/

function unsupported(apiKey: number, apiVersion: number, handled: Handled | undefined): string {
  if (handled === undefined) return `API ${apiKey} version ${apiVersion} is not offered here (ApiVersions says what is)`
  const { name, minVersion, maxVersion } = handled.api
  return `${name} version ${apiVersion} is not offered here, but ${minVersion} to ${maxVersion} (as ApiVersions says)`
}
