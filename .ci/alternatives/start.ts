// Starts one of the implementations that `docs/findings/` has reports of, on loopback.
//
// Those that are programs (kfake, librdkafka's mock cluster, our own) run under the guard that Apache Kafka runs under, so
// that they end with whoever started them. Each says that it is ready by a line of JSON with its addresses.
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startGuarded } from '../../cli/apache/guarded.ts'
import { startKafka } from '../../cli/apache/start.ts'
import { heldAgainst } from '../../cli/apache/version.ts'
import { UsageError } from '../../cli/exit.ts'

/** Brokers that answer. */
export type RunningBrokers = {
  readonly bootstrap: string
  /** Product and version. */
  readonly name: string
  /** The last lines that they said. */
  readonly said: () => string
  readonly stop: () => Promise<void>
}

const execute = promisify(execFile)
const root = join(import.meta.dirname, '../..')
const cache =
  process.env.LOCKSTEP_CLIENTS ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'lockstep-clients')
const installed = join(cache, 'alternatives')
const readyWithinMs = 60_000
const installWithinMs = 10 * 60_000

const starters: Readonly<Record<string, () => Promise<RunningBrokers>>> = {
  'kafka-1': () => apache(1),
  'kafka-3': () => apache(3),
  serve: () =>
    program(folder => [
      ...[process.execPath, join(root, 'cli/lockstep.js'), 'serve', '--json'],
      ...['--brokers', '3', '--port', '0', '--data', join(folder, 'data')],
    ]),
  kfake: async () => {
    await install('kfake')
    return program(() => [join(installed, 'kfake'), '--brokers', '3'])
  },
  'librdkafka-mock': async () => {
    await install('librdkafka-mock')
    const script = join(import.meta.dirname, 'librdkafka-mock.py')
    return program(() => [join(installed, 'python/bin/python'), script, '--brokers', '3'])
  },
}

/** All that can be started. */
export const alternatives: readonly string[] = Object.keys(starters)

/** Installs one if need be and starts it. Throws `UsageError` when there is none of that name, or it cannot be installed. */
export function startAlternative(name: string): Promise<RunningBrokers> {
  const start = starters[name]
  if (start === undefined) throw new UsageError(`there is no ${name}. There are: ${alternatives.join(', ')}.`)
  return start()
}

async function apache(brokers: number): Promise<RunningBrokers> {
  const { bootstrap, version, said, stop } = await startKafka({ version: heldAgainst, brokers })
  return { bootstrap, name: `Apache Kafka ${version}`, said, stop }
}

async function program(command: (folder: string) => readonly string[]): Promise<RunningBrokers> {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-alternative-'))
  mkdirSync(join(folder, 'data'))
  const output = join(folder, 'out.log')
  const [file = '', ...args] = command(folder)
  const { death, stop } = await startGuarded({ programs: [{ command: file, args, output }], remove: folder })
  const said = (): string => read(output).slice(-4000)
  const until = Date.now() + readyWithinMs
  for (;;) {
    const ready = readyLine(read(output))
    if (ready !== null) return { ...ready, said, stop }
    const how = death()
    if (how !== null || Date.now() > until) {
      const last = said()
      await stop()
      throw new Error(
        `${file} ${how === null ? 'did not become ready' : `ended with ${how.how}`}. It last said:\n${last}`,
      )
    }
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

function readyLine(output: string): { readonly bootstrap: string; readonly name: string } | null {
  const line = output.split('\n').find(text => text.startsWith('{') && text.endsWith('}'))
  const said: unknown = line === undefined ? null : JSON.parse(line)
  if (typeof said !== 'object' || said === null || !('bootstrap' in said)) return null
  return { bootstrap: String(said.bootstrap), name: 'name' in said ? String(said.name) : 'lockstep serve' }
}

async function install(name: string): Promise<void> {
  try {
    await execute(join(import.meta.dirname, 'install.sh'), [name], { timeout: installWithinMs })
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : ''
    throw new UsageError(said.split('\n').at(-1) || `${name} could not be installed: ${error}`)
  }
}

/** What a program has said; nothing once its folder is gone with it. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
