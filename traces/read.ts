// Reads trace files: JSON, then the shape (traces/schema/), then whether the set-up can be. Every complaint is one
// sentence that says where, and one that says what to do.
import { readFileSync } from 'node:fs'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { type AbstractTrace, abstractScope } from './abstract.ts'
import { faultAt } from './json-fault.ts'
import { impossibleSetup } from './possible.ts'
import { deepestOf, faultText } from './schema/fault.ts'
import { type TraceScope, traceSchemaOf, traceScopes } from './schema/trace.ts'
import { type ServiceTrace, serviceScope } from './service.ts'
import { type Trace, traceVersion } from './trace.ts'

/** The file cannot be replayed; the message says why and what to do. */
export class TraceError extends Error {
  override readonly name = 'TraceError'
}

/** Reads the trace of a scope, for whoever needs two sides. Throws `TraceError`. */
export function readTrace(path: string): Trace {
  const trace = readAnyTrace(path)
  if (trace.scope === serviceScope) {
    throw new TraceError(
      `${path} is a trace of a live broker: replay takes it, with --subject broker:HOST:PORT, and nothing else does.`,
    )
  }
  if (trace.scope !== abstractScope) return trace
  throw new TraceError(
    `${path} is a trace of the abstract specification ${trace.setup.spec}, which has no subject: only replay takes it.`,
  )
}

/** Reads the trace in a file, whatever its scope. Throws `TraceError`. */
export function readAnyTrace(path: string): Trace | AbstractTrace | ServiceTrace {
  return parseTrace(readText(path), path)
}

/** Reads a file as text. Throws `TraceError`. */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : 'unknown'
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : `${code}`
    throw new TraceError(`${path} cannot be read: ${why}. Give the path of a trace file.`)
  }
}

/** Reads a trace from text; `name` stands in messages. Throws `TraceError`. */
export function parseTrace(text: string, name: string): Trace | AbstractTrace | ServiceTrace {
  const value = parseJson(text, name)
  if (typeof value !== 'object' || value === null || !('format' in value) || value.format !== 'kafka-lockstep-trace') {
    throw new TraceError(
      `${name} is not a trace: it has no "format": "kafka-lockstep-trace". Give a file that lockstep wrote.`,
    )
  }
  const version = 'version' in value ? value.version : undefined
  if (typeof version === 'number' && version > traceVersion) {
    throw new TraceError(
      `${name} is a newer trace: this trace is of version ${version}, this program reads ${traceVersion}: update kafka-lockstep.`,
    )
  }
  if (version !== traceVersion) {
    throw new TraceError(`${name} has no version that this program knows: set "version" to ${traceVersion}.`)
  }
  const scope = traceScopes.find(known => 'scope' in value && value.scope === known)
  if (scope === undefined) {
    const given = 'scope' in value ? JSON.stringify(value.scope) : 'none'
    throw new TraceError(`${name} has an unknown scope (${given}): set "scope" to one of ${traceScopes.join(', ')}.`)
  }
  const validate = validatorOf(scope)
  if (!validate(value)) throw new TraceError(`${name}: ${complaint(validate.errors ?? [], value)}`)
  // The schema was compared with the types (schema.test.ts), and has just accepted this value.
  const trace = value as unknown as Trace | AbstractTrace | ServiceTrace
  const impossible = trace.scope === abstractScope || trace.scope === serviceScope ? null : impossibleSetup(trace)
  if (impossible !== null) throw new TraceError(`${name}: ${impossible}`)
  return trace
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    const position = faultAt(text)
    const before = text.slice(0, position).split('\n')
    const column = (before.at(-1)?.length ?? 0) + 1
    const where = `line ${before.length}, column ${column}`
    const what = position >= text.length ? 'the text ends too early' : 'that character does not belong there'
    throw new TraceError(
      `${name} is not JSON: at ${where} ${what}. Correct it, or take the file from its source again.`,
    )
  }
}

// Compiling a schema takes longer than most replays, so only the scopes that are asked for are compiled, once.
const validators = new Map<TraceScope, ValidateFunction>()

function validatorOf(scope: TraceScope): ValidateFunction {
  const known = validators.get(scope)
  if (known !== undefined) return known
  const ajv = new Ajv({ discriminator: true, allowUnionTypes: true, strict: true })
  const compiled = ajv.compile(traceSchemaOf(scope))
  validators.set(scope, compiled)
  return compiled
}

/** One sentence for the error that matters. */
function complaint(errors: readonly ErrorObject[], trace: object): string {
  const error = deepestOf(errors)
  const advice = 'Compare it with traces/schema.json.'
  if (error === undefined) return `it does not have the shape of a trace. ${advice}`
  const parts = error.instancePath.split('/').slice(1)
  if (error.keyword === 'discriminator' && parts[0] === 'operations' && parts.length === 2) {
    const tag = JSON.stringify(error.params.tagValue) ?? 'none'
    return `unknown operation at index ${parts[1]}: there is no kind ${tag} in this scope. Correct it or leave it out.`
  }
  return faultText(error, placeOf(parts, trace), advice)
}

/** `operation 3 (send), field records/0` and the like. */
function placeOf(parts: readonly string[], trace: object): string {
  if (parts.length === 0) return 'the trace'
  const [first, index, ...rest] = parts
  if (first !== 'operations' || index === undefined) return `the field "${parts.join('/')}"`
  const operations: unknown = 'operations' in trace ? trace.operations : undefined
  const operation: unknown = Array.isArray(operations) ? operations[Number(index)] : undefined
  const isObject = typeof operation === 'object' && operation !== null && 'kind' in operation
  const kind = isObject ? ` (${String(operation.kind)})` : ''
  return rest.length === 0
    ? `the operation at index ${index}${kind}`
    : `the field "${rest.join('/')}" of the operation at index ${index}${kind}`
}
