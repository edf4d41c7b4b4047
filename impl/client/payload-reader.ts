// Reads a message of Kafka's classic encoding (no compact lengths, no tags) from bytes that may be anything.
//
// The first thing that does not fit is remembered as the problem, and whatever is read after it is empty: so a reader of
// many fields asks once, at its end. Nothing is allocated for a length that the bytes cannot hold.

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** A place in bytes, moving forward. */
export class PayloadReader {
  readonly #payload: Uint8Array
  #at = 0
  #problem: string | null = null

  constructor(payload: Uint8Array) {
    this.#payload = payload
  }

  /** What did not fit first, or null. */
  get problem(): string | null {
    return this.#problem
  }

  /** Nothing more can be read. */
  fail(problem: string): void {
    this.#problem ??= problem
    this.#at = this.#payload.length
  }

  /** 0 after a problem. */
  int16(): number {
    return this.#has(2) ? ((this.#byte(2) << 24) >> 16) | this.#byte(1) : 0
  }

  /** 0 after a problem. */
  int32(): number {
    return this.#has(4) ? (this.#byte(4) << 24) | (this.#byte(3) << 16) | (this.#byte(2) << 8) | this.#byte(1) : 0
  }

  /** '' after a problem; null is one. */
  text(): string {
    const text = this.nullableText()
    if (text === null) this.fail('null in place of a text')
    return text ?? ''
  }

  /** '' after a problem. */
  nullableText(): string | null {
    const length = this.int16()
    if (length < 0) return null
    return this.#has(length) ? this.#textBefore(length) : ''
  }

  /** A copy; null after a problem. */
  bytes(): Uint8Array | null {
    const length = this.int32()
    if (length < 0 || !this.#has(length)) return null
    return this.#payload.slice(this.#at - length, this.#at)
  }

  /** As many items as the list says it has, each of `least` bytes or more; fewer when one does not fit. */
  list<Item>(least: number, item: () => Item): readonly Item[] {
    const count = this.int32()
    if (count < 0 || count * least > this.#payload.length - this.#at) {
      this.fail(`a list of ${count} items`)
      return []
    }
    const items: Item[] = []
    for (let index = 0; index < count && this.#problem === null; index++) items.push(item())
    return items
  }

  /** Steps over `length` bytes if they are there. */
  #has(length: number): boolean {
    if (this.#problem !== null) return false
    if (length > this.#payload.length - this.#at) {
      this.fail(`ends ${length - (this.#payload.length - this.#at)} bytes early`)
      return false
    }
    this.#at += length
    return true
  }

  /** The byte that many places back. */
  #byte(back: number): number {
    return this.#payload[this.#at - back] ?? 0
  }

  /** Names are short and ASCII, for which the decoder is slow. */
  #textBefore(length: number): string {
    let text = ''
    for (let at = this.#at - length; at < this.#at; at++) {
      const byte = this.#payload[at] ?? 0
      if (byte > 127) return decoder.decode(this.#payload.subarray(this.#at - length, this.#at))
      text += String.fromCharCode(byte)
    }
    return text
  }
}
