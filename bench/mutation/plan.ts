// What is read from the project before mutants are run: the files that may be mutated, who loads them, and the checks.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { CheckPlan } from '../../properties/mutation/checks.ts'
import { mutantsOf } from '../../properties/mutation/find.ts'
import { loadedBy } from '../../properties/mutation/loads.ts'
import type { Mutant } from '../../properties/mutation/mutant.ts'
import type { ScopeName } from '../../properties/verdict.ts'
import { readTrace } from '../../traces/read.ts'

const root = new URL('../../', import.meta.url)

export function readSource(file: string): string {
  return readFileSync(new URL(file, root), 'utf8')
}

/** The small scopes first: what they notice, they notice sooner. */
const cheapToDear: readonly ScopeName[] = ['partitioner', 'assignor', 'producer', 'group', 'log', 'cluster']

const loadedByScope = cheapToDear.map(scope => ({
  scope,
  files: loadedBy(`properties/scopes/${scope}.ts`, readSource),
}))

/** The scopes whose model or subject loads this file. */
export function scopesThatLoad(file: string): readonly ScopeName[] {
  return loadedByScope.filter(({ files }) => files.has(file)).map(({ scope }) => scope)
}

/**
 * The protocol's code on both sides. Left out: types; examples and tests; what only remembers or asserts; the real disk,
 * which this harness does not run; the abstract specifications, which have their own search.
 */
export function mutableFiles(): readonly string[] {
  return ['model', 'impl'].flatMap(side =>
    readdirSync(new URL(side, root), { recursive: true, encoding: 'utf8' })
      .map(name => `${side}/${name}`)
      .filter(file => file.endsWith('.ts') && !/\.test\.ts$|\/examples\.ts$/.test(file))
      .filter(
        file => !/^model\/(vocabulary|abstract)\/|^model\/(memo|unreachable)\.ts$|^impl\/(host|ports)\//.test(file),
      )
      .sort(),
  )
}

/** Every mutant of the files below `folder`. */
export function allMutants(folder: string): readonly Mutant[] {
  return mutableFiles()
    .filter(file => file.startsWith(folder))
    .flatMap(file => mutantsOf(file, readSource(file)))
}

/** How many runs a mutant must get past in each scope that loads it. */
export const runsOfScope: Readonly<Record<ScopeName, number>> = {
  partitioner: 2000,
  assignor: 2000,
  producer: 1500,
  group: 1500,
  log: 1500,
  cluster: 150,
}

const corpusFolder = new URL('traces/corpus/', root)
const storiesFolder = new URL('traces/stories/', root)

const corpus = readdirSync(corpusFolder)
  .filter(name => name.endsWith('.json'))
  .map(name => ({ name, trace: readTrace(fileURLToPath(new URL(name, corpusFolder))) }))
const stories = readdirSync(storiesFolder)
  .filter(name => name.endsWith('.txt'))
  .map(name => ({ name, text: readFileSync(new URL(name, storiesFolder), 'utf8') }))

/** The checks of a file's mutants; `times` the usual number of runs. */
export function planOf(file: string, seed: number, times: number): CheckPlan {
  const scopes = scopesThatLoad(file)
  const runs: Record<ScopeName, number> = { ...runsOfScope }
  for (const scope of cheapToDear) runs[scope] *= times
  return { scopes, runs, seed, corpus: corpus.filter(({ trace }) => scopes.includes(trace.scope)), stories }
}
