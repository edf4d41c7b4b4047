// Records what real clients and a real broker say to each other: `node record.ts [--client NAME] [--folder FOLDER]`.
//
// Starts Apache Kafka behind one proxy for each of its brokers, runs each driver through them, and keeps a few frames for
// each (API, version, direction) in FOLDER (default impl/wire/fixtures), one file a client: the shortest and the
// longest that is not too long. A frame is kept
// without its size prefix; the correlation id and all that follows are as they were on the wire.

import { spawn } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startApache } from '../../bench/broker/apache.ts'
import { heldAgainst } from '../../cli/apache/version.ts'

/** One frame as it was on the wire, without its size prefix. */
type Fixture = {
  readonly client: string
  readonly clientVersion: string
  readonly broker: string
  readonly apiKey: number
  readonly apiVersion: number
  readonly direction: 'request' | 'response'
  readonly frame: string
}
type Frame = Pick<Fixture, 'apiKey' | 'apiVersion' | 'direction'> & { readonly bytes: Buffer }

const { values: options } = parseArgs({
  options: {
    client: { type: 'string', multiple: true },
    folder: { type: 'string', default: join(import.meta.dirname, '../../impl/wire/fixtures') },
    port: { type: 'string', default: '29092' },
    brokers: { type: 'string', default: '2' },
  },
})
/** SaslHandshake and SaslAuthenticate. */
const saslApis = new Set([17, 36])
const port = Number(options.port)
const brokers = Number(options.brokers)
/** A frame longer than this is kept only when there is no shorter one. */
const longestFrame = 600
const allClients = ['kcat', 'confluent-kafka', 'kafkajs', '@platformatic/kafka', 'java clients', 'franz-go', 'aiokafka']

let recorded: Frame[] = []
const fixturesOf = new Map<string, Fixture[]>()
const data = '/tmp/kafka-logs'
const advertised = Array.from({ length: brokers }, (_, index) => `127.0.0.1:${port + index}`)

/** With `sasl`, only what needs it: the drivers' first check through PLAIN and both kinds of SCRAM. */
async function record(sasl: boolean): Promise<void> {
  rmSync(data, { recursive: true, force: true })
  const cluster = await startApache({ brokers, folder: data, port: port + 10, advertised, sasl }, '512m')
  const servers = await Promise.all(advertised.map((_, index) => proxy(port + index, port + 10 + index)))
  try {
    for (const client of options.client ?? allClients) {
      const mechanisms = sasl ? ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] : [undefined]
      for (const mechanism of mechanisms) await recordClient(client, mechanism)
    }
  } finally {
    for (const server of servers) server.close()
    await cluster.stop()
    rmSync(data, { recursive: true, force: true })
  }
}

async function recordClient(client: string, mechanism: string | undefined): Promise<void> {
  recorded = []
  const report = await runClient(client, mechanism)
  if (report === undefined) return
  const frames = mechanism === undefined ? recorded : recorded.filter(frame => saslApis.has(frame.apiKey))
  const broker = `Apache Kafka ${heldAgainst}`
  const fixtures = fixturesOf.get(client) ?? []
  for (const { bytes, ...frame } of selected(frames)) {
    const from = { client: report.client, clientVersion: report.version, broker }
    fixtures.push({ ...from, ...frame, frame: bytes.toString('hex') })
  }
  fixturesOf.set(client, fixtures)
  const name = client.replaceAll(/[^a-z0-9]+/g, '-').replace(/^-/, '')
  writeFileSync(join(options.folder, `${name}.json`), `${JSON.stringify(fixtures, null, 2)}\n`)
  const pairs = new Set(fixtures.map(one => `${one.apiKey}v${one.apiVersion}`))
  console.log(`${name}: ${recorded.length} frames seen, ${fixtures.length} kept, of ${pairs.size} APIs and versions`)
}

type Report = { readonly client: string; readonly version: string }

function runClient(client: string, mechanism: string | undefined): Promise<Report | undefined> {
  const args = [
    join(import.meta.dirname, 'run.ts'),
    '--installed',
    '--json',
    '--client',
    client,
    '--bootstrap',
    advertised.join(),
  ]
  const credentials = {
    KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
    KAFKA_SASL_MECHANISM: mechanism,
    KAFKA_SASL_USERNAME: 'user',
    KAFKA_SASL_PASSWORD: 'user-secret',
  }
  const few = ['--only', 'acks']
  const child = spawn(process.execPath, [...args, ...(mechanism === undefined ? [] : few)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...(mechanism !== undefined && credentials) },
  })
  let output = ''
  child.stdout.on('data', bytes => {
    output += bytes
  })
  return new Promise(resolve =>
    child.on('close', () => {
      const reports: (Report & { failed: unknown[] })[] = JSON.parse(output.trim().split('\n').at(-1) ?? '[]')
      for (const { client: name, failed } of reports) {
        if (failed.length > 0) console.error(`${name} did not pass:`, failed)
      }
      resolve(reports[0])
    }),
  )
}

/** For each (API, version, direction), and codec of its records, the shortest frame and the longest not too long. */
function selected(frames: readonly Frame[]): readonly Frame[] {
  const groups = Map.groupBy(
    frames,
    ({ apiKey, apiVersion, direction, bytes }) => `${apiKey} ${apiVersion} ${direction} ${codecOf(bytes)}`,
  )
  const kept: Frame[] = []
  for (const [name, group] of groups) {
    const byLength = group.toSorted((a, b) => a.bytes.length - b.bytes.length)
    const short = byLength.filter(frame => frame.bytes.length <= longestFrame)
    const [shortest, longest] = [byLength[0], short.at(-1)]
    const compressed = /[1-4]$/.test(name)
    if (shortest !== undefined && (!compressed || short.length > 0)) kept.push(shortest)
    if (!compressed && longest !== undefined && longest.bytes.length > (shortest?.bytes.length ?? 0)) kept.push(longest)
  }
  const order = (a: Frame, b: Frame): number =>
    a.apiKey - b.apiKey || a.apiVersion - b.apiVersion || a.direction.localeCompare(b.direction)
  return kept.toSorted(order)
}

/** The codec of the first record batch in a frame of Produce or Fetch (0 none, 1 gzip, …), or nothing without one. */
function codecOf(bytes: Buffer): string {
  if (bytes.length > longestFrame) return ''
  // A batch: base offset (8), length of the rest (4), leader epoch (4), magic 2 (1), checksum (4), attributes (2), ….
  for (let at = 0; at + 61 <= bytes.length; at++) {
    const length = bytes.readInt32BE(at + 8)
    if (bytes[at + 16] !== 2 || bytes.readInt32BE(at) !== 0 || length < 49 || at + 12 + length > bytes.length) continue
    return `codec ${bytes.readInt16BE(at + 21) & 7}`
  }
  return ''
}

/** A proxy that passes everything on at once, and notes the frames that went by. */
async function proxy(from: number, to: number): Promise<Server> {
  const server = createServer({ noDelay: true }, client => {
    const broker = connect({ port: to, host: '127.0.0.1', noDelay: true })
    const asked = new Map<number, { apiKey: number; apiVersion: number }>()
    pass(client, broker, bytes => {
      const request = { apiKey: bytes.readInt16BE(0), apiVersion: bytes.readInt16BE(2) }
      asked.set(bytes.readInt32BE(4), request)
      recorded.push({ ...request, direction: 'request', bytes })
    })
    pass(broker, client, bytes => {
      const request = asked.get(bytes.readInt32BE(0))
      asked.delete(bytes.readInt32BE(0))
      if (request !== undefined) recorded.push({ ...request, direction: 'response', bytes })
    })
  })
  await new Promise<void>(resolve => server.listen(from, '127.0.0.1', resolve))
  return server
}

function pass(from: Socket, to: Socket, seen: (frame: Buffer) => void): void {
  let waiting = Buffer.alloc(0)
  from.on('data', (bytes: Buffer) => {
    to.write(bytes)
    waiting = Buffer.concat([waiting, bytes])
    while (waiting.length >= 4 && waiting.length >= 4 + waiting.readInt32BE(0)) {
      const end = 4 + waiting.readInt32BE(0)
      seen(Buffer.from(waiting.subarray(4, end)))
      waiting = waiting.subarray(end)
    }
  })
  from.on('close', () => to.end())
  from.on('error', () => to.destroy())
}

mkdirSync(options.folder, { recursive: true })
await record(false)
await record(true)
