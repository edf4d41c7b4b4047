// docs/subjects.md is all that a subject's author reads, so it must be true: its examples fit the schema, the model gives
// the same answers, and its tables have every operation, outcome and field.
import { existsSync, readFileSync } from 'node:fs'
import { Ajv, type AnySchema } from 'ajv'
import { describe, expect, test } from 'vitest'
import { runLockstep } from '../properties/lockstep.ts'
import type { OperationOf, Scope, SetupOf } from '../properties/scope.ts'
import { scopes } from '../properties/scopes.ts'
import type { ScopeName } from '../properties/verdict.ts'
import { parseTrace } from './read.ts'
import { outcomeSchemas } from './schema/outcomes.ts'
import { observationNames, operationKinds, subjectSchema } from './schema/subject.ts'
import { scopeNames } from './scope-names.ts'

const page = readFileSync(new URL('../docs/subjects.md', import.meta.url), 'utf8')

/** Requests and answers of each conversation on the page. */
const conversations = page
  .split(/^```\w*$/m)
  .filter((_, index) => index % 2 === 1)
  .map(block => block.split('\n').filter(line => /^[<>] /.test(line)))
  .filter(lines => lines.length > 0)

const schema = subjectSchema() as AnySchema & object
const ajv = new Ajv({ discriminator: true, allowUnionTypes: true, strict: true })
const isMessage = {
  '>': ajv.compile({ ...schema, oneOf: [{ $ref: '#/definitions/request' }] }),
  '<': ajv.compile({ ...schema, oneOf: [{ $ref: '#/definitions/answer' }] }),
}

describe('the page about subjects', () => {
  test('has a conversation for every kind of message, and for five scopes', () => {
    expect(conversations.length).toBeGreaterThan(7)
    const kinds = new Set(conversations.flat().map(line => `${line.slice(0, 2)}${parsed(line).kind}`))
    expect([...kinds].sort()).toEqual(
      ['< applied', '< declined', '< hello', '< started', '> apply', '> hello', '> start'].sort(),
    )
    const started = new Set(conversations.flat().map(line => parsed(line).scope))
    expect(scopeNames.filter(name => !started.has(name))).toEqual(['cluster'])
  })

  test.each(conversations.map((lines, index) => [index + 1, lines] as const))(
    'is true in conversation %i',
    (_, lines) => {
      for (const line of lines) {
        const fits = isMessage[line.startsWith('>') ? '>' : '<']
        if (!fits(parsed(line))) expect({ line, errors: fits.errors }).toBeNull()
      }
      expect(lines.map(({ 0: who }) => who).join('')).toBe('><'.repeat(lines.length / 2))
      expectModelAnswers(lines)
    },
  )

  test('shows a trace that can be replayed as it stands, and asks a question', () => {
    const [text = '', ...others] = page.match(/(?<=```json\n)\{\n {2}"format"[^`]*/g) ?? []
    expect(others).toEqual([])
    const trace = parseTrace(text, 'the page')
    if (trace.scope !== 'assignor') throw new Error('the page asks about another scope')
    const { verdict } = runLockstep(trace.setup, trace.operations, scopes.assignor.subject)
    expect(verdict).toEqual({ kind: 'agree', operations: 1 })
    expect(() => parseTrace(text.replace('"sticky"', '"stickier"'), 'the page')).toThrow('assignor')
  })

  test('names files that are there', () => {
    const links = [...page.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(match => match[1] ?? '')
    expect(links.length).toBeGreaterThan(10)
    expect(links.filter(link => !existsSync(new URL(`../docs/${link}`, import.meta.url)))).toEqual([])
  })

  test('a check of its examples can fail', () => {
    const [first = []] = conversations.filter(lines => lines.some(line => line.includes('"appended"')))
    const wrong = first.map(line =>
      line.replace('"lastOffset":1,"duplicate":false', '"lastOffset":2,"duplicate":false'),
    )
    expect(() => expectModelAnswers(wrong)).toThrow()
    expect(isMessage['<'](parsed('< {"kind":"applied","id":2}'))).toBe(false)
    expect(isMessage['>'](parsed('> {"kind":"started","id":2}'))).toBe(false)
  })

  test.each(['log', 'partitioner', 'assignor'] as const)('has every part of scope %s in a table', name => {
    const section = sectionOf(name)
    const { oneOf } = outcomeSchemas[name].json
    const outcomes: readonly string[] = Array.isArray(oneOf) ? oneOf.map(({ properties }) => properties.kind.const) : []
    expect(outcomes.length).toBeGreaterThan(1)
    const parts = [...operationKinds(name), ...outcomes, ...observationNames(name)]
    expect(parts.filter(part => !section.includes(`\n| \`${part}\` |`))).toEqual([])
  })

  test.each(['producer', 'group'] as const)('names every part of scope %s', name => {
    const parts = [...operationKinds(name), ...observationNames(name)]
    expect(parts.filter(part => !sectionOf(name).includes(`\`${part}\``))).toEqual([])
  })
})

function parsed(line: string): Readonly<Record<string, unknown>> {
  return JSON.parse(line.slice(2))
}

function sectionOf(name: ScopeName): string {
  return page.split(`\n## Scope \`${name}\`\n`)[1]?.split('\n## ')[0] ?? ''
}

/** Asks the model what the page asks, and compares what is shown. */
function expectModelAnswers(lines: readonly string[]): void {
  let model: ReturnType<Scope<ScopeName>['startModel']> | null = null
  let declared: Readonly<Record<string, { readonly observation?: readonly string[] }>> = {}
  let scope = ''
  for (const [index, line] of lines.entries()) {
    if (!line.startsWith('>')) continue
    const request = parsed(line)
    const answer = parsed(lines[index + 1] ?? '< {}')
    expect(answer.id).toBe(request.id)
    if (request.kind === 'hello') declared = answer.scopes as typeof declared
    if (request.kind === 'start') {
      scope = String(request.scope)
      model = started(request.setup as SetupOf<ScopeName>)
    }
    if (request.kind !== 'apply' || model === null) continue
    const outcome = plain(model.apply(request.operation as OperationOf<ScopeName>))
    if (answer.kind === 'declined') continue
    const shown = declared[scope]?.observation
    const whole = Object.entries(plain(model.observe()))
    const observation = Object.fromEntries(whole.filter(([name]) => shown === undefined || shown.includes(name)))
    const isLeftOut = shown?.length === 0 && answer.observation === undefined
    expect(answer).toEqual({
      kind: 'applied',
      id: request.id,
      outcome,
      ...(isLeftOut ? {} : { observation }),
    })
  }
}

function started<S extends ScopeName>(setup: SetupOf<S>): ReturnType<Scope<S>['startModel']> {
  const scope: Scope<S> = scopes[setup.scope]
  return scope.startModel(setup)
}

function plain(value: object): Readonly<Record<string, unknown>> {
  return JSON.parse(JSON.stringify(value))
}
