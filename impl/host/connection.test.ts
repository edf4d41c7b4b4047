// Connections as a broker's port sees them: the order of answers, and what each limit does to whom, with what it says.
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { heartbeat } from '../wire/apis/heartbeat.ts'
import { metadata } from '../wire/apis/metadata.ts'
import { produce } from '../wire/apis/produce.ts'
import { encodeRequest } from '../wire/frames.ts'
import { defaultsOf } from '../wire/schema.ts'
import type { Answer, Connection } from './connection.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { Listener } from './listener.ts'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

type Asked = { readonly frame: Buffer; readonly answer: Answer; readonly connection: Connection }

/** A port whose requests are answered by hand. */
class Port {
  readonly said: string[] = []
  readonly asked: Asked[] = []
  readonly closed: Connection[] = []
  isLending = false
  onRequest: (asked: Asked) => void = asked => this.asked.push(asked)
  #listener: Listener | null = null

  static async open(limits: Partial<Limits> = {}): Promise<Port> {
    const port = new Port()
    const report = (problem: string): number => port.said.push(problem)
    port.#listener = await Listener.open(
      { host: '127.0.0.1', port: 0, limits: { ...defaultLimits, ...limits }, tls: null, report },
      {
        request: (connection, frame, answer) => {
          port.onRequest({ connection, frame, answer })
          return port.isLending
        },
        closed: connection => port.closed.push(connection),
      },
    )
    open.push(() => port.listener.close())
    return port
  }

  get listener(): Listener {
    if (this.#listener === null) throw new Error('it is not open')
    return this.#listener
  }

  async client(): Promise<Client> {
    const socket = connect(this.listener.port, '127.0.0.1')
    open.push(() => socket.destroy())
    await new Promise((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('error', reject)
    })
    return new Client(socket)
  }
}

/** A client that sends numbered frames and takes what comes. */
class Client {
  readonly socket: Socket
  /** How many bytes have come, and the bytes. */
  count = 0
  readonly #chunks: Buffer[] = []
  isClosed = false

  constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (chunk: Buffer) => {
      this.count += chunk.length
      this.#chunks.push(chunk)
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      this.isClosed = true
    })
  }

  send(...texts: readonly string[]): void {
    this.socket.write(Buffer.concat(texts.map(framed)))
  }

  /** The answers that have come, each with its size before it. */
  get answers(): string[] {
    const answers: string[] = []
    const received = Buffer.concat(this.#chunks)
    for (let at = 0; at + 4 <= received.length; ) {
      const size = received.readInt32BE(at)
      answers.push(received.subarray(at + 4, at + 4 + size).toString())
      at += 4 + size
    }
    return answers
  }
}

function framed(text: string): Buffer {
  const body = Buffer.from(text)
  const size = Buffer.alloc(4)
  size.writeInt32BE(body.length)
  return Buffer.concat([size, body])
}

const text = ({ frame }: Asked): string => frame.toString()
const reply = (asked: Asked | undefined, said = ''): void => asked?.answer([framed(`${said}to ${text(asked)}`)])

describe('the order of answers', () => {
  test('is that of the requests, however they are answered', async () => {
    const port = await Port.open()
    const client = await port.client()
    client.send('1', '2', '3', '4')
    await expect.poll(() => port.asked.length).toBe(4)
    const [first, second, third, fourth] = port.asked
    reply(third)
    second?.answer(null)
    await pause(20)
    expect(client.answers).toEqual([])
    reply(first)
    await expect.poll(() => client.answers).toEqual(['to 1', 'to 3'])
    reply(fourth)
    await expect.poll(() => client.answers).toEqual(['to 1', 'to 3', 'to 4'])
  })

  test("an answer to a connection that is gone is nobody's, and a second one is an error of ours", async () => {
    const port = await Port.open()
    const client = await port.client()
    client.send('1')
    await expect.poll(() => port.asked.length).toBe(1)
    client.socket.destroy()
    await expect.poll(() => port.closed.length).toBe(1)
    reply(port.asked[0])
    expect(() => reply(port.asked[0])).toThrow('a request was answered twice')
    expect(port.said).toEqual([])
  })
})

describe('the memory of frames', () => {
  test('that somebody keeps is never used again', async () => {
    const port = await Port.open()
    const client = await port.client()
    for (let k = 0; k < 30; k++) client.send(`${k}`.repeat(3000 + k * 997))
    await expect.poll(() => port.asked.length).toBe(30)
    expect(port.asked.map(text)).toEqual(Array.from({ length: 30 }, (_, k) => `${k}`.repeat(3000 + k * 997)))
  })

  test('of a produce request is whole while it is looked at', async () => {
    const port = await Port.open()
    port.isLending = true
    const lengths: number[] = []
    port.onRequest = ({ frame, answer }) => {
      const last = frame.at(-1) ?? 0
      lengths.push(frame.subarray(-1000).every(byte => byte === last) ? last : -1)
      answer(null)
    }
    const client = await port.client()
    for (let k = 1; k <= 40; k++) {
      const records = new Uint8Array(1000 * k * (k % 7 === 0 ? 40 : 1)).fill(k)
      const topicData = [{ name: 't', topicId: '', partitionData: [{ index: 0, records }] }]
      const body = { ...defaultsOf(produce.request), topicData }
      client.socket.write(Buffer.concat(encodeRequest(produce, 3, k, null, body)))
    }
    await expect.poll(() => lengths.length).toBe(40)
    expect(lengths).toEqual(Array.from({ length: 40 }, (_, k) => k + 1))
  })
})

describe('back-pressure', () => {
  test('no more than the limit are carried out at a time, and the rest in order when there is room', async () => {
    const port = await Port.open({ inFlightMax: 3 })
    const client = await port.client()
    client.send(...Array.from({ length: 10 }, (_, k) => `${k}`))
    await expect.poll(() => port.asked.length).toBe(3)
    await pause(20)
    expect(port.asked.length).toBe(3)
    reply(port.asked[1])
    await pause(20)
    // An answer that waits for one before it makes no room.
    expect(port.asked.length).toBe(3)
    reply(port.asked[0])
    await expect.poll(() => port.asked.length).toBe(5)
    for (let k = 2; k < 10; k++) {
      await expect.poll(() => port.asked.length).toBeGreaterThan(k)
      reply(port.asked[k])
    }
    await expect.poll(() => client.answers).toEqual(Array.from({ length: 10 }, (_, k) => `to ${k}`))
    client.send('on it goes')
    await expect.poll(() => port.asked.length).toBe(11)
  })

  test('a client that does not read is not read from any more, and costs what the limit says', async () => {
    const port = await Port.open({ unsentBytesMax: 1_000_000 })
    const large = Buffer.alloc(500_000)
    port.onRequest = asked => {
      port.asked.push(asked)
      asked.answer([large])
    }
    const client = await port.client()
    client.socket.pause()
    client.send(...Array.from({ length: 400 }, (_, k) => `${k}`))
    await pause(200)
    const carriedOut = port.asked.length
    // What the kernel buffers comes on top.
    expect(carriedOut).toBeLessThan(60)
    client.socket.resume()
    await expect.poll(() => port.asked.length, { timeout: 5000 }).toBe(400)
    await expect.poll(() => client.count, { timeout: 5000 }).toBe(400 * large.length)
  })

  test('beyond queued.max.request.bytes requests are read one by one, and all of them come', async () => {
    const port = await Port.open({ queuedBytesMax: 100_000 })
    const clients = await Promise.all(Array.from({ length: 5 }, () => port.client()))
    for (const [k, client] of clients.entries()) for (let n = 0; n < 3; n++) client.send(`${k}`.repeat(400_000))
    await expect.poll(() => port.asked.length, { timeout: 5000 }).toBe(15)
    const counts = clients.map(
      (_, k) => port.asked.filter(({ frame }) => frame.toString('latin1', 0, 1) === `${k}`).length,
    )
    expect(counts).toEqual([3, 3, 3, 3, 3])
  })
})

describe('what closes a connection, and what is said', () => {
  const reasons: readonly (readonly [string, Partial<Limits>, Buffer, string])[] = [
    [
      'too large a frame',
      { requestBytesMax: 1000 },
      framed('x'.repeat(1001)),
      'larger than socket.request.max.bytes=1000',
    ],
    ['a negative size', {}, Buffer.from([255, 255, 255, 255]), 'a frame cannot have -1 bytes'],
    [
      'HTTP',
      {},
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      'this is an HTTP request, and this port speaks the Kafka protocol',
    ],
    ['TLS', {}, Buffer.from([22, 3, 1, 2, 0, 1]), 'this is a TLS handshake, and this port speaks plain text'],
    ['silence', { idleMs: 60 }, Buffer.alloc(0), 'silent for 60 ms (connections.max.idle.ms)'],
    [
      'silence within a request',
      { idleMs: 60 },
      framed('x'.repeat(90)).subarray(0, 50),
      'silent for 60 ms within a request',
    ],
  ]
  test.each(reasons)('%s', async (_what, limits, bytes, why) => {
    const port = await Port.open(limits)
    const client = await port.client()
    if (bytes.length > 0) client.socket.write(bytes)
    await expect.poll(() => client.isClosed).toBe(true)
    expect(port.said).toEqual([expect.stringMatching(/^closed the connection of 127\.0\.0\.1:\d+: /)])
    expect(port.said[0]).toContain(why)
    expect([port.closed.length, port.listener.connections.size]).toEqual([1, 0])
  })

  test('who waits for an answer is not idle, and is again when it has come', async () => {
    const port = await Port.open({ idleMs: 60 })
    const client = await port.client()
    client.send('1')
    await pause(150)
    expect(client.isClosed).toBe(false)
    reply(port.asked[0])
    await expect.poll(() => client.isClosed).toBe(true)
    expect(client.answers).toEqual(['to 1'])
  })

  test('one connection more than max.connections is turned away, and one sentence is enough', async () => {
    const port = await Port.open({ connectionsMax: 2 })
    const [first] = [await port.client(), await port.client()]
    const late = [await port.client(), await port.client()]
    await expect.poll(() => late.map(({ isClosed }) => isClosed)).toEqual([true, true])
    expect(port.said).toEqual(['refused a connection from 127.0.0.1: max.connections=2 are open'])
    first?.socket.destroy()
    await expect.poll(() => port.listener.connections.size).toBe(1)
    const next = await port.client()
    next.send('1')
    await expect.poll(() => port.asked.length).toBe(1)
  })

  test('behind its answers: what was answered arrives, what comes later is not looked at, and it ends', async () => {
    const port = await Port.open()
    port.onRequest = asked => {
      port.asked.push(asked)
      reply(asked)
      if (text(asked) === 'bad') asked.connection.closeBehindAnswers('it was bad')
    }
    const client = await port.client()
    client.send('good', 'bad', 'never')
    await expect.poll(() => client.isClosed).toBe(true)
    expect(client.answers).toEqual(['to good', 'to bad'])
    expect(port.asked.map(text)).toEqual(['good', 'bad'])
    expect(port.said.map(said => said.replace(/:\d+:/, ''))).toEqual(['closed the connection of 127.0.0.1 it was bad'])
    await expect.poll(() => port.listener.connections.size).toBe(0)
  })

  test('and also when the peer never ends its side', async () => {
    const port = await Port.open()
    port.onRequest = ({ connection, answer }) => {
      answer([framed('no')])
      connection.closeBehindAnswers('it was bad')
    }
    const socket = connect({ port: port.listener.port, host: '127.0.0.1', allowHalfOpen: true })
    open.push(() => socket.destroy())
    const client = new Client(socket)
    client.send('bad')
    await expect.poll(() => client.answers).toEqual(['no'])
    const chatter = setInterval(() => client.send('more'), 20)
    open.push(() => clearInterval(chatter))
    await expect.poll(() => port.listener.connections.size, { timeout: 3000 }).toBe(0)
    expect(port.said.length).toBe(1)
  })

  test('an error of ours in the handler, which is said with its stack; others go on', async () => {
    const port = await Port.open()
    const other = await port.client()
    port.onRequest = asked => {
      if (text(asked) === 'bad') throw new TypeError('oh')
      reply(asked)
    }
    const client = await port.client()
    client.send('good', 'bad', 'never')
    await expect.poll(() => client.isClosed).toBe(true)
    expect(client.answers).toEqual(['to good'])
    expect(port.said).toEqual([expect.stringMatching(/an error of this broker: TypeError: oh\n +at /)])
    other.send('still')
    await expect.poll(() => other.answers).toEqual(['to still'])
  })
})

describe('disturbances', () => {
  test('a held port lets nothing through in either direction, and then everything', async () => {
    const port = await Port.open()
    const client = await port.client()
    client.send('1')
    await expect.poll(() => port.asked.length).toBe(1)
    port.listener.hold(true)
    reply(port.asked[0])
    client.send('2')
    const late = await port.client()
    late.send('3')
    await pause(60)
    expect([port.asked.length, client.answers]).toEqual([1, []])
    port.listener.hold(false)
    await expect.poll(() => port.asked.map(text).sort()).toEqual(['1', '2', '3'])
    expect(client.answers).toEqual(['to 1'])
  })

  test('a slow port lets answers wait, also the last one', async () => {
    const port = await Port.open()
    port.onRequest = asked => {
      reply(asked)
      asked.connection.closeBehindAnswers('enough')
    }
    port.listener.slowDown(80)
    const client = await port.client()
    const started = performance.now()
    client.send('1')
    await expect.poll(() => client.isClosed).toBe(true)
    expect(performance.now() - started).toBeGreaterThan(75)
    expect(client.answers).toEqual(['to 1'])
  })
})

test('a port that is taken is said to be', async () => {
  const port = await Port.open()
  const taken = { host: '127.0.0.1', port: port.listener.port, limits: defaultLimits, tls: null, report: () => {} }
  const again = Listener.open(taken, { request: () => true, closed: () => {} })
  await expect(again).rejects.toThrow(
    `cannot listen on 127.0.0.1:${taken.port}: it is in use; choose another with --port`,
  )
})

test('requests of every size come whole, in pieces of every size', async () => {
  const port = await Port.open()
  const client = await port.client()
  const frames = [heartbeat, metadata].flatMap(api =>
    Array.from({ length: 20 }, (_, k) =>
      Buffer.concat(encodeRequest(api, 0, k, 'c'.repeat(k * 37), defaultsOf(api.request) as never)),
    ),
  )
  const stream = Buffer.concat(frames)
  for (let at = 0, piece = 1; at < stream.length; at += piece, piece = (piece * 7) % 1013) {
    client.socket.write(stream.subarray(at, at + piece))
    if (piece % 5 === 0) await pause(0)
  }
  await expect.poll(() => port.asked.length).toBe(frames.length)
  expect(port.asked.map(({ frame }) => frame.toString('hex'))).toEqual(
    frames.map(frame => frame.subarray(4).toString('hex')),
  )
})
