// The architecture invariants, as checks over the syntax trees of the source files.
//
// Each check is a function from one source file to the list of what it finds wrong. It runs over the whole tree,
// and over small planted sources that it must reject, so that a check that can no longer fail is noticed.
// Left out: what the compiler (model/tsconfig.json) and the linter (`any`, `!`) already refuse, except where
// a second look is one line.

import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { type ESTree, parseSync, Visitor } from 'vite'
import { describe, expect, test } from 'vitest'

const sourceFolders = ['model', 'impl', 'properties', 'traces', 'cli', 'library', 'bench', '.ci', 'docs']
/** What a user of the package imports: the one file that may name what others define. */
const libraryEntrance = 'library/kafka-lockstep.ts'
const longestFile = 400

/** One parsed TypeScript file. Its path is relative to the project's root, with forward slashes. */
type Source = {
  readonly path: string
  readonly text: string
  readonly program: ESTree.Program
}

/** What one file says about another module. A type-only edge is gone at run time. */
type Edge = {
  readonly to: string
  readonly typeOnly: boolean
}

type Check = (source: Source) => readonly string[]

/** With type imports erased, impl/ runs with model/ removed; its tests may drive it through properties/. */
const implSharesOnlyTypes: Check = source => {
  if (!isIn(source, 'impl')) return []
  return edges(source)
    .filter(edge => {
      if (under(edge.to, 'model')) return !(edge.typeOnly && under(edge.to, 'model/vocabulary'))
      return edge.to.startsWith('./') && !under(edge.to, 'impl') && !isTest(source)
    })
    .map(edge => `imports ${describeEdge(edge)}`)
}

/** The model imports nothing from outside itself, packages included; its tests may import packages. */
const modelStandsAlone: Check = source => {
  if (!isIn(source, 'model')) return []
  return edges(source)
    .filter(edge => (edge.to.startsWith('./') ? !under(edge.to, 'model') : !isTest(source)))
    .map(edge => `imports ${describeEdge(edge)}`)
}

/** Nothing in the vocabulary is left once types are erased. */
const vocabularyIsTypes: Check = source => {
  if (!isIn(source, 'model/vocabulary') || isTest(source)) return []
  return source.program.body.filter(statement => !isErased(statement)).map(statement => at(source, statement, 'value'))
}

/** The model has no clock, dice, I/O or exception, waits for nothing and owns nothing mutable. */
const modelIsPure: Check = source => {
  if (!isIn(source, 'model') || isTest(source)) return []
  const found: string[] = []
  const report = (node: ESTree.Node, what: string) => found.push(at(source, node, what))
  const reportAsync = (node: ESTree.Function | ESTree.ArrowFunctionExpression) => {
    if (node.async) report(node, 'async')
  }
  new Visitor({
    ThrowStatement: node => report(node, 'throw'),
    ClassDeclaration: node => report(node, 'class'),
    ClassExpression: node => report(node, 'class'),
    AwaitExpression: node => report(node, 'await'),
    ForOfStatement: node => {
      if (node.await) report(node, 'await')
    },
    FunctionDeclaration: reportAsync,
    FunctionExpression: reportAsync,
    ArrowFunctionExpression: reportAsync,
    MemberExpression: node => {
      if (node.object.type !== 'Identifier') return
      if (impureObjects.has(node.object.name)) report(node, node.object.name)
      if (node.object.name !== 'Math') return
      const isRandom = node.computed || (node.property.type === 'Identifier' && node.property.name === 'random')
      if (isRandom) report(node, 'Math.random')
    },
    NewExpression: node => {
      if (node.callee.type === 'Identifier' && impureObjects.has(node.callee.name)) report(node, node.callee.name)
    },
    CallExpression: node => {
      if (node.callee.type === 'Identifier' && impureCalls.has(node.callee.name)) report(node, node.callee.name)
    },
  }).visit(source.program)
  return found
}

const impureObjects = new Set(['Date', 'process', 'console', 'performance', 'crypto', 'globalThis'])
const impureCalls = new Set(['Date', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch'])

/** Files, sockets, clocks and processes are reached only at the edges. */
const nodeOnlyAtTheEdges: Check = source => {
  const allowed = ['impl/host', 'cli', 'library', 'properties/subjects', 'bench', 'traces', '.ci', 'docs']
  if (isTest(source) || allowed.some(folder => isIn(source, folder))) return []
  return edges(source)
    .filter(edge => edge.to.startsWith('node:'))
    .map(edge => `imports ${describeEdge(edge)}`)
}

/** What runs in a browser has no Node there. */
const pagesRunInBrowsers: Check = source => {
  const isOfPages =
    /^traces\/viewer\/[^/]+\//.test(source.path) || /^traces\/film\/(film|packed)\.ts$/.test(source.path)
  if (!isOfPages || isTest(source)) return []
  const isInPages = /^\.\/traces\/(viewer\/[^/]+\/|film\/(film|packed)\.ts$)/
  return edges(source)
    .filter(({ to, typeOnly }) => to.startsWith('node:') || (to.startsWith('./') && !typeOnly && !isInPages.test(to)))
    .map(edge => `imports ${describeEdge(edge)}`)
}

/** A file that passes 400 lines wants to be two. */
const filesAreShort: Check = source => {
  const lines = source.text.trimEnd().split('\n').length
  return lines > longestFile ? [`has ${lines} lines`] : []
}

/** No `any`: what is not known is `unknown`, and is looked at before it is used. */
const nothingIsAny: Check = source => {
  const found: string[] = []
  new Visitor({ TSAnyKeyword: node => found.push(at(source, node, 'any')) }).visit(source.program)
  return found
}

/** No barrels: a name is imported from the file that defines it. */
const noBarrels: Check = source => {
  if (/(^|\/)index\.ts$/.test(source.path)) return ['is a barrel by its name']
  return source.program.body.flatMap(statement => {
    if (statement.type === 'ExportAllDeclaration') return [at(source, statement, 'export *')]
    const isPassedOn = statement.type === 'ExportNamedDeclaration' && statement.source !== null
    return isPassedOn && source.path !== libraryEntrance ? [at(source, statement, 'export from')] : []
  })
}

/** Exported classes and types are called after what they are, not after the fact that they do something. */
const namesSayWhat: Check = source => {
  const found: string[] = []
  for (const statement of source.program.body) {
    if (statement.type !== 'ExportNamedDeclaration' && statement.type !== 'ExportDefaultDeclaration') continue
    const { declaration } = statement
    if (declaration === null || !('id' in declaration) || declaration.id?.type !== 'Identifier') continue
    const named = /^(ClassDeclaration|TSTypeAliasDeclaration|TSInterfaceDeclaration)$/.test(declaration.type)
    if (named && /(Manager|Helper|Util|Service|Info)s?$/.test(declaration.id.name)) {
      found.push(at(source, declaration, declaration.id.name))
    }
  }
  return found
}

describe('architecture', () => {
  const sources = sourceFolders.flatMap(folder => typescriptFiles(folder)).map(readSource)

  test('there are sources to check', () => {
    expect(sources.map(source => source.path)).toContain('properties/architecture.test.ts')
  })

  const invariants: readonly (readonly [string, Check])[] = [
    ['impl imports from the model only types, and only from its vocabulary', implSharesOnlyTypes],
    ['the model imports nothing from outside the model', modelStandsAlone],
    ['the vocabulary holds types only', vocabularyIsTypes],
    ['the model has no clock, dice, I/O, exception, class or waiting', modelIsPure],
    ['node:* is imported only at the edges', nodeOnlyAtTheEdges],
    ['pages of the viewer need nothing that a browser lacks', pagesRunInBrowsers],
    [`files have at most ${longestFile} lines`, filesAreShort],
    ['nothing is any', nothingIsAny],
    ['there are no barrels', noBarrels],
    ['exported classes and types are not called Manager, Helper, Util, Service or Info', namesSayWhat],
  ]
  test.each(invariants)('%s', (_name, check) => {
    expect(sources.flatMap(source => check(source).map(finding => `${source.path}: ${finding}`))).toEqual([])
  })
})

describe('each architecture check can fail', () => {
  const planted: readonly (readonly [Check, string, string])[] = [
    [implSharesOnlyTypes, 'impl/log/a.ts', `import { x } from '../../model/vocabulary/units.ts'`],
    [implSharesOnlyTypes, 'impl/log/a.ts', `import { type X } from '../../model/vocabulary/units.ts'`],
    [implSharesOnlyTypes, 'impl/log/a.ts', `import type { X } from '../../model/log.ts'`],
    [implSharesOnlyTypes, 'impl/log/a.ts', `type X = import('../../model/log.ts').X`],
    [implSharesOnlyTypes, 'impl/log/a.ts', `export * from '../../model/vocabulary/units.ts'`],
    [implSharesOnlyTypes, 'impl/a.test.ts', `await import('../model/log.ts')`],
    [implSharesOnlyTypes, 'impl/a.ts', `import { lockstep } from '../properties/lockstep.ts'`],
    [modelStandsAlone, 'model/log.ts', `import type { X } from '../impl/log/segment.ts'`],
    [modelStandsAlone, 'model/log.ts', `import fc from 'fast-check'`],
    [modelStandsAlone, 'model/log.test.ts', `import { x } from '../impl/log/segment.ts'`],
    [vocabularyIsTypes, 'model/vocabulary/units.ts', 'export const zero = 0'],
    [vocabularyIsTypes, 'model/vocabulary/units.ts', `export { zero } from './zero.ts'`],
    [vocabularyIsTypes, 'model/vocabulary/units.ts', 'export enum Acks { none }'],
    [modelIsPure, 'model/log.ts', `function f() { throw new Error('x') }`],
    [modelIsPure, 'model/log.ts', 'const now = Date.now()'],
    [modelIsPure, 'model/log.ts', 'const now = new Date()'],
    [modelIsPure, 'model/log.ts', 'const dice = Math.random()'],
    [modelIsPure, 'model/log.ts', `const dice = Math['random']()`],
    [modelIsPure, 'model/log.ts', 'process.exit()'],
    [modelIsPure, 'model/log.ts', 'console.log(1)'],
    [modelIsPure, 'model/log.ts', 'setTimeout(f, 1)'],
    [modelIsPure, 'model/log.ts', 'const f = async () => 1'],
    [modelIsPure, 'model/log.ts', 'await f()'],
    [modelIsPure, 'model/log.ts', 'class Log {}'],
    [nodeOnlyAtTheEdges, 'properties/lockstep.ts', `import { readFileSync } from 'node:fs'`],
    [nodeOnlyAtTheEdges, 'impl/log/segment.ts', `import type { Socket } from 'node:net'`],
    [pagesRunInBrowsers, 'traces/viewer/film/page.tsx', `import { readFileSync } from 'node:fs'`],
    [pagesRunInBrowsers, 'traces/viewer/shared/a.ts', `import { runLockstep } from '../../../properties/lockstep.ts'`],
    [pagesRunInBrowsers, 'traces/film/packed.ts', `import { runLockstep } from '../../properties/lockstep.ts'`],
    [filesAreShort, 'model/log.ts', '// a line\n'.repeat(longestFile + 1)],
    [nothingIsAny, 'cli/main.ts', 'const x: readonly any[] = []'],
    [noBarrels, 'model/index.ts', ''],
    [noBarrels, 'model/log.ts', `export * from './producer.ts'`],
    [noBarrels, 'library/kafka-lockstep.ts', `export * from './producer.ts'`],
    [noBarrels, 'library/vitest.ts', `export { x } from './producer.ts'`],
    [namesSayWhat, 'impl/group.ts', 'export class GroupManager {}'],
    [namesSayWhat, 'impl/group.ts', 'export type GroupInfo = number'],
  ]
  for (const [check, path, text] of planted) {
    test(`${check.name} rejects ${path}: ${text.split('\n', 1)}`, () => {
      expect(check(parse(path, text))).toHaveLength(1)
    })
  }

  const innocent: readonly (readonly [Check, string, string])[] = [
    [implSharesOnlyTypes, 'impl/log/a.ts', `import type { X } from '../../model/vocabulary/units.ts'`],
    [implSharesOnlyTypes, 'impl/log/a.ts', `import { crc32c } from '@node-rs/crc32'`],
    [implSharesOnlyTypes, 'impl/log/a.ts', `// import { x } from '../../model/log.ts'`],
    [modelStandsAlone, 'model/log.test.ts', `import fc from 'fast-check'`],
    [modelStandsAlone, 'model/group/a.ts', `import { x } from '../log.ts'`],
    [vocabularyIsTypes, 'model/vocabulary/units.ts', 'export type Offset = number\nexport interface Record {}'],
    [modelIsPure, 'model/log.ts', `const text = 'throw, await Date.now()' // throw console.log`],
    [modelIsPure, 'model/log.ts', 'const top = Math.max(1, record.process)'],
    [nodeOnlyAtTheEdges, 'impl/host/files.ts', `import { readFileSync } from 'node:fs'`],
    [pagesRunInBrowsers, 'traces/viewer/film/page.tsx', `import { packed } from '../../film/packed.ts'`],
    [pagesRunInBrowsers, 'traces/film/packed.ts', `import type { X } from '../../properties/verdict.ts'`],
    [filesAreShort, 'model/log.ts', '// a line\n'.repeat(longestFile)],
    [noBarrels, 'library/kafka-lockstep.ts', `export { x } from '../properties/lockstep.ts'`],
    [namesSayWhat, 'impl/group.ts', 'export type Information = number'],
  ]
  for (const [check, path, text] of innocent) {
    test(`${check.name} accepts ${path}: ${text.split('\n', 1)}`, () => {
      expect(check(parse(path, text))).toEqual([])
    })
  }
})

/** Every module that a file names, in any of the forms that TypeScript has; relative ones resolved to the root. */
function edges(source: Source): readonly Edge[] {
  const found: Edge[] = []
  const add = (specifier: ESTree.Expression | ESTree.StringLiteral | null, typeOnly: boolean) => {
    // A computed import could name anything, so it stands as a place that no rule allows.
    const isText = specifier?.type === 'Literal' && typeof specifier.value === 'string'
    if (specifier !== null) found.push({ to: resolve(source.path, isText ? `${specifier.value}` : './?'), typeOnly })
  }
  new Visitor({
    ImportDeclaration: node => add(node.source, node.importKind === 'type'),
    ExportNamedDeclaration: node => add(node.source, node.exportKind === 'type'),
    ExportAllDeclaration: node => add(node.source, node.exportKind === 'type'),
    ImportExpression: node => add(node.source, false),
    TSImportType: node => add(node.source, true),
  }).visit(source.program)
  return found
}

/** Packages stay as they are; `../model/log.ts` becomes `./model/log.ts`, seen from the root. */
function resolve(fromPath: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier
  return `./${posix.join(posix.dirname(fromPath), specifier)}`
}

function isErased(statement: ESTree.Program['body'][number]): boolean {
  switch (statement.type) {
    case 'TSTypeAliasDeclaration':
    case 'TSInterfaceDeclaration':
      return true
    case 'ImportDeclaration':
      return statement.importKind === 'type'
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return statement.exportKind === 'type'
    default:
      return false
  }
}

function isIn(source: Source, folder: string): boolean {
  return source.path.startsWith(`${folder}/`)
}

function under(resolved: string, folder: string): boolean {
  return resolved.startsWith(`./${folder}/`)
}

function isTest(source: Source): boolean {
  return source.path.endsWith('.test.ts')
}

function describeEdge(edge: Edge): string {
  return edge.typeOnly ? `types of ${edge.to}` : edge.to
}

function at(source: Source, node: { readonly start: number }, what: string): string {
  return `line ${source.text.slice(0, node.start).split('\n').length}: ${what}`
}

function typescriptFiles(folder: string): readonly string[] {
  const root = new URL('../', import.meta.url)
  const names = readdirSync(new URL('./', root)).includes(folder)
    ? readdirSync(new URL(`${folder}/`, root), { recursive: true, encoding: 'utf8' })
    : []
  return names
    .map(name => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter(path => /\.tsx?$/.test(path) && !/(^|\/)(node_modules|dist|found)\//.test(path))
    .sort()
}

function readSource(path: string): Source {
  return parse(path, readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'))
}

function parse(path: string, text: string): Source {
  const { program, errors } = parseSync(path, text)
  // A file that does not parse would pass every check.
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors.map(error => error.message).join('; ')}`)
  return { path, text, program }
}
