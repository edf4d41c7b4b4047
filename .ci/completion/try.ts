// Completes real lines in real shells: `try.ts SHELL SCRIPT`. Fails when a shell does not offer what it must, or offers what
// it must not.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

type Tried = { readonly line: string; readonly wanted: readonly string[]; readonly unwanted?: readonly string[] }

const tried: readonly Tried[] = [
  { line: 'lockstep ', wanted: ['check', 'replay', 'explore', 'completion', 'help'], unwanted: ['--runs', 'a.json'] },
  { line: 'lockstep val', wanted: ['validate'], unwanted: ['check'] },
  { line: 'lockstep check --', wanted: ['--scope', '--seed', '--help'], unwanted: ['--brokers', 'replay'] },
  { line: 'lockstep serve --no', wanted: ['--no-auto-create'], unwanted: ['--no-symmetry'] },
  { line: 'lockstep check --scope ', wanted: ['log', 'cluster'], unwanted: ['--seed', 'a.json'] },
  { line: 'lockstep check --scope=clu', wanted: ['cluster'], unwanted: ['log'] },
  { line: 'lockstep check --runs 5 --subject i', wanted: ['impl'] },
  {
    line: 'lockstep check --subject zoo:trunc',
    wanted: ['zoo:truncates-to-the-high-watermark', 'zoo:truncation-ignores-the-epoch'],
  },
  { line: 'lockstep check --subject=zoo:neg', wanted: ['zoo:negative-hash'] },
  { line: 'lockstep zoo --bug zomb', wanted: ['zombie-commits'] },
  { line: 'lockstep explore ', wanted: ['kip-101', 'kip-320-messages', 'cluster'], unwanted: ['a.json'] },
  { line: 'lockstep explore kip-101 --bound maxR', wanted: ['maxRecords='] },
  { line: 'lockstep explore kip-101 --invariant ', wanted: ['StrongIsr', 'WeakIsr'] },
  { line: 'lockstep completion ', wanted: ['bash', 'zsh', 'fish'], unwanted: ['a.json'] },
  { line: 'lockstep help ', wanted: ['check', 'serve'], unwanted: ['a.json'] },
  { line: 'lockstep replay ', wanted: ['a.json', 'sub'], unwanted: ['other.txt'] },
  { line: 'lockstep replay sub/', wanted: ['sub/b.json'], unwanted: ['sub/c.txt'] },
  { line: 'lockstep shrink a.json -o ', wanted: ['other.txt'] },
  { line: 'lockstep serve --data ', wanted: ['sub'], unwanted: ['a.json', 'other.txt'] },
]

const drivers = {
  bash: ['bash', '--norc', '.ci/completion/bash.sh'],
  zsh: ['zsh', '-f', '.ci/completion/zsh.zsh'],
  fish: ['fish', '--no-config', '.ci/completion/fish.fish'],
} as const

const [, , shell = '', script = ''] = process.argv
if (shell !== 'bash' && shell !== 'zsh' && shell !== 'fish') throw new Error(`there is no driver for ${shell}`)
const folder = mkdtempSync(join(tmpdir(), 'lockstep-completion-'))
mkdirSync(join(folder, 'sub'))
for (const file of ['a.json', 'other.txt', 'sub/b.json', 'sub/c.txt']) writeFileSync(join(folder, file), '')
const [command, option, driver] = drivers[shell]
let wrong = 0
for (const { line, wanted, unwanted = [] } of tried) {
  const said = spawnSync(command, [option, resolve(driver), resolve(script), line], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 30_000,
    env: { ...process.env, TERM: 'xterm', HOME: folder },
  })
  const offered = new Set(stripVTControlCharacters(said.stdout).split(/\s+/).flatMap(spellings))
  const absent = wanted.filter(word => !spellings(word).some(spelling => offered.has(spelling)))
  const present = unwanted.filter(word => offered.has(word))
  if (said.status === 0 && said.stderr === '' && absent.length + present.length === 0) continue
  wrong++
  console.error(
    `${shell}: after "${line}" missing ${absent.join(', ') || 'nothing'}, too much ${present.join(', ') || 'nothing'}`,
  )
  console.error(`  status ${said.status}, offered: ${[...offered].join(' ').slice(0, 300)} ${said.stderr}`)
}
rmSync(folder, { recursive: true })
console.log(`${shell}: ${tried.length - wrong} of ${tried.length} lines completed as they must be`)
if (wrong > 0) process.exitCode = 1

/** A word as shells spell it: bash offers what comes behind a colon, zsh and fish put the option's name or a slash to it. */
function spellings(word: string): readonly string[] {
  const bare = word.replace(/\/$/, '').replace(/^--[a-z-]+=(?=.)/, '')
  return [word, bare, bare.replace(/^.*[:/]/, ''), bare.replace(/=$/, '')]
}
