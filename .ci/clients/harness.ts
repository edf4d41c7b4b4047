// What the drivers in TypeScript share: arguments, security settings, records to send, and how checks run and report.
//
// A driver is a list of named checks. Every check runs, also after one has failed, so that one run shows everything
// that is wrong. The last line of stdout is JSON: {client, version, checks: [names that passed], failed: [{check, why}]}.

import { deepEqual } from 'node:assert'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { inspect, isDeepStrictEqual, parseArgs } from 'node:util'

/** One named check; it throws a sentence when the broker answers otherwise than expected. */
export type Check = readonly [name: string, check: () => Promise<void>]

/** Data that is easily lost or confused: nulls, nothing, all bytes, much, many. */
export type Sent = {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly (readonly [string, Buffer | null])[]
  readonly timestamp: number
}

const { values: options } = parseArgs({
  options: { bootstrap: { type: 'string' }, only: { type: 'string' }, limit: { type: 'string', default: '25' } },
})
if (options.bootstrap === undefined) {
  console.error('say --bootstrap HOST:PORT')
  process.exit(2)
}

/** `HOST:PORT[,HOST:PORT…]`, as given. */
export const bootstrap = options.bootstrap

/** Security settings from the environment, in Kafka's names; `undefined` where nothing is set. */
export const security = {
  protocol: process.env.KAFKA_SECURITY_PROTOCOL,
  mechanism: process.env.KAFKA_SASL_MECHANISM,
  username: process.env.KAFKA_SASL_USERNAME,
  password: process.env.KAFKA_SASL_PASSWORD,
  /** A PEM file of trusted certificates. */
  certificates: process.env.KAFKA_SSL_CA,
}

/** Where `install.sh` puts what it installs. */
export const installed =
  process.env.LOCKSTEP_CLIENTS ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'lockstep-clients')

/** `require` as from the folder where the npm clients are installed. */
export const requireInstalled = createRequire(join(installed, 'npm', 'package.json'))

/** A name of a topic or group that no earlier run has used. */
export function unique(word: string): string {
  return `${word}-${crypto.randomUUID().replaceAll('-', '').slice(0, 10)}`
}

/** Throws a sentence unless both are deeply equal. */
export function expect(actual: unknown, expected: unknown, what: string): void {
  try {
    deepEqual(actual, expected)
  } catch {
    throw new Error(`${what}: expected ${shown(expected)}, got ${shown(actual)}`)
  }
}

/** Throws the sentence unless the condition holds. */
export function expectThat(condition: boolean, sentence: string): void {
  if (!condition) throw new Error(sentence)
}

/** Expects a promise to be rejected with a message or name that contains some words. */
export async function expectError(promise: Promise<unknown>, words: string, what: string): Promise<void> {
  let answer: unknown
  try {
    answer = await promise
  } catch (error) {
    expectThat(inspect(error, { depth: 6 }).includes(words), `${what}: expected ${words}, got ${inspect(error)}`)
    return
  }
  throw new Error(`${what}: expected ${words}, got ${shown(answer)}`)
}

/** Waits for a condition, looking every 20 ms; throws what `what` then says. */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  what: () => string,
  seconds = 12,
): Promise<void> {
  const until = performance.now() + seconds * 1000
  while (!(await condition())) {
    expectThat(performance.now() < until, `${what()} after ${seconds} s`)
    await sleep(20)
  }
}

/**
 * Waits until an answer is the expected one.
 *
 * What one broker was told, Apache Kafka's others learn a moment later; until then they may not even know the topic.
 */
export async function becomes(answer: () => Promise<unknown>, expected: unknown, what: string): Promise<void> {
  let last: unknown
  const asked = async (): Promise<boolean> => {
    last = await answer().catch(error => error)
    return isDeepStrictEqual(last, expected)
  }
  await waitUntil(asked, () => `${what}: expected ${shown(expected)}, got ${shown(last)}`)
}

/** Waits some milliseconds. */
export function sleep(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}

/** Records that are easily lost or confused: 10 peculiar ones, then 200 of every length from 0 on. */
export function recordsToSend(timestamp = Date.now() - 60_000): readonly Sent[] {
  const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
  const text = (word: string): Buffer => Buffer.from(word)
  const plain: readonly Omit<Sent, 'timestamp'>[] = [
    { key: text('key'), value: text('value'), headers: [] },
    { key: null, value: text('null key'), headers: [] },
    { key: text('null value'), value: null, headers: [] },
    { key: text(''), value: text(''), headers: [] },
    { key: null, value: null, headers: [] },
    { key: every, value: Buffer.concat([every, every, every]), headers: [] },
    { key: text('ключ'), value: text('значение 🚀'), headers: [] },
    {
      key: text('headers'),
      value: text('v'),
      headers: [
        ['one', text('1')],
        ['empty', text('')],
        ['bytes', every],
      ],
    },
    { key: text('compresses'), value: Buffer.alloc(200_000, 'a'), headers: [] },
    { key: text('large'), value: noise(900 * 1024, 7), headers: [] },
    ...Array.from({ length: 200 }, (_, i) => ({ key: text(`${i}`), value: noise(i, i), headers: [] })),
  ]
  return plain.map((record, index) => ({ ...record, timestamp: timestamp + index }))
}

/** Bytes without a pattern, the same for the same seed, so that no codec makes them smaller. */
function noise(length: number, seed: number): Buffer {
  const bytes = Buffer.alloc(length)
  let state = (seed + 1) * 0x9e3779b1
  for (let i = 0; i < length; i++) {
    state = Math.imul(state ^ (state >>> 15), 0x85ebca6b) + 0x6d2b79f5
    bytes[i] = state >>> 24
  }
  return bytes
}

/**
 * The code block of a client's own documentation that contains some words, with `replacements` done.
 *
 * Taken from the installed package, so that what runs is what its users are told.
 */
export function quickStart(
  file: string,
  containing: readonly string[],
  replacements: Readonly<Record<string, string>>,
): string {
  const blocks = [...readFileSync(file, 'utf8').matchAll(/```(?:javascript|typescript|js|ts)\n([\s\S]*?)```/g)]
  let block = blocks.map(match => match[1] ?? '').find(text => containing.every(word => text.includes(word)))
  if (block === undefined) throw new Error(`the documentation has no longer a code block with ${containing}`)
  for (const [from, to] of Object.entries(replacements)) {
    expectThat(block.includes(from), `the documentation's code no longer contains ${from}`)
    block = block.replaceAll(from, to)
  }
  return block
}

/** Runs the checks one after the other, reports, and ends the process: 0 when all passed, 1 otherwise. */
export async function run(client: string, version: string, checks: readonly Check[]): Promise<never> {
  const passed: string[] = []
  const failed: { check: string; why: string }[] = []
  process.on('unhandledRejection', error => {
    failed.push({ check: 'no unhandled rejection', why: inspect(error, { depth: 2 }) })
  })
  for (const [name, check] of checks) {
    if (options.only !== undefined && !name.includes(options.only)) continue
    // A client's own example says nothing of names, passwords or certificates.
    if (name === 'quick start' && security.protocol !== undefined) continue
    const started = performance.now()
    const seconds = (): string => `${((performance.now() - started) / 1000).toFixed(1)} s`
    try {
      await Promise.race([check(), tooLong(Number(options.limit))])
      passed.push(name)
      console.error(`  ok ${name} (${seconds()})`)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      failed.push({ check: name, why })
      console.error(`FAILED ${name}: ${why} (${seconds()})`)
      if (error instanceof Error) console.error(error.stack?.split('\n').slice(1, 4).join('\n'))
    }
  }
  process.stdout.write(`${JSON.stringify({ client, version, checks: passed, failed })}\n`)
  // A client that keeps a socket or a timer must not keep a failed run alive.
  process.exit(failed.length > 0 || passed.length === 0 ? 1 : 0)
}

function tooLong(seconds: number): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`did not end within ${seconds} s`)), seconds * 1000).unref()
  })
}

function shown(value: unknown): string {
  const text = inspect(value, { depth: 5, maxStringLength: 300, breakLength: Number.POSITIVE_INFINITY })
  return text.length > 400 ? `${text.slice(0, 400)}…` : text
}
