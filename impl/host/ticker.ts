// Wakes a node when something of it is due. A timer is only set anew when something is due earlier than it.
import type { Milliseconds } from '../../model/vocabulary/units.ts'

/** Node's timers go no further. */
const longest: Milliseconds = 2_147_483_647

/** One node's alarm. */
export class Ticker {
  readonly #now: () => Milliseconds
  readonly #tick: () => Milliseconds
  #timer: NodeJS.Timeout | null = null
  #at: Milliseconds = Number.POSITIVE_INFINITY
  #isStopped = false

  /** `tick` does what is due and answers when something will be due next. */
  constructor(now: () => Milliseconds, tick: () => Milliseconds) {
    this.#now = now
    this.#tick = tick
  }

  /** Something is due at `at`, or later. */
  look(at: Milliseconds): void {
    if (this.#isStopped || at >= this.#at) return
    this.#at = at
    if (this.#timer !== null) clearTimeout(this.#timer)
    const wait = Math.min(Math.max(0, at - this.#now()), longest)
    this.#timer = setTimeout(() => this.#ring(), wait)
  }

  /** Wakes no more. */
  stop(): void {
    this.#isStopped = true
    if (this.#timer !== null) clearTimeout(this.#timer)
  }

  #ring(): void {
    this.#timer = null
    this.#at = Number.POSITIVE_INFINITY
    // A timer may ring a little before its time; what is due then is looked for once more.
    this.look(this.#tick())
  }
}
