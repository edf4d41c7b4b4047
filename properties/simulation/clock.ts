// A clock that stands until it is moved.
import type { Clock } from '../../impl/ports/clock.ts'
import type { Milliseconds } from '../../model/vocabulary/units.ts'

/** The clock of one simulated node. */
export class SimulatedClock implements Clock {
  #now: Milliseconds = 0

  now(): Milliseconds {
    return this.#now
  }

  /** Moves it on. */
  advance(ms: Milliseconds): void {
    this.#now += ms
  }
}
