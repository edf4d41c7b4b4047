// What `lockstep init` must know of a project: which packages it has, what its files are taken for, and who installs them.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { reasonOf, UsageError } from '../exit.ts'

/** How packages are installed, added and run. */
export type Installer = {
  readonly name: 'npm' | 'pnpm' | 'yarn'
  /** In CI, from the lock file. */
  readonly install: string
  readonly add: string
  readonly execute: string
}

/** What its package.json says. */
export type Project = {
  /** The packages that it asks for. */
  readonly packages: ReadonlySet<string>
  /** Whether a file that does not say by its name is an ES module. */
  readonly isModule: boolean
}

/** Reads the project in a folder. Throws `UsageError` when the folder has no package.json that can be read. */
export function projectIn(folder: string): Project {
  const path = join(folder, 'package.json')
  if (!existsSync(path)) {
    throw new UsageError(`there is no ${path}. Give the folder of a project, or run "npm init" there first.`)
  }
  let manifest: unknown
  try {
    manifest = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    const why = reasonOf(error)
    throw new UsageError(`${path} cannot be read: ${why}. Correct it first.`)
  }
  if (typeof manifest !== 'object' || manifest === null || Array.isArray(manifest)) {
    throw new UsageError(`${path} is no JSON object. Correct it first.`)
  }
  const lists: unknown[] = ['dependencies', 'devDependencies'].map(name => Reflect.get(manifest, name))
  return {
    packages: new Set(lists.flatMap(list => (typeof list === 'object' && list !== null ? Object.keys(list) : []))),
    isModule: Reflect.get(manifest, 'type') === 'module',
  }
}

/** Who wrote the lock file; npm when there is none. */
export function installerOf(folder: string): Installer {
  const has = (name: string): boolean => existsSync(join(folder, name))
  if (has('pnpm-lock.yaml')) {
    return { name: 'pnpm', install: 'pnpm install --frozen-lockfile', add: 'pnpm add -D', execute: 'pnpm exec' }
  }
  if (has('yarn.lock')) {
    return { name: 'yarn', install: 'yarn install --immutable', add: 'yarn add -D', execute: 'yarn' }
  }
  return { name: 'npm', install: 'npm ci', add: 'npm install --save-dev', execute: 'npx' }
}
