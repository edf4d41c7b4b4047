// Apache Kafka and `lockstep serve` side by side: `node bench/broker/run.ts [--only apache|ours] [--rounds N] …`.
//
// Both run on this machine at the same time, and clients load now the one, now the other, the first of a round being the
// second of the next, so that both meet the same noise: quote the ratios. A first round, not counted, warms both up.
// `--client`, `--size`, `--partitions`, `--acks` and `--brokers` (each may be given several times) restrict the rows.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { heldAgainst } from '../../cli/apache/version.ts'
import { startApache } from './apache.ts'
import type { ClusterSettings, RunningCluster, StartCluster } from './cluster.ts'
import { buildLoad, type Measured, runRow, steadyRate } from './load.ts'
import { startOurs } from './ours.ts'
import { describeRow, type Row, rowsOf } from './rows.ts'
import { shownRatio, shownSpread, table } from './table.ts'

type Side = 'apache' | 'ours'
const start: Record<Side, StartCluster> = { apache: startApache, ours: startOurs }
/** Below the ports that the system gives to clients: a client that asks too early could be given the broker's own. */
const ports: Record<Side, number> = { apache: 21092, ours: 22092 }

const many = { type: 'string', multiple: true } as const
const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: 'both' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
    client: many,
    size: many,
    partitions: many,
    acks: many,
    brokers: many,
    json: { type: 'boolean', default: false },
  },
})
const rounds = Number(options.rounds)
const seconds = Number(options.seconds)
const sides: readonly Side[] =
  options.only === 'both' ? ['apache', 'ours'] : [options.only === 'ours' ? 'ours' : 'apache']
const { client, size, partitions, acks, brokers } = options
const rows = rowsOf({
  ...(client && { client }),
  ...(size && { size }),
  ...(partitions && { partitions }),
  ...(acks && { acks }),
  ...(brokers && { brokers }),
})

/** What a side showed in the counted rounds; index is the round. */
type Results = Record<Side, Measured[]>
type Standing = { startMs: number[]; restMb: number[]; peakMb: number[] }

/** A value that a row does not have is left out, and so is a line without values. */
type Column = readonly [name: string, value: (measured: Measured) => number | undefined, decimals: number]
const columns: readonly Column[] = [
  ['produced, M records/s', one => one.produced.recordsPerSecond / 1e6, 3],
  ['produced, MB/s', one => one.produced.mbPerSecond, 0],
  [`latency p50, ms, at ${steadyRate} records/s`, one => one.latency?.p50, 0],
  [`latency p95, ms, at ${steadyRate} records/s`, one => one.latency?.p95, 0],
  [`latency p99, ms, at ${steadyRate} records/s`, one => one.latency?.p99, 0],
  ['brokers, s of processor per M produced', one => one.produced.processorPerMillion, 2],
  ['consumed, M records/s', one => one.consumed.recordsPerSecond / 1e6, 3],
  ['consumed, MB/s', one => one.consumed.mbPerSecond, 0],
  ['brokers, s of processor per M consumed', one => one.consumed.processorPerMillion, 2],
]

const librdkafka = buildLoad()
// As somebody has it who has installed it.
execFileSync(process.execPath, [join(import.meta.dirname, '../../cli/build.ts')], { stdio: 'ignore' })
const machine = `${cpus().length} cores of ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB`
console.log(`Apache Kafka ${heldAgainst}, lockstep serve on Node ${process.version}; librdkafka ${librdkafka};`)
console.log(`${machine}; clients and brokers share it. ${rounds} rounds of ${seconds} s: slowest / median / fastest.\n`)

const found: { row: Row; results: Results }[] = []
const standing = new Map<number, Record<Side, Standing>>()
try {
  for (const count of [1, 3]) {
    const some = rows.filter(row => row.brokers === count)
    if (some.length > 0) await measure(count, some)
  }
} finally {
  // What was measured before something failed is worth something, too.
  print()
}
if (options.json) console.log(JSON.stringify({ standing: Object.fromEntries(standing), rows: found }))

async function measure(count: number, some: readonly Row[]): Promise<void> {
  const state: Record<Side, Standing> = { apache: emptyStanding(), ours: emptyStanding() }
  standing.set(count, state)
  for (let round = 0; round < rounds; round++) {
    for (const side of order(round)) await measureStart(side, count, state[side])
  }
  const running = new Map<Side, RunningCluster>()
  const folders: string[] = []
  try {
    for (const side of sides) {
      const settings = settingsOf(side, count)
      folders.push(settings.folder)
      running.set(side, await start[side](settings))
    }
    for (const row of some) {
      const results: Results = { apache: [], ours: [] }
      found.push({ row, results })
      for (let round = 0; round <= rounds; round++) {
        for (const side of order(round)) {
          const cluster = running.get(side)
          if (cluster === undefined) continue
          const measured = await runRow(row, cluster, round === 0 ? 2 : seconds)
          if (round > 0) results[side].push(measured)
        }
      }
      console.error(`${describeRow(row)}: ${progress(results)}`)
    }
    for (const [side, cluster] of running) state[side].peakMb.push(cluster.memory().peak / 1e6)
  } finally {
    for (const cluster of running.values()) await cluster.stop()
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  }
}

/** A fresh cluster: the time until it answers, and its memory two seconds later, with nothing to do. */
async function measureStart(side: Side, count: number, state: Standing): Promise<void> {
  const settings = settingsOf(side, count)
  const cluster = await start[side](settings)
  try {
    state.startMs.push(cluster.startMs)
    await new Promise(resolve => setTimeout(resolve, 2000))
    state.restMb.push(cluster.memory().resident / 1e6)
  } finally {
    await cluster.stop()
    rmSync(settings.folder, { recursive: true, force: true })
  }
}

function settingsOf(side: Side, count: number): ClusterSettings {
  return { brokers: count, folder: mkdtempSync(join(tmpdir(), `bench-${side}-`)), port: ports[side] }
}

/** Who comes first changes with the round. */
function order(round: number): readonly Side[] {
  return round % 2 === 0 ? sides : sides.toReversed()
}

function emptyStanding(): Standing {
  return { startMs: [], restMb: [], peakMb: [] }
}

function progress(results: Results): string {
  return sides
    .map(
      side =>
        `${side} ${shownSpread(
          results[side].map(one => one.produced.recordsPerSecond / 1e6),
          2,
        )} M/s`,
    )
    .join(', ')
}

function print(): void {
  const lines = [['', '', ...sides, ...(sides.length > 1 ? ['ours / apache'] : [])]]
  for (const { row, results } of found) {
    for (const [index, [name, value, decimals]] of columns.entries()) {
      const of = (side: Side) => results[side].map(value).filter(number => number !== undefined)
      if (sides.every(side => of(side).length === 0)) continue
      lines.push(line(index === 0 ? describeRow(row) : '', name, of, decimals))
    }
  }
  for (const [count, state] of standing) {
    const words = count === 1 ? '1 broker' : `${count} brokers`
    lines.push(line(words, 'start until Metadata, ms', side => state[side].startMs, 0))
    lines.push(line('', 'memory at rest, MB', side => state[side].restMb, 0))
    lines.push(line('', 'memory at most, MB', side => state[side].peakMb, 0))
  }
  console.log(table(lines))
}

function line(row: string, name: string, of: (side: Side) => readonly number[], decimals: number): string[] {
  const ratio = sides.length > 1 ? [shownRatio(of('ours'), of('apache'))] : []
  return [row, name, ...sides.map(side => shownSpread(of(side), decimals)), ...ratio]
}
