// What a test of `kafka-lockstep/vitest` does, without the runner around it; .ci/checks/92-package has it in one.
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { throwing, wrong } from '../cli/testing/subjects.ts'
import { scopes } from '../properties/scopes.ts'
import { subjectDeclined } from '../properties/subject-gone.ts'
import type { Subject } from '../properties/verdict.ts'
import { runLockstepTest } from './lockstep-test.ts'
import { type LockstepTestOptions, wantedOf } from './options.ts'

const right = scopes.partitioner.subject
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-test-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function run(
  subject: Subject<'partitioner'> | string,
  options: Partial<LockstepTestOptions<'partitioner'>> = {},
): Promise<string> {
  const whole = { scope: 'partitioner', subject, runs: 60, ...options } as const
  const place = { folder, command: 'npx vitest run mine.test.ts', signal: new AbortController().signal }
  return runLockstepTest(whole, wantedOf('mine', whole, {}), place)
}

async function failureOf(...given: Parameters<typeof run>): Promise<Error> {
  const ended: unknown = await run(...given).catch((thrown: unknown) => thrown)
  if (!(ended instanceof Error)) throw new Error(`it passed: ${ended}`)
  return ended
}

/** Counts the operations that it was asked. */
function counting(subject: Subject<'partitioner'>): Subject<'partitioner'> & { count: number } {
  const counted: Subject<'partitioner'> & { count: number } = {
    name: subject.name,
    count: 0,
    start: setup => {
      const side = subject.start(setup)
      return {
        apply: operation => {
          counted.count++
          return side.apply(operation)
        },
        observe: () => side.observe(),
      }
    },
  }
  return counted
}

describe('a subject that agrees', () => {
  test('passes, says what was done, and leaves nothing behind', async () => {
    expect(await run(right, { seed: 4 })).toMatch(
      /^agree: 60 runs of scope partitioner with seed 4, \d+ operations, \d+ behaviours reached$/,
    )
    expect(readdirSync(folder)).toEqual([])
  })

  test('is tried as long as a time says', async () => {
    const ran = await runLockstepTest(
      { scope: 'partitioner', subject: right, time: 1 },
      { seed: 1, extent: { kind: 'time', ms: 40 }, timeoutMs: 60_000 },
      { folder, command: '', signal: new AbortController().signal },
    )
    expect(ran).toMatch(/^agree: \d+ runs? of scope partitioner/)
  })
})

describe('a subject that is wrong', () => {
  test('fails as the command fails, and the same seed fails alike', async () => {
    const { message, name } = await failureOf(wrong, { seed: 4 })
    expect(name).toBe('Lockstep')
    expect(message).toMatch(/^violation {2}O3 producer order\n {11}after choose outcome\.partition is \d+ at wrong/)
    expect(message).toMatch(/scope partitioner, seed 4, run 0, shrunk from \d+ operations? to 1\n\n 1 {2}choose for/)
    expect(message).toMatch(/\n {2}after 1 +model +wrong\n/)
    expect(message).toMatch(
      /\nreplay {3}npx vitest run mine\.test\.ts\nwritten {2}.*O3-4-0\.json\npicture {2}.*O3-4-0\.html$/,
    )
    expect(readFileSync(join(folder, 'partitioner-O3-4-0.html'), 'utf8')).toContain('<title>partitioner-O3-4-0.json: ')
    rmSync(join(folder, 'partitioner-O3-4-0.json'))
    expect((await failureOf(wrong, { seed: 4 })).message).toBe(message)
  })

  test('is tried with the kept trace first, and not beyond it while that fails', async () => {
    await failureOf(wrong, { seed: 4 })
    const again = counting(wrong)
    const { message } = await failureOf(again, { seed: 5 })
    expect(message).toContain('scope partitioner, replayed before anything new is tried\n')
    expect(message).toMatch(/kept at {2}.*O3-4-0\.json\npicture {2}.*O3-4-0\.html$/)
    // Once to see, once to tell, once to draw.
    expect(again.count).toBe(3)
    expect(readdirSync(folder)).toEqual(['partitioner-O3-4-0.html', 'partitioner-O3-4-0.json'])
    expect(await run(right, { seed: 5 })).toMatch(/, after 1 trace of /)
  })

  test('and that a command line can load is replayed by the command line', async () => {
    const { message } = await failureOf('zoo:negative-hash', { seed: 1, runs: 500 })
    expect(message).toMatch(/\nreplay {3}npx lockstep replay .*\.json --subject zoo:negative-hash\n/)
  })

  test('is told also when its trace cannot be kept', async () => {
    // A link that leads nowhere: there are no traces, and there is no place for any.
    const nowhere = join(folder, 'nowhere')
    symlinkSync(join(folder, 'file', 'traces'), nowhere)
    const whole = { scope: 'partitioner', subject: wrong } as const
    const place = { folder: nowhere, command: '', signal: new AbortController().signal }
    const failure = runLockstepTest(whole, wantedOf('mine', whole, { LOCKSTEP_SEED: '4' }), place)
    await expect(failure).rejects.toThrow(/^violation.*\nnot kept .*O3-4-0\.json\n {9}Error: E/s)
  })

  test('says so when its folder of traces is none', async () => {
    writeFileSync(join(folder, 'file'), '')
    const whole = { scope: 'partitioner', subject: wrong } as const
    const place = { folder: join(folder, 'file'), command: '', signal: new AbortController().signal }
    const failure = runLockstepTest(whole, wantedOf('mine', whole, {}), place)
    await expect(failure).rejects.toThrow(/the traces in .* cannot be read: ENOTDIR\. Give a folder as corpus\./)
  })

  test('and throws is a violation whose cause is what it threw, with its stack', async () => {
    const { message, cause } = await failureOf(throwing)
    expect(message).toContain('throwing threw at newBatch: Error: no batches here')
    expect(cause).toMatchObject({ message: 'no batches here', stack: expect.stringContaining('subjects.ts') })
  })
})

describe('what shows nothing is no pass', () => {
  const declining = (kinds: readonly string[]): Subject<'partitioner'> => ({
    name: 'declining',
    start: setup => {
      const side = right.start(setup)
      let last = ''
      return {
        apply: operation => {
          last = operation.kind
          return side.apply(operation)
        },
        observe: () => side.observe(),
        hasDeclined: () => kinds.includes(last),
      }
    },
  })

  test('a behaviour that must be reached and never was', async () => {
    const { message } = await failureOf(declining(['newBatch']), { seed: 1, runs: 500 })
    expect(message).toMatch(/^missing {4}these behaviours must be reached, and never were:\n {2}partitioner: /)
    expect(message).toMatch(/\nrepeat {3}LOCKSTEP_SEED=1 npx vitest run mine\.test\.ts$/)
    expect(await run(declining(['newBatch']), { seed: 1, runs: 400 })).toMatch(/^agree/)
  })

  test('a campaign that reached nothing at all', async () => {
    const { message } = await failureOf(declining(['newBatch', 'choose']), { runs: 500 })
    expect(message).toContain('500 runs reached no behaviour of scope partitioner')
  })

  test('a subject that declines every set-up, or does nothing that is drawn', async () => {
    const never: Subject<'partitioner'> = {
      name: 'never',
      start: () => {
        throw subjectDeclined('not today')
      },
    }
    expect((await failureOf(never)).message).toContain('nothing was compared')
    expect((await failureOf({ ...right, operations: [] })).message).toContain('nothing was compared')
  })

  test('a subject that does not start', async () => {
    const broken: Subject<'partitioner'> = {
      name: 'broken',
      start: () => {
        throw new Error('no memory')
      },
    }
    const { message, cause } = await failureOf(broken, { seed: 3 })
    expect(message).toContain('unknown    scope partitioner, runs 0 to 0: broken did not start: Error: no memory')
    expect(cause).toMatchObject({ message: 'no memory' })
  })

  test('runs that were not done in time', async () => {
    const { message } = await failureOf(right, { runs: 1_000_000, timeout: 30 })
    expect(message).toMatch(/unknown {4}\d+ of 1000000 runs agreed until the time was over/)
  })

  test('a file in the folder of traces that is no trace, or has operations that the subject does not do', async () => {
    await failureOf(wrong, { seed: 4 })
    const kept = join(folder, 'partitioner-O3-4-0.json')
    const { message } = await failureOf({ ...right, operations: ['newBatch'] })
    expect(message).toContain('the operation at index 0 (choose) is none that impl declares')
    writeFileSync(kept, readFileSync(kept, 'utf8').replace('"choose"', '"chooose"'))
    expect((await failureOf(right)).message).toContain('unknown operation at index 0: there is no kind "chooose"')
  })

  test('but traces of other scopes are for other tests', async () => {
    await failureOf(wrong, { seed: 4 })
    const place = { folder, command: '', signal: new AbortController().signal }
    const options = { scope: 'assignor', subject: 'impl', runs: 20 } as const
    expect(await runLockstepTest(options, wantedOf('mine', options, {}), place)).not.toContain('after')
  })
})
