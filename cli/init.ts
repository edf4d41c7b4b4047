// `lockstep init [folder]`: writes a starter into an existing project: a subject, a test of it, and a workflow for CI. All of
// it or nothing, and never over a file that is there, unless told to.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { ScopeName } from '../properties/verdict.ts'
import { exitCodes, reasonOf, UsageError } from './exit.ts'
import { shellWord } from './failure.ts'
import { type Installer, installerOf, projectIn } from './init/project.ts'
import { type StarterFile, starterFiles, subjectPath } from './init/starter.ts'
import { printJson, say, styled } from './screen.ts'

export type InitOptions = { readonly scope: ScopeName; readonly force: boolean; readonly json: boolean }

/** What a project needs to run and compile the starter. */
const needed = ['kafka-lockstep', 'vitest', 'typescript', '@types/node'] as const

/** Writes the starter; gives the exit code. */
export function init(folder: string, { scope, force, json }: InitOptions): number {
  const { packages, isModule } = projectIn(folder)
  const installer = installerOf(folder)
  const extension = isModule ? 'ts' : 'mts'
  const isThere = ({ path }: StarterFile): boolean => existsSync(join(folder, path))
  const files = starterFiles(scope, extension, installer).filter(file => force || !file.isShared || !isThere(file))
  const there = files.filter(isThere).map(({ path }) => path)
  if (there.length > 0 && !force) {
    throw new UsageError(
      `${there.join(' and ')} ${there.length === 1 ? 'is' : 'are'} there already, so nothing was written. ` +
        'Move them away, choose another --scope, or overwrite them with --force.',
    )
  }
  writeAll(folder, files)
  for (const { path } of files) say(`${styled('green', 'written')}  ${path}`)
  const missing = needed.filter(name => !packages.has(name))
  say('', ...nextSteps(folder, subjectPath(scope, extension), installer, missing))
  if (json) printJson({ written: files.map(({ path }) => path), missing })
  return exitCodes.agree
}

/** First everything beside its place, then everything into its place: what fails on the way leaves nothing behind. */
function writeAll(folder: string, files: readonly StarterFile[]): void {
  const undo: (() => void)[] = []
  try {
    const placed = files.map(({ path, text }) => {
      const to = join(folder, path)
      const made = mkdirSync(dirname(to), { recursive: true })
      if (made !== undefined) undo.push(() => rmSync(made, { recursive: true, force: true }))
      const from = `${to}.${process.pid}.tmp`
      undo.push(() => rmSync(from, { force: true }))
      writeFileSync(from, text, { flag: 'wx' })
      return { from, to }
    })
    for (const { from, to } of placed) {
      const before = existsSync(to) ? readFileSync(to) : null
      renameSync(from, to)
      undo.push(() => (before === null ? rmSync(to, { force: true }) : writeFileSync(to, before)))
    }
  } catch (error) {
    for (const step of undo.reverse()) step()
    const why = reasonOf(error)
    throw new UsageError(`nothing was written: ${why}. Give a folder that can be written to.`)
  }
}

function nextSteps(
  folder: string,
  subject: string,
  installer: Installer,
  missing: readonly string[],
): readonly string[] {
  const inside = relative(process.cwd(), folder)
  const steps = [
    ...(inside === '' ? [] : [`cd ${shellWord(inside)}`]),
    ...(missing.length === 0 ? [] : [`${installer.add} ${missing.join(' ')}`]),
    `${installer.execute} vitest run lockstep`,
  ]
  const isTop = existsSync(join(folder, '.git'))
  return [
    styled('bold', 'Next'),
    ...steps.map(step => `  ${step}`),
    `Then let ${subject} call your own implementation. A failure is written to lockstep/traces;`,
    'commit it when it is mended: it is replayed first from then on.',
    ...(isTop ? [] : ['GitHub reads workflows at the top of a repository only: move .github there if this is not it.']),
  ]
}
