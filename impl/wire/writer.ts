// Writes the primitive types of the protocol. Small things are gathered in one buffer; large byte fields (batches) are
// handed on as chunks of their own, so that a batch is never copied on its way to the socket.

import { WireError } from './wire-error.ts'

/** Byte fields from this size on become a chunk of their own: below it, one more piece costs more than the copy. */
export const chunkFromBytes = 4096

const slabBytes = 64 * 1024
const longestString = 0x7fff

/**
 * A growing sequence of chunks. `begin`, write, `finish`, and begin again: finished chunks stay valid, since what comes
 * later is written behind them into the same slab. Every write of a value that its type cannot hold throws WireError.
 */
export class Writer {
  #slab = new Uint8Array(0)
  /** Where the chunk that is being written starts in the slab, and where its next byte goes. */
  #from = 0
  #at = 0
  #chunks: Uint8Array[] = []
  /** The bytes in finished chunks. */
  #chunkBytes = 0

  /** Forgets whatever was written since the last `finish`. */
  begin(): void {
    this.#chunks = []
    this.#chunkBytes = 0
    this.#from = this.#at
  }

  /** All chunks in order, none of them empty. */
  finish(): Uint8Array[] {
    this.#cut()
    const chunks = this.#chunks
    this.begin()
    return chunks
  }

  /** The bytes written since `begin`. */
  get length(): number {
    return this.#chunkBytes + this.#at - this.#from
  }

  bool(value: boolean): void {
    if (typeof value !== 'boolean') throw wrong(value, 'a bool')
    this.#byte(value ? 1 : 0)
  }

  int8(value: number): void {
    if ((value << 24) >> 24 !== value) throw wrong(value, 'an int8')
    this.#byte(value)
  }

  int16(value: number): void {
    if ((value << 16) >> 16 !== value) throw wrong(value, 'an int16')
    const at = this.#room(2)
    this.#slab[at] = value >> 8
    this.#slab[at + 1] = value
  }

  uint16(value: number): void {
    if ((value & 0xffff) !== value) throw wrong(value, 'a uint16')
    this.int16((value << 16) >> 16)
  }

  int32(value: number): void {
    if ((value | 0) !== value) throw wrong(value, 'an int32')
    this.#word(this.#room(4), value)
  }

  int64(value: number): void {
    if (!Number.isSafeInteger(value)) throw wrong(value, 'an int64 within ±(2^53 - 1)')
    const at = this.#room(8)
    const high = Math.floor(value / 0x100000000)
    this.#word(at, high)
    this.#word(at + 4, value - high * 0x100000000)
  }

  float64(value: number): void {
    if (typeof value !== 'number') throw wrong(value, 'a float64')
    const at = this.#room(8)
    new DataView(this.#slab.buffer).setFloat64(at, value)
  }

  /** 32 hex digits in lower case. */
  uuid(value: string): void {
    if (typeof value !== 'string' || value.length !== 32) throw wrong(value, 'a uuid of 32 hex digits')
    const at = this.#room(16)
    for (let k = 0; k < 16; k++) {
      const byte = (hexDigit(value.charCodeAt(2 * k)) << 4) | hexDigit(value.charCodeAt(2 * k + 1))
      if (byte < 0) throw wrong(value, 'a uuid of 32 hex digits')
      this.#slab[at + k] = byte
    }
  }

  unsignedVarint(value: number): void {
    let at = this.#room(5)
    let rest = value
    for (; rest >= 0x80; rest >>>= 7) this.#slab[at++] = (rest & 0x7f) | 0x80
    this.#slab[at++] = rest
    // Not all of the room was needed.
    this.#at = at
  }

  /** The length of bytes, records or an array; -1 is null. */
  length32(length: number, compact: boolean): void {
    if (compact) this.unsignedVarint(length + 1)
    else this.int32(length)
  }

  /** Null is written as such: whether the version allows it is for the caller to know. */
  string(value: string | null, compact: boolean): void {
    if (value === null) {
      this.#stringLength(-1, compact)
      return
    }
    if (typeof value !== 'string') throw wrong(value, 'a string')
    const start = this.#at - this.#from
    this.#stringLength(value.length, compact)
    const at = this.#room(value.length)
    for (let k = 0; k < value.length; k++) {
      const code = value.charCodeAt(k)
      if (code >= 0x80) {
        // Not ASCII after all: what was written of it is overwritten.
        this.#at = this.#from + start
        this.#utf8(value, compact)
        return
      }
      this.#slab[at + k] = code
    }
  }

  #utf8(value: string, compact: boolean): void {
    const length = utf8Length(value)
    this.#stringLength(length, compact)
    const at = this.#room(length)
    utf8.encodeInto(value, this.#slab.subarray(at, at + length))
  }

  /** The bytes alone, without their length. */
  bytes(value: Uint8Array): void {
    if (value.length < chunkFromBytes) {
      const at = this.#room(value.length)
      this.#slab.set(value, at)
      return
    }
    this.#cut()
    this.#chunks.push(value)
    this.#chunkBytes += value.length
  }

  /** Puts the number of bytes written since `from` (a `length`, in the chunk being written) in front of them. */
  insertSize(from: number): void {
    const size = this.length - from
    // Room for the longest varint is made first: a move to a new slab would change where everything is.
    this.#at = this.#room(5)
    const end = this.#at
    this.unsignedVarint(size)
    const sizeBytes = this.#at - end
    const start = this.#at - sizeBytes - size
    this.#slab.copyWithin(start + sizeBytes, start, start + size)
    this.#at = start
    this.unsignedVarint(size)
    this.#at = start + sizeBytes + size
  }

  #stringLength(length: number, compact: boolean): void {
    if (length > longestString) throw new WireError(`a string of ${length} bytes is longer than ${longestString}`)
    if (compact) this.unsignedVarint(length + 1)
    else this.int16(length)
  }

  #byte(value: number): void {
    const at = this.#room(1)
    this.#slab[at] = value
  }

  #word(at: number, value: number): void {
    const slab = this.#slab
    slab[at] = value >>> 24
    slab[at + 1] = value >>> 16
    slab[at + 2] = value >>> 8
    slab[at + 3] = value
  }

  /** Ends the chunk that is being written, unless it is empty. */
  #cut(): void {
    if (this.#at === this.#from) return
    this.#chunks.push(this.#slab.subarray(this.#from, this.#at))
    this.#chunkBytes += this.#at - this.#from
    this.#from = this.#at
  }

  /** Takes the next `length` bytes of the slab, and gives where they start. */
  #room(length: number): number {
    if (this.#at + length > this.#slab.length) this.#moveToNewSlab(length)
    const at = this.#at
    this.#at = at + length
    return at
  }

  /** What was finished stays in the old slab; the chunk that is being written moves. */
  #moveToNewSlab(length: number): void {
    const written = this.#at - this.#from
    const slab = new Uint8Array(Math.max(slabBytes, 2 * (written + length)))
    slab.set(this.#slab.subarray(this.#from, this.#at))
    this.#slab = slab
    this.#from = 0
    this.#at = written
  }
}

const utf8 = new TextEncoder()

/** As TextEncoder counts: a surrogate without its other half becomes U+FFFD, three bytes. */
function utf8Length(text: string): number {
  let length = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return length
}

/** The value of a hex digit's character code; negative for any other. */
function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  return code >= 97 && code <= 102 ? code - 87 : -256
}

function wrong(value: unknown, wanted: string): WireError {
  return new WireError(`${String(value)} is not ${wanted}`)
}
