// When each group wants to be looked at next: a binary heap. An entry that its group has moved on from stays until it
// comes to the top, so that scheduling never searches.
import type { Milliseconds } from '../../model/vocabulary/units.ts'
import type { Group } from './group.ts'

type Entry = { readonly time: Milliseconds; readonly group: Group }

/** The groups by the time at which they are due. */
export class Deadlines {
  #heap: Entry[] = []

  /** Holds the group under its `dueAt`, if that is earlier than what it is held under. */
  schedule(group: Group): void {
    if (group.dueAt >= group.scheduledAt) return
    group.scheduledAt = group.dueAt
    this.#push({ time: group.dueAt, group })
  }

  /** Takes out the groups that are due at `now`, each once, in no order; they want to be scheduled again. */
  takeDue(now: Milliseconds): Group[] {
    const due: Group[] = []
    for (let top = this.#heap[0]; top !== undefined && top.time <= now; top = this.#heap[0]) {
      this.#pop()
      if (top.group.scheduledAt !== top.time) continue
      top.group.scheduledAt = Number.POSITIVE_INFINITY
      due.push(top.group)
    }
    return due
  }

  /** The earliest time at which a group may be due, or infinity. */
  next(): Milliseconds {
    for (let top = this.#heap[0]; top !== undefined; top = this.#heap[0]) {
      if (top.group.scheduledAt === top.time && top.group.phase.kind !== 'Dead') return top.time
      this.#pop()
    }
    return Number.POSITIVE_INFINITY
  }

  /** Forgets all groups. */
  clear(): void {
    this.#heap = []
  }

  #push(entry: Entry): void {
    const heap = this.#heap
    let at = heap.length
    heap.push(entry)
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = heap[above]
      if (parent === undefined || parent.time <= entry.time) break
      heap[at] = parent
      at = above
    }
    heap[at] = entry
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let at = 0
    for (;;) {
      let below = at * 2 + 1
      let child = heap[below]
      const right = heap[below + 1]
      if (child !== undefined && right !== undefined && right.time < child.time) {
        below++
        child = right
      }
      if (child === undefined || child.time >= last.time) break
      heap[at] = child
      at = below
    }
    heap[at] = last
  }
}
