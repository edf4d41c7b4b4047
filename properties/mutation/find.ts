// All mutants of a source file: parses it, walks over the code (not the types) and asks the rules at every node.
import { type ESTree, parseSync } from 'vite'
import type { Mutant } from './mutant.ts'
import { type Change, changesAt } from './rules.ts'

/** Every mutant of the file, by position. Throws when it does not parse. */
export function mutantsOf(file: string, text: string): readonly Mutant[] {
  const { program, errors } = parseSync(file, text)
  if (errors.length > 0) throw new Error(`${file} does not parse: ${errors.map(error => error.message).join('; ')}`)
  const changes: Change[] = []
  const visit = (node: ESTree.Node, parent: ESTree.Node) => {
    if (isLeftOut(node)) return
    changes.push(...changesAt(node, parent, text))
    for (const child of childrenOf(node)) visit(child, node)
  }
  for (const statement of program.body) visit(statement, program)
  changes.push(...errorNames(program, text))
  return changes
    .toSorted((a, b) => a.start - b.start || a.end - b.end || (a.after < b.after ? -1 : 1))
    .map(({ rule, start, end, after }) => {
      const line = text.slice(0, start).split('\n').length
      return { file, line, rule, start, end, before: text.slice(start, end), after }
    })
}

/** True for what is erased, or changes nothing but words; nothing inside it is changed either. */
function isLeftOut(node: ESTree.Node): boolean {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ThrowStatement':
    case 'TemplateLiteral':
      return true
    case 'MethodDefinition':
      return node.kind === 'constructor'
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
      return false
    default:
      return node.type.startsWith('TS')
  }
}

function childrenOf(node: ESTree.Node): readonly ESTree.Node[] {
  // The step of a `for` and the test of a `while` only hang.
  const skipped = node.type === 'ForStatement' ? node.update : node.type === 'WhileStatement' ? node.test : null
  return Object.values(node)
    .flatMap((value: unknown) => (Array.isArray(value) ? value : [value]))
    .filter(isNode)
    .filter(child => child !== skipped)
}

function isNode(value: unknown): value is ESTree.Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

/** Each error becomes the next other one that the file knows: the slip of whoever took the wrong one of several. */
function errorNames(program: ESTree.Program, text: string): readonly Change[] {
  const places: { readonly name: string; readonly start: number; readonly end: number }[] = []
  const visit = (node: ESTree.Node) => {
    if (isLeftOut(node)) return
    if (node.type === 'Literal' && typeof node.value === 'string' && /^([A-Z]+_[A-Z_]+|NONE)$/.test(node.value)) {
      places.push({ name: node.value, start: node.start, end: node.end })
    }
    for (const child of childrenOf(node)) visit(child)
  }
  for (const statement of program.body) visit(statement)
  const names = [...new Set(places.map(({ name }) => name))].sort()
  return places.map(({ name, start, end }) => {
    const quote = text.slice(start, start + 1)
    const other = names[(names.indexOf(name) + 1) % names.length]
    const after = other === undefined || other === name ? 'INVALID_REQUEST' : other
    return { rule: 'error', start, end, after: `${quote}${after}${quote}` }
  })
}
