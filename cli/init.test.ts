import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { scopeNames } from '../traces/scope-names.ts'
import { lastJson, lockstep } from './testing/lockstep.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-init-'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module","devDependencies":{"vitest":"5.1.1"}}')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const init = (...args: readonly string[]) => lockstep(['init', ...args], { cwd: folder })
const filesThere = (): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => /(\.m?ts|\.yml|\.tmp|\.gitignore)$/.test(name))
    .sort()

const shared = ['.github/workflows/lockstep.yml', 'lockstep/traces/.gitignore']
const written = [shared[0], 'lockstep/log-subject.ts', 'lockstep/log.test.ts', shared[1]]

describe('a starter', () => {
  test('is written into a project, and the next steps are said', async () => {
    const ended = await init('--json')
    expect(ended.code).toBe(0)
    expect(filesThere()).toEqual(written)
    expect(ended.stderr).toContain(
      'npm install --save-dev kafka-lockstep typescript @types/node\n  npx vitest run lockstep',
    )
    expect(lastJson(ended)).toEqual({
      written: [
        'lockstep/log-subject.ts',
        'lockstep/log.test.ts',
        'lockstep/traces/.gitignore',
        '.github/workflows/lockstep.yml',
      ],
      missing: ['kafka-lockstep', 'typescript', '@types/node'],
    })
  })

  test('is for the package manager that the project has', async () => {
    writeFileSync(join(folder, 'pnpm-lock.yaml'), '')
    expect((await init()).stderr).toContain('pnpm add -D kafka-lockstep')
    expect(readFileSync(join(folder, '.github/workflows/lockstep.yml'), 'utf8')).toContain(
      '- run: corepack enable\n      - run: pnpm install --frozen-lockfile\n      - run: pnpm exec vitest run lockstep\n',
    )
  })

  test('says by its names that it is ES modules, where a project is not', async () => {
    writeFileSync(join(folder, 'package.json'), '{}')
    const ended = await init()
    expect(ended.stderr).toContain('Then let lockstep/log-subject.mts call your own implementation.')
    expect(filesThere()).toEqual([shared[0], 'lockstep/log-subject.mts', 'lockstep/log.test.mts', shared[1]])
    expect(readFileSync(join(folder, 'lockstep/log.test.mts'), 'utf8')).toContain("from './log-subject.mjs'")
  })

  test('of one scope more leaves what both have as it is', async () => {
    expect((await init()).code).toBe(0)
    const workflow = join(folder, '.github/workflows/lockstep.yml')
    writeFileSync(workflow, 'mine')
    expect(lastJson(await init('--scope', 'assignor', '--json'))).toMatchObject({
      written: ['lockstep/assignor-subject.ts', 'lockstep/assignor.test.ts'],
    })
    expect(readFileSync(workflow, 'utf8')).toBe('mine')
  })

  test.each(scopeNames)(
    'of scope %s runs: what is begun agrees, and a bare frame says what is not written',
    async scope => {
      expect((await init('--scope', scope)).code).toBe(0)
      // As if it were installed.
      mkdirSync(join(folder, 'node_modules'))
      symlinkSync(join(import.meta.dirname, '..'), join(folder, 'node_modules/kafka-lockstep'), 'junction')
      const subject = `lockstep/${scope}-subject.ts#subject`
      const args = ['check', '--scope', scope, '--runs', '40', '--seed', '1', '--workers', '1', '--subject', subject]
      const { code, stderr } = await lockstep(args, { cwd: folder })
      const isBegun = ['log', 'partitioner', 'assignor'].includes(scope)
      expect(stderr).toContain(isBegun ? 'agree: 40 runs' : `my ${scope} gave no usable answer at`)
      expect(code).toBe(isBegun ? 0 : 3)
    },
    30_000,
  )
})

describe('nothing is written', () => {
  test('over files that are there, unless they may be overwritten', async () => {
    mkdirSync(join(folder, 'lockstep'))
    writeFileSync(join(folder, 'lockstep/log.test.ts'), 'mine')
    const refused = await init()
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('lockstep/log.test.ts is there already, so nothing was written.')
    expect(filesThere()).toEqual(['lockstep/log.test.ts'])
    expect((await init('--force')).code).toBe(0)
    expect(filesThere()).toEqual(written)
    expect(readFileSync(join(folder, 'lockstep/log.test.ts'), 'utf8')).toContain('kafka-lockstep/vitest')
  })

  test('into what is no project', async () => {
    rmSync(join(folder, 'package.json'))
    const absent = await init()
    expect(absent.code).toBe(2)
    expect(absent.stderr).toContain(
      'there is no package.json. Give the folder of a project, or run "npm init" there first.',
    )
    writeFileSync(join(folder, 'package.json'), '{,}')
    expect((await init()).stderr).toMatch(/package\.json cannot be read: .* Correct it first\./)
    expect((await init('nowhere')).stderr).toContain('there is no nowhere/package.json.')
    expect(filesThere()).toEqual([])
  })

  test('by halves: what fails on the way leaves nothing behind', async () => {
    writeFileSync(join(folder, '.github'), 'a file where a folder has to be')
    const ended = await init()
    expect(ended.code).toBe(2)
    expect(ended.stderr).toMatch(/nothing was written: .* Give a folder that can be written to\./)
    expect(filesThere()).toEqual([])
    expect(existsSync(join(folder, 'lockstep'))).toBe(false)
  })
})
