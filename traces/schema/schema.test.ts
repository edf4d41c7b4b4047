import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { ServiceOperation, ServiceSetup } from '../../model/vocabulary/service.ts'
import type { ScopeName, Scopes } from '../../properties/verdict.ts'
import type { Schema, TypeOf } from './build.ts'
import type { outcomeSchemas } from './outcomes.ts'
import type { service } from './service.ts'
import type { observationFields } from './shown.ts'
import { subjectSchema } from './subject.ts'
import { scopeSchemas, traceSchema } from './trace.ts'

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : 'the schema is too wide') : 'the vocabulary is too wide'

/** An observation that has every field. */
type Shown<F extends Readonly<Record<string, Schema<unknown>>>> = { readonly [K in keyof F]: TypeOf<F[K]> }

// The compiler proves this table: `true` does not fit when a schema and its type differ in any field of any operation.
const agreement: {
  readonly [S in ScopeName]: {
    readonly setup: Same<Scopes[S]['setup'], TypeOf<(typeof scopeSchemas)[S]['setup']>>
    readonly operation: Same<Scopes[S]['operation'], TypeOf<(typeof scopeSchemas)[S]['operation']>>
    readonly outcome: Same<Scopes[S]['outcome'], TypeOf<(typeof outcomeSchemas)[S]>>
    readonly observation: Same<Scopes[S]['observation'], Shown<(typeof observationFields)[S]>>
  }
} = {
  log: { setup: true, operation: true, outcome: true, observation: true },
  partitioner: { setup: true, operation: true, outcome: true, observation: true },
  assignor: { setup: true, operation: true, outcome: true, observation: true },
  producer: { setup: true, operation: true, outcome: true, observation: true },
  group: { setup: true, operation: true, outcome: true, observation: true },
  cluster: { setup: true, operation: true, outcome: true, observation: true },
}

const serviceAgreement: {
  readonly setup: Same<ServiceSetup, TypeOf<(typeof service)['setup']>>
  readonly operation: Same<ServiceOperation, TypeOf<(typeof service)['operation']>>
} = { setup: true, operation: true }

describe('the schema of traces and of subjects', () => {
  test('has the types of the vocabulary, in every scope', () => {
    expect(Object.keys(agreement)).toEqual(Object.keys(scopeSchemas))
    expect(serviceAgreement).toEqual({ setup: true, operation: true })
  })

  test.each([
    ['schema.json', traceSchema],
    ['subject-schema.json', subjectSchema],
  ])('is published as traces/%s', (file, make) => {
    const published = new URL(`../${file}`, import.meta.url)
    const text = `${JSON.stringify(make(), null, 1)}\n`
    if (process.env.LOCKSTEP_REWRITE === '1') writeFileSync(published, text)
    expect(readFileSync(published, 'utf8')).toBe(text)
  })
})
