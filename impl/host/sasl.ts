// SASL as Kafka uses it: PLAIN (RFC 4616) and SCRAM with SHA-256 or SHA-512 (RFC 5802, 7677; KIP-84).
//
// An unknown user is asked for a proof like any other and fails at the same step, so that nobody learns who exists.
import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Authenticator, SaslStep } from '../gateway/authentication.ts'

/** The mechanisms, in the order in which they are offered. */
export const saslMechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const
export type SaslMechanism = (typeof saslMechanisms)[number]

/** The dialogue of one connection. */
export interface SaslExchange {
  /** Takes what the client says and answers what to say. */
  step(bytes: Uint8Array): SaslStep
}

type Hash = 'sha256' | 'sha512'
type Asked = {
  readonly user: string
  /** What the client said before its own message, which it has to bind the exchange to. */
  readonly gs2: string
  readonly bare: string
  readonly challenge: string
  readonly nonce: string
}
type Credential = { readonly salt: Buffer; readonly storedKey: Buffer; readonly serverKey: Buffer }

const iterations = 4096

/** Users and passwords. What SCRAM keeps of a password is computed when it is first asked for. */
export class SaslUsers {
  readonly #passwords: ReadonlyMap<string, string>
  readonly #credentials = new Map<string, Credential>()
  readonly #secret = randomBytes(32)

  constructor(passwords: ReadonlyMap<string, string>) {
    this.#passwords = passwords
  }

  /** Begins a dialogue. */
  begin(mechanism: SaslMechanism): SaslExchange {
    switch (mechanism) {
      case 'PLAIN':
        return new PlainExchange(this)
      case 'SCRAM-SHA-256':
        return new ScramExchange(this, 'sha256')
      case 'SCRAM-SHA-512':
        return new ScramExchange(this, 'sha512')
    }
  }

  /** Whether that is the user's password; takes as long for any. */
  isPassword(user: string, password: string): boolean {
    const known = this.#passwords.get(user)
    const isSame = timingSafeEqual(this.#fingerprint(known ?? ''), this.#fingerprint(password))
    return known !== undefined && isSame
  }

  /** What SCRAM keeps of a password; of an unknown user's, something that nobody can prove. */
  credential(user: string, hash: Hash): Credential {
    const key = `${hash} ${user}`
    const known = this.#credentials.get(key)
    if (known !== undefined) return known
    const password = this.#passwords.get(user)
    const size = hash === 'sha256' ? 32 : 64
    // The same salt whenever an unknown user is asked for, as a known one has.
    const salt = createHmac('sha256', this.#secret).update(key).digest().subarray(0, 16)
    // As quick as the credential of a known user, which is computed once.
    if (password === undefined) return { salt, storedKey: randomBytes(size), serverKey: randomBytes(size) }
    const salted = pbkdf2Sync(password, salt, iterations, size, hash)
    const credential = {
      salt,
      storedKey: createHash(hash)
        .update(hmac(hash, salted, 'Client Key'))
        .digest(),
      serverKey: hmac(hash, salted, 'Server Key'),
    }
    this.#credentials.set(key, credential)
    return credential
  }

  #fingerprint(password: string): Buffer {
    return createHmac('sha256', this.#secret).update(password).digest()
  }
}

class PlainExchange implements SaslExchange {
  readonly #users: SaslUsers

  constructor(users: SaslUsers) {
    this.#users = users
  }

  step(bytes: Uint8Array): SaslStep {
    const [authorization, user, password, ...rest] = textOf(bytes).split('\0')
    if (authorization === undefined || user === undefined || password === undefined || rest.length > 0) {
      return { kind: 'failed', why: 'a PLAIN message has three parts with a zero byte between them' }
    }
    const isOwn = authorization === '' || authorization === user
    if (!isOwn || !this.#users.isPassword(user, password)) return failed('PLAIN')
    return { kind: 'authenticated', bytes: new Uint8Array(), user }
  }
}

class ScramExchange implements SaslExchange {
  readonly #users: SaslUsers
  readonly #hash: Hash
  #asked: Asked | null = null

  constructor(users: SaslUsers, hash: Hash) {
    this.#users = users
    this.#hash = hash
  }

  step(bytes: Uint8Array): SaslStep {
    return this.#asked === null ? this.#first(textOf(bytes)) : this.#final(textOf(bytes), this.#asked)
  }

  #first(message: string): SaslStep {
    const parsed = /^(n,(?:a=([^,]*))?,)(n=([^,]+),r=([^,]+)(?:,.*)?)$/.exec(message)
    const [, gs2, authorization, bare, name, clientNonce] = parsed ?? []
    if (gs2 === undefined || bare === undefined || name === undefined || clientNonce === undefined) {
      return { kind: 'failed', why: 'the first SCRAM message is not "n,,n=USER,r=NONCE"' }
    }
    // Nobody acts for somebody else.
    if (authorization !== undefined && authorization !== name) return failed(this.#name)
    const user = name.replace(/=2C/g, ',').replace(/=3D/g, '=')
    const nonce = clientNonce + randomBytes(18).toString('base64')
    const { salt } = this.#users.credential(user, this.#hash)
    const challenge = `r=${nonce},s=${salt.toString('base64')},i=${iterations}`
    this.#asked = { user, gs2, bare, challenge, nonce }
    return { kind: 'continue', bytes: Buffer.from(challenge) }
  }

  #final(message: string, asked: Asked): SaslStep {
    this.#asked = null
    const parsed = /^(c=([^,]*),r=([^,]+)(?:,.*)?),p=([^,]+)$/.exec(message)
    const [, withoutProof = '', binding, nonce, proofText = ''] = parsed ?? []
    const gs2 = Buffer.from(binding ?? '', 'base64').toString()
    // librdkafka before 2.6.1 puts its own nonce before the whole one once more; Kafka looks at the end only, and so do we.
    const isSame = nonce?.endsWith(asked.nonce) === true
    if (parsed === null || !isSame || gs2 !== asked.gs2) return failed(this.#name)
    const { storedKey, serverKey } = this.#users.credential(asked.user, this.#hash)
    const authMessage = `${asked.bare},${asked.challenge},${withoutProof}`
    const proof = Buffer.from(proofText, 'base64')
    const signature = hmac(this.#hash, storedKey, authMessage)
    if (proof.length !== signature.length) return failed(this.#name)
    const clientKey = proof.map((byte, index) => byte ^ (signature[index] ?? 0))
    if (!timingSafeEqual(createHash(this.#hash).update(clientKey).digest(), storedKey)) return failed(this.#name)
    const verifier = hmac(this.#hash, serverKey, authMessage).toString('base64')
    return { kind: 'authenticated', bytes: Buffer.from(`v=${verifier}`), user: asked.user }
  }

  get #name(): SaslMechanism {
    return this.#hash === 'sha256' ? 'SCRAM-SHA-256' : 'SCRAM-SHA-512'
  }
}

function failed(mechanism: SaslMechanism): SaslStep {
  return { kind: 'failed', why: `unknown user or wrong password for ${mechanism}` }
}

function hmac(hash: Hash, key: Uint8Array, text: string): Buffer {
  return createHmac(hash, key).update(text).digest()
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}

/** The gateway's way to these users. */
export function saslAuthenticator(users: SaslUsers): Authenticator {
  return {
    mechanisms: saslMechanisms,
    begin: mechanism => users.begin(saslMechanisms.find(name => name === mechanism) ?? 'PLAIN'),
  }
}
