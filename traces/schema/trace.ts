// The JSON Schema of trace files: one shape for each scope, told apart by `scope`, and operations told apart by `kind`.
import type { ScopeName } from '../../properties/verdict.ts'
import { abstractScope } from '../abstract.ts'
import { scopeNames } from '../scope-names.ts'
import { serviceScope } from '../service.ts'
import { traceVersion } from '../trace.ts'
import { abstract } from './abstract.ts'
import { anyText, constant, integer, type JsonSchema, object, oneOfValues, type Schema, text } from './build.ts'
import { cluster } from './cluster.ts'
import { withDefinitions } from './definitions.ts'
import { assignorScope, group, log, partitionerScope, producer } from './scopes.ts'
import { service } from './service.ts'

/** No sequence is longer; a soak of days is cut where it failed. */
const operationsMax = 100_000

/** Set-up and operations of every scope. */
export const scopeSchemas = { log, partitioner: partitionerScope, assignor: assignorScope, producer, group, cluster }

/** Every scope that a trace can have. */
export type TraceScope = ScopeName | typeof abstractScope | typeof serviceScope

export const traceScopes: readonly TraceScope[] = [...scopeNames, abstractScope, serviceScope]

/** The schema of one scope's traces. */
export function traceSchemaOf(scope: TraceScope): JsonSchema {
  const { setup, operation } = { ...scopeSchemas, abstract, service }[scope]
  const operations = { json: { type: 'array', items: operation.json, maxItems: operationsMax } }
  return object(
    {
      format: constant('kafka-lockstep-trace'),
      version: constant(traceVersion),
      scope: constant(scope),
      setup,
      operations,
      expect,
    },
    { origin, note: anyText(2000) },
  )
}

/** The schema of all traces, for other languages and for editors: written to traces/schema.json. */
export function traceSchema(): JsonSchema {
  return withDefinitions({
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'kafka-lockstep trace',
    type: 'object',
    discriminator: { propertyName: 'scope' },
    oneOf: traceScopes.map(traceSchemaOf),
  })
}

const expect: Schema<unknown> = {
  json: object({ verdict: oneOfValues('agree', 'violation') }, { claim: text('^[A-Za-z0-9-]{1,40}$') }),
}

const origin: Schema<unknown> = {
  json: object({}, { seed: integer(-(2 ** 31), 2 ** 32), run: integer(0, 2 ** 53 - 1), subject: anyText(300) }),
}
