import { execFileSync, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { scopeNames } from '../../../traces/scope-names.ts'
import { runLockstep } from '../../lockstep.ts'
import { runShard } from '../../shard.ts'
import { shrink } from '../../shrink.ts'
import type { ScopeName } from '../../verdict.ts'
import { ExecSubject } from './subject.ts'

const program = fileURLToPath(new URL('./testing/subject.js', import.meta.url))
const usual = { answerMs: 20_000, helloMs: 30_000 }
/** Long enough for a right answer on a busy machine, since a wait for nothing is what the test takes. */
const impatient = { ...usual, answerMs: 2000 }

function subjectWith(fault: string, patience = usual): ExecSubject {
  return new ExecSubject(`'${process.execPath}' '${program}' '${fault}'`, patience)
}

/** A few runs, and the end of the process. */
function played(subject: ExecSubject, scope: ScopeName, runs: number) {
  try {
    return runShard(3, scope, 0, runs, subject.in(scope))
  } finally {
    subject.end()
  }
}

describe('a subject in another process', { timeout: 60_000 }, () => {
  test.each(scopeNames)('agrees in scope %s when it is our own', scope => {
    const subject = new ExecSubject(`'${process.execPath}' '${program}'`)
    const { violations, unknown, operations } = played(subject, scope, 5)
    expect({ violations, unknown }).toEqual({ violations: [], unknown: [] })
    expect(operations).toBeGreaterThan(20)
    expect(subject.badEnd).toBeNull()
  })

  test('that is wrong is found, and the run made small', () => {
    const { violations } = played(subjectWith('wrong'), 'partitioner', 10)
    expect(violations).toMatchObject([{ claim: 'O3', operations: [{ kind: 'choose' }] }])
  })

  test('is asked only what it declares, also while a run is made smaller', () => {
    const subject = subjectWith('wrong small log')
    const inLog = subject.in('log')
    const report = runShard(3, 'log', 0, 20, inLog)
    const [found] = report.violations
    expect(found?.claim).toBe('F5')
    expect(found?.operations.length).toBeLessThanOrEqual(3)
    const kinds = new Set(found?.operations.map(({ kind }) => kind))
    expect([...kinds].filter(kind => inLog.operations?.includes(kind) === false)).toEqual([])
    if (found?.setup.scope !== 'log') throw new Error('nothing was found')
    const asked = runLockstep(found.setup, [{ kind: 'roll' }], inLog).verdict
    expect(asked).toMatchObject({ kind: 'unknown', sentence: expect.stringContaining('it does not declare roll') })
    subject.end()
  })

  test('may show a part of what can be seen', () => {
    const { violations, unknown, operations } = played(subjectWith('small log'), 'log', 10)
    expect({ violations, unknown }).toEqual({ violations: [], unknown: [] })
    expect(operations).toBeGreaterThan(100)
  })

  test('may decline set-ups, and operations that change nothing that it shows', () => {
    const picky = subjectWith('declines compaction')
    const { declined, runs, unknown } = played(picky, 'log', 20)
    expect(picky.takeDeclined().setups).toEqual(new Map([['no compaction', declined]]))
    expect(declined).toBeGreaterThan(0)
    expect(declined).toBeLessThan(runs)
    expect(unknown).toEqual([])

    const quiet = subjectWith('declines reads')
    const { reached, ...quietReport } = played(quiet, 'log', 20)
    expect(quietReport).toMatchObject({ violations: [], unknown: [] })
    const all = runShard(3, 'log', 0, 20).reached
    const isOfReading = (label: string): boolean => label.startsWith('read ')
    expect(Object.keys(all).some(isOfReading)).toBe(true)
    // What was only done by the model was not reached.
    expect(Object.keys(reached)).toEqual(Object.keys(all).filter(label => (reached[label] ?? 0) > 0))
    expect(Object.keys(reached).some(isOfReading)).toBe(false)
    expect(quiet.takeDeclined().operations.get('read')).toBeGreaterThan(0)

    const lazy = played(subjectWith('declines appends'), 'log', 3)
    expect(lazy.unknown[0]?.sentence).toContain('it declined append, which changes logEndOffset, and it shows')
  })

  test('that fails does not fail for ever: other runs go on, and after a few failures it is given up', () => {
    const subject = subjectWith('dies')
    const { runs, unknown, violations } = played(subject, 'partitioner', 20)
    expect({ runs, violations }).toEqual({ runs: 20, violations: [] })
    expect(unknown.length).toBeGreaterThan(4)
    expect(subject.isGivenUp).toBe(true)
    expect(unknown.at(-1)?.sentence).toContain(
      'given up after 5 failures, of which the last: it ended with exit code 7',
    )
  })

  test('is not shrunk into something else: what is unknown is no violation', () => {
    const subject = subjectWith('dies')
    const run = { setup: { scope: 'partitioner', partitioner: 'sticky' }, operations: [] } as const
    const operations = Array.from({ length: 30 }, () => ({ kind: 'newBatch', topic: 't' }) as const)
    expect(shrink<'partitioner'>({ ...run, operations }, subject.in('partitioner'))).toBeNull()
    subject.end()
  })

  test('that stays when it should end is killed, and that is told', () => {
    const subject = subjectWith('stays when it should end')
    expect(played(subject, 'partitioner', 1).unknown).toEqual([])
    expect(subject.badEnd).toBe('it did not end when its input was closed, and was killed')
  })
})

describe('a bad subject is unknown, with one sentence, in a bounded time', { timeout: 60_000 }, () => {
  test.each([
    [
      'hangs',
      'wrapped gave no usable answer at newBatch: it did not answer within 2 s; last on stdout: «{"kind":"applied"',
    ],
    ['hangs at start', 'wrapped did not start: it did not answer within 2 s; last on stdout'],
    ['dies', 'it ended with exit code 7; last on stderr: «Traceback: index out of range»; last on stdout: «{'],
    ['dies in a line', 'it ended with exit code 0, in the middle of «{"kind":"applied","i»'],
    ['junk', 'its answer to apply (newBatch) is not JSON: «segfault in batch 7»'],
    ['half a line', 'it did not end its answer with a new line within 2 s: «{'],
    ['many lines', 'is not JSON: «{»'],
    ['answers twice', /said something before it was asked: «\{|has the id «\d+», and not/],
    ['out of order', /has the id «\d+», and not \d+: one answer for each request, in their order/],
    ['without an id', 'has no id, and not'],
    ['wrong shape', 'is wrong: the field "outcome" lacks the field "partition". Add it.'],
    ['wrong kind', 'is wrong: it has an unknown kind ("done"). Compare it with traces/subject-schema.json.'],
    ['a long line', 'it said a line of more than 16 MiB'],
    ['no text', 'it said something that is not UTF-8'],
  ])('%s: %s', (fault, sentence) => {
    const subject = subjectWith(fault, sentence.toString().includes('within') ? impatient : usual)
    const { violations, unknown } = played(subject, 'partitioner', 2)
    expect(violations).toEqual([])
    expect(unknown[0]?.sentence).toMatch(sentence)
    for (const { sentence: told } of unknown) expect(told).not.toContain('\n')
  })

  test.each([
    ['hangs at hello', 'it did not answer within 4 s; it said nothing'],
    ['buffers', 'when its input was closed: flush its output after every line, or give it more time; it said «{"kind"'],
    ['banner', 'its answer to hello is not JSON: «Welcome to my log!»'],
    ['another version', 'it speaks version 2 of the protocol, and this lockstep version 1'],
    ['unknown scope', 'the field "scopes" has a field that is not known, "quorum"'],
  ])('%s: %s', (fault, sentence) => {
    const helloMs = fault === 'hangs at hello' || fault === 'buffers' ? 4000 : 30_000
    const subject = subjectWith(fault, { ...usual, helloMs })
    expect(() => subject.hello()).toThrow(sentence)
    expect(subject.isMissing).toBe(false)
  })

  test.each([
    ['./no-such-program', 'the command cannot be run: it ended with exit code 127; last on stderr: «'],
    ['/', 'the command cannot be run: it ended with exit code 126'],
  ])('a command that is none: %s', (command, sentence) => {
    const subject = new ExecSubject(command)
    expect(() => subject.hello()).toThrow(sentence)
    expect(subject.isMissing).toBe(true)
  })

  test('a process that closes its stdout and goes on', () => {
    const subject = new ExecSubject('exec >&-; sleep 1000', usual)
    expect(() => subject.hello()).toThrow('it closed its stdout; it said nothing')
  })

  test.each(['yes', 'cat /dev/zero'])('a flood: %s', command => {
    const subject = new ExecSubject(command, usual)
    expect(() => subject.hello()).toThrow(/before it was asked: «y»|not JSON: «y»|more than 16 MiB/)
  })

  test('a scope that it does not declare', () => {
    const subject = subjectWith('small log')
    expect(() => subject.in('group')).toThrow('wrapped does not declare the scope group')
    subject.end()
  })
})

test('a process does not outlive who started it, not even one that was killed', { timeout: 60_000 }, async () => {
  const mark = `lockstep-exec-test-${process.pid}`
  const file = fileURLToPath(new URL('./process.ts', import.meta.url))
  const script = `import { LineProcess } from ${JSON.stringify(file)}
    const asked = new LineProcess('cat; sleep 1000; : ${mark}')
    console.log(asked.ask('ready', 20000))
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise(resolve => child.stdout.once('data', resolve))
  // The script's own command line has the mark, too.
  const others = () => execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' }).split('\n').filter(isShell)
  const isShell = (line: string): boolean => line.includes(mark) && line.includes('/bin/sh')
  expect(others().length).toBeGreaterThan(0)
  child.kill('SIGKILL')
  await expect.poll(others, { timeout: 20_000 }).toEqual([])
})
