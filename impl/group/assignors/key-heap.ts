// A binary heap of numbers, smallest first. Two-part orders (a count, then a rank) are packed into one number.
import { at } from './roster.ts'

/** A heap of non-negative numbers; its smallest is at hand. */
export class KeyHeap {
  readonly #keys: number[]

  /** Takes over `keys`. */
  constructor(keys: number[]) {
    this.#keys = keys
    for (let parent = (keys.length >> 1) - 1; parent >= 0; parent--) this.#sink(parent, at(keys, parent))
  }

  /** The smallest key; -1 when there is none. */
  get least(): number {
    return this.#keys[0] ?? -1
  }

  /** Puts `key` in the place of the smallest. */
  replaceLeast(key: number): void {
    this.#sink(0, key)
  }

  /** Removes the smallest key and returns it; -1 when there is none. */
  takeLeast(): number {
    const least = this.least
    const last = this.#keys.pop()
    if (last !== undefined && this.#keys.length > 0) this.#sink(0, last)
    return least
  }

  add(key: number): void {
    const keys = this.#keys
    let hole = keys.length
    keys.push(key)
    while (hole > 0) {
      const parent = (hole - 1) >> 1
      const above = at(keys, parent)
      if (above <= key) break
      keys[hole] = above
      hole = parent
    }
    keys[hole] = key
  }

  /** Fills the hole at `hole` with `key`, letting smaller keys rise past it. */
  #sink(hole: number, key: number): void {
    const keys = this.#keys
    let child = 2 * hole + 1
    while (child < keys.length) {
      if (child + 1 < keys.length && at(keys, child + 1) < at(keys, child)) child++
      const below = at(keys, child)
      if (below >= key) break
      keys[hole] = below
      hole = child
      child = 2 * hole + 1
    }
    keys[hole] = key
  }
}
