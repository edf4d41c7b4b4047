// What the generators draw can be written as a trace and read back: the schema and the generators agree.
import { describe, expect, test } from 'vitest'
import { drawServiceRun } from '../properties/generation/service.ts'
import { drawRun } from '../properties/generation/walk.ts'
import { Random, seedOf } from '../properties/random.ts'
import type { Run } from '../properties/scope.ts'
import { scopes } from '../properties/scopes.ts'
import { simplerAt } from '../properties/shrink-candidates.ts'
import type { LiveRun } from '../properties/validation/live.ts'
import { simplerServiceRuns } from '../properties/validation/shrink.ts'
import { wholeGround } from '../properties/validation/testing/model-broker.ts'
import type { ScopeName } from '../properties/verdict.ts'
import { parseTrace } from './read.ts'
import { scopeNames } from './scope-names.ts'
import { type ServiceTrace, serviceScope } from './service.ts'
import { type AnyTrace, traceVersion } from './trace.ts'
import { traceText } from './write.ts'

const samples = 60
const shrunkSamples = 5

describe('generated runs are traces', () => {
  test.each(scopeNames)('of scope %s', name => {
    for (let index = 0; index < samples; index++) expectTrace(name, drawn(name, index))
  })

  test.each(scopeNames)('of scope %s, also when they are shrunk', name => {
    for (let index = 0; index < shrunkSamples; index++) {
      const run = drawn(name, index)
      for (let i = 0; i < Math.min(run.operations.length, 20); i++) {
        for (const simpler of simplified(name, run, i)) {
          const [operation] = simpler.operations.slice(i, i + 1)
          if (operation !== undefined) expectTrace(name, { setup: simpler.setup, operations: [operation] })
        }
      }
    }
  })

  test('of scope service, also when they are shrunk', () => {
    for (let index = 0; index < samples; index++) {
      const run = drawServiceRun(wholeGround, new Random(seedOf(13, index)))
      expectServiceTrace(run)
      for (let i = 0; i < Math.min(run.operations.length, index < shrunkSamples ? 20 : 0); i++) {
        for (const simpler of simplerServiceRuns(run, i)) {
          expectServiceTrace({ setup: simpler.setup, operations: simpler.operations.slice(i, i + 1) })
        }
      }
    }
  })
})

function expectServiceTrace({ setup, operations }: LiveRun): void {
  const head = { format: 'kafka-lockstep-trace', version: traceVersion, scope: serviceScope } as const
  const trace: ServiceTrace = { ...head, setup, operations, expect: { verdict: 'agree' } }
  expect(parseTrace(traceText(trace), 'sample')).toEqual(trace)
}

function drawn<S extends ScopeName>(name: S, index: number): Run<S> {
  return drawRun(scopes[name], new Random(seedOf(11, index)))
}

function simplified<S extends ScopeName>(name: S, run: Run<S>, index: number): Iterable<Run<S>> {
  return simplerAt(scopes[name], run, index)
}

function expectTrace(scope: ScopeName, { setup, operations }: Run<ScopeName>): void {
  const expected = { verdict: 'agree' } as const
  const trace: AnyTrace = {
    format: 'kafka-lockstep-trace',
    version: traceVersion,
    scope,
    setup,
    operations,
    expect: expected,
  }
  expect(parseTrace(traceText(trace), 'sample')).toEqual(trace)
}
