// What the package has of each source, against what the sources are.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { patchedText } from '../../properties/subjects/patched.ts'
import { plantedBugs } from '../../properties/zoo/bugs.ts'
import { collectCode } from './collect.ts'
import { engines, entrances, manifestOf } from './manifest.ts'
import { javaScriptOf, namedModules, withShippedNames } from './shipped.ts'

const root = join(import.meta.dirname, '../..')
const shipped = (path: string, text: string): string => {
  const script = javaScriptOf(path, text)
  return withShippedNames(script, namedModules(path.replace(/\.ts$/, '.js'), script))
}

test('types are blanked out line by line, and other sources are called by their new names', () => {
  const source = [
    `import type { Offset } from './units.ts'`,
    `import { type Log, open } from '../log/log.ts'`,
    `export { x } from './x.ts'`,
    `export const at = (offset: Offset): Log => open(offset, './not-a-module.ts')`,
    `const thread = new URL('./thread.ts', import.meta.url)`,
    `await import('./later.ts')`,
    '',
  ].join('\n')
  expect(shipped('cli/a.ts', source).split('\n')).toEqual([
    '',
    `import {           open } from '../log/log.js'`,
    `export { x } from './x.js'`,
    `export const at = (offset        )      => open(offset, './not-a-module.ts')`,
    `const thread = new URL('./thread.js', import.meta.url)`,
    `await import('./later.js')`,
    '',
  ])
})

test('a line that ends in a blank is refused: it could be part of a text', () => {
  expect(() => javaScriptOf('a.ts', 'const text = `a \nb`\n')).toThrow('a.ts has a line that ends in a blank')
})

test('every bug of the zoo can be planted in what is shipped, and it still parses', () => {
  for (const { name, patches } of plantedBugs) {
    for (const file of new Set(patches.map(patch => patch.file))) {
      const text = shipped(file, readFileSync(join(root, file), 'utf8'))
      const patched = patchedText(
        text,
        patches.filter(patch => patch.file === file),
      )
      expect(() => namedModules(file.replace(/\.ts$/, '.js'), patched), `${name} in ${file}`).not.toThrow()
    }
  }
})

test('the package has what its entrances need, and no test, fixture or bench', () => {
  const { files, packages } = collectCode(root, ['cli/lockstep.js', ...Object.values(entrances)])
  const paths = [...files.keys()]
  // Reached in each of the ways that there are: imports, dynamic imports, threads and processes.
  for (const path of ['cli/main.js', 'cli/zoo.js', 'cli/tasks.js', 'cli/real-disk-child.js', 'impl/host/cluster.js']) {
    expect(paths).toContain(path)
  }
  expect(paths.filter(path => /\.test\.|\/testing\/|\/fixtures\/|^bench|^\.ci|\/package\//.test(path))).toEqual([])
  expect([...packages]).toEqual(expect.arrayContaining(['ajv', 'snappy', 'lz4-napi', 'vitest']))
})

test('the Node that is asked for is one and the same', () => {
  const text = (path: string): string => readFileSync(join(root, path), 'utf8')
  const [, major, minor] = /^>=(\d+)\.(\d+)$/.exec(engines.node) ?? []
  for (const path of ['cli/lockstep.js', 'library/node-version.ts']) {
    expect(text(path)).toContain(`const oldest = [${major}, ${minor}]`)
  }
})

test('a package that is imported and is no dependency is refused', () => {
  const project = {
    name: 'x',
    version: '1.0.0',
    description: '',
    license: 'x',
    dependencies: { ajv: '1.0.0', unused: '1.0.0' },
  }
  expect(manifestOf(project, new Set(['ajv', 'vitest']))).toMatchObject({ dependencies: { ajv: '1.0.0' } })
  expect(() => manifestOf(project, new Set(['ajv', 'vite']))).toThrow('the package would import vite')
})
