// Which replica has something to do when: a heap of deadlines, so that a tick with nothing due looks at one number.
//
// A replica stands in the heap once, at a time at or before its deadline. An entry that came too early costs one look at
// that replica, and none is searched for and removed when a deadline moves back.
import type { Milliseconds } from '../../model/vocabulary/units.ts'

type Entry<Item> = { readonly at: Milliseconds; readonly item: Item }

/** Items by the time at which they want to be looked at. */
export class Deadlines<Item> {
  readonly #heap: Entry<Item>[] = []
  /** The earliest entry of each item. */
  readonly #standsAt = new Map<Item, Milliseconds>()

  /** The first time at which anything may be due. */
  next(): Milliseconds {
    return this.#heap[0]?.at ?? Number.POSITIVE_INFINITY
  }

  /** Makes sure that `item` is looked at by `at`. */
  schedule(item: Item, at: Milliseconds): void {
    if (at === Number.POSITIVE_INFINITY || at >= (this.#standsAt.get(item) ?? Number.POSITIVE_INFINITY)) return
    this.#standsAt.set(item, at)
    this.#rise(this.#heap.push({ at, item }) - 1)
  }

  /** Takes out what may be due, in no order. */
  takeDue(now: Milliseconds): Item[] {
    const due: Item[] = []
    for (let first = this.#heap[0]; first !== undefined && first.at <= now; first = this.#heap[0]) {
      this.#takeFirst()
      // An item that was scheduled earlier again has an entry that was taken before this one.
      if (this.#standsAt.get(first.item) !== first.at) continue
      this.#standsAt.delete(first.item)
      due.push(first.item)
    }
    return due
  }

  #takeFirst(): void {
    const last = this.#heap.pop()
    if (last === undefined || this.#heap.length === 0) return
    this.#heap[0] = last
    this.#sink(0)
  }

  #rise(from: number): void {
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1
      if (!this.#swapIfEarlier(at, parent)) return
      at = parent
    }
  }

  #sink(from: number): void {
    for (let at = from; ; ) {
      const left = 2 * at + 1
      const isRightEarlier = (this.#heap[left + 1]?.at ?? Number.POSITIVE_INFINITY) < (this.#heap[left]?.at ?? 0)
      const child = isRightEarlier ? left + 1 : left
      if (!this.#swapIfEarlier(child, at)) return
      at = child
    }
  }

  #swapIfEarlier(lower: number, upper: number): boolean {
    const below = this.#heap[lower]
    const above = this.#heap[upper]
    if (below === undefined || above === undefined || below.at >= above.at) return false
    this.#heap[lower] = above
    this.#heap[upper] = below
    return true
  }
}
