import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readTrace } from '../traces/read.ts'
import type { Conformance, ConformanceRow } from './conformance/report.ts'
import { type Ended, lastJson, lockstep } from './testing/lockstep.ts'

const folder = mkdtempSync(join(tmpdir(), 'lockstep-validate-'))
const here = { cwd: folder }
afterAll(() => rmSync(folder, { recursive: true }))

const program = join(import.meta.dirname, '../properties/subjects/exec/testing/subject.js')
const minutes = { timeout: 120_000 }

function command(fault = 'none'): string {
  return `'${process.execPath}' '${program}' '${fault}'`
}

function validated(fault: string, ...args: readonly string[]): Promise<Ended> {
  return lockstep(['validate', '--exec', command(fault), '--seed', '7', '--json', ...args], here)
}

/** The last line of stdout is the report itself. */
function reportOf(ended: Ended): Conformance {
  return lastJson(ended) as unknown as Conformance
}

function row({ tables }: Conformance, title: string, name: string): ConformanceRow | undefined {
  return tables.find(table => table.title === title)?.rows.find(one => one.name === name)
}

describe('validate ends with 2 and says what to do', minutes, () => {
  test.each([
    [['validate'], 'give one thing to validate: --exec "CMD"'],
    [['validate', '--exec', 'cat', '--kafka', '4.3.1'], 'give one thing to validate: --exec "CMD"'],
    [['validate', '--exec', 'cat', '--known', 'x'], '--known is for brokers. Leave it out.'],
    [['validate', '--exec', 'cat', '--runs', '1', '--time', '1'], 'Give one of them.'],
    [['validate', '--exec', './no-such-program'], './no-such-program: the command cannot be run'],
    [
      ['validate', '--exec', command('small log'), '--scope', 'group'],
      'does not declare the scope group. It declares: log',
    ],
    [['check', '--scope', 'log', '--subject', 'exec:./no-such-program'], 'the command cannot be run'],
    [['check', '--scope', 'log', '--subject', 'exec:'], '--subject exec: names no command.'],
    [['check', '--subject', 'exec:cat'], 'is a subject of one scope. Add --scope'],
    [['check', '--scope', 'cluster', '--wire', '--subject', 'exec:cat'], '--wire turns our own messages into bytes.'],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await lockstep(args, here)
    expect(stderr).toContain(message)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  })
})

describe('a validation', minutes, () => {
  test('of our own implementation agrees in every scope, and says what it covered', async () => {
    const ended = await validated('none', '--runs', '120')
    expect(ended.code).toBe(0)
    const report = reportOf(ended)
    expect(report).toMatchObject({ subject: 'wrapped', verdict: 'agree', seed: 7, findings: [], unknown: [] })
    expect(report.tables.map(({ title }) => title)).toHaveLength(18)
    const append = row(report, 'log: operations', 'append')
    expect(append?.agreed).toBe(append?.tried)
    expect(append?.tried).toBeGreaterThan(100)
    expect(row(report, 'cluster: claims', 'L1')).toMatchObject({ diverged: 0, notTried: null })
    expect(ended.stderr).toContain('log: behaviours: ')
  })

  test('that finds something writes it down, and the trace replays and shrinks with the process', async () => {
    const ended = await validated('wrong', '--scope', 'partitioner', '--runs', '100', '-o', 'out')
    expect(ended.code).toBe(1)
    const report = reportOf(ended)
    const trace = join('out', report.findings[0]?.trace.slice('out/'.length) ?? '')
    expect(report).toMatchObject({ verdict: 'violation', findings: [{ claim: 'O3', operations: 1, trace }] })
    expect(row(report, 'partitioner: operations', 'choose')).toMatchObject({ traces: [trace] })
    expect(row(report, 'partitioner: claims', 'O3')?.diverged).toBe(report.findings[0]?.failingRuns)
    expect(JSON.parse(readFileSync(join(folder, 'out', 'report.json'), 'utf8'))).toEqual(report)
    const page = readFileSync(join(folder, 'out', 'report.md'), 'utf8')
    expect(page).toContain('# Conformance of wrapped\n\n**violation**: 100 runs')
    expect(page).toContain(`replay   npx lockstep replay ${trace} --subject 'exec:`)
    expect(readTrace(join(folder, trace)).operations).toHaveLength(1)

    const subject = ['--subject', `exec:${command('wrong')}`]
    expect((await lockstep(['replay', trace, ...subject], here)).code).toBe(1)
    expect((await lockstep(['replay', trace, '--subject', `exec:${command()}`], here)).code).toBe(0)
    expect((await lockstep(['shrink', trace, '-o', 'small.json', ...subject], here)).code).toBe(0)
    expect(existsSync(join(folder, 'small.json'))).toBe(true)
    const checked = await lockstep(['check', '--scope', 'partitioner', '--runs', '50', ...subject, '--json'], here)
    expect(checked.code).toBe(1)
    expect(lastJson(checked)).toMatchObject({ verdict: 'violation', violations: [{ claim: 'O3' }] })
  })

  test('says the same with one worker and with two', async () => {
    const reports = await Promise.all(
      ['1', '2'].map(workers => validated('wrong', '--scope', 'partitioner', '--runs', '1200', '--workers', workers)),
    )
    const [one, two] = reports.map(ended => ({ ...reportOf(ended), seconds: 0 }))
    expect(one?.verdict).toBe('violation')
    expect(two).toEqual(one)
  })

  test('of a part tries that part, says so, and a trace with more cannot be replayed', async () => {
    const ended = await validated('small log', '--runs', '100')
    expect(ended.code).toBe(0)
    const report = reportOf(ended)
    expect(row(report, 'log: operations', 'read')).toMatchObject({ notTried: null })
    expect(row(report, 'log: operations', 'crash')).toMatchObject({ tried: 0, notTried: 'not declared' })
    expect(row(report, 'log: claims', 'L5')).toMatchObject({
      tried: 0,
      notTried: 'needs outcome of clean or firstDirtyOffset, which it does not declare',
    })
    expect(row(report, 'log: behaviours', 'tombstone removed')).toMatchObject({ tried: 0, notTried: 'never reached' })
    expect(report.covered['scope log']).toContain('3 of 20 kinds of operations; shows logEndOffset; ')

    // As many runs as would have to reach every behaviour, if it did everything.
    const small = ['--subject', `exec:${command('small partitioner')}`]
    const checked = await lockstep(['check', '--scope', 'partitioner', '--runs', '500', ...small, '--json'], here)
    expect({ code: checked.code, missing: lastJson(checked).missing }).toEqual({ code: 0, missing: [] })

    const trace = join(import.meta.dirname, '../traces/corpus/log-torn-tail.json')
    const replayed = await lockstep(['replay', trace, '--subject', `exec:${command('small log')}`], here)
    expect(replayed.code).toBe(2)
    expect(replayed.stderr).toMatch(
      /the operation at index \d \(\w+\) is none that wrapped declares: append, read, trun/,
    )
  })

  test('counts what was declined apart, and one of nothing else is unknown', async () => {
    const picky = reportOf(await validated('declines compaction', '--runs', '60'))
    expect(picky.verdict).toBe('agree')
    expect(picky.runs).toBeLessThan(60)
    expect(picky.covered['scope log']).toMatch(/\d+ runs declined \(no compaction\)/)
    const quiet = reportOf(await validated('declines reads', '--runs', '60'))
    expect(row(quiet, 'log: operations', 'read')).toMatchObject({ tried: 0, diverged: 0 })
    expect(row(quiet, 'log: operations', 'read')?.notTried).toMatch(/^declined \d+ times$/)
    const idle = await validated('declines everything', '--runs', '20')
    expect(idle.code).toBe(3)
    expect(reportOf(idle).unknown).toEqual([{ sentence: 'partitioner: nothing was compared', runs: 0 }])
  })

  test('of a process that fails ends with 3, keeps the rest of the report, and goes on elsewhere', async () => {
    const ended = await validated('dies', '--runs', '120', '-o', 'dead')
    expect(ended.code).toBe(3)
    const report = reportOf(ended)
    expect(report.verdict).toBe('unknown')
    expect(report.unknown[0]?.sentence).toContain('last on stderr: «Traceback: index out of range»')
    expect(row(report, 'log: operations', 'append')?.agreed).toBeGreaterThan(0)
    expect(row(report, 'group: operations', 'request')?.agreed).toBeGreaterThan(0)
    expect(existsSync(join(folder, 'dead', 'report.md'))).toBe(true)
  })

  test('of a process that says nothing of use ends with 3 and what it said', async () => {
    const ended = await validated('banner')
    expect(ended.code).toBe(3)
    expect(reportOf(ended)).toMatchObject({
      verdict: 'unknown',
      runs: 0,
      unknown: [{ sentence: 'its answer to hello is not JSON: «Welcome to my log!»', runs: 0 }],
    })
    const path = join(folder, 'empty.json')
    const trace = { format: 'kafka-lockstep-trace', version: 1, scope: 'assignor', setup: { scope: 'assignor' } }
    writeFileSync(path, JSON.stringify({ ...trace, operations: [], expect: { verdict: 'agree' } }))
    const replayed = await lockstep(['replay', path, '--subject', `exec:${command('banner')}`, '--json'], here)
    expect(replayed.code).toBe(3)
    expect(replayed.stderr).toContain('did not start: its answer to hello is not JSON: «Welcome to my log!»')
    expect(lastJson(replayed)).toMatchObject({ verdict: 'unknown' })
  })

  test('ends when its time is up, also when the process takes its time', async () => {
    const ended = await validated('slow', '--scope', 'assignor', '--time', '8', '--timeout', '60')
    const report = reportOf(ended)
    expect({ code: ended.code, unknown: report.unknown }).toEqual({ code: 0, unknown: [] })
    expect(row(report, 'assignor: operations', 'join')?.tried).toBeGreaterThan(0)
  })

  test('that is interrupted says what was found until then', async () => {
    const args = ['validate', '--exec', command(), '--scope', 'partitioner', '--time', '600', '--json']
    const ended = await lockstep(args, { ...here, interruptAt: 'validating wrapped' })
    expect(reportOf(ended).covered.interrupted).toBe('this is what was found until then')
    expect(ended.code).toBe(3)
  })
})
