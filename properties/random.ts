// The dice of generation: small, fast and fully determined by one 32-bit seed (sfc32, after Chris Doty-Humphrey).

/** A stream of numbers. Mutable: every call moves it. */
export class Random {
  #a: number
  #b: number
  #c: number
  #counter: number

  /** Equal seeds give equal streams; only the lowest 32 bits count. */
  constructor(seed: number) {
    this.#a = 0
    this.#b = seed | 0
    this.#c = Math.imul(seed, 0x9e3779b1) | 0
    this.#counter = 1
    for (let i = 0; i < 12; i++) this.bits()
  }

  /** 32 random bits, as a signed integer. */
  bits(): number {
    const result = (((this.#a + this.#b) | 0) + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + result
    return result
  }

  /** At least 0 and below 1. */
  fraction(): number {
    return (this.bits() >>> 0) / 4294967296
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
