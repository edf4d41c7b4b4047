// The load of one row on one cluster: a topic is created, produced to, consumed from, and deleted.

import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { installKafka } from '../../cli/apache/install.ts'
import { heldAgainst } from '../../cli/apache/version.ts'
import type { RunningCluster } from './cluster.ts'
import type { Row } from './rows.ts'

const execute = promisify(execFile)
const out = join(import.meta.dirname, '../out')
const rdload = join(out, 'rdload')

/** What one side did in one round of one row. */
export type Measured = {
  readonly produced: Throughput
  /**
   * From the send to its acknowledgement, in milliseconds, at a rate that both sides bear easily (`steadyRate`): at full
   * speed it would be the length of the client's own queue. Only the Java tool measures it.
   */
  readonly latency?: { readonly p50: number; readonly p95: number; readonly p99: number }
  readonly consumed: Throughput
}

/** Records a second while latencies are measured. */
export const steadyRate = 2000

export type Throughput = {
  readonly recordsPerSecond: number
  readonly mbPerSecond: number
  /** Processor time of the brokers for a million records, in seconds: what is left of a core is the clients'. */
  readonly processorPerMillion: number
}

/** Compiles the librdkafka load; needs gcc and librdkafka-dev (`.ci/clients/install.sh`). Gives librdkafka's version. */
export function buildLoad(): string {
  mkdirSync(out, { recursive: true })
  const source = join(import.meta.dirname, 'rdload.c')
  execFileSync('gcc', ['-O2', '-Wall', source, '-o', rdload, '-lrdkafka'], { stdio: 'inherit' })
  return execFileSync(rdload, ['version']).toString().trim()
}

/** Runs one row on one cluster; rejects when a client fails or a record was not acknowledged. */
export async function runRow(
  row: Row,
  { bootstrap, processor }: Pick<RunningCluster, 'bootstrap' | 'processor'>,
  seconds: number,
): Promise<Measured> {
  const topic = `bench-${crypto.randomUUID().slice(0, 8)}`
  const replicas = String(Math.min(row.brokers, 3))
  await run(rdload, ['create', bootstrap, topic, String(row.partitions), replicas, row.brokers >= 3 ? '2' : '1'])
  try {
    return row.client === 'librdkafka'
      ? await librdkafka(row, bootstrap, topic, seconds, processor)
      : await java(row, bootstrap, topic, seconds, processor)
  } finally {
    await run(rdload, ['delete', bootstrap, topic])
  }
}

/** Seconds; only a cluster that has lost something takes as long. */
const consumedWithin = 60

type Said = { records: number; recordsPerSecond: number; mbPerSecond: number }

async function librdkafka(
  row: Row,
  bootstrap: string,
  topic: string,
  seconds: number,
  processor: () => number,
): Promise<Measured> {
  const partitions = String(row.partitions)
  const said = async (...args: readonly string[]): Promise<Said & Throughput> => {
    const before = processor()
    const measured: Said = JSON.parse(await run(rdload, args))
    return { ...measured, processorPerMillion: ((processor() - before) / measured.records) * 1e6 }
  }
  const produced = await said('produce', bootstrap, topic, partitions, String(row.size), row.acks, String(seconds))
  const consumed = await said('consume', bootstrap, topic, partitions, String(produced.records), String(consumedWithin))
  if (consumed.records < produced.records) {
    throw new Error(`${consumed.records} of ${produced.records} acknowledged records were read`)
  }
  return { produced, consumed }
}

/** The Java tools take a number of records: about as many as Apache Kafka takes from them in the time. */
async function java(
  row: Row,
  bootstrap: string,
  topic: string,
  seconds: number,
  processor: () => number,
): Promise<Measured> {
  const records = Math.round((seconds * (row.size <= 100 ? 400_000 : 80_000)) / row.brokers)
  const { java: program, classPath } = await installKafka(heldAgainst)
  const tool = (name: string, args: readonly string[]): Promise<string> =>
    run(program, ['-Xmx512M', ...javaOptions, '-cp', classPath, `org.apache.kafka.tools.${name}`, ...args])
  const properties = [`acks=${row.acks}`, 'linger.ms=5']
  const produce = async (count: number, rate: number): Promise<readonly number[]> => {
    const sent = await tool('ProducerPerformance', [
      ...['--bootstrap-server', bootstrap, '--topic', topic, '--num-records', String(count)],
      ...['--throughput', String(rate), '--record-size', String(row.size)],
      ...properties.flatMap(property => ['--command-property', property]),
    ])
    const last = sent.trim().split('\n').at(-1) ?? ''
    const report = /([\d.]+) records\/sec \(([\d.]+) MB\/sec\).* (\d+) ms 50th, (\d+) ms 95th, (\d+) ms 99th/.exec(last)
    if (report === null) throw new Error(`ProducerPerformance said ${last}`)
    return report.slice(1).map(Number)
  }
  const before = processor()
  const [recordsPerSecond = 0, mebibytes = 0] = await produce(records, -1)
  const between = processor()
  const read = await tool('ConsumerPerformance', [
    ...['--bootstrap-server', bootstrap, '--topic', topic, '--num-records', String(records), '--hide-header'],
    ...['--timeout', '20000'],
  ])
  // start, end, MB, MB/s, records, records/s, rebalance ms, fetch ms, fetch MB/s, fetch records/s
  const columns = read.trim().split('\n').at(-1)?.split(',').map(Number) ?? []
  const after = processor()
  const [, , p50 = 0, p95 = 0, p99 = 0] = await produce(steadyRate * seconds, steadyRate)
  return {
    produced: {
      recordsPerSecond,
      mbPerSecond: mebibytes * mebibyte,
      processorPerMillion: ((between - before) / records) * 1e6,
    },
    latency: { p50, p95, p99 },
    consumed: {
      recordsPerSecond: columns[9] ?? 0,
      mbPerSecond: (columns[8] ?? 0) * mebibyte,
      processorPerMillion: ((after - between) / records) * 1e6,
    },
  }
}

const mebibyte = (1024 * 1024) / 1e6
const javaOptions = ['-server', '-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20', '-Djava.awt.headless=true']

async function run(command: string, args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await execute(command, args, { timeout: 180_000, maxBuffer: 16 << 20 })
  const complaints = stderr.split('\n').filter(line => line.startsWith('rdload:'))
  if (complaints.length > 0) console.error(complaints.join('\n'))
  return stdout
}
