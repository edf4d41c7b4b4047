// Steps through the records of one batch without copying them. One cursor is one mutable place: take what you need
// before the next step. Reading past the bytes throws a RangeError, which the checks of a checksum come before.

/** The record under the cursor, as positions in the bytes and numbers relative to its batch. */
export class RecordCursor {
  readonly #view: DataView
  #at: number
  /** Where the record starts, its length included, and ends. */
  start = 0
  end = 0
  attributes = 0
  timestampDelta = 0
  /** Where the offset delta starts: from here to `end` nothing depends on the batch's base timestamp. */
  tailStart = 0
  offsetDelta = 0
  keyStart = 0
  /** -1 for null. */
  keyLength = 0
  valueStart = 0
  /** -1 for null: a tombstone. */
  valueLength = 0

  /** Stands before the record that starts at `at`. */
  constructor(view: DataView, at: number) {
    this.#view = view
    this.#at = at
  }

  /** Moves to the next record. The caller counts: a batch says how many it has. */
  next(): void {
    this.start = this.#at
    const length = this.#readVarint()
    this.end = this.#at + length
    this.attributes = this.#view.getUint8(this.#at++)
    this.timestampDelta = this.#readVarint()
    this.tailStart = this.#at
    this.offsetDelta = this.#readVarint()
    this.keyLength = this.#readVarint()
    this.keyStart = this.#at
    if (this.keyLength > 0) this.#at += this.keyLength
    this.valueLength = this.#readVarint()
    this.valueStart = this.#at
    // Headers, if there are any, lie between the value and the end.
    this.#at = this.end
  }

  #readVarint(): number {
    let byte = this.#view.getUint8(this.#at++)
    let low = byte & 127
    let shift = 7
    while (byte > 127 && shift < 28) {
      byte = this.#view.getUint8(this.#at++)
      low |= (byte & 127) << shift
      shift += 7
    }
    if (byte <= 127) return (low >>> 1) ^ -(low & 1)
    return this.#readLong(low)
  }

  /** The bits above the lowest 28. */
  #readLong(low: number): number {
    let high = 0
    let scale = 1
    let byte: number
    do {
      byte = this.#view.getUint8(this.#at++)
      high += (byte & 127) * scale
      scale *= 128
    } while (byte > 127)
    if (high < 2 ** 24) {
      const raw = high * 2 ** 28 + low
      return low & 1 ? -(raw + 1) / 2 : raw / 2
    }
    const raw = (BigInt(high) << 28n) | BigInt(low)
    return Number(raw & 1n ? -((raw + 1n) >> 1n) : raw >> 1n)
  }
}

/** Reads bytes as one character each, which is what ASCII keys and values are and what keeps any two keys apart. */
export function readText(view: DataView, start: number, length: number): string {
  let text = ''
  for (let at = start; at < start + length; at++) text += String.fromCharCode(view.getUint8(at))
  return text
}
