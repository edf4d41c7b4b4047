// The explorer beside what a protocol engineer would use instead: TLC on the TLA+ modules, and Stateright in Rust.
//
//   node bench/explore.ts [--rounds 3] [--tlc CLASSPATH --specs FOLDER]
//
// All search kip-320 with 3 replicas, in a world of 738,000 states (everything else 2) and in one of 4.1 million (LogSize and
// MaxRecords 3; TLC takes minutes there, and is asked once), without symmetry, with WeakIsr and StrongIsr checked, on
// one worker and on two. TLC is asked when its class path and a folder with the modules of hachikuji/kafka-specification are
// given; Stateright when there is a Rust toolchain. Rounds are interleaved; every measurement is a process of its own.
// Seconds are those of the search as each tool tells them (TLC: of the whole process). Nothing here asserts a time.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, tlc: { type: 'string' }, specs: { type: 'string' } },
})
const folder = mkdtempSync(join(tmpdir(), 'explore-bench-'))

type Found = { readonly distinctStates: number; readonly seconds: number; readonly bytesPerState?: number }
type World = { readonly logSize: number; readonly maxRecords: number }
type Tool = { readonly name: string; readonly run: (workers: number, world: World) => Found | null }

const worlds: readonly World[] = [
  { logSize: 2, maxRecords: 2 },
  { logSize: 3, maxRecords: 3 },
]

const tools: readonly Tool[] = [{ name: 'lockstep explore', run: ours }, ...stateright(), ...tlc()]
const rows = new Map<string, Found[]>()
for (let round = 0; round < Number(values.rounds); round++) {
  for (const world of worlds) {
    for (const workers of [1, 2]) {
      for (const { name, run } of tools) {
        const found = run(workers, world)
        const key = keyOf(name, workers, world)
        if (found !== null) rows.set(key, [...(rows.get(key) ?? []), found])
      }
    }
  }
}
rmSync(folder, { recursive: true })

const cluster = ['elections=2 records=2', 'elections=1 brokers=3', 'elections=0 crashes=1'].map(bounds => {
  const args = ['cluster', ...bounds.split(' ').flatMap(bound => ['--bound', bound])]
  const found = Array.from({ length: Number(values.rounds) }, () => exploring(...args))
  return { bounds, found, speeds: found.map(one => one.distinctStates / one.seconds).sort((a, b) => a - b) }
})

console.log(
  '| search | distinct states | states a second: min / median / max | of ours on one worker | bytes a state |',
)
console.log('| --- | --- | --- | --- | --- |')
for (const [key, found] of rows) {
  const speeds = speedsOf(key)
  const shown = [speeds[0], middle(speeds), speeds.at(-1)].map(speed => Math.round(speed ?? Number.NaN)).join(' / ')
  const base = worlds.map(world => keyOf('lockstep explore', 1, world)).find(other => key.endsWith(other.slice(-5)))
  const ratio = (middle(speeds) / middle(speedsOf(base ?? key))).toFixed(3)
  const bytes = found[0]?.bytesPerState ?? ''
  console.log(
    `| ${[key, new Set(found.map(one => one.distinctStates)).values().next().value, shown, ratio, bytes].join(' | ')} |`,
  )
}

console.log('\n| the whole cluster | distinct states | states a second: min / median / max |')
console.log('| --- | --- | --- |')
for (const { bounds, found, speeds } of cluster) {
  const shown = [speeds[0], middle(speeds), speeds.at(-1)].map(speed => Math.round(speed ?? Number.NaN)).join(' / ')
  console.log(`| ${[bounds, found[0]?.distinctStates, shown].join(' | ')} |`)
}

function keyOf(name: string, workers: number, { logSize, maxRecords }: World): string {
  return `${name}, ${workers} ${workers === 1 ? 'worker' : 'workers'}, ${logSize} ${maxRecords} 2`
}

function ours(workers: number, { logSize, maxRecords }: World): Found {
  const bounds = ['--bound', `logSize=${logSize}`, '--bound', `maxRecords=${maxRecords}`]
  return exploring('kip-320', ...bounds, '--no-symmetry', '--workers', String(workers))
}

function exploring(...args: readonly string[]): Found {
  const command = ['cli/lockstep.js', 'explore', ...args, '--json']
  return JSON.parse(execFileSync(process.execPath, command, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
}

function stateright(): readonly Tool[] {
  const target = join(folder, 'target')
  const args = [
    'build',
    '--release',
    '--quiet',
    '--manifest-path',
    'bench/stateright/Cargo.toml',
    '--target-dir',
    target,
  ]
  const { status, error } = spawnSync('cargo', args, { stdio: 'inherit' })
  if (error !== undefined || status !== 0) {
    console.error('Stateright is left out: cargo did not build bench/stateright.')
    return []
  }
  const run = (workers: number, { logSize, maxRecords }: World): Found => {
    const numbers = [3, logSize, maxRecords, 2, workers].map(String)
    return JSON.parse(execFileSync(join(target, 'release', 'kip320'), numbers, { encoding: 'utf8' }))
  }
  return [{ name: 'Stateright, breadth-first', run }]
}

function tlc(): readonly Tool[] {
  const { tlc: classPath, specs } = values
  if (classPath === undefined || specs === undefined) {
    console.error('TLC is left out: give --tlc CLASSPATH and --specs FOLDER.')
    return []
  }
  const modules = join(folder, 'modules')
  cpSync(specs, modules, { recursive: true })
  const asked = new Set<string>()
  const run = (workers: number, { logSize, maxRecords }: World): Found | null => {
    const isLarge = logSize > 2
    if (isLarge && asked.has(`${workers}`)) return null
    if (isLarge) asked.add(`${workers}`)
    writeFileSync(join(modules, 'Kip320.cfg'), configOf(logSize, maxRecords))
    const args = ['-XX:+UseParallelGC', '-cp', classPath, 'tlc2.TLC', '-workers', String(workers), 'Kip320.tla']
    const started = performance.now()
    const text = execFileSync('java', args, { cwd: modules, encoding: 'utf8' })
    const [, distinct] = /([\d,]+) distinct states found, 0 states left/.exec(text) ?? []
    return { distinctStates: Number(distinct?.replaceAll(',', '')), seconds: (performance.now() - started) / 1000 }
  }
  return [{ name: 'TLC', run }]
}

function speedsOf(key: string): readonly number[] {
  return (rows.get(key) ?? []).map(one => one.distinctStates / one.seconds).sort((a, b) => a - b)
}

function middle(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

function configOf(logSize: number, maxRecords: number): string {
  const replicas = 'Replicas = {b1, b2, b3} b1 = b1 b2 = b2 b3 = b3'
  const lines = [
    `CONSTANTS ${replicas} LogSize = ${logSize} MaxRecords = ${maxRecords} MaxLeaderEpoch = 2`,
    'INIT Init',
    'NEXT Next',
    'CHECK_DEADLOCK FALSE',
    'INVARIANT WeakIsr',
    'INVARIANT StrongIsr',
  ]
  return `${lines.join('\n')}\n`
}
