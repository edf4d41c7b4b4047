// Frames out of a stream: four bytes of size, then that many bytes. A frame that lies within one chunk is a view of it; a
// larger one gets a buffer that grows with what has really arrived, so that a size alone costs nothing.
//
// Bytes come as chunks that somebody else allocated (`take`), or are put where `space` says (`arrived`): then the bytes of a
// large frame are received where they stay, and nothing is allocated for small ones.
import type { Bytes } from '../../model/vocabulary/units.ts'

const sizeBytes = 4
const firstGrowth: Bytes = 65_536
const scratchBytes: Bytes = 131_072
const startOfHttp = new Set([0x47455420, 0x504f5354, 0x48454144, 0x50555420, 0x4f505449]) // GET, POST, HEAD, PUT, OPTI
const startOfTls = 0x16

/** What is wrong with a stream, in a sentence that says what to do. */
export class FrameError extends Error {
  override readonly name = 'FrameError'
}

/** Cuts one connection's stream into frames. */
export class FrameAssembler {
  readonly #sizeMax: Bytes
  readonly #settingName: string
  readonly #canLend: (frame: Buffer) => boolean
  /** The frame that is being assembled: its size is known, and `#filled` bytes of it are there. */
  #buffer: Buffer | null = null
  #size: Bytes = 0
  #filled: Bytes = 0
  /** Bytes of a size field that was cut by the end of a chunk. */
  readonly #sizeField = Buffer.alloc(sizeBytes)
  #sizeFilled = 0
  /** A buffer of an earlier frame that nobody looks at any more. */
  #spare: Buffer | null = null
  /** Where small frames arrive. Its bytes are others' as soon as a visit is over. */
  #scratch: Buffer | null = null

  /**
   * Frames of more than `sizeMax` bytes are refused; `settingName` is named as what to raise. `canLend` says of a frame
   * that whoever visits it will not look at its bytes after the visit.
   */
  constructor(sizeMax: Bytes, settingName: string, canLend: (frame: Buffer) => boolean = () => false) {
    this.#sizeMax = sizeMax
    this.#settingName = settingName
    this.#canLend = canLend
  }

  /** Bytes held for a frame that is not complete yet. */
  get held(): Bytes {
    return this.#buffer === null ? 0 : this.#filled
  }

  /**
   * Takes a chunk and calls `visit` with every frame that is complete now, without its size field. `visit` answers
   * whether it is done with the frame's bytes: then the memory is used again. Throws `FrameError`; the stream is at its
   * end then.
   */
  take(chunk: Buffer, visit: (frame: Buffer) => boolean): void {
    let at = 0
    while (at < chunk.length) {
      if (this.#buffer === null) {
        at = this.#begin(chunk, at, visit)
        continue
      }
      const count = Math.min(this.#size - this.#filled, chunk.length - at)
      const needed = this.#filled + count
      if (this.#buffer.length < needed) this.#buffer = this.#grown(this.#buffer, needed)
      chunk.copy(this.#buffer, this.#filled, at, at + count)
      this.#filled += count
      at += count
      this.#visitIfComplete(this.#buffer, visit)
    }
  }

  /** Where the next bytes of the stream are to be put. */
  space(): Buffer {
    if (this.#buffer === null) {
      this.#scratch ??= Buffer.allocUnsafeSlow(scratchBytes)
      return this.#scratch
    }
    if (this.#filled === this.#buffer.length) this.#buffer = this.#grown(this.#buffer, this.#filled + 1)
    return this.#buffer.subarray(this.#filled, Math.min(this.#size, this.#buffer.length))
  }

  /** `count` bytes were put into `space`: visits as `take` does. */
  arrived(count: Bytes, visit: (frame: Buffer) => boolean): void {
    if (this.#buffer === null) {
      // What comes next overwrites the scratch.
      const lent = (frame: Buffer): boolean => visit(this.#canLend(frame) ? frame : Buffer.from(frame))
      this.take(this.space().subarray(0, count), lent)
    } else {
      this.#filled += count
      this.#visitIfComplete(this.#buffer, visit)
    }
  }

  /** Reads a size field; a frame that lies whole in the chunk is visited at once. Answers the position behind. */
  #begin(chunk: Buffer, at: number, visit: (frame: Buffer) => boolean): number {
    let from = at
    let size: number
    if (this.#sizeFilled === 0 && chunk.length - from >= sizeBytes) {
      size = chunk.readInt32BE(from)
      from += sizeBytes
    } else {
      const count = Math.min(sizeBytes - this.#sizeFilled, chunk.length - from)
      chunk.copy(this.#sizeField, this.#sizeFilled, from, from + count)
      this.#sizeFilled += count
      from += count
      if (this.#sizeFilled < sizeBytes) return from
      this.#sizeFilled = 0
      size = this.#sizeField.readInt32BE(0)
    }
    this.#check(size)
    if (chunk.length - from >= size) {
      visit(chunk.subarray(from, from + size))
      return from + size
    }
    this.#size = size
    this.#filled = 0
    this.#buffer = this.#takeBuffer(Math.min(size, Math.max(firstGrowth, chunk.length - from)))
    return from
  }

  #visitIfComplete(buffer: Buffer, visit: (frame: Buffer) => boolean): void {
    if (this.#filled < this.#size) return
    this.#buffer = null
    if (visit(buffer.subarray(0, this.#size))) this.#spare = buffer
  }

  #grown(buffer: Buffer, needed: Bytes): Buffer {
    const larger = Buffer.allocUnsafeSlow(Math.min(this.#size, Math.max(2 * buffer.length, needed)))
    buffer.copy(larger, 0, 0, this.#filled)
    return larger
  }

  #takeBuffer(size: Bytes): Buffer {
    const spare = this.#spare
    this.#spare = null
    // A spare that is much larger than what is needed would be kept alive by small frames.
    if (spare !== null && spare.length >= size) return spare
    return Buffer.allocUnsafeSlow(size)
  }

  #check(size: number): void {
    if (size >= 0 && size <= this.#sizeMax) return
    if (startOfHttp.has(size)) {
      throw new FrameError('this is an HTTP request, and this port speaks the Kafka protocol: use a Kafka client')
    }
    if (size >>> 24 === startOfTls) {
      throw new FrameError('this is a TLS handshake, and this port speaks plain text: start the broker with TLS')
    }
    if (size < 0) throw new FrameError(`a frame cannot have ${size} bytes: the peer does not speak the Kafka protocol`)
    throw new FrameError(
      `a frame of ${size} bytes is larger than ${this.#settingName}=${this.#sizeMax}: raise it, or send less`,
    )
  }
}
