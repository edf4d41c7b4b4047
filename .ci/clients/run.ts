// Runs the drivers one after the other against one broker, and prints what each found: `node run.ts --bootstrap …`.
//
// Exit code 0 when every driver passed all of its checks; a driver that is not installed counts as failed unless
// `--installed` says that only those that are there shall run.

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const { values: options } = parseArgs({
  options: {
    bootstrap: { type: 'string' },
    client: { type: 'string', multiple: true },
    only: { type: 'string' },
    installed: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
if (options.bootstrap === undefined) {
  console.error('say --bootstrap HOST:PORT')
  process.exit(2)
}
const here = import.meta.dirname
const folder =
  process.env.LOCKSTEP_CLIENTS ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'lockstep-clients')
const java = ['-Xmx512m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-cp']
const classPath = [join(folder, 'java/classes'), join(folder, 'java/lib/*')].join(':')

/** How a driver is started, and the file by which one sees that its client is installed. */
type Driver = { readonly name: string; readonly command: readonly string[]; readonly needs: string }

const drivers: readonly Driver[] = [
  { name: 'kcat', command: [process.execPath, join(here, 'kcat.ts')], needs: '/usr/bin/kcat' },
  {
    name: 'confluent-kafka',
    command: [join(folder, 'python/bin/python'), join(here, 'confluent.py')],
    needs: join(folder, 'python.stamp'),
  },
  { name: 'kafkajs', command: [process.execPath, join(here, 'kafkajs.ts')], needs: join(folder, 'npm.stamp') },
  {
    name: '@platformatic/kafka',
    command: [process.execPath, join(here, 'platformatic.ts')],
    needs: join(folder, 'npm.stamp'),
  },
  {
    name: 'aiokafka',
    command: [join(folder, 'python/bin/python'), join(here, 'aio.py')],
    needs: join(folder, 'python.stamp'),
  },
  {
    name: 'franz-go',
    command: [join(folder, 'go/franz'), '--quick-start', join(folder, 'go/franz-quick-start')],
    needs: join(folder, 'go.stamp'),
  },
  { name: 'java clients', command: ['java', ...java, classPath, 'Clients'], needs: join(folder, 'java.stamp') },
  { name: 'java tools', command: ['java', ...java, classPath, 'Tools'], needs: join(folder, 'java.stamp') },
]

const unknown = options.client?.filter(name => drivers.every(driver => driver.name !== name)) ?? []
if (unknown.length > 0) {
  console.error(`there is no client ${unknown.join(', ')}; there are ${drivers.map(({ name }) => name).join(', ')}`)
  process.exit(2)
}

type Report = {
  readonly client: string
  readonly version: string
  readonly checks: readonly string[]
  readonly failed: readonly { readonly check: string; readonly why: string }[]
}

const longestSeconds = 180
const reports: (Report & { readonly seconds: number })[] = []
for (const driver of drivers) {
  if (options.client !== undefined && !options.client.includes(driver.name)) continue
  if (!existsSync(driver.needs)) {
    if (options.installed) continue
    reports.push({ ...silent(driver, 'is not installed; run .ci/clients/install.sh'), seconds: 0 })
    continue
  }
  console.error(`== ${driver.name}`)
  const started = performance.now()
  const report = await runDriver(driver)
  reports.push({ ...report, seconds: (performance.now() - started) / 1000 })
}

const rows = [
  ['client', 'version', 'checks', 'seconds'],
  ...reports.map(({ client, version, checks, failed, seconds }) => [
    client,
    version,
    `${checks.length} of ${checks.length + failed.length}`,
    seconds.toFixed(1),
  ]),
]
const widths = rows[0]?.map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0))) ?? []
for (const row of rows)
  console.log(
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
for (const { client, failed } of reports) {
  for (const { check, why } of failed) console.log(`\nFAILED ${client}, ${check}: ${why}`)
}
if (options.json) console.log(JSON.stringify(reports))
process.exit(reports.length > 0 && reports.every(report => report.failed.length === 0) ? 0 : 1)

function runDriver(driver: Driver): Promise<Report> {
  const [command = '', ...args] = driver.command
  const only = options.only === undefined ? [] : ['--only', options.only]
  const child = spawn(command, [...args, '--bootstrap', String(options.bootstrap), ...only], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, LOCKSTEP_CLIENTS: folder, KAFKAJS_NO_PARTITIONER_WARNING: '1' },
  })
  let output = ''
  child.stdout.on('data', bytes => {
    output += bytes
  })
  const patience = setTimeout(() => child.kill('SIGKILL'), longestSeconds * 1000)
  return new Promise(resolve => {
    child.on('error', error => resolve(silent(driver, `could not be started: ${error.message}`)))
    child.on('close', (code, signal) => {
      clearTimeout(patience)
      const last = output.trim().split('\n').at(-1) ?? ''
      const ended = signal === 'SIGKILL' ? `was ended after ${longestSeconds} s` : `ended with ${code ?? signal}`
      if (!last.startsWith('{')) return resolve(silent(driver, `${ended} and said nothing`))
      const report: Report = JSON.parse(last)
      if (code !== 0 && report.failed.length === 0) return resolve(silent(driver, ended))
      resolve(report)
    })
  })
}

function silent(driver: Driver, why: string): Report {
  return { client: driver.name, version: '?', checks: [], failed: [{ check: 'ran', why }] }
}
