// The published schemas accept what those accept that programs check with, refuse what those refuse, and say nothing twice
// that they have a name for.
import { readdirSync, readFileSync } from 'node:fs'
import { Ajv, type AnySchema } from 'ajv'
import { describe, expect, test } from 'vitest'
import { withDefinitions } from './definitions.ts'
import { batch, errorName, logRecord } from './parts.ts'
import { subjectSchema } from './subject.ts'
import { traceSchema, traceSchemaOf } from './trace.ts'

const published = { trace: traceSchema() as object, subject: subjectSchema() as object }
const corpus = new URL('../corpus/', import.meta.url)
const traces = readdirSync(corpus)
  .filter(file => file.endsWith('.json'))
  .map(file => JSON.parse(readFileSync(new URL(file, corpus), 'utf8')))

describe('a schema with definitions', () => {
  test('of traces accepts the corpus, and refuses what the schema of the scope refuses', () => {
    const isTrace = compiled(published.trace)
    expect(traces.length).toBeGreaterThan(20)
    for (const trace of traces) {
      const isOfScope = compiled(traceSchemaOf(trace.scope))
      const [first, ...others] = trace.operations
      const wrong = [
        { ...trace, note: 1 },
        { ...trace, operations: [{ ...first, extra: 1 }, ...others] },
      ]
      for (const value of [trace, ...wrong]) expect(isTrace(value)).toBe(isOfScope(value))
      expect([trace, ...wrong].map(value => isTrace(value))).toEqual([true, false, false])
    }
  })

  test('puts a part where it was, inner ones too', () => {
    const given = { type: 'object', properties: { one: batch.json, two: { type: 'array', items: errorName.json } } }
    const whole = withDefinitions(given) as Holder
    expect(whole.properties).toEqual({
      one: { $ref: '#/definitions/batch' },
      two: { type: 'array', items: { $ref: '#/definitions/error' } },
    })
    expect(whole.definitions.record).toBeDefined()
    const isIt = compiled(whole)
    const record = { offset: 0, key: null, value: 'v', timestamp: 1 }
    const one = { ...stamp, records: [record] }
    expect(isIt({ one, two: ['NONE'] })).toBe(true)
    expect(isIt({ one: { ...one, records: [{ ...record, offset: 'first' }] } })).toBe(false)
    expect(isIt({ one, two: ['NO_SUCH_ERROR'] })).toBe(false)
    expect(compiled(logRecord.json)(record)).toBe(true)
  })

  test.each(Object.entries(published))('of %ss refers to each of its definitions, and to nothing else', (_, schema) => {
    const text = JSON.stringify(schema)
    const referred = new Set([...text.matchAll(/"\$ref":"#\/definitions\/([^/"]+)/g)].map(match => match[1]))
    const { definitions } = schema as Holder
    const isScope = (name: string): boolean => definitions[name]?.definitions !== undefined
    expect(Object.keys(definitions).filter(name => !referred.has(name) && !isScope(name))).toEqual([])
    expect([...referred].filter(name => definitions[name ?? ''] === undefined)).toEqual([])
    expect(text.split(JSON.stringify(errorName.json))).toHaveLength(2)
  })
})

type Holder = {
  readonly properties: object
  readonly definitions: Readonly<Record<string, { readonly definitions?: object }>>
}

const stamp = {
  producerId: -1,
  producerEpoch: -1,
  baseSequence: -1,
  baseOffset: 0,
  lastOffset: 0,
  leaderEpoch: 0,
  deleteHorizon: null,
  corrupt: false,
}

function compiled(schema: object) {
  return new Ajv({ discriminator: true, allowUnionTypes: true, strict: true }).compile(schema as AnySchema)
}
