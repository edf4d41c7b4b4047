// From a broken invariant back to the first state: the least of the shortest counter-examples.
//
// The search keeps no parents. The levels are gone through backwards instead, each once: which of its states has the
// wanted one among its successors? Of several the least is taken, so that the answer depends on the states alone.
import type { Spec } from '../../model/abstract/spec.ts'
import type { Level } from './packed/expand.ts'
import { isLess, Machine } from './packed/machine.ts'
import type { StoreBuffers } from './packed/store.ts'

/** One step: an action, the ways in which it happened, and the state after it. */
export type Step = {
  readonly action: string
  /** The action's parameters, members as their numbers from 0. */
  readonly parameters: Readonly<Record<string, number>>
  readonly state: Int32Array
}

export type Counterexample = {
  readonly invariant: string
  /** States of the path, the first one included: TLC's way of counting. */
  readonly length: number
  readonly first: Int32Array
  readonly steps: readonly Step[]
}

/** The path to the least state of the last level that breaks the first of the invariants that any of them breaks. */
export function shortestPath(
  spec: Spec,
  machine: Machine,
  store: StoreBuffers,
  levels: readonly Level[],
): Counterexample | null {
  let invariant = Number.POSITIVE_INFINITY
  let wanted: Int32Array | null = null
  for (const state of statesOf(store, levels.at(-1) ?? [])) {
    const broken = machine.brokenBy(state)
    if (broken < 0 || broken > invariant) continue
    if (broken < invariant || wanted === null || isLess(state, 0, wanted, 0, state.length)) wanted = state.slice()
    invariant = broken
  }
  if (wanted === null) return null
  const path = [wanted]
  for (const level of levels.slice(0, -1).reverse()) {
    const target = path[0] ?? wanted
    path.unshift(leastPredecessor(machine, store, level, target))
  }
  const { first, steps } = steppedAlong(spec, machine, path)
  return { invariant: spec.invariants[invariant]?.name ?? '', length: path.length, first, steps }
}

function leastPredecessor(machine: Machine, store: StoreBuffers, level: Level, target: Int32Array): Int32Array {
  let least: Int32Array | null = null
  for (const state of statesOf(store, level)) {
    if (least !== null && !isLess(state, 0, least, 0, state.length)) continue
    let leads = false
    machine.successors(state, 0, () => {
      leads ||= isEqual(machine.successor, target)
    })
    if (leads) least = state.slice()
  }
  if (least === null) throw new Error('a state of a level has no predecessor in the level before')
  return least
}

/** With symmetry the path's states are renamings: walks along it from the real first state, with real names. */
function steppedAlong(spec: Spec, machine: Machine, path: readonly Int32Array[]) {
  const first = new Machine(spec, false).successor
  const steps: Step[] = []
  let state = first
  for (const target of path.slice(1)) {
    let step: Step | null = null
    machine.successors(state, 0, () => {
      if (step !== null || !isEqual(machine.successor, target)) return
      step = { ...takenBy(spec, machine), state: machine.plain.slice() }
    })
    if (step === null) throw new Error('a path through renamed states has no real one')
    state = (step as Step).state
    steps.push(step)
  }
  return { first, steps }
}

/** What a machine has just done, by name. */
export function takenBy(spec: Spec, machine: Machine): Omit<Step, 'state'> {
  const action = spec.actions[machine.action]
  const values = [machine.first, machine.second]
  const named = (action?.parameters ?? []).map(({ name }, i) => [name, values[i] ?? -1] as const)
  return { action: action?.name ?? '', parameters: Object.fromEntries(named) }
}

/** The same array again and again, filled with one state after another. */
function* statesOf({ arena, words }: StoreBuffers, level: Level): Iterable<Int32Array> {
  const state = new Int32Array(words)
  for (const { from, to } of level) {
    for (let number = from; number < to; number += 1) {
      for (let i = 0; i < words; i += 1) state[i] = arena[number * words + i] as number
      yield state
    }
  }
}

export function isEqual(a: Int32Array, b: Int32Array): boolean {
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false
  return true
}
