// Worker threads that expand the levels of a search together.
import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import { expandPortions, joined } from '../properties/explore/packed/expand.ts'
import { Machine } from '../properties/explore/packed/machine.ts'
import type { Block } from '../properties/explore/packed/store.ts'
import { type ExpandLevel, hereWith, withUntaken } from '../properties/explore/search.ts'
import { type Question, specOf } from '../properties/explore/specs.ts'
import type { ExpandResult, ExpandTask } from './explore-task.ts'

/** Levels with fewer portions are expanded sooner here than workers can be told of them. */
const portionsWorthSharing = 4

/**
 * Expands levels on `count` threads, of which this one is the first. The others take part from when they are ready:
 * waiting for them would take longer than the levels until then. `end` stops them.
 */
export function startExploring(
  question: Question,
  symmetry: boolean,
  count: number,
): { readonly expandLevel: ExpandLevel; readonly end: () => Promise<void> } {
  const machine = new Machine(specOf(question), symmetry)
  const here: Block = { next: 0, end: 0 }
  const others = count - 1
  if (others === 0) return { expandLevel: hereWith(machine, here), end: async () => {} }
  const pool = new Piscina({
    filename: fileURLToPath(new URL('./explore-task.ts', import.meta.url)),
    minThreads: others,
    maxThreads: others,
  })
  let areReady = false
  let failed: unknown = null
  const warmUps = Array.from({ length: others }, () => pool.run({ question, symmetry }, { name: 'warmUpTask' }))
  const warm = Promise.all(warmUps).then(
    () => {
      areReady = true
    },
    (error: unknown) => {
      failed = error
    },
  )
  let blocks: readonly Block[] = Array.from({ length: others }, () => ({ next: 0, end: 0 }))
  const expandHere = hereWith(machine, here)
  const expandLevel: ExpandLevel = async (store, portions) => {
    if (failed !== null) throw failed
    if (!areReady || portions.length < portionsWorthSharing) return expandHere(store, portions)
    const taken = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
    const asked = blocks.map((block): Promise<ExpandResult> => {
      const task: ExpandTask = { question, symmetry, store, block, portions, taken }
      return pool.run(task, { name: 'expandTask' })
    })
    const mine = expandPortions(machine, store, here, portions, taken)
    const results = await Promise.all(asked)
    blocks = results.map(({ block }) => block)
    return withUntaken(joined([mine, ...results.map(({ expanded }) => expanded)]), portions, taken)
  }
  const end = async (): Promise<void> => {
    await pool.destroy()
    await warm
  }
  return { expandLevel, end }
}
