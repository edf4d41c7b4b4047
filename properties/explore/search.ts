// Breadth-first search through every state of a specification, level by level, as TLC does it.
//
// Levels are sets: which states are in one does not depend on the order in which threads find them. So everything that is
// reported is the same with any number of threads, a counter-example included: it is the least of the shortest (path.ts),
// found after the fact. No state remembers where it came from, which saves four bytes each.
import type { Spec } from '../../model/abstract/spec.ts'
import { type Expanded, expandPortions, type Level } from './packed/expand.ts'
import { Machine } from './packed/machine.ts'
import { add, type Block, bytesOf, grown, hashOf, newStore, type StoreBuffers } from './packed/store.ts'
import { type Counterexample, shortestPath } from './path.ts'

export type SearchOptions = {
  /** Takes states that differ by a renaming of members as one. */
  readonly symmetry: boolean
  /** Stops after the level in which there are so many distinct states. */
  readonly statesMax: number
  /** Expands the portions of a level; in this thread unless given. */
  readonly expandLevel?: ExpandLevel
  /** Asked before each level; true ends the search with what it has. */
  readonly isOver?: () => boolean
  /** Told before each level, and waited for: a caller that gives signals and timers a turn there can end the search. */
  readonly onLevel?: (progress: Progress) => Promise<void>
}

/** Expands a level as far as there is room. `taken` and `blocks` are the lanes' to use. */
export type ExpandLevel = (store: StoreBuffers, portions: Level) => Promise<Expanded> | Expanded

export type Progress = {
  /** Levels so far, the first state's included. */
  readonly depth: number
  readonly distinctStates: number
  readonly generatedStates: number
  /** States of the last level, still to be expanded. */
  readonly statesLeft: number
}

export type Exploration = Progress & {
  /** True when every state that can be reached was. */
  readonly complete: boolean
  readonly violation: Counterexample | null
  /** Of the arena and its index. */
  readonly bytes: number
}

/** Portions are small enough to keep threads busy to the end of a level, and large enough to be worth taking. */
const portionSize = 2048
const firstCapacity = 2 ** 16

/** Explores a specification to its end, to a broken invariant, or to a limit. */
export async function search(spec: Spec, options: SearchOptions): Promise<Exploration> {
  const machine = new Machine(spec, options.symmetry)
  const expandLevel = options.expandLevel ?? hereWith(machine)
  let store = newStore(machine.words, firstCapacity)
  const levels: Level[] = [firstLevel(store, machine)]
  let broken = false
  let distinctStates = 1
  let generatedStates = 1
  let level = levels[0] ?? []
  const progress = (): Progress => ({
    depth: levels.length,
    distinctStates,
    generatedStates,
    statesLeft: sizeOf(level),
  })
  while (!broken && level.length > 0 && distinctStates < options.statesMax) {
    await options.onLevel?.(progress())
    if (options.isOver?.() === true) break
    const added: Level[number][] = []
    let left: Level = portionsOf(level)
    while (left.length > 0) {
      const part = await expandLevel(store, left)
      generatedStates += part.generated
      added.push(...part.added)
      if (part.broken) broken = true
      left = part.left
      if (left.length > 0) store = grown(store)
    }
    level = added
    distinctStates += sizeOf(level)
    // The level behind the one in which an invariant is broken is left to be explored.
    if (level.length > 0 && !broken) levels.push(level)
  }
  return {
    ...progress(),
    complete: level.length === 0,
    violation: broken ? shortestPath(spec, machine, store, levels) : null,
    bytes: bytesOf(store),
  }
}

/** Expands portions in this thread, which keeps its places in the store in `block`. */
export function hereWith(machine: Machine, block: Block = { next: 0, end: 0 }): ExpandLevel {
  return (store, portions) => {
    const taken = new Int32Array(1)
    return withUntaken(expandPortions(machine, store, block, portions, taken), portions, taken)
  }
}

/** What came of a level, with the portions that nobody took because there was no more room. */
export function withUntaken(part: Expanded, portions: Level, taken: Int32Array): Expanded {
  return { ...part, left: [...part.left, ...portions.slice(taken[0])] }
}

function firstLevel(store: StoreBuffers, machine: Machine): Level {
  const first = machine.successor
  const state = add(store, { next: 0, end: 0 }, first, 0, hashOf(first, 0, store.words))
  return [{ from: state, to: state + 1 }]
}

function portionsOf(level: Level): Level {
  return level.flatMap(({ from, to }) =>
    Array.from({ length: Math.ceil((to - from) / portionSize) }, (_, i) => ({
      from: from + i * portionSize,
      to: Math.min(to, from + (i + 1) * portionSize),
    })),
  )
}

function sizeOf(level: Level): number {
  return level.reduce((sum, { from, to }) => sum + to - from, 0)
}
