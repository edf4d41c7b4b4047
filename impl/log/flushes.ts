// Syncs that were asked for and are not completed, and how much of the log each will make durable.
import type { Offset } from '../../model/vocabulary/units.ts'
import type { Segment } from './segment.ts'

/** The outstanding syncs of one log. */
export class Flushes {
  #outstanding: { offset: Offset }[] = []

  /** Asks to sync `segments`, all that may be unsynced below `offset`. `done` is told what is durable, or null if the disk failed. */
  ask(segments: readonly Segment[], offset: Offset, done: (durableBelow: Offset | null) => void): void {
    const asked = { offset }
    this.#outstanding.push(asked)
    let left = segments.length
    let allDurable = true
    for (const segment of segments) {
      segment.sync(durable => {
        allDurable &&= durable
        left--
        if (left > 0) return
        const index = this.#outstanding.indexOf(asked)
        // Forgotten since: the log began anew.
        if (index < 0) return
        this.#outstanding.splice(index, 1)
        done(allDurable ? asked.offset : null)
      })
    }
  }

  /** What was cut off will not become durable, even if the log grows over it again. */
  truncate(offset: Offset): void {
    for (const asked of this.#outstanding) asked.offset = Math.min(asked.offset, offset)
  }

  /** Nothing is waited for any more. */
  clear(): void {
    this.#outstanding = []
  }
}
