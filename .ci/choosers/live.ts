// Findings that only a client with a broker shows: `node .ci/choosers/live.ts [NAME] [--recreated]`, against our own brokers or
// any that `.ci/alternatives/start.ts` names. Each is seen again as docs/findings tells it; else the exit code is 1.
//
// `--recreated` shows instead what becomes of a group whose topic was made anew. That needs luck with the timing (it tries up
// to eight times, which can take minutes), so that it is for people, not for CI.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startAlternative } from '../alternatives/start.ts'
import { installed } from './installed.ts'

const { values, positionals } = parseArgs({
  options: { recreated: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const brokers = await startAlternative(positionals[0] ?? 'serve')
const patienceMs = values.recreated ? 600_000 : 60_000
const producers = [process.execPath, join(import.meta.dirname, 'given-partitions.ts')]
const classPath = [join(installed.folder, 'java/classes'), join(installed.folder, 'java/lib/*')].join(':')
const java = ['java', '-Xmx128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', classPath]

/** A finding, what shows it, and the last line that this prints on stdout. */
type Shown = readonly [finding: string, command: readonly string[], said: RegExp]
const recreated: readonly Shown[] = [
  [
    'kafka-sticky-keeps-partitions-that-are-gone',
    [...java, 'Recreated', brokers.bootstrap],
    /^poll threw No more unfilled consumers to be assigned/,
  ],
]
const all: readonly Shown[] = [
  [
    'kafkajs-loses-records-for-partitions-that-are-not-there',
    [...producers, 'kafkajs', brokers.bootstrap],
    /^partition 7 of 3: acknowledged, and 0 records are there; partition -1 of 3: acknowledged, and 0 records are there$/,
  ],
  [
    'platformatic-wraps-partitions-around',
    [...producers, 'platformatic', brokers.bootstrap],
    /^partition 7 of 3 went to partition 1; partition -1 of 3: the process died of TypeError: Cannot read properties of undefined \(reading 'leader'\)$/,
  ],
  [
    'platformatic-asks-the-wrong-broker',
    [...producers, 'platformatic-brokers', brokers.bootstrap],
    /^brokers are told for the partitions 0, 0, 0 and 0, where 0, 1, 2 and 3 were given$/,
  ],
]

try {
  for (const [finding, [command = '', ...args], said] of values.recreated ? recreated : all) {
    const { stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: patienceMs })
    const last = stdout.trim().split('\n').at(-1) ?? ''
    const isAsTold = said.test(last)
    console.log(`${isAsTold ? 'shows' : 'FAILED'} ${finding}: ${last}`)
    if (!isAsTold) console.log(stderr.slice(-2000))
    if (!isAsTold) process.exitCode = 1
    if (existsSync(join(import.meta.dirname, `../../docs/findings/${finding}.md`))) continue
    console.log(`FAILED docs/findings/${finding}.md is missing`)
    process.exitCode = 1
  }
} finally {
  await brokers.stop()
}
