// Completes real lines in real shells: `try.ts SHELL SCRIPT`. Fails when a shell does not offer what it must, or offers what
// it must not.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

type Tried = {
  readonly line: string
  /** What must be offered. */
  readonly wanted?: readonly string[]
  readonly unwanted?: readonly string[]
  /** What the line must be then, where only one thing can be meant. */
  readonly becomes?: string
}

const tried: readonly Tried[] = [
  { line: 'lockstep ', wanted: ['check', 'replay', 'explore', 'completion', 'help'], unwanted: ['--runs', 'a.json'] },
  { line: 'lockstep --', wanted: ['--help', '--version'], unwanted: ['check', '--json'] },
  { line: 'lockstep val', becomes: 'lockstep validate ' },
  { line: 'lockstep check --js', becomes: 'lockstep check --json ' },
  { line: 'lockstep check --', wanted: ['--scope', '--seed', '--help'], unwanted: ['--brokers', 'replay'] },
  { line: 'lockstep serve --no', wanted: ['--no-auto-create'], unwanted: ['--no-symmetry'] },
  { line: 'lockstep check --scope ', wanted: ['log', 'cluster'], unwanted: ['--seed', 'a.json'] },
  { line: 'lockstep check --scope=clu', becomes: 'lockstep check --scope=cluster ' },
  { line: 'lockstep check --runs 5 --subject i', wanted: ['impl'] },
  {
    line: 'lockstep check --subject zoo:trunc',
    wanted: ['zoo:truncates-to-the-high-watermark', 'zoo:truncation-ignores-the-epoch'],
  },
  { line: 'lockstep check --subject=zoo:neg', becomes: 'lockstep check --subject=zoo:negative-hash ' },
  { line: 'lockstep check --subject zoo:neg', becomes: 'lockstep check --subject zoo:negative-hash ' },
  { line: 'lockstep zoo --bug zomb', becomes: 'lockstep zoo --bug zombie-commits ' },
  { line: 'lockstep explore ', wanted: ['kip-101', 'kip-320-messages', 'cluster'], unwanted: ['a.json'] },
  { line: 'lockstep explore kip-101 --bound maxR', becomes: 'lockstep explore kip-101 --bound maxRecords=' },
  {
    line: 'lockstep validate --exec "python3 log.py" --js',
    becomes: 'lockstep validate --exec "python3 log.py" --json ',
  },
  { line: 'lockstep explore kip-101 --invariant ', wanted: ['StrongIsr', 'WeakIsr'] },
  { line: 'lockstep completion ', wanted: ['bash', 'zsh', 'fish'], unwanted: ['a.json'] },
  { line: 'lockstep help ', wanted: ['check', 'serve'], unwanted: ['a.json'] },
  { line: 'lockstep replay ', wanted: ['a.json', 'sub'], unwanted: ['other.txt'] },
  { line: 'lockstep replay sub/', becomes: 'lockstep replay sub/b.json ' },
  { line: 'lockstep replay my', becomes: 'lockstep replay my\\ own.json ' },
  { line: 'lockstep replay my\\ o', becomes: 'lockstep replay my\\ own.json ' },
  { line: 'lockstep show ', wanted: ['a.json', 'other.txt', 'seen.ndjson', 'sub'], unwanted: ['notes.md'] },
  { line: 'lockstep verify ', wanted: ['seen.ndjson', 'sub'], unwanted: ['a.json', 'other.txt'] },
  { line: 'lockstep shrink a.json -o ', wanted: ['other.txt'] },
  { line: 'lockstep serve --data ', becomes: 'lockstep serve --data sub/' },
]

const drivers = {
  bash: ['python3', '-u', '.ci/completion/bash.py'],
  zsh: ['zsh', '-f', '.ci/completion/zsh.zsh'],
  fish: ['fish', '--no-config', '.ci/completion/fish.fish'],
} as const

const [, , shell = '', script = ''] = process.argv
if (shell !== 'bash' && shell !== 'zsh' && shell !== 'fish') throw new Error(`there is no driver for ${shell}`)
const folder = mkdtempSync(join(tmpdir(), 'lockstep-completion-'))
mkdirSync(join(folder, 'sub'))
for (const file of ['a.json', 'my own.json', 'other.txt', 'seen.ndjson', 'notes.md', 'sub/b.json', 'sub/c.txt']) {
  writeFileSync(join(folder, file), '')
}
const [command, option, driver] = drivers[shell]
let wrong = 0
for (const { line, wanted = [], unwanted = [], becomes } of tried) {
  const said = spawnSync(command, [option, resolve(driver), resolve(script), line], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 30_000,
    env: { ...process.env, TERM: 'xterm', HOME: folder },
  })
  const text = stripVTControlCharacters(said.stdout)
  const offered = new Set(text.split(/\s+/).flatMap(spellings))
  const absent = wanted.filter(word => !spellings(word).some(spelling => offered.has(spelling)))
  const present = unwanted.filter(word => offered.has(word))
  const faults = [
    ...absent.map(word => `${word} is not offered`),
    ...present.map(word => `${word} is offered`),
    ...(becomes === undefined || isOnTheLine(text, becomes) ? [] : [`the line should become "${becomes}"`]),
    ...(said.status === 0 && said.stderr === '' ? [] : [`status ${said.status} ${said.stderr}`]),
  ]
  if (faults.length === 0) continue
  wrong++
  console.error(`${shell}: after "${line}" ${faults.join(', ')}\n  it says ${text.slice(0, 500)}`)
}
rmSync(folder, { recursive: true })
console.log(`${shell}: ${tried.length - wrong} of ${tried.length} lines completed as they must be`)
if (wrong > 0) process.exitCode = 1

/** Bash and zsh show the line as it is then; fish tells every word that can stand at its end, and has no other. */
function isOnTheLine(text: string, line: string): boolean {
  if (shell !== 'fish') return (/\(on the line\) (.*)\(end\)/s.exec(text)?.[1] ?? '') === line
  const word =
    line
      .trim()
      .split(/(?<!\\) /)
      .at(-1) ?? ''
  return text.trim() === word.replaceAll('\\', '')
}

/** A word as shells spell it: bash offers what comes behind a colon, zsh and fish put the option's name or a slash to it. */
function spellings(word: string): readonly string[] {
  const bare = word.replace(/\/$/, '').replace(/^--[a-z-]+=(?=.)/, '')
  return [word, bare, bare.replace(/^.*[:/]/, ''), bare.replace(/=$/, '')]
}
