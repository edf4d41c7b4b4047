// How fast sequences run in lockstep, for each scope on one core, beside what a user would write instead: the subject
// alone (no oracle at all), and a comparison of everything after every operation. Measurements are interleaved, each in a
// process of its own; quote ratios, for the machine may be busy.
import { execFileSync } from 'node:child_process'
import { scopes } from '../properties/scopes.ts'

type Measured = {
  readonly operationsPerCpuSecond: number
  readonly operationsPerSecond: number
  /** In the seconds before, in which the compiler does most of its work. */
  readonly operationsPerSecondAtFirst: number
  readonly messagesPerOperation: number
  readonly megabytes: number
}

const ways = [
  ['lockstep', '1'],
  ['lockstep', '10'],
  ['subject', '1'],
  ['deep-equal', '1'],
] as const

/** Prints one table; `rounds` measurements of everything. */
export function benchLockstep(rounds: number): void {
  const rows = new Map<string, Measured[]>()
  for (let round = 0; round < rounds; round++) {
    for (const scope of Object.keys(scopes)) {
      for (const [way, times] of ways) {
        const key = `${scope} ${way}${times === '1' ? '' : `, ${times} times longer`}`
        const printed = execFileSync(process.execPath, ['bench/lockstep-once.ts', scope, way, times], {
          encoding: 'utf8',
        })
        const measured: Measured = JSON.parse(printed)
        rows.set(key, [...(rows.get(key) ?? []), measured])
      }
    }
  }
  console.log(
    '| scope and way | operations per CPU second: min / median / max | of lockstep | median at first | messages an operation | MB |',
  )
  console.log('| --- | --- | --- | --- | --- | --- |')
  for (const [key, measured] of rows) {
    const speeds = measured.map(one => one.operationsPerCpuSecond).sort((a, b) => a - b)
    const atFirst = measured.map(one => one.operationsPerSecondAtFirst).sort((a, b) => a - b)
    const base = rows.get(`${key.split(' ')[0]} lockstep`)?.map(one => one.operationsPerCpuSecond) ?? []
    const ratio = middle(speeds) / middle(base.toSorted((a, b) => a - b))
    const messages = measured[0]?.messagesPerOperation ?? 0
    const cells = [
      key,
      `${speeds[0]} / ${middle(speeds)} / ${speeds.at(-1)}`,
      ratio.toFixed(2),
      middle(atFirst),
      messages || '',
    ]
    console.log(`| ${[...cells, Math.max(...measured.map(one => one.megabytes))].join(' | ')} |`)
  }
}

function middle(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
