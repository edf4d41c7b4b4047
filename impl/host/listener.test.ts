// A port with TLS: who gets in, what is said of those who do not, and that nobody keeps it from being closed.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { defaultLimits, type Limits } from './limits.ts'
import { Listener } from './listener.ts'

let cert = ''
let key = ''
const folder = mkdtempSync(join(tmpdir(), 'listener-'))
beforeAll(() => {
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', 'key.pem']
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  execFileSync('openssl', ['req', '-x509', '-days', '1', ...made, '-out', 'cert.pem', ...subject], {
    cwd: folder,
    stdio: 'ignore',
  })
  cert = readFileSync(join(folder, 'cert.pem'), 'utf8')
  key = readFileSync(join(folder, 'key.pem'), 'utf8')
})
afterAll(() => rmSync(folder, { recursive: true }))

let listener: Listener | null = null
const sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await listener?.close()
})

async function open(limits: Partial<Limits> = {}): Promise<{ readonly port: number; readonly said: string[] }> {
  const said: string[] = []
  const report = (problem: string): number => said.push(problem)
  const options = { host: '127.0.0.1', port: 0, limits: { ...defaultLimits, ...limits }, tls: { cert, key }, report }
  listener = await Listener.open(options, {
    request: (_connection, frame, answer) => {
      answer([Buffer.from([0, 0, 0, frame.length]), Buffer.from(frame)])
      return false
    },
    closed: () => {},
  })
  return { port: listener.port, said }
}

function plain(port: number): Socket {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  sockets.push(socket)
  return socket
}

test('who trusts the certificate is answered, frames of every size', async () => {
  const { port, said } = await open()
  const socket = connectTls({ port, host: '127.0.0.1', ca: cert })
  sockets.push(socket)
  let count = 0
  socket.on('data', (chunk: Buffer) => {
    count += chunk.length
  })
  const frames = Array.from({ length: 30 }, (_, k) =>
    Buffer.concat([Buffer.from([0, 0, k, 200]), Buffer.alloc(k * 256 + 200, k)]),
  )
  socket.write(Buffer.concat(frames))
  await expect.poll(() => count).toBe(frames.reduce((sum, { length }) => sum + length, 0))
  expect(said).toEqual([])
})

test.each([
  ['plain text', Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 255, 255])],
  ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
])('who speaks %s is told what to set', async (_what, bytes) => {
  const { port, said } = await open()
  plain(port).write(bytes)
  await expect.poll(() => said.length).toBe(1)
  expect(said[0]).toMatch(/^TLS with .+ failed: it spoke plain text, and this port speaks TLS: set security\.protocol/)
})

test('who does not trust the certificate is named as such', async () => {
  const { port, said } = await open()
  const socket = connectTls({ port, host: '127.0.0.1' })
  const failed = new Promise<Error>(resolve => socket.on('error', resolve))
  expect((await failed).message).toMatch(/self-signed certificate/)
  // With TLS 1.3 the handshake is over for the server before the client looks at the certificate.
  await expect.poll(() => listener?.connections.size).toBe(0)
  expect(said.filter(sentence => !sentence.includes('trust the certificate'))).toEqual([])
})

test('who never says a word does not keep the port from being closed, and counts', async () => {
  const { port, said } = await open({ connectionsMax: 2 })
  const silent = [plain(port), plain(port)]
  await Promise.all(silent.map(socket => new Promise(resolve => socket.once('connect', resolve))))
  const late = plain(port)
  await new Promise(resolve => late.once('close', resolve))
  expect(said).toEqual(['refused a connection from 127.0.0.1: max.connections=2 are open'])
  const started = performance.now()
  await listener?.close()
  expect(performance.now() - started).toBeLessThan(1000)
  listener = null
})
