// `node .ci/alternatives/retell.ts NAME…`: whether findings are as docs/findings tells them. The traces that are about one of
// these implementations are replayed on it, and must go as they say they do. `NAME@ARBITER` replays them on an arbiter
// instead, which has to agree with the model on each: kfake@kafka-3.
import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { startAlternative } from './start.ts'

const root = join(import.meta.dirname, '../..')
const traces = join(root, 'docs/findings/traces')
const replayWithinMs = 60_000
/** How the traces about an implementation are called. Those of Kafka's sticky assignors need no broker. */
const names: Readonly<Record<string, RegExp>> = {
  kfake: /^kfake-/,
  'librdkafka-mock': /^librdkafka-mock-/,
  'kafka-1': /^kafka-(?!sticky-)/,
}

type Replayed = { readonly verdict: string; readonly expected: boolean }

for (const argument of process.argv.slice(2)) {
  const [about = '', arbiter] = argument.split('@')
  const files = readdirSync(traces).filter(file => names[about]?.test(file))
  if (files.length === 0) throw new Error(`there are no traces about ${about}`)
  const brokers = await startAlternative(arbiter ?? about)
  const wrong: string[] = []
  try {
    for (const file of files) {
      const { verdict, expected } = await replayed(join(traces, file), brokers.bootstrap)
      const isRight = arbiter === undefined ? expected : verdict === 'agree'
      if (!isRight) wrong.push(`${file}: ${verdict}`)
    }
  } finally {
    await brokers.stop()
  }
  console.log(`${argument}: ${files.length - wrong.length} of ${files.length} traces go on ${brokers.name} as told`)
  for (const line of wrong) console.log(`  ${line}`)
  if (wrong.length > 0) process.exitCode = 1
}

/** The exit code says what the verdict was, which the JSON says, too. */
function replayed(trace: string, bootstrap: string): Promise<Replayed> {
  const args = [join(root, 'cli/lockstep.js'), 'replay', trace, '--subject', `broker:${bootstrap}`, '--json']
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: root, timeout: replayWithinMs }, (_error, stdout, stderr) => {
      const last = stdout.trim().split('\n').at(-1) ?? ''
      if (!last.startsWith('{')) reject(new Error(`replay of ${trace} said no verdict: ${stderr.slice(-1000)}`))
      else resolve(JSON.parse(last))
    })
  })
}
