// What the generators draw can be written as a trace and read back: the schema and the generators agree.
import { describe, expect, test } from 'vitest'
import { drawRun } from '../properties/generation/walk.ts'
import { Random, seedOf } from '../properties/random.ts'
import { scopes } from '../properties/scopes.ts'
import type { ScopeName } from '../properties/verdict.ts'
import { parseTrace } from './read.ts'
import { scopeNames } from './scope-names.ts'
import { type AnyTrace, traceVersion } from './trace.ts'
import { traceText } from './write.ts'

const samples = 60

describe('generated runs are traces', () => {
  test.each(scopeNames)('of scope %s', name => {
    const scope = scopes[name]
    for (let index = 0; index < samples; index++) {
      const { setup, operations } = drawn(name, index)
      const trace: AnyTrace = {
        format: 'kafka-lockstep-trace',
        version: traceVersion,
        scope: scope.name,
        setup,
        operations,
        expect: { verdict: 'agree' },
      }
      expect(parseTrace(traceText(trace), `sample ${index}`)).toEqual(trace)
    }
  })
})

function drawn<S extends ScopeName>(name: S, index: number) {
  return drawRun(scopes[name], new Random(seedOf(11, index)))
}
