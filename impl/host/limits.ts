// What one broker allows its clients, named as Kafka names it where Kafka has the setting.
import type { Bytes, Milliseconds } from '../../model/vocabulary/units.ts'

/** Limits of a listener. */
export type Limits = {
  /** `socket.request.max.bytes`: the largest request. */
  readonly requestBytesMax: Bytes
  /** `max.connections`: connections at a time; one more is closed at once. */
  readonly connectionsMax: number
  /** Requests of one connection that are not answered yet; nothing more is read from it meanwhile. */
  readonly inFlightMax: number
  /** `queued.max.request.bytes`: bytes of incomplete requests of all connections; beyond it they are read one by one. */
  readonly queuedBytesMax: Bytes
  /** Bytes of answers that one connection has not taken; nothing more is read from it meanwhile. */
  readonly unsentBytesMax: Bytes
  /** `connections.max.idle.ms`: a connection that is silent for so long, or stops within a request, is closed. */
  readonly idleMs: Milliseconds
}

/** Kafka's defaults where it has one. */
export const defaultLimits: Limits = {
  requestBytesMax: 104_857_600,
  connectionsMax: 1000,
  inFlightMax: 64,
  queuedBytesMax: 268_435_456,
  unsentBytesMax: 67_108_864,
  idleMs: 600_000,
}

/** Who may read on while the bytes of incomplete requests exceed the limit: the one that began first. */
export class ReadBudget<Reader extends { readOn(): void }> {
  readonly #bytesMax: Bytes
  readonly #held = new Map<Reader, Bytes>()
  readonly #waiting = new Set<Reader>()
  #total: Bytes = 0

  /** A budget of `bytesMax` bytes. */
  constructor(bytesMax: Bytes) {
    this.#bytesMax = bytesMax
  }

  /** Bytes that are held now. */
  get total(): Bytes {
    return this.#total
  }

  /** Tells how much a reader holds now; answers whether it may read on. If not, its `readOn` is called later. */
  note(reader: Reader, held: Bytes): boolean {
    const before = this.#held.get(reader) ?? 0
    this.#total += held - before
    // Holding less means that a request was complete: the next one begins behind those that have begun meanwhile.
    if (held < before) this.#held.delete(reader)
    if (held > 0) this.#held.set(reader, held)
    if (held < before) this.#wake()
    if (this.#total <= this.#bytesMax || held === 0 || this.#isFirst(reader)) return true
    this.#waiting.add(reader)
    return false
  }

  /** Forgets a reader. */
  leave(reader: Reader): void {
    this.#waiting.delete(reader)
    this.note(reader, 0)
  }

  #wake(): void {
    if (this.#waiting.size === 0) return
    const all = this.#total <= this.#bytesMax
    for (const reader of [...this.#waiting]) {
      if (!all && !this.#isFirst(reader)) continue
      this.#waiting.delete(reader)
      reader.readOn()
    }
  }

  #isFirst(reader: Reader): boolean {
    for (const first of this.#held.keys()) return first === reader
    return true
  }
}
