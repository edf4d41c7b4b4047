// The dice of generation: seedrandom's Alea, fast and fully determined by its seed.
import seedrandom from 'seedrandom'

/** A stream of numbers. Mutable: every call moves it. */
export class Random {
  readonly #alea: seedrandom.PRNG

  /** Equal seeds give equal streams; only the lowest 32 bits count. */
  constructor(seed: number) {
    this.#alea = seedrandom.alea(String(seed | 0))
  }

  /** 32 random bits, as a signed integer. */
  bits(): number {
    return this.#alea.int32()
  }

  /** At least 0 and below 1. */
  fraction(): number {
    return this.#alea()
  }

  /** An integer of 0 to `count` - 1; 0 when there is nothing to choose from. */
  below(count: number): number {
    return Math.floor(this.fraction() * count)
  }

  /** An integer of `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1)
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.fraction() < probability
  }

  /** One element; the type asks for at least one. */
  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.below(choices.length)] ?? choices[0]
  }

  /** One element, or null if there is none. */
  pickOrNull<T>(choices: readonly T[]): T | null {
    return choices[this.below(choices.length)] ?? null
  }
}

/** The seed of stream `index` of a family, so that neighbours have nothing in common (murmur3's finaliser). */
export function seedOf(family: number, index: number): number {
  return mixed(mixed(family | 0) ^ Math.imul(index | 0, 0x9e3779b1))
}

function mixed(number: number): number {
  let h = number ^ (number >>> 16)
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return h ^ (h >>> 16)
}
