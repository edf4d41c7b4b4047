// kcat (librdkafka, from Debian) against a broker: `node kcat.ts --bootstrap HOST:PORT`.
//
// kcat has no admin calls: its topics come to be by producing to them, and stay.

import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import {
  bootstrap,
  type Check,
  expect,
  expectThat,
  recordsToSend,
  run,
  type Sent,
  security,
  sleep,
  unique,
  waitUntil,
} from './harness.ts'

const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd']
const properties = [
  ['security.protocol', security.protocol],
  ['sasl.mechanism', security.mechanism],
  ['sasl.username', security.username],
  ['sasl.password', security.password],
  ['ssl.ca.location', security.certificates],
].flatMap(([name, value]) => (value === undefined ? [] : ['-X', `${name}=${value}`]))

// Waiting is most of a short run: for the end of a partition, and for a topic that is being created.
const fast = ['-X', 'fetch.wait.max.ms=20', '-X', 'topic.metadata.refresh.fast.interval.ms=20']
const folder = mkdtempSync(join(tmpdir(), 'kcat-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

/** Runs kcat to its end and gives what it printed. */
function kcat(args: readonly string[], input: string | Buffer = ''): Buffer {
  return execFileSync('kcat', ['-b', bootstrap, ...properties, ...fast, ...args], {
    input,
    stdio: ['pipe', 'pipe', 'pipe'],
    maxBuffer: 64 << 20,
    timeout: 20_000,
  })
}

/** Sends one record a call: its value as a file, which may hold every byte, or as nothing on stdin for a null. */
function send(topic: string, record: Sent, args: readonly string[] = []): void {
  if (record.value === null) {
    kcat(['-P', '-t', topic, '-p', '0', '-Z', '-K', ':', ...args], `${record.key}:\n`)
    return
  }
  const file = join(folder, 'value')
  writeFileSync(file, record.value)
  const key = record.key === null ? [] : ['-k', record.key.toString()]
  const headers = record.headers.flatMap(([name, value]) => ['-H', value === null ? name : `${name}=${value}`])
  kcat(['-P', '-t', topic, '-p', '0', ...key, ...headers, ...args, file])
}

function sendLines(topic: string, lines: readonly string[], args: readonly string[] = []): void {
  kcat(['-P', '-t', topic, '-p', '0', ...args], lines.map(line => `${line}\n`).join(''))
}

type Read = { offset: number; timestamp: number; key: Buffer | null; value: Buffer | null; headers: string }

/** Reads a partition to its end. */
function read(topic: string, args: readonly string[] = ['-o', 'beginning']): Read[] {
  const output = kcat(['-C', '-q', '-e', '-t', topic, '-p', '0', ...args, '-f', '%o %T %K %S %h\n%k%s\n'])
  const records: Read[] = []
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf('\n', at)
    const line = output.subarray(at, end).toString()
    const [offset = 0, timestamp = 0, keySize = 0, valueSize = 0] = line.split(' ', 4).map(Number)
    const keyEnd = end + 1 + Math.max(keySize, 0)
    const valueEnd = keyEnd + Math.max(valueSize, 0)
    records.push({
      offset,
      timestamp,
      key: keySize < 0 ? null : output.subarray(end + 1, keyEnd),
      value: valueSize < 0 ? null : output.subarray(keyEnd, valueEnd),
      headers: line.split(' ').slice(4).join(' '),
    })
    at = valueEnd + 1
  }
  return records
}

/** kcat takes keys and headers as arguments: text without a zero byte, not empty. It sends no empty values. */
function sendable(): readonly Sent[] {
  const text = (bytes: Buffer | null): boolean =>
    bytes === null || (bytes.length > 0 && Buffer.from(bytes.toString()).equals(bytes) && !bytes.includes(0))
  return recordsToSend()
    .slice(0, 20)
    .filter(record => text(record.key) && (record.value === null ? record.key !== null : record.value.length > 0))
    .map(record => ({ ...record, headers: record.headers.filter(([, value]) => text(value)) }))
}

function roundTrip(args: readonly string[]): void {
  const topic = unique('kcat')
  const records = sendable()
  for (const record of records) send(topic, record, args)
  const lines = Array.from({ length: 1000 }, (_, i) => `line ${i} ${'x'.repeat(i % 100)}`)
  sendLines(topic, lines, args)
  const found = read(topic)
  expect(found.length, records.length + lines.length, 'records read')
  for (const [index, record] of records.entries()) {
    const { offset, key, value, headers } = found[index] as Read
    expect(offset, index, `offset of record ${index}`)
    expect(key, record.key, `key of record ${index}`)
    expect(value, record.value, `value of record ${index}`)
    expect(headers, record.headers.map(([name, value]) => `${name}=${value}`).join(','), `headers of record ${index}`)
  }
  const rest = found.slice(records.length).map(record => record.value?.toString())
  expect(rest, lines, 'lines sent in batches')
}

async function acknowledgements(acks: string): Promise<void> {
  const topic = unique('kcat')
  const lines = Array.from({ length: 1000 }, (_, i) => `line ${i}`)
  sendLines(topic, lines, ['-X', `acks=${acks}`])
  const found = read(topic).map(record => record.value?.toString())
  expect(found, lines, `what acks=${acks} wrote`)
}

async function metadata(): Promise<void> {
  const topic = unique('kcat')
  sendLines(topic, ['a'])
  const listed = JSON.parse(kcat(['-L', '-J', '-t', topic]).toString())
  expect(listed.topics.length, 1, 'topics listed')
  expect(listed.topics[0].topic, topic, 'the topic listed')
  expect(listed.topics[0].partitions[0].partition, 0, 'its first partition')
  expectThat(listed.brokers.length > 0, 'no broker is listed')
  const leader = listed.topics[0].partitions[0].leader
  expectThat(
    listed.brokers.some((broker: { id: number }) => broker.id === leader),
    `the leader ${leader} is not among the brokers listed`,
  )
}

async function offsets(): Promise<void> {
  const topic = unique('kcat')
  const before = Date.now()
  sendLines(topic, ['0', '1', '2', '3', '4'])
  await sleep(5)
  const between = Date.now()
  await sleep(5)
  sendLines(topic, ['5', '6'])
  const asked = (time: number): string => kcat(['-Q', '-t', `${topic}:0:${time}`]).toString()
  expect(asked(before - 1000), `${topic} [0] offset 0\n`, 'offset for a time before everything')
  expect(asked(between), `${topic} [0] offset 5\n`, 'offset for a time between two sends')
  expect(asked(-1), `${topic} [0] offset 7\n`, 'the latest offset')
  expect(asked(-2), `${topic} [0] offset 0\n`, 'the earliest offset')
  const values = (records: readonly Read[]): unknown => records.map(record => Number(record.value))
  expect(values(read(topic, ['-o', '3'])), [3, 4, 5, 6], 'records from offset 3')
  expect(values(read(topic, ['-o', '-2'])), [5, 6], 'the last two records')
  expect(values(read(topic, ['-o', `s@${between}`])), [5, 6], 'records from a time on')
  expect(values(read(topic, ['-o', 's@0', '-o', `e@${between}`])), [0, 1, 2, 3, 4], 'records until a time')
}

async function latest(): Promise<void> {
  const topic = unique('kcat')
  sendLines(topic, ['old'])
  const consumer = spawn('kcat', [
    '-b',
    bootstrap,
    ...properties,
    '-C',
    '-u',
    '-q',
    '-t',
    topic,
    '-o',
    'end',
    '-c',
    '1',
  ])
  let output = ''
  consumer.stdout.on('data', bytes => {
    output += bytes
  })
  try {
    await sleep(1000)
    sendLines(topic, ['new'])
    await waitUntil(
      () => output !== '',
      () => 'nothing was read from the end',
    )
    expect(output, 'new\n', 'what is read from the end')
  } finally {
    consumer.kill()
  }
}

/** A kcat that is a member of a group: what it says it was assigned, and what it has read. */
class Member {
  owned: readonly string[] = []
  seen: string[] = []
  readonly #process

  constructor(group: string, topics: readonly string[], strategy: string, more: readonly string[] = []) {
    const settings = [
      `partition.assignment.strategy=${strategy}`,
      'auto.offset.reset=earliest',
      'session.timeout.ms=6000',
      'heartbeat.interval.ms=300',
      'topic.metadata.refresh.interval.ms=1000',
      'auto.commit.interval.ms=200',
    ].flatMap(setting => ['-X', setting])
    const args = ['-b', bootstrap, ...properties, ...settings, ...more, '-u', '-f', '%t %o\n', '-G', group, ...topics]
    this.#process = spawn('kcat', args, { stdio: ['ignore', 'pipe', 'pipe'] })
    createInterface(this.#process.stdout).on('line', line => this.seen.push(line))
    createInterface(this.#process.stderr).on('line', line => {
      const assigned = /assigned: (.*)$/.exec(line)?.[1]
      if (assigned !== undefined) this.owned = assigned.split(', ').map(part => part.split(' ')[0] ?? '')
      if (line.includes('revoked')) this.owned = []
    })
  }

  async leave(): Promise<void> {
    const gone = new Promise(resolve => this.#process.once('exit', resolve))
    this.#process.kill('SIGINT')
    await gone
  }
}

async function group(strategy: string): Promise<void> {
  const topics = [unique('kcat-a'), unique('kcat-b')]
  const [a = '', b = ''] = topics
  for (const topic of topics) sendLines(topic, ['first'])
  const name = unique('group')
  const first = new Member(name, topics, strategy)
  await waitUntil(
    () => first.owned.length === 2 && first.seen.length === 2,
    () => `the only member owns ${first.owned} and has read ${first.seen}`,
  )
  const second = new Member(name, topics, strategy)
  await waitUntil(
    () => second.owned.length === 1 && first.owned.length === 1 && first.owned[0] !== second.owned[0],
    () => `two members own ${first.owned} and ${second.owned}`,
  )
  for (const topic of topics) sendLines(topic, ['second'])
  await waitUntil(
    () => first.seen.length === 3 && second.seen.length === 1,
    () => `the members have read ${first.seen} and ${second.seen}`,
  )
  await first.leave()
  await waitUntil(
    () => second.owned.length === 2,
    () => `after the other left, the member owns ${second.owned}`,
  )
  sendLines(a, ['third'])
  await waitUntil(
    () => second.seen.includes(`${a} 2`),
    () => `the member has read ${second.seen}`,
  )
  await second.leave()
  sendLines(b, ['third'])
  const third = new Member(name, topics, strategy)
  await waitUntil(
    () => third.seen.length > 0,
    () => 'a restarted group reads nothing',
  )
  await third.leave()
  expect(third.seen, [`${b} 2`], 'what a restarted group reads')
}

async function staticMember(): Promise<void> {
  const topic = unique('kcat')
  sendLines(topic, ['first'])
  const name = unique('static')
  const instance = ['-X', 'group.instance.id=one']
  const first = new Member(name, [topic], 'range', instance)
  await waitUntil(
    () => first.seen.length === 1,
    () => `the static member has read ${first.seen}`,
  )
  await first.leave()
  sendLines(topic, ['second'])
  const again = new Member(name, [topic], 'range', instance)
  await waitUntil(
    () => again.seen.length > 0,
    () => 'the restarted static member reads nothing',
    4, // less than the session: nothing but its name lets it in
  )
  await again.leave()
  expect(again.seen, [`${topic} 1`], 'what the restarted static member reads')
}

/** The examples of the installed readme, unchanged but for the address (and for what a terminal would do: an end). */
async function quickStarts(): Promise<void> {
  const readme = execFileSync('zcat', ['/usr/share/doc/kcat/README.md.gz']).toString()
  const topic = unique('kcat')
  const example = (line: string, end = ''): string => {
    expectThat(readme.includes(line), `the readme no longer says ${line}`)
    const local = line.replaceAll('mybroker', `${bootstrap} ${properties.join(' ')}`).replaceAll('syslog', topic)
    return execFileSync('sh', ['-c', local + end], { timeout: 15_000, stdio: ['ignore', 'pipe', 'pipe'] }).toString()
  }
  sendLines(topic, ['hello', 'world'])
  expect(example('kcat -C -b mybroker -t syslog', ' -e -q'), 'hello\nworld\n', 'kcat -C -b mybroker -t syslog')
  expect(example('kcat -C -b mybroker -t syslog -p 0 -o -2000 -e'), 'hello\nworld\n', 'the last 2000 messages')
  const lines = example('kcat -b mybroker -t syslog -J', ' -C -e -q').trim().split('\n')
  expect(
    lines.map(line => JSON.parse(line).payload),
    ['hello', 'world'],
    'payloads of the JSON envelope',
  )
  expectThat(example('kcat -L -b mybroker').includes(`topic "${topic}" with 1 partitions`), 'the topic is not listed')
}

const version = /Version (\S+) .*librdkafka (\S+)/.exec(execFileSync('kcat', ['-V']).toString())
const checks: readonly Check[] = [
  ['metadata', metadata],
  ...codecs.map((codec): Check => [`produce and consume, ${codec}`, async () => roundTrip(['-z', codec])]),
  ['idempotent producer', async () => roundTrip(['-X', 'enable.idempotence=true'])],
  ...['0', '1', 'all'].map((acks): Check => [`acks=${acks}`, () => acknowledgements(acks)]),
  ['offsets, and offsets for times', offsets],
  ['from the end', latest],
  ['group of two, roundrobin', () => group('roundrobin')],
  ['static membership', staticMember],
  ['quick start', quickStarts],
]
await run('kcat', `${version?.[1]} (librdkafka ${version?.[2]})`, checks)
