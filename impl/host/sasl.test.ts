import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SaslStep } from '../gateway/authentication.ts'
import { type SaslMechanism, SaslUsers, saslMechanisms } from './sasl.ts'

const users = new SaslUsers(
  new Map([
    ['alice', 'wonder'],
    ['b,o=b', 'x'.repeat(300)],
  ]),
)

test('PLAIN lets in who knows the password', () => {
  const say = (text: string): SaslStep => users.begin('PLAIN').step(Buffer.from(text))
  expect(say('\0alice\0wonder')).toMatchObject({ kind: 'authenticated', user: 'alice' })
  expect(say('alice\0alice\0wonder')).toMatchObject({ kind: 'authenticated', user: 'alice' })
  for (const wrong of ['\0alice\0wonde', '\0bob\0wonder', '\0alice\0', '\0\0', 'root\0alice\0wonder', 'alice']) {
    expect(say(wrong).kind).toBe('failed')
  }
})

/** A client as RFC 5802 tells it, written without a look at the server. */
function scram(
  mechanism: SaslMechanism,
  user: string,
  password: string,
  change = (message: string) => message,
  { gs2 = 'n,,', nonceAgain = '' } = {},
): SaslStep {
  const hash = mechanism === 'SCRAM-SHA-256' ? 'sha256' : 'sha512'
  const exchange = users.begin(mechanism)
  const bare = `n=${user.replace(/=/g, '=3D').replace(/,/g, '=2C')},r=abc`
  const first = exchange.step(Buffer.from(`${gs2}${bare}`))
  if (first.kind !== 'continue') return first
  const challenge = Buffer.from(first.bytes).toString()
  const { r = '', s = '', i = '' } = Object.fromEntries(challenge.split(',').map(part => [part[0], part.slice(2)]))
  expect(r.startsWith('abc') && r.length > 20).toBe(true)
  const salted = pbkdf2Sync(password, Buffer.from(s, 'base64'), Number(i), hash === 'sha256' ? 32 : 64, hash)
  const mac = (key: Buffer, text: string): Buffer => createHmac(hash, key).update(text).digest()
  const clientKey = mac(salted, 'Client Key')
  const final = `c=${Buffer.from(gs2).toString('base64')},r=${nonceAgain}${r}`
  const signature = mac(createHash(hash).update(clientKey).digest(), `${bare},${challenge},${final}`)
  const proof = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)))
  const last = exchange.step(Buffer.from(change(`${final},p=${proof.toString('base64')}`)))
  if (last.kind === 'authenticated') {
    const verifier = mac(mac(salted, 'Server Key'), `${bare},${challenge},${final}`).toString('base64')
    expect(Buffer.from(last.bytes).toString()).toBe(`v=${verifier}`)
  }
  return last
}

test.each(['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const)('%s lets in who can prove the password', mechanism => {
  expect(scram(mechanism, 'alice', 'wonder')).toMatchObject({ kind: 'authenticated', user: 'alice' })
  expect(scram(mechanism, 'b,o=b', 'x'.repeat(300))).toMatchObject({ kind: 'authenticated', user: 'b,o=b' })
  expect(scram(mechanism, 'alice', 'wonde').kind).toBe('failed')
  expect(scram(mechanism, 'nobody', 'wonder').kind).toBe('failed')
  expect(scram(mechanism, 'alice', 'wonder', message => message.replace('r=abc', 'r=abd')).kind).toBe('failed')
  expect(scram(mechanism, 'alice', 'wonder', message => message.replace(/p=.*/, 'p=')).kind).toBe('failed')
})

test('a client that says its nonce twice is let in, as librdkafka before 2.6.1 does', () => {
  expect(scram('SCRAM-SHA-256', 'alice', 'wonder', undefined, { nonceAgain: 'abc' }).kind).toBe('authenticated')
})

test('nobody acts for somebody else, or changes what it said first', () => {
  expect(scram('SCRAM-SHA-256', 'alice', 'wonder', undefined, { gs2: 'n,a=alice,' }).kind).toBe('authenticated')
  expect(scram('SCRAM-SHA-256', 'alice', 'wonder', undefined, { gs2: 'n,a=bob,' }).kind).toBe('failed')
  const changed = scram('SCRAM-SHA-256', 'alice', 'wonder', text => text.replace('c=biws', 'c=biwsYQ=='))
  expect(changed.kind).toBe('failed')
})

test('whatever a client says, it is not let in and nothing breaks', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...saslMechanisms),
      fc.array(fc.string({ unit: 'binary' }), { maxLength: 3 }),
      (mechanism, messages) => {
        const exchange = users.begin(mechanism)
        for (const message of messages) expect(exchange.step(Buffer.from(message)).kind).not.toBe('authenticated')
      },
    ),
    { numRuns: 50 },
  )
})
