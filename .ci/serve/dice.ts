// Chance that can be thrown again: everything that a script draws comes from its seed.
import seedrandom from 'seedrandom'

/** Dice of one seed. */
export class Dice {
  readonly #random: () => number

  constructor(seed: number | string) {
    this.#random = seedrandom(String(seed))
  }

  /** A whole number from 0 to `bound` - 1. */
  below(bound: number): number {
    return Math.floor(this.#random() * bound)
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1)
  }

  chance(probability: number): boolean {
    return this.#random() < probability
  }

  /** One of them. */
  pick<T>(of: readonly [T, ...T[]] | readonly T[]): T {
    const picked = of[this.below(of.length)]
    if (picked === undefined) throw new Error('there is nothing to pick from')
    return picked
  }
}
