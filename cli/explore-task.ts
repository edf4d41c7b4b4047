// What an exploring worker does: its part of a level, in buffers that all workers share.
import { type Expanded, expandPortions, type Level } from '../properties/explore/packed/expand.ts'
import { Machine } from '../properties/explore/packed/machine.ts'
import type { Block, StoreBuffers } from '../properties/explore/packed/store.ts'
import { hereWith, search } from '../properties/explore/search.ts'
import { type Question, specOf } from '../properties/explore/specs.ts'

export type ExpandTask = {
  readonly question: Question
  readonly symmetry: boolean
  readonly store: StoreBuffers
  /** Where the lane's last task left its places in the store. */
  readonly block: Block
  readonly portions: Level
  readonly taken: Int32Array
}

/** What came of it, and where the lane's places are now. */
export type ExpandResult = { readonly expanded: Expanded; readonly block: Block }

// Making a machine compiles code; a worker keeps the one that it was last asked for.
let kept: { readonly key: string; readonly machine: Machine } | null = null

function machineFor(question: Question, symmetry: boolean): Machine {
  const key = JSON.stringify([question, symmetry])
  if (kept?.key !== key) kept = { key, machine: new Machine(specOf(question), symmetry) }
  return kept.machine
}

/** What a worker does before its first task: a search of its own, until its code is as fast as it gets. */
export async function warmUpTask({ question, symmetry }: Pick<ExpandTask, 'question' | 'symmetry'>): Promise<void> {
  const expandLevel = hereWith(machineFor(question, symmetry))
  await search(specOf(question), { symmetry, statesMax: warmingStates, expandLevel })
}

const warmingStates = 4_000

/** Expands portions until there are none left, or no room. */
export function expandTask({ question, symmetry, store, block, portions, taken }: ExpandTask): ExpandResult {
  return { expanded: expandPortions(machineFor(question, symmetry), store, block, portions, taken), block }
}
