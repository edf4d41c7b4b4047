// One thread's part of a level: it takes states that are known, and adds the successors that are not.
import type { Machine } from './machine.ts'
import { add, type Block, hashAll, known, noRoom, type Range, type StoreBuffers } from './store.ts'

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
  /** Some expanded state breaks an invariant. */
  readonly broken: boolean
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
    broken: parts.some(part => part.broken),
  }
}

/** Successors that are looked for in the store together. */
const batchSize = 256
/** Room for one more state's successors, however many it has. */
const batchRoom = 4096

/** Expands a range of states, as far as there is room. */
function expand(machine: Machine, store: StoreBuffers, block: Block, { from, to }: Range): Expanded {
  const { arena, words } = store
  const batch = new Int32Array(words * (batchSize + batchRoom))
  const hashes = new Int32Array(batchSize + batchRoom)
  const added: Range[] = []
  let generated = 0
  let broken = false
  for (let state = from; state < to; ) {
    const first = state
    let count = 0
    for (; state < to && count < batchSize; state += 1) {
      count = machine.successorsInto(batch, count, arena, state * words)
      if (machine.broken() >= 0) broken = true
    }
    // What was added of a batch for which there is no room is known when its states are expanded again.
    if (!addAll(store, block, batch, hashes, count, added))
      return { generated, added, left: [{ from: first, to }], broken }
    generated += count
  }
  return { generated, added, left: [], broken }
}

/** Adds packed states; false when there is no room for all of them. */
function addAll(
  store: StoreBuffers,
  block: Block,
  batch: Int32Array,
  hashes: Int32Array,
  count: number,
  added: Range[],
): boolean {
  let from = -1
  let to = -1
  let state = known
  hashAll(store, batch, count, hashes)
  for (let i = 0; i < count && state !== noRoom; i += 1) {
    state = add(store, block, batch, i * store.words, hashes[i] as number)
    if (state < 0) continue
    if (state !== to) {
      if (to > from) added.push({ from, to })
      from = state
    }
    to = state + 1
  }
  if (to > from) added.push({ from, to })
  return state !== noRoom
}
