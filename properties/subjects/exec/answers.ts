// Looks at what a subject's process says before anybody believes it. What is wrong with an answer is one sentence.
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import type { JsonSchema } from '../../../traces/schema/build.ts'
import { deepestOf, faultText } from '../../../traces/schema/fault.ts'
import {
  applyAnswerSchema,
  helloAnswerSchema,
  observationNames,
  operationKinds,
  startAnswerSchema,
  subjectProtocolVersion,
} from '../../../traces/schema/subject.ts'
import type { ScopeName, Scopes } from '../../verdict.ts'
import { quoted } from './process.ts'

/** What a subject does in one scope. */
export type Declared = {
  /** Kinds of operations, in the order of the schema. */
  readonly operations: readonly string[]
  /** Fields of the observation that it shows. */
  readonly fields: readonly string[]
}

/** What a subject said when it was greeted. */
export type Hello = { readonly name: string; readonly scopes: Readonly<Partial<Record<ScopeName, Declared>>> }

type HelloAnswer = {
  readonly name: string
  readonly scopes: Readonly<
    Partial<Record<ScopeName, { readonly operations?: readonly string[]; readonly observation?: readonly string[] }>>
  >
}

/** What a subject may answer to `start`. */
export type StartAnswer = { readonly kind: 'started' } | Declined
/** What a subject may answer to `apply`. */
export type ApplyAnswer<S extends ScopeName> =
  | {
      readonly kind: 'applied'
      readonly outcome: Scopes[S]['outcome']
      readonly observation?: Partial<Scopes[S]['observation']>
    }
  | Declined
type Declined = { readonly kind: 'declined'; readonly reason: string }

/** A value, or a sentence that says what is wrong with the answer. */
export type Read<T> = { readonly value: T } | { readonly fault: string }

/** An answer as JSON with the number of its request. `what` names the request: `apply 12 (append)`. */
export function readAnswer(line: string, id: number, what: string): Read<object> {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return { fault: `its answer to ${what} is not JSON: ${quoted(line)}` }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { fault: `its answer to ${what} is not an object: ${quoted(line)}` }
  }
  const given: unknown = 'id' in value ? value.id : undefined
  if (given === id) return { value }
  const seen = given === undefined ? 'has no id' : `has the id ${quoted(JSON.stringify(given))}`
  return { fault: `its answer to ${what} ${seen}, and not ${id}: one answer for each request, in their order` }
}

/** Reads the answer to `hello`. */
export function readHello(answer: object): Read<Hello> {
  const version: unknown = 'version' in answer ? answer.version : undefined
  if (typeof version === 'number' && version !== subjectProtocolVersion) {
    return {
      fault: `it speaks version ${version} of the protocol, and this lockstep version ${subjectProtocolVersion}`,
    }
  }
  const read = shaped<HelloAnswer>('hello', helloAnswerSchema, answer, 'hello')
  if ('fault' in read) return read
  const scopes: Partial<Record<ScopeName, Declared>> = {}
  for (const name of namesOf(read.value.scopes)) {
    const { operations, observation } = read.value.scopes[name] ?? {}
    scopes[name] = {
      operations: operationKinds(name).filter(kind => operations?.includes(kind) !== false),
      fields: observationNames(name).filter(field => observation?.includes(field) !== false),
    }
  }
  return { value: { name: read.value.name, scopes } }
}

/** Reads the answer to `start`. */
export function readStarted(answer: object, what: string): Read<StartAnswer> {
  return shaped('start', startAnswerSchema, answer, what)
}

/** Reads the answer to `apply` of a subject that shows these fields. */
export function readApplied<S extends ScopeName>(
  answer: object,
  what: string,
  scope: S,
  fields: readonly string[],
): Read<ApplyAnswer<S>> {
  return shaped(`${scope} ${fields}`, () => applyAnswerSchema(scope, fields), answer, what)
}

// Compiling a schema takes longer than a run, so each is compiled once, when it is first needed.
const validators = new Map<string, ValidateFunction>()

function shaped<T>(key: string, schema: () => JsonSchema, answer: object, what: string): Read<T> {
  const ajv = () => new Ajv({ discriminator: true, allowUnionTypes: true, strict: true })
  const validate = validators.get(key) ?? ajv().compile(schema())
  validators.set(key, validate)
  // The schemas were compared with the types (schema.test.ts), and this one has just accepted the value.
  if (validate(answer)) return { value: answer as T }
  return { fault: fault(validate.errors ?? [], what) }
}

function fault(errors: readonly ErrorObject[], what: string): string {
  const error = deepestOf(errors)
  const advice = 'Compare it with traces/subject-schema.json.'
  const wrong = `its answer to ${what} is wrong`
  if (error === undefined) return `${wrong}. ${advice}`
  const path = error.instancePath.slice(1)
  return `${wrong}: ${faultText(error, path === '' ? 'it' : `the field "${path}"`, advice)}`
}

function namesOf(scopes: object): readonly ScopeName[] {
  // The schema names the scopes that there are.
  return Object.keys(scopes) as ScopeName[]
}
