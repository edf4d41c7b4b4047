// Makes a conformance report again: `npx node docs/findings/run.ts NAME [OPTIONS OF VALIDATE]`.
//
// NAME is one of `.ci/alternatives/start.ts`. It is installed if need be, started on loopback, validated, and stopped; its
// report is in `docs/findings/reports/NAME`. The exit code is that of `lockstep validate`.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { alternatives, startAlternative } from '../../.ci/alternatives/start.ts'
import { UsageError } from '../../cli/exit.ts'

const root = join(import.meta.dirname, '../..')
const [name, ...options] = process.argv.slice(2)

try {
  if (name === undefined) throw new UsageError(`Say which one: ${alternatives.join(', ')}.`)
  process.exitCode = await report(name)
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  process.stderr.write(`error: ${error.message}\n`)
  process.exitCode = 2
}

async function report(name: string): Promise<number> {
  const brokers = await startAlternative(name)
  try {
    process.stderr.write(`${brokers.name} listens on ${brokers.bootstrap}\n`)
    const seed = options.includes('--seed') ? [] : ['--seed', '1']
    const output = ['--output', join('docs/findings/reports', name)]
    return await validate(['--broker', brokers.bootstrap, '--name', brokers.name, ...output, ...seed, ...options])
  } finally {
    await brokers.stop()
  }
}

/** A Ctrl-C goes to the whole terminal: `lockstep validate` ends with what it has, and then so does this. */
function validate(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [join(root, 'cli/lockstep.js'), 'validate', ...args], {
    cwd: root,
    stdio: 'inherit',
  })
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', code => resolve(code ?? 3))
  })
}
