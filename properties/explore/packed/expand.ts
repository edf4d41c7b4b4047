// One thread's part of a level: it takes states that are known, and adds the successors that are not.
import type { Machine } from './machine.ts'
import { add, type Block, noRoom, type Range, type StoreBuffers } from './store.ts'

/** States of a level, in portions that threads take in turn. */
export type Level = readonly Range[]

/** What came of expanding a level, or a thread's part of it. */
export type Expanded = {
  /** Successors, known ones included. */
  readonly generated: number
  /** The new states. */
  readonly added: Level
  /** States that are still to be expanded, because the store was full. */
  readonly left: Level
  /** The invariants that new states broke, as bits. */
  readonly broken: number
}

/** Takes portions until there are none, or no room. `taken[0]` counts the portions that some thread has taken. */
export function expandPortions(
  machine: Machine,
  store: StoreBuffers,
  block: Block,
  portions: Level,
  taken: Int32Array,
): Expanded {
  const parts: Expanded[] = []
  for (;;) {
    const portion = portions[Atomics.add(taken, 0, 1)]
    if (portion === undefined) break
    const part = expand(machine, store, block, portion)
    parts.push(part)
    if (part.left.length > 0) break
  }
  return joined(parts)
}

/** The parts of several threads, or of several portions, as one. */
export function joined(parts: readonly Expanded[]): Expanded {
  const added: Range[] = []
  for (const range of parts.flatMap(part => part.added)) {
    const last = added.at(-1)
    if (last?.to === range.from) added[added.length - 1] = { from: last.from, to: range.to }
    else added.push(range)
  }
  return {
    generated: parts.reduce((sum, part) => sum + part.generated, 0),
    added,
    left: parts.flatMap(part => part.left),
    broken: parts.reduce((bits, part) => bits | part.broken, 0),
  }
}

/** Expands a range of states, as far as there is room. */
function expand(machine: Machine, store: StoreBuffers, block: Block, { from, to }: Range): Expanded {
  const { arena, words } = store
  const added: Range[] = []
  let generated = 0
  let broken = 0
  let isFull = false
  let start = block.next
  let end = block.next
  const visit = (): void => {
    if (isFull) return
    generated += 1
    const state = add(store, block, machine.successor)
    if (state < 0) {
      isFull = state === noRoom
      return
    }
    if (state !== end) {
      if (end > start) added.push({ from: start, to: end })
      start = state
    }
    end = state + 1
    const invariant = machine.broken()
    if (invariant >= 0) broken |= 1 << invariant
  }
  let state = from
  for (; state < to; state += 1) {
    const generatedBefore = generated
    machine.successors(arena, state * words, visit)
    if (isFull) {
      // Expanded again when there is room: what it has added is known then.
      generated = generatedBefore
      break
    }
  }
  if (end > start) added.push({ from: start, to: end })
  return { generated, added, left: state < to ? [{ from: state, to }] : [], broken }
}
