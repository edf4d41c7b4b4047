// The JSON Schema of what lockstep and a subject in another process say to each other (docs/subjects.md): one JSON object
// a line. `traces/subject-schema.json` is made of this, for other languages; answers are checked against parts of it.
import type { ScopeName } from '../../properties/verdict.ts'
import { scopeNames } from '../scope-names.ts'
import { anyText, constant, integer, type JsonSchema, object, type Schema, text } from './build.ts'
import { withDefinitions } from './definitions.ts'
import { outcomeSchemas } from './outcomes.ts'
import { observationFields } from './shown.ts'
import { scopeSchemas } from './trace.ts'

/** The version of the protocol that this program speaks, and no other. */
export const subjectProtocolVersion = 1

const id = integer(0, 2 ** 53 - 1)
const reason = anyText(1000)
const version = integer(0, 2 ** 31 - 1)

/** The kinds of operations of a scope, in the order of its schema. */
export function operationKinds(scope: ScopeName): readonly string[] {
  const { oneOf } = scopeSchemas[scope].operation.json
  if (!Array.isArray(oneOf)) throw new Error(`the operations of ${scope} are not told apart by kind`)
  return oneOf.map(({ properties }) => properties.kind.const)
}

/** The fields of a scope's observation. */
export function observationNames(scope: ScopeName): readonly string[] {
  return Object.keys(observationFields[scope])
}

/** What a subject answers to `hello`. */
export function helloAnswerSchema(): JsonSchema {
  const optional = Object.fromEntries(scopeNames.map(scope => [scope, { json: declarationSchema(scope) }]))
  const scopes = { json: { ...object({}, optional), minProperties: 1 } }
  return object({ kind: constant('hello'), id, version, name: shortName, scopes })
}

/** What a subject answers to `start`. */
export function startAnswerSchema(): JsonSchema {
  return byKind([object({ kind: constant('started'), id }), declined])
}

/** What a subject that shows `fields` answers to `apply`: all of them, and no others. Without any it may leave them out. */
export function applyAnswerSchema(scope: ScopeName, fields: readonly string[]): JsonSchema {
  const known: Readonly<Record<string, Schema<unknown>>> = observationFields[scope]
  const shown = Object.fromEntries(Object.entries(known).filter(([name]) => fields.includes(name)))
  const observation = { json: object(shown) }
  const always = { kind: constant('applied'), id, outcome: outcomeSchemas[scope] }
  const applied = fields.length === 0 ? object(always, { observation }) : object({ ...always, observation })
  return byKind([applied, declined])
}

/** Everything that is said, in either direction; the parts of each scope, and what they share, stand under `definitions`. */
export function subjectSchema(): JsonSchema {
  const any = (part: string): Schema<unknown> => ({
    json: { anyOf: scopeNames.map(scope => ({ $ref: `#/definitions/${scope}/definitions/${part}` })) },
  })
  const requests = [
    object({ kind: constant('hello'), id, version }),
    object({ kind: constant('start'), id, scope: { json: { enum: scopeNames } }, setup: any('setup') }),
    object({ kind: constant('apply'), id, operation: any('operation') }),
  ]
  const answers = [
    helloAnswerSchema(),
    object({ kind: constant('started'), id }),
    object({ kind: constant('applied'), id, outcome: any('outcome') }, { observation: any('observation') }),
    declined,
  ]
  return withDefinitions({
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'kafka-lockstep subject protocol',
    oneOf: [{ $ref: '#/definitions/request' }, { $ref: '#/definitions/answer' }],
    definitions: {
      request: byKind(requests),
      answer: byKind(answers),
      ...Object.fromEntries(scopeNames.map(scope => [scope, { definitions: partsOf(scope) }])),
    },
  })
}

/** In an observation no field is required here: which ones a subject shows, it says in its `hello`. */
function partsOf(scope: ScopeName): Readonly<Record<string, JsonSchema>> {
  const { setup, operation } = scopeSchemas[scope]
  return {
    setup: setup.json,
    operation: operation.json,
    outcome: outcomeSchemas[scope].json,
    observation: object({}, observationFields[scope]),
  }
}

/** It stands on terminals and in headings. */
const shortName = text('^[^\\u0000-\\u001f\\u007f]{1,100}$')
const declined = object({ kind: constant('declined'), id, reason })

function declarationSchema(scope: ScopeName): JsonSchema {
  const some = (names: readonly string[], minItems: number): Schema<unknown> => ({
    json: { type: 'array', items: { type: 'string', enum: names }, minItems, uniqueItems: true },
  })
  return object({}, { operations: some(operationKinds(scope), 1), observation: some(observationNames(scope), 0) })
}

function byKind(oneOf: readonly JsonSchema[]): JsonSchema {
  return { type: 'object', discriminator: { propertyName: 'kind' }, oneOf }
}
