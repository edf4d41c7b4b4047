// What an exploring worker does: its part of a level, in buffers that all workers share.
import { type Expanded, expandPortions, type Level } from '../properties/explore/packed/expand.ts'
import { Machine } from '../properties/explore/packed/machine.ts'
import type { Block, StoreBuffers } from '../properties/explore/packed/store.ts'
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

/** Expands portions until there are none left, or no room. */
export function expandTask({ question, symmetry, store, block, portions, taken }: ExpandTask): ExpandResult {
  const key = JSON.stringify([question, symmetry])
  if (kept?.key !== key) kept = { key, machine: new Machine(specOf(question), symmetry) }
  return { expanded: expandPortions(kept.machine, store, block, portions, taken), block }
}
