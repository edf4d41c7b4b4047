// Every trace of the corpus gives what it expects, for ever: a bug that was found once is looked for in every run.
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { runLockstep } from '../../properties/lockstep.ts'
import { scopes } from '../../properties/scopes.ts'
import type { ScopeName, Verdict } from '../../properties/verdict.ts'
import { readTrace } from '../read.ts'
import { scopeNames } from '../scope-names.ts'
import type { TraceOf } from '../trace.ts'

const folder = fileURLToPath(new URL('./', import.meta.url))
const names = readdirSync(folder).filter(name => name.endsWith('.json'))

describe('the corpus', () => {
  test.each(names)('%s', name => {
    const trace = readTrace(`${folder}/${name}`)
    const { verdict, claim } = { claim: undefined, ...trace.expect }
    for (const found of verdictsOf(trace)) {
      if (verdict === 'agree') expect(found).toEqual({ kind: 'agree', operations: trace.operations.length })
      else expect(found).toMatchObject(claim === undefined ? { kind: verdict } : { kind: verdict, claim })
    }
  })

  test('has something for every scope, named after it', () => {
    expect(scopeNames.filter(scope => !names.some(name => name.startsWith(`${scope}-`)))).toEqual([])
  })
})

/** Of the implementation, and where it sends messages also with these as bytes. */
function verdictsOf<S extends ScopeName>({ scope, setup, operations }: TraceOf<S>): readonly Verdict[] {
  const { subject, wireSubject } = scopes[scope]
  const subjects = wireSubject === null ? [subject] : [subject, wireSubject]
  return subjects.map(one => runLockstep(setup, operations, one).verdict)
}
