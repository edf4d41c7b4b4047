// Brokers that are down, hang, close, or talk nonsense: each ends in one sentence that says what it last said, and what
// could not be removed is told.
import { afterEach, describe, expect, test } from 'vitest'
import { isSubjectGone } from '../../subject-gone.ts'
import { probe } from './probe.ts'
import { Conversation, recordsOf } from './testing/conversation.ts'
import { FakeBroker, properly, type Reply, type Request } from './testing/fake-broker.ts'

const open: (() => Promise<unknown>)[] = []
const answerWithinMs = 250

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

async function fake(reply: (request: Request) => Reply): Promise<FakeBroker> {
  const broker = await FakeBroker.start(reply)
  open.push(() => broker.stop())
  return broker
}

/** The sentence with which something is given up, the address in it replaced by BROKER. */
async function sentenceOf(given: Promise<unknown>, broker: FakeBroker): Promise<string> {
  try {
    return `nothing was given up: ${JSON.stringify(await given)}`
  } catch (error) {
    if (!isSubjectGone(error)) throw error
    return error.message.replaceAll(broker.address, 'BROKER')
  }
}

const bytes = (text: string): Reply => ({ kind: 'bytes', bytes: Buffer.from(text, 'latin1') })
const hex = (text: string): Reply => ({ kind: 'bytes', bytes: Buffer.from(text.replaceAll(' ', ''), 'hex') })
const body = (of: object): Reply => ({ kind: 'body', body: of })
const to =
  (api: string, reply: Reply) =>
  (request: Request): Reply =>
    request.api === api ? reply : properly

describe('a probe', () => {
  const never = 'it never answered anything'
  const asked = 'ApiVersions 0 (request 1)'
  const cases: readonly (readonly [string, (request: Request) => Reply, RegExp])[] = [
    ['hangs', () => ({ kind: 'nothing' }), RegExp(`^BROKER: ApiVersions 0 was not answered within 250 ms; ${never}$`)],
    [
      'closes at once',
      () => ({ kind: 'close' }),
      /^BROKER: the broker closed the connection instead of answering ApiVersions 0 \(request 1\); it never/,
    ],
    [
      'closes after its first answer',
      ({ nth }) => (nth === 1 ? properly : { kind: 'close' }),
      /^BROKER: .* instead of answering Metadata 13 \(request 2\); last answered: ApiVersions 0, \d+\.\d s before; on a new connection it does not answer either$/,
    ],
    [
      'answers with random bytes',
      () => hex('9c3b 0000 dead beef 0102 0304'),
      /^BROKER: it sent 12 bytes that begin with 9c 3b 00 00 de ad be ef 01 02 03 04 \("\.;\.+"\), which is no answer/,
    ],
    [
      'announces two gigabytes',
      () => hex('7fffffff 00000001'),
      /begin with 7f ff ff ff 00 00 00 01 .*, which is no answer/,
    ],
    [
      'speaks HTTP',
      () => bytes('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'),
      /\("HTTP\/1\.1 400 Bad Request"\), as an HTTP server does, which is no answer of the Kafka protocol/,
    ],
    ['speaks TLS', () => hex('1503 0100 0202 16'), /begin with 15 03 01 00 02 02 16 \("\.+"\), as a TLS server does/],
    [
      'answers another request',
      () => ({ kind: 'as', correlationId: 77 }),
      RegExp(`an answer to request 77, where ${asked.replace(/[()]/g, '\\$&')} was asked; ${never}$`),
    ],
    [
      'answers with nothing in a frame',
      () => hex('00000000'),
      /an answer without a correlation id, where ApiVersions 0/,
    ],
    [
      'cuts an answer short',
      () => hex('00000008 00000001 0000 0000'),
      /its answer to ApiVersions 0 cannot be read: .*; it sent 8 bytes that begin with 00 00 00 01 00 00 00 00/,
    ],
    [
      'answers a byte at a time',
      () => ({ kind: 'drip', everyMs: 50 }),
      /ApiVersions 0 was not answered within 250 ms: it sent \d+ bytes that begin with 00 00 .*, and not more; it never/,
    ],
    [
      'understands no version of ApiVersions',
      () => body({ errorCode: 35, apiKeys: [] }),
      /^BROKER answered ApiVersions 0 with UNSUPPORTED_VERSION$/,
    ],
    [
      'understands only later versions of ApiVersions',
      () => body({ errorCode: 35, apiKeys: [{ apiKey: 18, minVersion: 90, maxVersion: 99 }] }),
      /^BROKER answered ApiVersions 0 with UNSUPPORTED_VERSION, and offers versions 90 to 99 of it$/,
    ],
    ['offers nothing', to('ApiVersions', body({ apiKeys: [] })), /^BROKER answered ApiVersions 0 with no API at all$/],
    [
      'offers versions that nobody knows',
      to('ApiVersions', body({ apiKeys: [{ apiKey: 3, minVersion: 90, maxVersion: 99 }] })),
      /^BROKER cannot be asked for its brokers: Metadata is offered in versions 90 to 99, and versions 4 to 13 are spoken/,
    ],
    ['names no broker', to('Metadata', body({ brokers: [] })), /^BROKER answered Metadata 13 without any broker$/],
    [
      'advertises an address where nobody is',
      to('Metadata', body({ brokers: [{ nodeId: 7, host: '127.0.0.1', port: 1, rack: null }] })),
      /^BROKER says that broker 7 is at 127\.0\.0\.1:1: cannot connect to 127\.0\.0\.1:1: .*; last answered: Metadata 13/,
    ],
    [
      'advertises no address',
      to('Metadata', body({ brokers: [{ nodeId: 7, host: '', port: 0, rack: null }] })),
      /^BROKER says that broker 7 is at ":0", which is no address/,
    ],
  ]
  test.each(cases)('of a broker that %s', async (_what, reply, sentence) => {
    const broker = await fake(reply)
    expect(await sentenceOf(probe(broker.address, { answerWithinMs }), broker)).toMatch(sentence)
  })

  test('of nobody', async () => {
    const broker = await fake(() => properly)
    await broker.stop()
    open.pop()
    const address = broker.address.replace(/:0$/, ':1')
    await expect(probe(address, { answerWithinMs })).rejects.toSatisfy(isSubjectGone)
    await expect(probe(address, { answerWithinMs })).rejects.toThrow(
      /^cannot connect to 127\.0\.0\.1:1: .*ECONNREFUSED/,
    )
  })

  test.each(['localhost', 'localhost:', ':9092', 'localhost:99999', '', 'a:1,,b:2'])('of "%s"', async bootstrap => {
    await expect(probe(bootstrap)).rejects.toThrow(/is no address: give HOST:PORT/)
  })

  test('goes on to the next address of the list', async () => {
    const broker = await fake(() => properly)
    const found = await probe(`127.0.0.1:1,${broker.address}`, { answerWithinMs })
    expect(found.brokers).toEqual([{ id: 1, address: broker.address }])
    expect(found.missing).toEqual({})
  })

  test('asks once more when version 0 of ApiVersions is too old', async () => {
    const apiKeys = [{ apiKey: 18, minVersion: 3, maxVersion: 9 }]
    const broker = await fake(({ version }) => (version === 0 ? body({ errorCode: 35, apiKeys }) : properly))
    expect((await probe(broker.address, { answerWithinMs })).brokers).toHaveLength(1)
  })

  test('says what cannot be spoken, and why', async () => {
    const apiKeys = [
      { apiKey: 3, minVersion: 0, maxVersion: 9 },
      { apiKey: 0, minVersion: 40, maxVersion: 41 },
      { apiKey: 13, minVersion: 0, maxVersion: 1 },
      { apiKey: 4711, minVersion: 0, maxVersion: 0 },
    ]
    const broker = await fake(to('ApiVersions', body({ apiKeys })))
    const { spoken, missing, apis } = await probe(broker.address, { answerWithinMs })
    expect(spoken).toEqual({ Metadata: { from: 4, to: 9 } })
    expect(missing.Produce).toBe('offered in versions 40 to 41, and versions 3 to 13 are spoken here')
    expect(missing.LeaveGroup).toBe('offered in versions 0 to 1, and versions 3 to 5 are spoken here')
    expect(missing.Fetch).toBe('not offered')
    expect(apis.map(({ name }) => name)).toEqual(['Produce', 'Metadata', 'LeaveGroup'])
  })
})

describe('a run', () => {
  const cases: readonly (readonly [string, (request: Request) => Reply, RegExp])[] = [
    [
      'hangs',
      to('Produce', { kind: 'nothing' }),
      /^BROKER: Produce 13 was not answered within 250 ms; last answered: Meta/,
    ],
    [
      'closes',
      to('Produce', { kind: 'close' }),
      /^BROKER: the broker closed the connection instead of answering Produce 13/,
    ],
    [
      'talks nonsense',
      to('Produce', bytes('ERR unknown command\r\n')),
      /\("ERR unknown command\.\."\), which is no answer/,
    ],
    [
      'answers another request',
      to('Produce', { kind: 'as', correlationId: 5 }),
      /an answer to request 5, where Produce 13/,
    ],
  ]
  test.each(cases)('against a broker that %s', async (_what, reply, sentence) => {
    const broker = await fake(reply)
    const run = await Conversation.start(broker.address, 'newest', { answerWithinMs, patienceMs: 100 })
    expect(await sentenceOf(run.produce('t1', recordsOf('a')), broker)).toMatch(sentence)
    expect(await run.side.end()).toEqual([])
  })

  test('that is refused by closing is told from a broker that is gone', async () => {
    const broker = await fake(to('Produce', { kind: 'close' }))
    const run = await Conversation.start(broker.address, 'newest', { answerWithinMs, patienceMs: 100 })
    expect(await sentenceOf(run.produce('t1', recordsOf('a')), broker)).toMatch(
      /; on a new connection it still answers$/,
    )
  })

  test('waits for a member as long as it has patience, and notices when the broker closes upon it', async () => {
    const broker = await fake(to('JoinGroup', { kind: 'nothing' }))
    const run = await Conversation.start(broker.address, 'newest', { answerWithinMs, patienceMs: 100 })
    expect(await run.join('c1', '', ['c1'])).toEqual({ kind: 'answers', answers: [] })
    broker.hangUp()
    const next = run.join('c2', '', ['c1', 'c2'])
    expect(await sentenceOf(next, broker)).toMatch(
      /^BROKER: .* instead of answering JoinGroup 9 \(request 1\); last answered/,
    )
  })

  test('that ends while members wait asks no more about them', async () => {
    const broker = await fake(to('JoinGroup', { kind: 'nothing' }))
    const run = await Conversation.start(broker.address, 'newest', { answerWithinMs, patienceMs: 100 })
    await run.join('c1', '', [])
    await run.join('c1', '', [])
    const before = broker.accepted
    await run.side.end()
    // Those over which it cleans up: one to find the coordinator, one to it.
    expect(broker.accepted - before).toBe(2)
  })

  test('that answers something else than was asked', async () => {
    const broker = await fake(() => properly)
    const run = await Conversation.start(broker.address, 'newest', { answerWithinMs, patienceMs: 100 })
    const error = { kind: 'error', error: 'an answer to something else than was asked' }
    expect(await run.produce('t1', recordsOf('a'))).toEqual(error)
    expect(await run.createTopic('t1')).toEqual(error)
    expect(await run.fetch('t1', 0)).toEqual(error)
    expect(await run.side.end()).toEqual([
      expect.stringMatching(/^topic lockstep-.*-t1 may still be there: the answer/),
    ])
  })

  test('reads answers with a byte too many, and tells of them', async () => {
    const broker = await fake(to('Metadata', { kind: 'surplus', bytes: 1 }))
    const run = await Conversation.start(broker.address, 'newest', { answerWithinMs, patienceMs: 100 })
    const odd = 'Metadata 13: a byte too many at the end of an answer, which clients do not read'
    expect(run.subject.oddities()).toEqual([odd])
    const fine = await fake(() => properly)
    expect((await Conversation.start(fine.address)).subject.oddities()).toEqual([])
  })

  test('whose broker is gone says what it leaves behind, and asks no more', async () => {
    let isGone = false
    const broker = await fake(() => (isGone ? { kind: 'nothing' } : properly))
    const run = await Conversation.start(broker.address, 'newest', { answerWithinMs, patienceMs: 100 })
    await run.createTopic('t1')
    await run.createTopic('t2')
    isGone = true
    const left = await run.side.end()
    expect(left).toEqual([
      expect.stringMatching(/^topic lockstep-.*-t1 may still be there: .*Metadata 13 was not answered within 250 ms/),
      expect.stringMatching(/^topic lockstep-.*-t2 may still be there: .*Metadata 13 was not answered within 250 ms/),
    ])
    expect(await run.side.end()).toBe(left)
  })

  test('starts again after a start that failed', async () => {
    let isThere = false
    const broker = await fake(() => (isThere ? properly : { kind: 'close' }))
    const start = () => Conversation.start(broker.address, 'newest', { answerWithinMs })
    expect(await sentenceOf(start(), broker)).toMatch(/closed the connection/)
    isThere = true
    expect((await start()).probe.brokers).toHaveLength(1)
  })
})
