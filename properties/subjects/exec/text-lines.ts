// Bytes into lines of text, strictly: UTF-8, and no line without an end.

/** A line may be so long: the largest observations that campaigns draw have a hundredth of it. */
export const lineBytesMost = 16 * 2 ** 20

/** Collects bytes, and gives lines as they are complete. */
export class TextLines {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true })
  #pieces: Uint8Array[] = []
  #size = 0

  /** The lines that these bytes complete, and what makes the rest unreadable, or null. */
  add(bytes: Uint8Array): { readonly lines: readonly string[]; readonly fault: string | null } {
    const lines: string[] = []
    let start = 0
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
      const line = this.#take(bytes.subarray(start, end))
      start = end + 1
      try {
        lines.push(this.#decoder.decode(line))
      } catch {
        return { lines, fault: 'it said something that is not UTF-8' }
      }
    }
    this.#pieces.push(bytes.subarray(start))
    this.#size += bytes.length - start
    if (this.#size <= lineBytesMost) return { lines, fault: null }
    return { lines, fault: `it said a line of more than ${lineBytesMost / 2 ** 20} MiB` }
  }

  /** The beginning of a line that has no end yet. */
  get rest(): string {
    return new TextDecoder().decode(Buffer.concat(this.#pieces).subarray(0, restMost))
  }

  #take(last: Uint8Array): Uint8Array {
    if (this.#size === 0) return last
    const line = Buffer.concat([...this.#pieces, last])
    this.#pieces = []
    this.#size = 0
    return line
  }
}

const newline = 10
const restMost = 1000
