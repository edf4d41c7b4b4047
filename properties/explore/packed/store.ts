// The states that a search has seen: an arena of packed states that is also the search's queue, and an exact index over it.
//
// Several threads may add to one store at once. A state is written to a place of the thread's own before its number is
// put into the index by compare-and-exchange, so whoever finds the number finds the state.

/** The parts that threads share. */
export type StoreBuffers = {
  readonly words: number
  /** States that there is room for. */
  readonly capacity: number
  readonly arena: Int32Array
  /**
   * Open addressing, twice as many places as the arena has. 0, or the number of a state plus one in as many low bits as
   * numbers need; the bits above are the same ones of the state's hash, so that most other states are told apart here.
   */
  readonly index: Int32Array
  /** [0]: the first place of the arena that no thread has taken. */
  readonly counters: Int32Array
}

/** A thread's own places in the arena: from `start` to `end`, of which those below `next` are filled. */
export type Block = { next: number; end: number }

/** States from `from` to `to`, exclusive. */
export type Range = { readonly from: number; readonly to: number }

const blockSize = 1024

/** `add` had no room: the store must grow first. */
export const noRoom = -2
/** `add` found that the state is there. */
export const known = -1

export function newStore(words: number, capacity: number): StoreBuffers {
  return {
    words,
    capacity,
    arena: sharedNumbers(words * capacity),
    index: sharedNumbers(2 * capacity),
    counters: sharedNumbers(1),
  }
}

/** Up to here a store grows fourfold, which spares most of the moving; above, the memory would be too much. */
const fourfoldMost = 2 ** 24

/** The same states with the same numbers in more room. Nobody may add to the old one meanwhile, or afterwards. */
export function grown(store: StoreBuffers): StoreBuffers {
  const larger = newStore(store.words, store.capacity * (store.capacity * 4 <= fourfoldMost ? 4 : 2))
  larger.arena.set(store.arena)
  larger.counters.set(store.counters)
  const { words, arena, index } = larger
  const mask = index.length - 1
  const numberBits = numberBitsOf(store)
  const tagBits = ~numberBitsOf(larger)
  for (const entry of store.index) {
    if (entry === 0) continue
    const number = entry & numberBits
    const hash = hashOf(arena, (number - 1) * words, words)
    let at = hash & mask
    while (index[at] !== 0) at = (at + 1) & mask
    index[at] = number | (hash & tagBits)
  }
  return larger
}

/**
 * Hashes `count` packed states, and looks at where each belongs in the index. Nothing comes of looking but that the
 * processor has the places at hand when `add` needs them: it fetches many at once, where `add` would wait for each.
 */
export function hashAll(store: StoreBuffers, states: Int32Array, count: number, hashes: Int32Array): number {
  const { words, index } = store
  const mask = index.length - 1
  let seen = 0
  for (let i = 0; i < count; i += 1) {
    const hash = hashOf(states, i * words, words)
    hashes[i] = hash
    seen |= index[hash & mask] as number
  }
  return seen
}

/** Adds the packed state at `from` unless it is there. Gives its number, `known` or `noRoom`. */
export function add(store: StoreBuffers, block: Block, states: Int32Array, from: number, hash: number): number {
  const { words, arena, index } = store
  const mask = index.length - 1
  const numberBits = numberBitsOf(store)
  const tag = hash & ~numberBits
  let mine = -1
  let at = hash & mask
  for (;;) {
    let entry = Atomics.load(index, at)
    if (entry === 0) {
      if (mine === -1) {
        if (block.next === block.end && !takeBlock(store, block)) return noRoom
        mine = block.next
        for (let i = 0; i < words; i += 1) arena[mine * words + i] = states[from + i] as number
      }
      entry = Atomics.compareExchange(index, at, 0, (mine + 1) | tag)
      if (entry === 0) {
        block.next += 1
        return mine
      }
      // Another thread was faster; what it put there may be this very state.
    }
    if ((entry & ~numberBits) === tag && isSame(arena, ((entry & numberBits) - 1) * words, states, from, words))
      return known
    at = (at + 1) & mask
  }
}

/** The bits of an index entry that hold a number plus one: as many as the index has places. */
function numberBitsOf({ capacity }: StoreBuffers): number {
  return capacity * 2 - 1
}

/** Bytes of a store's buffers. */
export function bytesOf(store: StoreBuffers): number {
  return store.arena.byteLength + store.index.byteLength
}

function takeBlock(store: StoreBuffers, block: Block): boolean {
  const start = Atomics.add(store.counters, 0, blockSize)
  if (start + blockSize > store.capacity) {
    Atomics.sub(store.counters, 0, blockSize)
    return false
  }
  block.next = start
  block.end = start + blockSize
  return true
}

function isSame(a: Int32Array, atA: number, b: Int32Array, atB: number, words: number): boolean {
  for (let i = 0; i < words; i += 1) if (a[atA + i] !== b[atB + i]) return false
  return true
}

/** Mixes all bits of all words: linear probing is only as good as the low ones. */
export function hashOf(state: Int32Array, at: number, words: number): number {
  let hash = 0x9e3779b9
  for (let i = 0; i < words; i += 1) {
    hash = Math.imul(hash ^ (state[at + i] as number), 0x85ebca6b)
    hash ^= hash >>> 15
  }
  hash = Math.imul(hash, 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

function sharedNumbers(count: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(count * Int32Array.BYTES_PER_ELEMENT))
}
