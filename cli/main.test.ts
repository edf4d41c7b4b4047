import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readTrace } from '../traces/read.ts'
import { lastJson, lockstep, subjects } from './testing/lockstep.ts'

const folder = mkdtempSync(join(tmpdir(), 'lockstep-cli-'))
const here = { cwd: folder }
afterAll(() => rmSync(folder, { recursive: true }))

const groupTrace = join(import.meta.dirname, '../traces/corpus/group-pending-member-is-not-static.json')

const small = ['check', '--scope', 'partitioner', '--seed', '7', '--json']
const minute = { timeout: 60_000 }

/** A report without what differs from machine to machine and run to run. */
function timeless(report: Readonly<Record<string, unknown>>): object {
  const { seconds: _s, operationsPerSecond: _o, workers: _w, ...rest } = report
  return rest
}

describe('bad usage ends with 2 and says what to do', minute, () => {
  test.each([
    [['check', '--sede', '1'], "unknown option '--sede'\n(Did you mean --seed?)"],
    [['chekc'], "unknown command 'chekc'\n(Did you mean check?)"],
    [['help', 'chekc'], "value 'chekc' is invalid for argument 'command'. Did you mean check?"],
    [
      ['check', '--scope', 'clustr'],
      "argument 'clustr' is invalid. Did you mean cluster?\nSee npx lockstep check --help.",
    ],
    [['check', '--scope', 'xyz'], 'The choices are: log, partitioner, assignor, producer, group, cluster.'],
    [['check', '--scope', 'cluster', '--subject', 'zoo:truncate-to'], 'Did you mean truncates-to-the-high-watermark?'],
    [['zoo', '--bug', 'zombi'], 'there is no bug zombi. Did you mean zombie-commits?'],
    [['check', '--scope', 'partitioner', '--runs', '3', 'more'], 'too many arguments'],
    [['check', '--runs', '0'], 'Give a whole number from 1 to'],
    [['check', '--runs', '1', '--time', '1'], 'Give one of them.'],
    [
      ['check', '--subject', 'impl.ts'],
      'Write --subject impl, --subject zoo:BUG, --subject ./file.ts#export, or --subject "exec:CMD".',
    ],
    [['check', '--subject', `${subjects}#wrong`], 'is a subject of one scope. Add --scope'],
    [['check', '--scope', 'log', '--subject', './none.ts#x'], './none.ts does not exist.'],
    [
      ['check', '--scope', 'log', '--subject', `${subjects}#notASubject`],
      'has no export "notASubject" that is a subject',
    ],
    [['check', '--scope', 'group', '--disk', 'real'], '--disk real is for scope log, not group.'],
    [['check', '--wire'], '--wire is for one scope. Add --scope cluster.'],
    [['check', '--scope', 'log', '--wire'], '--wire is for scope cluster, not log: nothing else sends messages.'],
    [['check', '--scope', 'log', '--disk', 'real', '--wire'], '--disk real has no messages. Leave --wire out.'],
    [['check', '--scope', 'cluster', '--subject', `${subjects}#wrong`, '--wire'], '--wire turns our own messages'],
    [['replay', groupTrace, '--wire'], '--wire is for scope cluster, not group'],
    [['shrink', groupTrace, '--wire', '-o', 'out.json'], '--wire is for scope cluster, not group'],
    [['replay', 'none.json'], 'none.json cannot be read: there is no such file.'],
    [['replay'], "missing required argument 'trace'"],
    [['shrink', 'none.json'], "required option '-o, --output <file>' not specified"],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await lockstep(args, here)
    expect(stderr).toContain(message)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  })

  test('help is no mistake', async () => {
    const { code, stdout } = await lockstep(['--help'], here)
    expect(stdout).toContain('Exit codes: 0 agree, 1 violation, 2 bad usage or bad input, 3 unknown.')
    expect(code).toBe(0)
    expect(await lockstep(['help'], here)).toEqual({ code, stdout, stderr: '' })
    expect(await lockstep(['help', 'zoo'], here)).toEqual(await lockstep(['zoo', '--help'], here))
  })

  test('the version is that of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'))
    expect(await lockstep(['--version'], here)).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
    expect(await lockstep(['serve', '-V'], here)).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })

  test('who asks for nothing is told in ten lines what there is', async () => {
    const { code, stdout, stderr } = await lockstep([], here)
    expect({ code, stderr, lines: stdout.trimEnd().split('\n').length }).toEqual({ code: 0, stderr: '', lines: 10 })
    expect(stdout).toContain('npx lockstep help')
  })

  test('a file that cannot be written ends with 2 and its name, not with a stack', async () => {
    const path = join(groupTrace, 'report.json')
    const { code, stderr } = await lockstep(['explore', 'kip-101', '-o', path, '--workers', '1'], here)
    expect(stderr).toMatch(
      /^error: .*group-pending-member-is-not-static.json.* cannot be used: [A-Z]+: .*\. Give another path\.$/m,
    )
    expect(stderr).not.toContain(' at ')
    expect(code).toBe(2)
  })
})

describe('when nobody reads any more', minute, () => {
  test('what is said, the command ends as if it were interrupted, without a stack', async () => {
    const args = ['check', '--scope', 'partitioner', '--time', '600', '--json']
    const ended = await lockstep(args, { ...here, deafAt: 'checking partitioner' })
    expect(ended.code).toBe(0)
    expect(lastJson(ended)).toMatchObject({ verdict: 'agree', interrupted: true })
    expect(ended.stderr).not.toContain('    at ')
  })

  test('what is said last, the command ends with its verdict: nobody has to stop it', async () => {
    const { code } = await lockstep(['explore', 'kip-101', '--workers', '1'], { ...here, deafTo: 'stderr' })
    expect(code).toBe(1)
  })

  test('the report, the exit code is the verdict, without a stack', async () => {
    const args = [...small, '--runs', '10', '--subject', `${subjects}#wrong`]
    const { code, stderr } = await lockstep(args, { ...here, deafTo: 'stdout' })
    expect(stderr).not.toMatch(/EPIPE|^ {4}at /m)
    expect(code).toBe(1)
  })
})

describe('a campaign', minute, () => {
  test('whose sides agree ends with 0, and says the same with one worker and with two', async () => {
    const [one, two] = await Promise.all(
      ['1', '2'].map(workers => lockstep([...small, '--runs', '1500', '--workers', workers], here)),
    )
    expect(one?.code).toBe(0)
    const report = lastJson(one ?? { code: null, stdout: '', stderr: '' })
    expect(report).toMatchObject({ verdict: 'agree', seed: 7, runs: 1500, missing: [], violations: [], unknown: [] })
    expect(timeless(lastJson(two ?? { code: null, stdout: '', stderr: '' }))).toEqual(timeless(report))
  })

  test('that finds something shows it, writes a trace that replays, and says the same with any number of workers', async () => {
    const own = mkdtempSync(join(folder, 'finding-'))
    const subject = `${subjects}#wrong`
    const args = [...small, '--runs', '1500', '--subject', subject, '--workers']
    const ended = await lockstep([...args, '1'], { cwd: own })
    expect(ended.code).toBe(1)
    const report = lastJson(ended)
    expect(report).toMatchObject({ verdict: 'violation', violations: [{ claim: 'O3', operations: 1, seed: 7 }] })
    const files = readdirSync(join(own, 'traces', 'found'))
    const file = join('traces', 'found', files.find(name => name.endsWith('.json')) ?? '')
    expect(ended.stderr).toMatch(/^violation {2}O3 producer order$/m)
    expect(ended.stderr).toMatch(/^ {2}after 1 {6,}model {3}wrong$/m)
    expect(ended.stderr).toContain(`replay   npx lockstep replay ${file} --subject ${subject}\nwritten  ${file}\n`)
    expect(ended.stderr).toContain(`\npicture  ${file.replace('.json', '.html')}\n`)
    expect(files).toContain(file.replace('.json', '.html').split('/').at(-1))
    expect(timeless(lastJson(await lockstep([...args, '3'], { cwd: own })))).toEqual(timeless(report))

    const replayed = await lockstep(['replay', file, '--subject', subject, '--json'], { cwd: own })
    expect(replayed.code).toBe(1)
    expect(lastJson(replayed)).toMatchObject({ verdict: 'violation', expected: true })
    const mended = await lockstep(['replay', file], { cwd: own })
    expect(mended.code).toBe(0)
    expect(mended.stderr).toContain('It was written down as a violation of O3, which does not show here')
    const shrunk = await lockstep(['shrink', file, '-o', 'mended.json'], { cwd: own })
    expect(shrunk.code).toBe(2)
    expect(shrunk.stderr).toContain('breaks no claim with the subject impl, so there is nothing to shrink.')
    expect(existsSync(join(own, 'mended.json'))).toBe(false)
  })

  test('whose subject throws ends with 3: it has not answered', async () => {
    const ended = await lockstep([...small, '--runs', '100', '--subject', `${subjects}#throwing`], here)
    expect(ended.code).toBe(3)
    expect(ended.stderr).toContain('throwing gave no usable answer at newBatch: Error: no batches here')
  })

  test('whose subject hangs ends with 3 and names the runs', async () => {
    const args = [...small, '--runs', '1000', '--subject', `${subjects}#hanging`, '--timeout', '2']
    const ended = await lockstep(args, here)
    expect(ended.code).toBe(3)
    const unknown = { scope: 'partitioner', seed: 7, runs: 500, sentence: 'the worker did not answer within 2 s' }
    expect(lastJson(ended)).toMatchObject({
      verdict: 'unknown',
      unknown: [
        { ...unknown, run: 0 },
        { ...unknown, run: 500 },
      ],
    })
  })

  test('goes on when a worker dies', async () => {
    const env = { LOCKSTEP_TEST_MARKER: join(folder, 'died') }
    const args = [...small, '--runs', '2000', '--subject', `${subjects}#dyingOnce`, '--workers', '1']
    const ended = await lockstep(args, { ...here, env })
    expect(ended.code).toBe(3)
    expect(lastJson(ended)).toMatchObject({ verdict: 'unknown', runs: 1500, unknown: [{ run: 0, runs: 500 }] })
    expect(ended.stderr).toContain('scope partitioner, runs 0 to 499: the worker died')
  })

  test('keeps its last line when the subject prints', async () => {
    const ended = await lockstep([...small, '--runs', '10', '--subject', `${subjects}#printing`], here)
    expect(lastJson(ended)).toMatchObject({ verdict: 'agree', runs: 10 })
  })

  test('that is interrupted says what it found until then', async () => {
    const args = ['check', '--scope', 'partitioner', '--time', '600', '--json']
    const ended = await lockstep(args, { ...here, interruptAt: 'checking partitioner' })
    expect(ended.stderr).toContain('interrupted: this is what was found until then')
    const { runs, verdict, interrupted } = lastJson(ended)
    const shown = runs === 0 ? { verdict: 'unknown', code: 3 } : { verdict: 'agree', code: 0 }
    expect({ verdict, code: ended.code, interrupted }).toEqual({ ...shown, interrupted: true })
  })
})

// Most of it is waiting for processes to start, which a busy machine makes long.
describe('a log on a real disk', { timeout: 180_000 }, () => {
  test('keeps what was written when its process is killed', async () => {
    const ended = await lockstep(['check', '--disk', 'real', '--runs', '3', '--seed', '5', '--json'], here)
    const report = lastJson(ended)
    expect(report).toMatchObject({ verdict: 'agree', runs: 3, violations: [], unknown: [] })
    expect(report.kills).toBeGreaterThan(3)
    expect(report.recoveries).toBeGreaterThan(3)
    expect(ended.code).toBe(0)
  })
})

describe('a trace', minute, () => {
  test('that hangs its subject is unknown', async () => {
    const path = join(folder, 'hanging.json')
    writeFileSync(
      path,
      JSON.stringify({
        format: 'kafka-lockstep-trace',
        version: 1,
        scope: 'partitioner',
        setup: { scope: 'partitioner', partitioner: 'sticky' },
        operations: [{ kind: 'newBatch', topic: 't' }],
        expect: { verdict: 'agree' },
      }),
    )
    const ended = await lockstep(['replay', path, '--subject', `${subjects}#hanging`, '--timeout', '1', '--json'], here)
    expect(ended.code).toBe(3)
    expect(lastJson(ended)).toMatchObject({ verdict: 'unknown', expected: false })
  })

  test('is made smaller', async () => {
    const path = join(folder, 'long.json')
    const choose = { kind: 'choose', topic: 't', given: null, partitionCount: 3, available: [0, 1, 2], draw: 0 }
    writeFileSync(
      path,
      JSON.stringify({
        format: 'kafka-lockstep-trace',
        version: 1,
        scope: 'partitioner',
        setup: { scope: 'partitioner', partitioner: 'sticky' },
        operations: [
          { ...choose, key: null },
          { kind: 'newBatch', topic: 't' },
          { ...choose, key: 'kkkkkkkk' },
        ],
        expect: { verdict: 'agree' },
        note: 'kept',
      }),
    )
    const ended = await lockstep(['shrink', path, '-o', 'short.json', '--subject', `${subjects}#wrong`], here)
    expect(ended.stderr).toContain('shrunk from 3 operations to 1 in')
    expect(ended.code).toBe(0)
    const shorter = readTrace(join(folder, 'short.json'))
    expect(shorter).toMatchObject({ note: 'kept', expect: { verdict: 'violation', claim: 'O3' } })
    expect(shorter.operations).toHaveLength(1)
  })
})
