// Worker threads that expand the levels of a search together.
import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import { joined } from '../properties/explore/packed/expand.ts'
import { Machine } from '../properties/explore/packed/machine.ts'
import type { Block } from '../properties/explore/packed/store.ts'
import { type ExpandLevel, hereWith, withUntaken } from '../properties/explore/search.ts'
import { type Question, specOf } from '../properties/explore/specs.ts'
import type { ExpandResult, ExpandTask } from './explore-task.ts'

/** Levels with fewer portions are expanded sooner here than workers can be told of them. */
const portionsWorthSharing = 4

/** Expands levels on `count` threads. `end` stops them. */
export function startExploring(
  question: Question,
  symmetry: boolean,
  count: number,
): { readonly expandLevel: ExpandLevel; readonly end: () => Promise<void> } {
  const here = hereWith(new Machine(specOf(question), symmetry))
  if (count === 1) return { expandLevel: here, end: async () => {} }
  const pool = new Piscina({
    filename: fileURLToPath(new URL('./explore-task.ts', import.meta.url)),
    minThreads: count,
    maxThreads: count,
  })
  let blocks: readonly Block[] = Array.from({ length: count }, () => ({ next: 0, end: 0 }))
  const expandLevel: ExpandLevel = async (store, portions) => {
    if (portions.length < portionsWorthSharing) return here(store, portions)
    const taken = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
    const results: readonly ExpandResult[] = await Promise.all(
      blocks.map(block => {
        const task: ExpandTask = { question, symmetry, store, block, portions, taken }
        return pool.run(task, { name: 'expandTask' })
      }),
    )
    blocks = results.map(({ block }) => block)
    return withUntaken(joined(results.map(({ expanded }) => expanded)), portions, taken)
  }
  return { expandLevel, end: () => pool.destroy() }
}
