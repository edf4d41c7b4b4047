// SASL on a connection: what may be asked before it is through, and the exchange itself. Follows
// `SaslServerAuthenticator` (KIP-43, KIP-152). The mechanisms are the host's business.

import { apiVersions } from '../wire/apis/api-versions.ts'
import { saslAuthenticate } from '../wire/apis/sasl-authenticate.ts'
import { saslHandshake } from '../wire/apis/sasl-handshake.ts'
import { errorCode } from '../wire/errors.ts'
import type { Call, ClientSession } from './session.ts'

/** What one step of an exchange comes to. */
export type SaslStep =
  | { readonly kind: 'continue'; readonly bytes: Uint8Array }
  | { readonly kind: 'authenticated'; readonly bytes: Uint8Array; readonly user: string }
  | { readonly kind: 'failed'; readonly why: string }

/** Who can be let in, and how. */
export interface Authenticator {
  readonly mechanisms: readonly string[]
  /** Begins an exchange by one of the mechanisms. */
  begin(mechanism: string): { step(bytes: Uint8Array): SaslStep }
}

type State =
  | { readonly kind: 'new' }
  | { readonly kind: 'exchange'; readonly exchange: ReturnType<Authenticator['begin']>; readonly isRaw: boolean }
  | { readonly kind: 'through'; readonly user: string }

const allowedBefore: ReadonlySet<number> = new Set([apiVersions.key, saslHandshake.key, saslAuthenticate.key])
const isNew: State = { kind: 'new' }

/** The connections of one broker that wants to know who its clients are. */
export class Authentications {
  readonly #authenticator: Authenticator
  readonly #states = new WeakMap<ClientSession, State>()

  constructor(authenticator: Authenticator) {
    this.#authenticator = authenticator
  }

  /** Whether the client may ask for this now. */
  allows(client: ClientSession, apiKey: number): boolean {
    return allowedBefore.has(apiKey) || this.#stateOf(client).kind === 'through'
  }

  /** Whether the next frame is a bare token, without a header: so it is after a handshake of version 0. */
  expectsToken(client: ClientSession): boolean {
    const state = this.#stateOf(client)
    return state.kind === 'exchange' && state.isRaw
  }

  /** Takes a bare token. When it fails the connection must be closed, since there is no way to say why. */
  token(client: ClientSession, bytes: Uint8Array): SaslStep {
    return this.#step(client, bytes)
  }

  /** Carries out SaslHandshake. */
  handshake({ client, version, request, answer }: Call<typeof saslHandshake>): void {
    const { mechanisms } = this.#authenticator
    const isOffered = mechanisms.includes(request.mechanism)
    if (isOffered) {
      const exchange = this.#authenticator.begin(request.mechanism)
      this.#states.set(client, { kind: 'exchange', exchange, isRaw: version === 0 })
    }
    answer({ errorCode: isOffered ? 0 : errorCode('UNSUPPORTED_SASL_MECHANISM'), mechanisms })
  }

  /** Carries out SaslAuthenticate; gives why the connection is to be closed behind the answer, or null. */
  authenticate({ client, request, answer }: Call<typeof saslAuthenticate>): string | null {
    if (this.#stateOf(client).kind !== 'exchange') {
      const errorMessage = 'SaslAuthenticate comes after a SaslHandshake that was accepted'
      answer({ errorCode: errorCode('ILLEGAL_SASL_STATE'), errorMessage, authBytes: noBytes, sessionLifetimeMs: 0 })
      return errorMessage
    }
    const step = this.#step(client, request.authBytes)
    if (step.kind === 'failed') {
      const errorMessage = `Authentication failed: ${step.why}`
      answer({
        errorCode: errorCode('SASL_AUTHENTICATION_FAILED'),
        errorMessage,
        authBytes: noBytes,
        sessionLifetimeMs: 0,
      })
      return `authentication failed: ${step.why}`
    }
    answer({ errorCode: 0, errorMessage: null, authBytes: step.bytes, sessionLifetimeMs: 0 })
    return null
  }

  #step(client: ClientSession, bytes: Uint8Array): SaslStep {
    const state = this.#stateOf(client)
    if (state.kind !== 'exchange') return { kind: 'failed', why: 'there was no handshake' }
    const step = state.exchange.step(bytes)
    if (step.kind === 'authenticated') this.#states.set(client, { kind: 'through', user: step.user })
    if (step.kind === 'failed') this.#states.set(client, isNew)
    return step
  }

  #stateOf(client: ClientSession): State {
    return this.#states.get(client) ?? isNew
  }
}

const noBytes = new Uint8Array(0)
