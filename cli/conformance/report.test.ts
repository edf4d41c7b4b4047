import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { execReport, nobodyReport } from './exec-report.ts'
import { markdownOf } from './markdown.ts'
import type { Conformance, ConformanceRow } from './report.ts'
import { terminalLines } from './text.ts'

const row: ConformanceRow = {
  name: 'append',
  about: 'append as a leader',
  tried: 12,
  agreed: 11,
  diverged: 1,
  notTried: null,
  traces: ['out/log-O2-1-0.json'],
}

const report: Conformance = {
  subject: 'a `log` | <b>',
  verdict: 'violation',
  seed: 7,
  seconds: 2,
  runs: 3,
  operations: 40,
  covered: { 'scope log': '3 runs' },
  tables: [
    { title: 'log: operations', rows: [row, { ...row, name: 'roll', tried: 0, notTried: 'not declared', traces: [] }] },
    { title: 'log: behaviours', rows: [{ ...row, name: 'read', diverged: 0 }], brief: true },
  ],
  findings: [
    {
      claim: 'O2',
      sentence: 'offsets *jump*',
      settings: [],
      seed: 7,
      run: 1,
      operations: 2,
      failingRuns: 1,
      trace: 'out/log-O2-1-0.json',
      lines: ['violation  O2', 'with ```` in it'],
    },
  ],
  unknown: [{ sentence: 'it hung', runs: 2 }],
}

describe('a conformance report', () => {
  test('on a terminal tells what was tried, what was not and why, the findings, and the verdict last', () => {
    const lines = terminalLines(report).map(stripVTControlCharacters)
    expect(lines).toContain(`log: operations${' '.repeat(22)}tried  agreed  diverged`)
    expect(lines).toContain('  append         append as a leader     12      11         1')
    expect(lines).toContain('  not declared: roll')
    expect(lines).toContain('log: behaviours: 1 of 1')
    expect(lines).toContain('violation  O2')
    expect(lines).toContain('unknown  it hung (2 runs)')
    expect(lines.at(-1)).toBe('violation: 3 runs, 40 operations in 2.0 s (20/s), seed 7, 1 finding')
  })

  test('as Markdown has everything, and text from outside stays text', () => {
    const page = markdownOf(report)
    expect(page).toContain('# Conformance of a \\`log\\` \\| \\<b\\>\n\n**violation**: 3 runs')
    expect(page).toContain('| append | append as a leader | 12 | 11 | 1 | out/log-O2-1-0.json |')
    expect(page).toContain('| roll | append as a leader | 0 | 11 | 1 | not declared |')
    expect(page).toContain('offsets \\*jump\\* (2 operations, 1 failing run)')
    expect(page).toContain('`````text\nviolation  O2\nwith ```` in it\n`````\n')
    expect(page).toContain('- it hung (2 runs)')
  })
})

describe('the report of a process', () => {
  const everything = { operations: ['join', 'leave', 'setPartitionCount', 'claim', 'assign'], fields: [] }
  const parts = {
    hello: { name: 'mine', scopes: { assignor: everything } },
    command: './mine',
    seed: 1,
    seconds: 1,
    findings: [],
    badEnd: null,
    isInterrupted: false,
  }
  const portion = {
    shards: [],
    operations: {},
    agreed: {},
    declinedSetups: {},
    badEnd: null,
    failure: null,
    isGivenUp: false,
  }
  const shard = { shard: 0, runs: 4, operations: 9, reached: {}, violations: [], unknown: [], declined: 0 }
  const join = { tried: 9, agreed: 9, diverged: 0, declined: 0 }
  const verdictWith = (change: object, lost: Conformance['unknown'] = []): Conformance =>
    execReport({
      ...parts,
      results: [
        { scope: 'assignor', portions: [{ ...portion, shards: [shard], operations: { join }, ...change }], lost },
      ],
    })

  test('agrees when something was compared and nothing is unknown', () => {
    expect(verdictWith({})).toMatchObject({ verdict: 'agree', runs: 4, operations: 9, unknown: [] })
  })

  test('is unknown when nothing was compared, a run was lost, or the process stopped saying hello', () => {
    expect(verdictWith({ operations: {} }).unknown).toEqual([{ sentence: 'assignor: nothing was compared', runs: 0 }])
    const declined = verdictWith({
      operations: {},
      shards: [{ ...shard, declined: 4 }],
      declinedSetups: { 'no groups': 4 },
    })
    expect(declined).toMatchObject({
      verdict: 'unknown',
      runs: 0,
      unknown: [
        { sentence: 'assignor: nothing was compared: every run was declined, such as for: no groups', runs: 4 },
      ],
    })
    expect(verdictWith({}, [{ sentence: 'the worker died', runs: 50 }]).verdict).toBe('unknown')
    expect(verdictWith({ failure: 'it ended' }).verdict).toBe('unknown')
    expect(nobodyReport('./mine', 1, 0, 'it hung')).toMatchObject({ verdict: 'unknown', runs: 0 })
  })

  test('tells sentences that differ only in what they quote once, with the sum of their runs', () => {
    const unknown = Array.from({ length: 12 }, (_, run) => ({ run, sentence: `it hung after «${run}»` }))
    expect(verdictWith({ shards: [{ ...shard, unknown }] }).unknown).toEqual([
      { sentence: 'assignor: it hung after «0»', runs: 12 },
    ])
  })

  test('says of every row why what was tried neither agreed nor diverged', () => {
    const assign = { tried: 5, agreed: 2, diverged: 2, declined: 0 }
    const failing = { sentence: 'no', settings: [], seed: 1, run: 0, step: 0, setup: { scope: 'assignor' } }
    const found = { ...failing, claim: 'G4', operations: [], originalOperations: 1, runs: 2 }
    const other = { ...found, claim: 'agreement', runs: 1 }
    const report = verdictWith({
      operations: { join, assign },
      agreed: { 'static member first': 3 },
      shards: [
        {
          ...shard,
          runs: 9,
          violations: [found, other],
          unknown: [{ run: 3, sentence: 'it hung' }],
          reached: { 'static member first': 4 },
        },
      ],
    })
    const row = (title: string, name: string): ConformanceRow | undefined =>
      report.tables.find(table => table.title === `assignor: ${title}`)?.rows.find(one => one.name === name)
    expect(row('operations', 'assign')?.notTried).toBe('1 time the run ended unknown there')
    expect(row('operations', 'join')?.notTried).toBeNull()
    expect(row('claims', 'G4')).toMatchObject({
      tried: 9,
      agreed: 5,
      diverged: 2,
      notTried: '1 run ended at another claim, 1 run ended unknown',
    })
    for (const { rows } of report.tables) {
      const silent = rows.filter(one => one.tried !== one.agreed + one.diverged && one.notTried === null)
      expect(silent).toEqual([])
    }
    const whole = verdictWith({}).tables.flatMap(({ rows }) => rows)
    expect(whole.filter(one => one.tried > 0 && one.notTried !== null)).toEqual([])
  })

  test('tells how the process ended when that was wrong, and that somebody interrupted', () => {
    expect(verdictWith({ badEnd: 'it was killed' }).covered['its end']).toBe('it was killed')
    const interrupted = execReport({ ...parts, results: [], isInterrupted: true })
    expect(interrupted.covered.interrupted).toBe('this is what was found until then')
  })
})
