// Small byte arrays cut from large ones. A separate `Uint8Array` costs about a microsecond to make, which is more than
// most operations on a log in memory; a piece of a block costs a tenth of that. Pieces start zeroed and are never reused.

const blockBytes = 32_768

/** Hands out byte arrays for as long as anybody holds them. */
export class Arena {
  #block = new Uint8Array(0)
  #used = 0

  /** A zeroed array of `size` bytes. */
  readonly take = (size: number): Uint8Array => {
    if (size > blockBytes / 8) return new Uint8Array(size)
    if (this.#used + size > this.#block.length) {
      this.#block = new Uint8Array(blockBytes)
      this.#used = 0
    }
    const start = this.#used
    this.#used += size
    return this.#block.subarray(start, this.#used)
  }

  /** A copy of `bytes[from, to)`. */
  copy(bytes: Uint8Array, from: number, to: number): Uint8Array {
    const copied = this.take(Math.max(0, to - from))
    copied.set(from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to))
    return copied
  }
}
