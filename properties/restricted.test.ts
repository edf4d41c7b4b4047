import { describe, expect, test } from 'vitest'
import { drawRun } from './generation/walk.ts'
import { Random, seedOf } from './random.ts'
import { scopeFor } from './restricted.ts'
import type { Run, Scope } from './scope.ts'
import { scopes } from './scopes.ts'
import { allCandidates } from './shrink-candidates.ts'
import type { ScopeName, Subject } from './verdict.ts'

/** A part of each scope that leaves out what its walks, finales and restructurings like to use. */
const parts: readonly (readonly [ScopeName, readonly string[]])[] = [
  ['log', ['append', 'read', 'truncate']],
  ['partitioner', ['choose']],
  ['assignor', ['join', 'setPartitionCount', 'assign']],
  ['producer', ['open', 'send', 'respond']],
  ['group', ['request', 'replicated']],
  ['cluster', ['createTopic', 'openProducer', 'send', 'deliver', 'advance', 'crash', 'restart']],
]

describe.each(parts)('a part of scope %s', (name, operations) => {
  test('has no other kinds of operations, also not when runs are made smaller', () => {
    const kinds = kindsOf(name, { ...scopes[name].subject, operations } as Subject<ScopeName>)
    expect([...kinds].filter(kind => !operations.includes(kind))).toEqual([])
    expect(kinds.size).toBeGreaterThan(1 - Number(operations.length === 1))
  })

  test('is less than the whole', () => {
    const kinds = kindsOf(name, scopes[name].subject as Subject<ScopeName>)
    expect([...kinds].filter(kind => !operations.includes(kind)).length).toBeGreaterThan(0)
  })
})

test('a subject that says nothing of operations does all of them', () => {
  expect(scopeFor('log', scopes.log.subject)).toBe(scopes.log)
})

/** Every kind that runs of this subject have, and the smaller runs that are tried for them. */
function kindsOf<S extends ScopeName>(name: S, subject: Subject<S>): ReadonlySet<string> {
  const scope: Scope<S> = scopeFor(name, subject)
  const kinds = new Set<string>()
  const add = ({ operations }: Run<S>): void => {
    for (const { kind } of operations) kinds.add(kind)
  }
  for (let index = 0; index < 20; index++) {
    const run = drawRun(scope, new Random(seedOf(5, index)))
    add(run)
    let tried = 0
    for (const candidate of allCandidates(scope, { ...run, operations: run.operations.slice(0, 12) })) {
      add(candidate)
      if (++tried > 2000) break
    }
  }
  return kinds
}
