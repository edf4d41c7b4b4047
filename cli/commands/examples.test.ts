import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Command } from 'commander'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { overview, programOf } from '../program.ts'
import { allCommands } from './all.ts'
import { examplesHeading } from './examples.ts'

const root = join(import.meta.dirname, '../..')
const program = programOf(allCommands())

/** What a person reads who asks for help. */
function helpOf(command: Command): string {
  let text = ''
  command.configureOutput({ writeOut: part => (text += part) }).outputHelp()
  return text
}

/** The lines under the heading that are no comments. */
function examplesOf(command: Command): readonly string[] {
  const [, examples = ''] = helpOf(command).split(`\n${examplesHeading}\n`)
  return examples
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'))
}

const ownCommands = program.commands.filter(command => command.name() !== 'help')
const examples = ownCommands.flatMap(examplesOf)
const overviewLines = overview.split('\n').flatMap(line => /^ {2}(npx .*?) {2}/.exec(line)?.slice(1) ?? [])

/** These take longer, need Maven or a broker, or go on until Ctrl-C: they are parsed here, and what they do has other tests. */
const parsedOnly = [
  'npx lockstep check',
  'npx lockstep check --disk real --runs 3',
  'npx lockstep zoo --seeds 1',
  'npx lockstep validate --broker 127.0.0.1:9092 --time 30',
  'npx lockstep validate --kafka 4.3.1 --brokers 3',
  'npx lockstep serve --brokers 3',
]
/** These show a violation on purpose. */
const findings = [/--subject zoo:(?!.* -o )/, /explore kip-101$/, /verify .*anomalies/]
/** This one goes on until it is told to stop. */
const serving = 'npx lockstep serve --port 0 --data kept --topic-default min.insync.replicas=1'

test('every command has an example', () => {
  for (const command of ownCommands) expect(examplesOf(command), command.name()).not.toEqual([])
  expect(overviewLines.length).toBeGreaterThan(5)
  for (const line of [...parsedOnly, serving]) expect(examples).toContain(line)
})

/** The words after `npx`, as bash makes them out of the line. */
function wordsOf(line: string): readonly string[] {
  // fish's source reads its input; bash's would complain of that, before npx has said its words or after.
  const stubs = `npx() { printf '%s\\0' "$@" >&2; }; source() { cat >/dev/null; }`
  const said = spawnSync('bash', ['-c', `${stubs}; ${line}`], { encoding: 'utf8' })
  return said.stderr.split('\0').slice(0, -1)
}

test.each([...examples, ...overviewLines])('is parsed: %s', async line => {
  const [lockstep, ...words] = wordsOf(line)
  expect(lockstep).toBe('lockstep')
  const parsed = programOf(allCommands())
  let started = 0
  for (const command of parsed.commands) command.action(() => void started++)
  await parsed.parseAsync(words, { from: 'user' })
  expect(started).toBe(1)
})

describe('pasted into a shell', { timeout: 120_000 }, () => {
  const copy = mkdtempSync(join(tmpdir(), 'lockstep-examples-'))

  // A copy of the project in which traces and reports can be written without a trace.
  beforeAll(() => {
    mkdirSync(join(copy, 'traces'))
    const entries = readdirSync(root).filter(name => !['traces', '.git'].includes(name))
    const inTraces = readdirSync(join(root, 'traces')).filter(name => name !== 'found')
    for (const path of [...entries, ...inTraces.map(name => join('traces', name))])
      symlinkSync(join(root, path), join(copy, path))
  })
  afterAll(() => rmSync(copy, { recursive: true }))

  const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}`, NO_COLOR: '1' }
  const pasted = examples.filter(line => !parsedOnly.includes(line) && line !== serving && !line.includes('fish'))

  test.each(pasted)('works: %s', line => {
    const { status, stdout, stderr } = spawnSync('bash', ['-c', line], { cwd: copy, env, encoding: 'utf8' })
    const wanted = findings.some(finding => finding.test(line)) ? 1 : 0
    expect(status, `${stdout}\n${stderr}`).toBe(wanted)
    expect(stderr).not.toMatch(/^ {4}at /m)
  })

  test(`works until Ctrl-C: ${serving}`, async () => {
    const words = wordsOf(serving).slice(1)
    const child = spawn(process.execPath, [join(root, 'cli/lockstep.js'), ...words], { cwd: copy, env })
    const code = await new Promise(resolve => {
      child.stderr.once('data', () => child.kill('SIGINT'))
      child.on('close', resolve)
    })
    expect(code).toBe(0)
    expect(readdirSync(join(copy, 'kept'))).not.toEqual([])
  })
})
