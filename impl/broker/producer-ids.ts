// The producer ids that a broker hands out: from blocks, so that the controller is asked once for a thousand of them.
// Follows `RPCProducerIdManager` (KIP-730).
import type { ProducerId } from '../../model/vocabulary/units.ts'

/** `count` ids from the first on, which nobody had before. */
type Block = { readonly firstProducerId: ProducerId; readonly count: number }

/** Hands out ids of which nobody had any before; what is left of a block when the broker ends is never used. */
export class ProducerIds<Refusal> {
  readonly #ask: () => Block | Refusal
  #next: ProducerId = 0
  #end: ProducerId = 0

  /** `ask` gets another block from the controller, or why there is none. */
  constructor(ask: () => Block | Refusal) {
    this.#ask = ask
  }

  /** The next id, or why there is none. */
  take(): { readonly producerId: ProducerId } | Refusal {
    if (this.#next === this.#end) {
      const block = this.#ask()
      if (!isBlock(block)) return block
      this.#next = block.firstProducerId
      this.#end = block.firstProducerId + block.count
    }
    return { producerId: this.#next++ }
  }
}

function isBlock(answer: unknown): answer is Block {
  return typeof answer === 'object' && answer !== null && 'firstProducerId' in answer
}
