// The clock port on the machine's wall clock: what is kept in logs and group records must mean the same after a restart.
import type { Milliseconds } from '../../model/vocabulary/units.ts'
import type { Clock } from '../ports/clock.ts'

/** Milliseconds since 1970. It stands still while the machine's clock is set back. */
export class WallClock implements Clock {
  #newest: Milliseconds = 0

  now(): Milliseconds {
    const now = Date.now()
    if (now > this.#newest) this.#newest = now
    return this.#newest
  }
}
