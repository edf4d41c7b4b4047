import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { barLine, leftPart, plainLine, type Sofar } from './progress.ts'
import { type Drawn, onTerminal } from './testing/terminal.ts'

const sofar: Sofar = {
  done: 0.432,
  parts: [
    leftPart(12),
    { text: '3 failing', style: 'red' },
    { text: '14 behaviours missing', short: '14 missing' },
    { text: '5127 operations/s', short: '5127/s' },
    { text: '324 of 750 runs', short: '324 runs' },
  ],
}

describe('a line of progress', () => {
  const line = (columns: number) => stripVTControlCharacters(barLine(sofar, columns))

  test('says everything beside a bar where there is room', () => {
    expect(line(130)).toBe(
      `${'━'.repeat(13)}${'─'.repeat(17)}  43%  12 s left  3 failing  14 behaviours missing  5127 operations/s  324 of 750 runs`,
    )
  })

  test('says it shorter on a narrow terminal, and the most important of it on a very narrow one', () => {
    expect(line(90)).toMatch(/^━+─+ {2}43% {2}12s left {2}3 failing {2}14 missing {2}5127\/s {2}324 runs$/)
    expect(line(80)).toMatch(/^━+─+ {2}43% {2}12s left {2}3 failing {2}14 missing {2}5127\/s {2}324 runs$/)
    expect(line(40)).toBe('43%  12s left  3 failing  14 missing')
    expect(line(20)).toBe('43%  12s left')
    expect(line(2)).toBe('')
  })

  test('leaves room for the ^C that a terminal shows behind it', () => {
    for (let columns = 0; columns < 200; columns++)
      expect(line(columns).length).toBeLessThanOrEqual(Math.max(0, columns - 3))
  })

  test('has no bar when nobody knows how much there is', () => {
    expect(line(130)).toContain('━')
    expect(stripVTControlCharacters(barLine({ ...sofar, done: null }, 130))).toMatch(/^12 s left/)
  })

  test('is a plain sentence in a log', () => {
    expect(plainLine(sofar)).toBe(
      '43%: 12 s left, 3 failing, 14 behaviours missing, 5127 operations/s, 324 of 750 runs',
    )
  })

  test('says long times in minutes and hours', () => {
    const said = [12, 99.1, 130, 5941].map(leftPart)
    expect(said.map(({ text }) => text)).toEqual(['12 s left', '2 min left', '3 min left', '2 h left'])
    expect(said.map(({ short }) => short)).toEqual(['12s left', '2m left', '3m left', '2h left'])
  })
})

const folder = mkdtempSync(join(tmpdir(), 'lockstep-progress-'))
const here = { cwd: folder }
afterAll(() => rmSync(folder, { recursive: true }))
const long = ['check', '--scope', 'partitioner', '--time', '600']

/** The lines that were drawn over each other, with how wide the terminal was. */
function bars(pieces: readonly Drawn[]): readonly Drawn[] {
  return pieces.flatMap(({ columns, text }) =>
    text
      .split(/\r\n|\r/)
      .map(line => ({ columns, text: stripVTControlCharacters(line) }))
      .filter(({ text: line }) => /^[━─ ]*\d+% /.test(line)),
  )
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const drawnOver = /[^\n]*\r\x1b\[2K/g

/** What a person sees at the end: the lines, where what was drawn over is gone. */
function screen(text: string): readonly string[] {
  return text.replaceAll(drawnOver, '').split('\r\n').map(stripVTControlCharacters)
}

describe('on a terminal', { timeout: 90_000 }, () => {
  test('a bar is drawn that fits, also when the terminal becomes narrow, and goes away at Ctrl-C', async () => {
    const narrow = { at: 'failing', kind: 'resize', columns: 40 } as const
    const wide = { at: '0m left', kind: 'resize', columns: 100 } as const
    const interrupt = { at: ' 1%', kind: 'interrupt' } as const
    const ended = await onTerminal(long, { ...here, columns: 120, acts: [narrow, wide, interrupt] })
    const drawn = bars(ended.pieces)
    expect(
      drawn.filter(({ columns, text }) => (columns === 120 && text.includes('━')) || text.includes('─')),
    ).not.toEqual([])
    expect(drawn.filter(({ columns }) => columns === 40).length).toBeGreaterThan(0)
    // The first piece after the change may have been drawn before it was heard of.
    for (const { columns, text } of drawn.filter((_, index) => drawn[index - 1]?.columns === drawn[index]?.columns)) {
      expect(text.length).toBeLessThan(columns)
    }
    expect(screen(ended.text).filter(line => /\d% /.test(line))).toEqual([])
    expect(ended.text).toContain('interrupted: this is what was found until then')
    expect(ended.code).toBe(0)
  })

  const stubborn = fileURLToPath(new URL('./testing/stubborn.ts', import.meta.url))

  test('the line is clean when a second Ctrl-C ends the command at once', async () => {
    const first = { at: 'interrupted 0 times', kind: 'interrupt' } as const
    const second = { at: 'interrupted 1 times', kind: 'interrupt' } as const
    const ended = await onTerminal([], { ...here, columns: 80, acts: [first, second], script: stubborn })
    expect(bars(ended.pieces).length).toBeGreaterThan(1)
    expect(screen(ended.text)).toEqual([''])
    expect(ended.code).toBe(-2)
  })

  test('the line is clean when something throws', async () => {
    const ended = await onTerminal(['throws'], { ...here, columns: 80, script: stubborn })
    expect(bars(ended.pieces).length).toBeGreaterThan(1)
    expect(ended.text).toContain('Error: planted')
    expect(screen(ended.text).filter(line => line.includes('interrupted'))).toEqual([])
  })

  test.each([
    ['CI', 'true'],
    ['TERM', 'dumb'],
  ])('nothing is drawn with %s=%s', async (name, value) => {
    const ended = await onTerminal([...long.with(-1, '2')], { ...here, columns: 80, env: { [name]: value } })
    expect(bars(ended.pieces)).toEqual([])
    expect(ended.text).not.toContain('\x1b[2K')
    expect(ended.code).toBe(0)
  })

  test('NO_COLOR leaves the bar and takes the colours', async () => {
    const coloured = await onTerminal([...long.with(-1, '2')], { ...here, columns: 80 })
    const plain = await onTerminal([...long.with(-1, '2')], { ...here, columns: 80, env: { NO_COLOR: '1' } })
    expect(coloured.text).toContain('\x1b[36m')
    expect(bars(plain.pieces).length).toBeGreaterThan(0)
    expect(plain.text).not.toContain('m11 behaviours missing')
    expect(plain.text).not.toContain('\x1b[3')
  })
})

test('a file gets plain lines and nothing else, but colours that are asked for', { timeout: 60_000 }, () => {
  const run = (seconds: string, env: Readonly<Record<string, string>>) => {
    const path = join(folder, 'said')
    const file = openSync(path, 'w')
    const { NO_COLOR: _no, FORCE_COLOR: _force, ...inherited } = process.env
    const launcher = fileURLToPath(new URL('./lockstep.js', import.meta.url))
    spawnSync(process.execPath, [launcher, ...long.with(-1, seconds)], {
      cwd: folder,
      env: { ...inherited, ...env },
      stdio: ['ignore', 'ignore', file],
    })
    closeSync(file)
    return readFileSync(path, 'utf8')
  }
  const said = run('12', {})
  expect(said).not.toContain('\x1b')
  expect(said).not.toContain('\r')
  expect(said).toMatch(/^8\d%: 2 s left, 0 failing/m)
  expect(run('1', { FORCE_COLOR: '1' })).toContain('\x1b[')
})
