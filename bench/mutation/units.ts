// The unit tests that stand beside a mutant's file, run on the mutant: `node units.ts '<mutant as JSON>'` prints the names
// of those that fail, as a JSON list. Vitest loads the sources by itself, so the mutant is planted by a plugin of its own.
import { spawn } from 'node:child_process'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createVitest } from 'vitest/node'
import { type Mutant, mutatedText } from '../../properties/mutation/mutant.ts'

/** Names of the tests that notice the mutant; a process of its own, since vitest has one set of modules. */
export async function failingUnits(mutant: Mutant): Promise<readonly string[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>()
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), JSON.stringify(mutant)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
  child.on('error', reject)
  child.on('close', () => {
    clearTimeout(timer)
    const line = printed.trimEnd().split('\n').at(-1) ?? ''
    resolve(line.startsWith('[') ? JSON.parse(line) : ['(the unit tests hang)'])
  })
  return promise
}

const timeoutMs = 60_000

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const mutant: Mutant = JSON.parse(process.argv[2] ?? '')
  const plant = {
    name: 'mutant',
    enforce: 'pre',
    transform: (code: string, id: string) =>
      id.split('?', 1)[0]?.endsWith(`/${mutant.file}`) ? mutatedText(code, mutant) : null,
  } as const
  // Vitest's cache of modules does not know that the plugin's text differs from mutant to mutant.
  const options = { watch: false, reporters: [], testTimeout: 20_000, fsModuleCache: false }
  const vitest = await createVitest(options, { plugins: [plant] })
  // `impl/group/` also for what lies deeper; what lies in `model/` itself has all tests of the model beside it.
  const folder = dirname(mutant.file).split('/').slice(0, 2).join('/')
  const tests = await vitest.globTestSpecifications([`${folder}/`])
  if (tests.length > 0) await vitest.runTestSpecifications(tests)
  const failed: string[] = []
  for (const module of vitest.state.getTestModules()) {
    for (const test of module.children.allTests()) {
      if (test.result().state === 'failed') failed.push(`${module.relativeModuleId}: ${test.fullName}`)
    }
    if (module.state() === 'failed' && failed.length === 0) failed.push(`${module.relativeModuleId} (does not load)`)
  }
  await vitest.close()
  console.log(`\n${JSON.stringify(failed)}`)
  process.exit(0)
}
