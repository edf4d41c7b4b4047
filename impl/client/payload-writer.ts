// Writes a message of Kafka's classic encoding (no compact lengths, no tags).

const encoder = new TextEncoder()
const longestText = 32_767

/** Bytes that grow. */
export class PayloadWriter {
  #bytes = new Uint8Array(64)
  #view = new DataView(this.#bytes.buffer)
  #at = 0

  /** What was written, as bytes of their own. */
  written(): Uint8Array {
    return this.#bytes.slice(0, this.#at)
  }

  int16(value: number): void {
    this.#makeRoom(2)
    this.#view.setInt16(this.#at, value)
    this.#at += 2
  }

  int32(value: number): void {
    this.#makeRoom(4)
    this.#view.setInt32(this.#at, value)
    this.#at += 4
  }

  /** Throws on a text that is too long for its length field. */
  text(text: string): void {
    const bytes = encoder.encode(text)
    if (bytes.length > longestText) throw new Error(`a text of ${bytes.length} bytes has no place in a message`)
    this.int16(bytes.length)
    this.#append(bytes)
  }

  nullableText(text: string | null): void {
    if (text === null) this.int16(-1)
    else this.text(text)
  }

  /** With their length, -1 for null. */
  bytes(bytes: Uint8Array | null): void {
    this.int32(bytes === null ? -1 : bytes.length)
    if (bytes !== null) this.#append(bytes)
  }

  #append(bytes: Uint8Array): void {
    this.#makeRoom(bytes.length)
    this.#bytes.set(bytes, this.#at)
    this.#at += bytes.length
  }

  #makeRoom(length: number): void {
    if (this.#at + length <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#at + length))
    larger.set(this.#bytes.subarray(0, this.#at))
    this.#bytes = larger
    this.#view = new DataView(larger.buffer)
  }
}
