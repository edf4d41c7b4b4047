import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { ServiceOperation, ServiceSetup } from '../../model/vocabulary/service.ts'
import type { ScopeName, Scopes } from '../../properties/verdict.ts'
import type { TypeOf } from './build.ts'
import type { service } from './service.ts'
import { scopeSchemas, traceSchema } from './trace.ts'

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : 'the schema is too wide') : 'the vocabulary is too wide'

// The compiler proves this table: `true` does not fit when a schema and its type differ in any field of any operation.
const agreement: {
  readonly [S in ScopeName]: {
    readonly setup: Same<Scopes[S]['setup'], TypeOf<(typeof scopeSchemas)[S]['setup']>>
    readonly operation: Same<Scopes[S]['operation'], TypeOf<(typeof scopeSchemas)[S]['operation']>>
  }
} = {
  log: { setup: true, operation: true },
  partitioner: { setup: true, operation: true },
  assignor: { setup: true, operation: true },
  producer: { setup: true, operation: true },
  group: { setup: true, operation: true },
  cluster: { setup: true, operation: true },
}

const serviceAgreement: {
  readonly setup: Same<ServiceSetup, TypeOf<(typeof service)['setup']>>
  readonly operation: Same<ServiceOperation, TypeOf<(typeof service)['operation']>>
} = { setup: true, operation: true }

describe('the trace schema', () => {
  test('has the types of the vocabulary, in every scope', () => {
    expect(Object.keys(agreement)).toEqual(Object.keys(scopeSchemas))
    expect(serviceAgreement).toEqual({ setup: true, operation: true })
  })

  test('is published as traces/schema.json', () => {
    const published = new URL('../schema.json', import.meta.url)
    const text = `${JSON.stringify(traceSchema(), null, 1)}\n`
    if (process.env.LOCKSTEP_REWRITE === '1') writeFileSync(published, text)
    expect(readFileSync(published, 'utf8')).toBe(text)
  })
})
