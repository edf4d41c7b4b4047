// Writes a message of Kafka's classic encoding (no compact lengths, no tags).

const encoder = new TextEncoder()
const longestText = 32_767

/** Bytes that grow, and are used for one message after the other: `taken` ends one. */
export class PayloadWriter {
  #bytes = new Uint8Array(256)
  #view = new DataView(this.#bytes.buffer)
  #at = 0

  /** What was written since the last call, as bytes of their own. */
  taken(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#at)
    this.#at = 0
    return taken
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
    const start = this.#at
    this.int16(0)
    this.#makeRoom(text.length)
    // Names are short and ASCII, for which the encoder is slow.
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index)
      if (code > 127) {
        this.#encode(text, start)
        return
      }
      this.#bytes[this.#at++] = code
    }
    this.#endText(start)
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

  #encode(text: string, start: number): void {
    this.#at = start + 2
    this.#append(encoder.encode(text))
    this.#endText(start)
  }

  /** Fills in the length of a text whose length field is at `start`. */
  #endText(start: number): void {
    const length = this.#at - start - 2
    if (length > longestText) {
      this.#at = 0
      throw new Error(`a text of ${length} bytes has no place in a message`)
    }
    this.#view.setInt16(start, length)
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
