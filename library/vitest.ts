// `import { lockstep } from 'kafka-lockstep/vitest'`: a test that runs a campaign on your own subject, beside the model. A
// failure reads as that of `lockstep check`; its trace is kept beside the test, and replayed first from then on.
//
// What it leaves out: a subject that never returns cannot be interrupted, since it runs on the thread of the test.
// docs/vitest.md is its page.
import './node-version.ts'
import { dirname, relative, resolve } from 'node:path'
import { type TestContext, test } from 'vitest'
import { shellWord } from '../cli/failure.ts'
import type { ScopeName } from '../properties/verdict.ts'
import { runLockstepTest } from './lockstep-test.ts'
import { type LockstepTestOptions, wantedOf } from './options.ts'

export type { LockstepTestOptions }

/** Defines a test. */
export type DefineLockstep = <S extends ScopeName>(name: string, options: LockstepTestOptions<S>) => void

/** Defines a test that runs a campaign; `.only` and `.skip` as vitest's `test`. */
export const lockstep: DefineLockstep & { readonly only: DefineLockstep; readonly skip: DefineLockstep } =
  Object.assign(definedBy(test), { only: definedBy(test.only), skip: definedBy(test.skip) })

/** Making a failure smaller and telling it takes a while after the last run. */
const afterwardsMs = 60_000

function definedBy(define: typeof test | typeof test.only | typeof test.skip): DefineLockstep {
  const defined: DefineLockstep = (name, options) => {
    const wanted = wantedOf(name, options, process.env)
    // Where the test stands, so that a failure points there and not into this package.
    const site = new Error()
    Error.captureStackTrace(site, defined)
    define(name, { timeout: wanted.timeoutMs + afterwardsMs }, async ({ task, signal, annotate }) => {
      const file = task.file.filepath
      const place = {
        folder: resolve(dirname(file), options.corpus ?? 'traces'),
        command: commandOf(task),
        signal,
      }
      try {
        await annotate(await runLockstepTest(options, wanted, place), 'lockstep')
      } catch (error) {
        if (error instanceof Error) error.stack = `${error.name}: ${error.message}\n${framesOf(site)}`
        throw error
      }
    })
  }
  return defined
}

/** The command that runs one test. */
function commandOf({ file, name, suite }: TestContext['task']): string {
  const names = [name]
  for (let around = suite; around !== undefined; around = around.suite) names.unshift(around.name)
  const pattern = `^${names.join(' ').replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`
  return `npx vitest run ${shellWord(relative(process.cwd(), file.filepath))} -t ${shellWord(pattern)}`
}

function framesOf({ stack = '' }: Error): string {
  return stack.slice(stack.indexOf('\n') + 1)
}
