// Runs to make films of: the cluster traces of the corpus, the stories, and walks as large as pictures have to bear.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { drawClusterSetup } from '../../../properties/generation/cluster-setup.ts'
import { walk } from '../../../properties/generation/walk.ts'
import { Random } from '../../../properties/random.ts'
import type { OperationOf, Run } from '../../../properties/scope.ts'
import { scopes } from '../../../properties/scopes.ts'
import { readTrace } from '../../read.ts'
import { parseStory, type Story } from '../../stories/parse.ts'
import type { Trace } from '../../trace.ts'

const corpus = fileURLToPath(new URL('../../corpus/', import.meta.url))
const stories = fileURLToPath(new URL('../../stories/', import.meta.url))

/** What a film must be told of where it comes from. */
export const about = { name: 'a test', note: null, origin: null, replay: null } as const

/** Every trace of the corpus, by its file's name. */
export function corpusTraces(): readonly (readonly [name: string, trace: Trace])[] {
  return readdirSync(corpus)
    .filter(name => name.endsWith('.json'))
    .map(name => [name, readTrace(`${corpus}${name}`)] as const)
}

/** A story by its file's name. */
export function storyNamed(name: string): Story {
  return parseStory(readFileSync(`${stories}${name}`, 'utf8'))
}

/** A story as a run. */
export function runOfStory(name: string): Run<'cluster'> {
  const { setup, blocks } = storyNamed(name)
  return { setup, operations: blocks.flatMap(({ operations }) => operations) }
}

/** Runs of clusters: stories, traces of the corpus, and walks of some length. */
export function clusterRuns(): readonly (readonly [name: string, run: Run<'cluster'>])[] {
  const told = readdirSync(stories).filter(name => name.endsWith('.txt'))
  const kept = corpusTraces().flatMap(([name, trace]) => (trace.scope === 'cluster' ? [[name, trace] as const] : []))
  const walked = [1, 2, 3].map(seed => [`walk ${seed}`, walked200(seed, 3)] as const)
  return [...told.map(name => [name, runOfStory(name)] as const), ...kept, ...walked]
}

/** 200 operations of a walk through a cluster with so many brokers, two producers and three consumers in groups. */
export function walked200(seed: number, brokers: number): Run<'cluster'> {
  const random = new Random(seed)
  const setup = { ...drawClusterSetup(random), brokers, producers: 2, consumers: 3, offsetsPartitions: 2 }
  const { finale: _, ...walker } = { ...scopes.cluster.startWalker(random, setup), length: 200 }
  const model = scopes.cluster.startModel(setup)
  const operations: OperationOf<'cluster'>[] = []
  walk(walker, random, model.observe(), operation => {
    if (operations.length === 200) return null
    operations.push(operation)
    return { outcome: model.apply(operation), observation: model.observe() }
  })
  return { setup, operations }
}
