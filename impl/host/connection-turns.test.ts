// Connections end, whatever the peer does or leaves undone: nothing of them may be left.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Answer, Connection } from './connection.ts'
import { defaultLimits } from './limits.ts'
import { Listener } from './listener.ts'

const limits = { ...defaultLimits, inFlightMax: 3, idleMs: 300 }
/** A frame of one byte, which the handler below takes for a command. */
const frameOf = (command: string): Buffer => Buffer.from([0, 0, 0, 1, command.charCodeAt(0)])
/** More than anybody holds who has stopped reading. */
const much = Buffer.alloc(8_000_000)

/** What one piece of work takes. */
const workMs = 15
let worked = 0
let listener: Listener
let client: Socket
let answered: Buffer[]

beforeEach(async () => {
  listener = await Listener.open(
    { host: '127.0.0.1', port: 0, limits, tls: null, report: () => {} },
    {
      closed: () => {},
      request(connection: Connection, frame: Buffer, answer: Answer): boolean {
        const command = frame.toString()
        if (command === 'a') answer([Buffer.from('answer')])
        if (command === 'w') {
          for (const until = performance.now() + workMs; performance.now() < until; );
          answer([Buffer.from(String(++worked % 10))])
        }
        if (command === 'x') connection.closeBehindAnswers('a command of the test')
        return true
      },
    },
  )
  client = connect(listener.port, '127.0.0.1')
  client.on('error', () => {})
  answered = []
  worked = 0
  client.on('data', chunk => answered.push(chunk as Buffer))
  await once(client, 'connect')
})
afterEach(async () => {
  client.destroy()
  await listener.close()
})

test('a connection that is closed behind its answers still gives them, also with much left unread', async () => {
  client.write(Buffer.concat([frameOf('a'), frameOf('a'), frameOf('x'), frameOf('a'), much]))
  await once(client, 'end')
  expect(Buffer.concat(answered).toString()).toBe('answeranswer')
})

test('a connection that is being closed is gone when its peer is', async () => {
  client.write(Buffer.concat([frameOf('u'), frameOf('x'), much]))
  await pause(50)
  client.destroy()
  await gone(500)
})

test('a connection that is being closed is gone soon, although its peer stays and sends on', async () => {
  client.destroy()
  client = connect({ port: listener.port, host: '127.0.0.1', allowHalfOpen: true })
  client.on('error', () => {})
  client.write(frameOf('x'))
  const sending = setInterval(() => client.write(Buffer.alloc(10_000)), 20)
  await gone(3000)
  clearInterval(sending)
})

test('a peer that fills its connection with requests that nobody answers, and dies, is noticed after the idle time', async () => {
  client.write(Buffer.concat([frameOf('u'), frameOf('u'), frameOf('u'), frameOf('u'), much]))
  await pause(50)
  client.resetAndDestroy()
  await gone(2000)
})

test('a peer that waits for an answer, and has room for more, may wait for longer than the idle time', async () => {
  client.write(frameOf('u'))
  await pause(2 * limits.idleMs)
  expect(listener.connections.size).toBe(1)
})

test('a connection with much to do lets others through, and its answers keep their order', async () => {
  const other = connect(listener.port, '127.0.0.1')
  await once(other, 'connect')
  client.write(Buffer.concat(Array.from({ length: 30 }, () => frameOf('w'))))
  while (worked === 0) await pause(1)
  other.write(frameOf('a'))
  await once(other, 'data')
  expect(worked).toBeLessThan(15)
  other.destroy()
  while (worked < 30) await pause(1)
  await pause(20)
  expect(Buffer.concat(answered).toString()).toBe('123456789012345678901234567890')
})

test('what waits for its turn is dropped when the connection is closed', async () => {
  client.write(Buffer.concat([...Array.from({ length: 30 }, () => frameOf('w')), frameOf('x')]))
  while (worked < 3) await pause(1)
  client.destroy()
  await gone(500)
  const done = worked
  await pause(100)
  expect(worked).toBe(done)
  expect(done).toBeLessThan(20)
})

/** Waits until no connection is left. */
async function gone(withinMs: number): Promise<void> {
  const until = performance.now() + withinMs
  while (listener.connections.size > 0 && performance.now() < until) await pause(10)
  expect(listener.connections.size).toBe(0)
}
