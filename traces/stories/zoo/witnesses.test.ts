// Every historical bug has a witness: a minimal tale on which the clean implementation agrees with the model, and the one
// with the bug planted does not. For clusters it is a story, told with its expectations by ../stories.test.ts; the story
// language has no words for single components, so theirs are traces.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { runLockstep } from '../../../properties/lockstep.ts'
import type { Run } from '../../../properties/scope.ts'
import { scopes } from '../../../properties/scopes.ts'
import { loadPatched } from '../../../properties/subjects/patched.ts'
import type { ScopeName, Subject, Verdict } from '../../../properties/verdict.ts'
import { plantedBugs } from '../../../properties/zoo/bugs.ts'
import type { PlantedBug } from '../../../properties/zoo/planted-bug.ts'
import { readTrace } from '../../read.ts'
import { parseStory } from '../parse.ts'

const folder = fileURLToPath(new URL('./', import.meta.url))
const historical = plantedBugs.filter(({ kind }) => kind === 'historical')

function fileOf({ name, scope }: PlantedBug): string {
  return `${name}.${scope === 'cluster' ? 'txt' : 'json'}`
}

test('every historical bug has its witness, and every witness its bug', () => {
  const files = readdirSync(folder).filter(name => /\.(txt|json)$/.test(name))
  expect(files.sort()).toEqual(historical.map(fileOf).sort())
})

describe('the witness of', () => {
  test.each(historical)('$name', async bug => {
    await expectCaught(bug, bug.scope)
  })
})

async function expectCaught<S extends ScopeName>(bug: PlantedBug, scope: S): Promise<void> {
  const run = witnessOf<S>(bug)
  expect(verdictOf(run, scopes[scope].subject).kind).toBe('agree')
  expect(verdictOf(run, await loadPatched(bug, scope)).kind).toBe('violation')
}

function witnessOf<S extends ScopeName>(bug: PlantedBug): Run<S> {
  const path = `${folder}/${fileOf(bug)}`
  const run: unknown = bug.scope === 'cluster' ? storyRun(path) : readTrace(path)
  // A witness is named after its bug, and is of its scope.
  return run as Run<S>
}

function storyRun(path: string): Run<'cluster'> {
  const { setup, blocks } = parseStory(readFileSync(path, 'utf8'))
  return { setup, operations: blocks.flatMap(({ operations }) => operations) }
}

function verdictOf<S extends ScopeName>({ setup, operations }: Run<S>, subject: Subject<S>): Verdict {
  return runLockstep(setup, operations, subject, { labels: false }).verdict
}
