// The rules: what may be changed at one place of a syntax tree. Each is a slip that a person could make and the compiler
// would accept: a bound that is one off, a condition turned round, an effect left out, the wrong error.
//
// Left out, because no run could or should tell the difference: types and imports; the text of messages (templates, and
// whatever stands in a throw); the loop's own `while` condition and `++`, which only hang; assignments in constructors,
// which are fatal and would flatter the score.
import type { ESTree } from 'vite'

/** What stands at `start` to `end` instead. */
export type Change = { readonly rule: string; readonly start: number; readonly end: number; readonly after: string }

/** The changes at this node itself; its children are asked on their own. `parent` is the node around it. */
export function changesAt(node: ESTree.Node, parent: ESTree.Node, text: string): readonly Change[] {
  const source = (from: { readonly start: number; readonly end: number }) => text.slice(from.start, from.end)
  const change = (rule: string, at: { readonly start: number; readonly end: number }, after: string): Change => ({
    rule,
    start: at.start,
    end: at.end,
    after,
  })
  switch (node.type) {
    case 'BinaryExpression':
      return node.left.type === 'PrivateIdentifier' ? [] : binaryChanges(node, node.left, text, source)
    case 'LogicalExpression': {
      const at = between(text, node.left, node.right, node.operator)
      const left = text.slice(node.start, at.start)
      const right = text.slice(at.end, node.end)
      if (node.operator !== '??') {
        return [change('and, or', node, `((${left}) ${node.operator === '&&' ? '||' : '&&'} (${right}))`)]
      }
      const always = change('default', node, `(${right})`)
      return cannotBeMissing(node.left) ? [always] : [always, change('default', node, `(${left})`)]
    }
    case 'ConditionalExpression':
      return [change('condition', node.test, `!(${source(node.test)})`)]
    case 'IfStatement': {
      const left = isExit(node.consequent) && node.alternate === null ? [change('early exit', node, ';')] : []
      return [...left, ...negations(node.test, source, change)]
    }
    case 'ExpressionStatement':
      return isEffect(node.expression) ? [change('statement', node, ';')] : []
    case 'AssignmentExpression': {
      if (node.operator !== '+=' && node.operator !== '-=') return []
      const at = between(text, node.left, node.right, node.operator)
      return [change('arithmetic', at, node.operator === '+=' ? '-=' : '+=')]
    }
    case 'Literal':
      return literalChanges(node, parent, change)
    case 'CallExpression':
      return callChanges(node, text, source, change)
    case 'MemberExpression':
      return node.optional
        ? [change('optional', between(text, node.object, node.property, '?.'), node.computed ? '' : '.')]
        : []
    case 'ObjectExpression': {
      const isUpdate = node.properties[0]?.type === 'SpreadElement'
      const set = node.properties.filter(property => property.type === 'Property')
      return isUpdate ? set.map(property => change('update', property, '...{}')) : []
    }
    case 'ArrayExpression': {
      const isUpdate = node.elements.some(element => element?.type === 'SpreadElement')
      const added = node.elements.filter(element => element !== null && element.type !== 'SpreadElement')
      return isUpdate ? added.flatMap(element => (element === null ? [] : [change('element', element, '...[]')])) : []
    }
    default:
      return []
  }
}

type Source = (from: { readonly start: number; readonly end: number }) => string
type Make = (rule: string, at: { readonly start: number; readonly end: number }, after: string) => Change

const swapped: Readonly<Record<string, readonly [rule: string, operator: string]>> = {
  '<': ['boundary', '<='],
  '<=': ['boundary', '<'],
  '>': ['boundary', '>='],
  '>=': ['boundary', '>'],
  '===': ['equality', '!=='],
  '!==': ['equality', '==='],
  '+': ['arithmetic', '-'],
  '-': ['arithmetic', '+'],
  '*': ['arithmetic', '+'],
  '/': ['arithmetic', '*'],
  '%': ['arithmetic', '-'],
}

function binaryChanges(
  node: ESTree.BinaryExpression | ESTree.PrivateInExpression,
  left: ESTree.Expression,
  text: string,
  source: Source,
): readonly Change[] {
  const other = swapped[node.operator]
  if (other === undefined) return []
  // Texts are joined with `+` too: a message, or a name.
  if (node.operator === '+' && /['`]/.test(source(node))) return []
  const [rule, after] = other
  return [{ rule, ...between(text, left, node.right, node.operator), after }]
}

/** `===` and `!` alone are turned round where they stand, so that a condition made of one is not changed twice. */
function negations(test: ESTree.Expression, source: Source, change: Make): readonly Change[] {
  if (test.type === 'BinaryExpression' && (test.operator === '===' || test.operator === '!==')) return []
  if (test.type === 'UnaryExpression' && test.operator === '!')
    return [change('condition', test, source(test.argument))]
  return [change('condition', test, `!(${source(test)})`)]
}

function literalChanges(node: ESTree.Node, parent: ESTree.Node, change: Make): readonly Change[] {
  if (node.type !== 'Literal') return []
  if (typeof node.value === 'boolean') return [change('boolean', node, `${!node.value}`)]
  if (typeof node.value !== 'number') return []
  // A name such as `0:` in an object is no value.
  if (parent.type === 'Property' && parent.key === node) return []
  if (parent.type === 'LogicalExpression' && parent.right === node && cannotBeMissing(parent.left)) return []
  const more = change('number', node, `${node.value + 1}`)
  return node.value < 1 ? [more] : [more, change('number', node, `${node.value - 1}`)]
}

const counterparts: Readonly<Record<string, string>> = { min: 'max', max: 'min', some: 'every', every: 'some' }
const searches = new Set(['filter', 'find', 'findIndex', 'findLast', 'findLastIndex'])
const droppable = new Set(['filter', 'sort', 'toSorted', 'reverse', 'toReversed'])

function callChanges(node: ESTree.CallExpression, text: string, source: Source, change: Make): readonly Change[] {
  const { callee } = node
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return []
  const { name } = callee.property
  const found: Change[] = []
  const counterpart = counterparts[name]
  if (counterpart !== undefined) found.push(change('counterpart', callee.property, counterpart))
  const [first] = node.arguments
  if (searches.has(name) && first?.type === 'ArrowFunctionExpression' && first.body.type !== 'BlockStatement') {
    found.push(change('predicate', first.body, `!(${source(first.body)})`))
  }
  const dot = { start: callee.object.end, end: node.end }
  // A closing parenthesis of the object itself would be dropped with the call.
  if (droppable.has(name) && !text.slice(callee.object.end, callee.property.start).includes(')')) {
    found.push(change('dropped call', dot, ''))
  }
  return found
}

/** The operator between two operands. Comments there would be found instead of it, so there may be none. */
function between(
  text: string,
  left: { readonly end: number },
  right: { readonly start: number },
  operator: string,
): { readonly start: number; readonly end: number } {
  const start = text.indexOf(operator, left.end)
  if (start < 0 || start + operator.length > right.start) throw new Error(`no ${operator} at ${left.end}`)
  return { start, end: start + operator.length }
}

/** `list[i] ?? …` and the like: the default is there for the compiler, and the index is within bounds. */
function cannotBeMissing(left: ESTree.Expression): boolean {
  if (left.type === 'MemberExpression') return left.computed
  return left.type === 'CallExpression' && left.callee.type === 'MemberExpression' && isAt(left.callee)
}

function isAt({ property }: ESTree.MemberExpression): boolean {
  return property.type === 'Identifier' && property.name === 'at'
}

/** True if nothing else is done there but to leave. Throws are assertions. */
function isExit(statement: ESTree.Statement): boolean {
  if (statement.type === 'BlockStatement') {
    const [only, ...more] = statement.body
    return only !== undefined && more.length === 0 && isExit(only)
  }
  return /^(Return|Continue|Break)Statement$/.test(statement.type)
}

function isEffect(expression: ESTree.Expression): boolean {
  if (expression.type === 'CallExpression') return expression.callee.type !== 'Super'
  return expression.type === 'AssignmentExpression' || expression.type === 'UpdateExpression'
}
