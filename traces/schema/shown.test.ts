// What our own model answers and shows fits the schemas of answers, and a field that is missing, unknown or of another
// type does not.
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { drawRun } from '../../properties/generation/walk.ts'
import { Random, seedOf } from '../../properties/random.ts'
import type { Scope } from '../../properties/scope.ts'
import { scopes } from '../../properties/scopes.ts'
import type { ScopeName } from '../../properties/verdict.ts'
import { scopeNames } from '../scope-names.ts'
import { applyAnswerSchema, observationNames, subjectSchema } from './subject.ts'

const samples = 12

describe.each(scopeNames)('answers of scope %s', name => {
  const fields = observationNames(name)
  const isAnswer = compiled(name, fields)

  test('are those of the model', () => {
    for (let index = 0; index < samples; index++) {
      for (const answer of answersOf(name, index)) {
        const isRight = isAnswer(answer)
        if (!isRight) expect({ answer, errors: isAnswer.errors }).toBeNull()
        // The published schema does not know which scope is spoken of; it knows this one's answers.
        if (index === 0 && !isPublished(answer)) expect({ answer, errors: isPublished.errors }).toBeNull()
      }
    }
  })

  test('may show some fields, and then exactly those', () => {
    const [first = '', ...others] = fields
    const isShort = compiled(name, [first])
    for (const answer of answersOf(name, 0)) {
      const value = answer.observation[first]
      expect(isShort({ ...answer, observation: { [first]: value } })).toBe(true)
      expect(isShort({ ...answer, observation: {} })).toBe(false)
      expect(isShort({ ...answer, observation: { [first]: 'text' } })).toBe(false)
      if (others.length > 0) expect(isShort(answer)).toBe(false)
      expect(compiled(name, [])({ kind: answer.kind, id: answer.id, outcome: answer.outcome })).toBe(true)
    }
  })
})

type Answer = {
  readonly kind: 'applied'
  readonly id: number
  readonly outcome: unknown
  readonly observation: Readonly<Record<string, unknown>>
}

const isPublished = new Ajv({ discriminator: true, allowUnionTypes: true, strict: true }).compile(subjectSchema())

const validators = new Map<string, ReturnType<Ajv['compile']>>()

function compiled(scope: ScopeName, fields: readonly string[]) {
  const key = `${scope} ${fields}`
  const known = validators.get(key)
  if (known !== undefined) return known
  const ajv = new Ajv({ discriminator: true, allowUnionTypes: true, strict: true })
  const validate = ajv.compile(applyAnswerSchema(scope, fields))
  validators.set(key, validate)
  return validate
}

function answersOf<S extends ScopeName>(name: S, index: number): readonly Answer[] {
  const scope: Scope<S> = scopes[name]
  const { setup, operations } = drawRun(scope, new Random(seedOf(23, index)))
  const model = scope.startModel(setup)
  return operations.map((operation, id): Answer => {
    const answer = { kind: 'applied', id, outcome: model.apply(operation), observation: model.observe() }
    return JSON.parse(JSON.stringify(answer))
  })
}
