// Reads the primitive types of the protocol (kafka.apache.org/protocol#protocol_types) from a frame. Every length is
// held against what is left before anything is allocated for it.

import { textOf, uuidOf } from './recent-strings.ts'
import { WireError } from './wire-error.ts'

const longestString = 0x7fff

/** A position in a frame, up to an end. Every method throws WireError when the frame does not hold what it reads. */
export class Reader {
  readonly #bytes: Uint8Array
  /** The index of the next byte to be read. */
  at: number
  /** Exclusive. */
  end: number

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.#bytes = bytes
    this.at = at
    this.end = end
  }

  get left(): number {
    return this.end - this.at
  }

  bool(): boolean {
    return this.#byte(this.#take(1)) !== 0
  }

  int8(): number {
    return (this.#byte(this.#take(1)) << 24) >> 24
  }

  int16(): number {
    const at = this.#take(2)
    return (((this.#byte(at) << 8) | this.#byte(at + 1)) << 16) >> 16
  }

  uint16(): number {
    return this.int16() & 0xffff
  }

  int32(): number {
    return this.#word(this.#take(4))
  }

  /** What is beyond ±(2^53 - 1) is read as ±(2^53 - 1). */
  int64(): number {
    const at = this.#take(8)
    const value = this.#word(at) * 0x100000000 + (this.#word(at + 4) >>> 0)
    if (value > Number.MAX_SAFE_INTEGER) return Number.MAX_SAFE_INTEGER
    return value < Number.MIN_SAFE_INTEGER ? Number.MIN_SAFE_INTEGER : value
  }

  float64(): number {
    const { buffer, byteOffset } = this.#bytes
    return new DataView(buffer, byteOffset).getFloat64(this.#take(8))
  }

  uuid(): string {
    const at = this.#take(16)
    return uuidOf(this.#word(at), this.#word(at + 4), this.#word(at + 8), this.#word(at + 12))
  }

  /** At most 2^32 - 1, in at most five bytes; Kafka, too, takes one that is longer than it needs to be within five. */
  unsignedVarint(): number {
    const from = this.at
    let value = 0
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#byte(this.#take(1))
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    const last = this.#byte(this.#take(1))
    if (last > 0x0f) throw new WireError('the varint is longer than 32 bits', from)
    return value + last * 0x10000000
  }

  /** The length of a string: -1 is null. */
  stringLength(compact: boolean): number {
    const from = this.at
    const length = compact ? this.unsignedVarint() - 1 : this.int16()
    if (length > longestString) throw new WireError(`a string of ${length} bytes is longer than ${longestString}`, from)
    return this.#checked(length, from)
  }

  /** The length of bytes or records: -1 is null. */
  bytesLength(compact: boolean): number {
    const from = this.at
    return this.#checked(compact ? this.unsignedVarint() - 1 : this.int32(), from)
  }

  /** The number of an array's elements, each of which takes at least `elementBytesMin`: -1 is null. */
  arrayLength(compact: boolean, elementBytesMin: number): number {
    const from = this.at
    const count = compact ? this.unsignedVarint() - 1 : this.int32()
    if (count < -1) throw new WireError(`${count} elements`, from)
    // An element that takes no bytes is counted as one, so that no count is believed without bytes to pay for it.
    if (count * Math.max(1, elementBytesMin) > this.left) {
      throw new WireError(
        `${count} elements of at least ${elementBytesMin} bytes, but ${this.left} bytes are left`,
        from,
      )
    }
    return count
  }

  string(length: number): string {
    const from = this.#take(length)
    return textOf(this.#bytes, from, this.at)
  }

  /** A view, not a copy. */
  bytes(length: number): Uint8Array {
    const from = this.#take(length)
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + from, length)
  }

  skip(length: number): void {
    this.#take(length)
  }

  #checked(length: number, from: number): number {
    if (length < -1) throw new WireError(`a length of ${length}`, from)
    if (length > this.left) throw new WireError(`${length} bytes, but ${this.left} are left`, from)
    return length
  }

  #take(length: number): number {
    const { at } = this
    if (length > this.end - at) throw new WireError(`${length} bytes are needed, but ${this.end - at} are left`, at)
    this.at = at + length
    return at
  }

  #byte(at: number): number {
    return this.#bytes[at] ?? 0
  }

  #word(at: number): number {
    return (this.#byte(at) << 24) | (this.#byte(at + 1) << 16) | (this.#byte(at + 2) << 8) | this.#byte(at + 3)
  }
}
