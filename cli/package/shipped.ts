// What the package has of a source file: the same text with its types blanked out, line by line, and `.js` where it names
// another source. Node does not strip types below node_modules, and a planted bug must find its place in either text.
import { stripTypeScriptTypes } from 'node:module'
import { type ESTree, parseSync, Visitor } from 'vite'

/** A text that names other modules; `at` is where a quoted name begins and ends. */
type Named = { readonly module: string; readonly at: readonly [start: number, end: number] }

/** A source as JavaScript: `.ts` with its types blanked out, and plain JavaScript as it is. */
export function javaScriptOf(path: string, text: string): string {
  if (!path.endsWith('.ts')) return text
  // Blanks at ends of lines are then all of the stripping's, and none is part of a text.
  if (/[ \t]$/m.test(text)) throw new Error(`${path} has a line that ends in a blank: run "npm run format"`)
  return stripTypeScriptTypes(text, { mode: 'strip' }).replace(/[ \t]+$/gm, '')
}

/** The modules that a text names: what it imports, and files of ours that it starts as threads and processes. */
export function namedModules(path: string, text: string): readonly Named[] {
  const { program, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors.map(({ message }) => message).join('; ')}`)
  const found: Named[] = []
  const add = (node: ESTree.Node | null | undefined): void => {
    if (node?.type !== 'Literal' || typeof node.value !== 'string') return
    found.push({ module: node.value, at: [node.start, node.end] })
  }
  new Visitor({
    ImportDeclaration: node => add(node.source),
    ExportNamedDeclaration: node => add(node.source),
    ExportAllDeclaration: node => add(node.source),
    ImportExpression: node => add(node.source),
    TSImportType: node => add(node.source),
    NewExpression: node => {
      if (node.callee.type === 'Identifier' && node.callee.name === 'URL' && node.arguments.length === 2) {
        add(node.arguments[0])
      }
    },
    CallExpression: node => {
      if (node.callee.type === 'Identifier' && node.callee.name === 'require') add(node.arguments[0])
    },
  }).visit(program)
  return found
}

/** The text with `./x.js` wherever it names `./x.ts`. */
export function withShippedNames(text: string, named: readonly Named[]): string {
  return named
    .filter(({ module }) => isSource(module))
    .toSorted((a, b) => b.at[0] - a.at[0])
    .reduce((whole, { module, at: [start, end] }) => {
      const quote = whole[start] ?? "'"
      return `${whole.slice(0, start)}${quote}${shippedName(module)}${quote}${whole.slice(end)}`
    }, text)
}

/** `./x.ts`, as the package calls it. */
export function shippedName(path: string): string {
  return path.replace(/\.ts$/, '.js')
}

/** True for a file of ours, relative to whoever names it. */
export function isSource(module: string): boolean {
  return /^\.\.?\/.*\.ts$/.test(module)
}
