// When progress may be asked for. A run ends *quietly* if at its end nothing is broken and everybody has had time: every
// broker runs, no link is cut, no disk is bounded, no byte is rotten, and since the last fault or administration enough
// time has been let pass, with everything delivered. Only then are P1 to P3 claims about the run (docs/claims.md).
import type { ClusterObservation, ClusterOperation } from '../model/vocabulary/cluster.ts'
import type { Transition } from './scope.ts'

/** Follows one run and says at its end whether it ended quietly. */
export class Quiet {
  /** Replicas whose disk was bounded and not freed since, and what can never be quiet again. */
  readonly #bounded = new Set<string>()
  #isRotten = false
  #elapsedMs = 0

  saw({ operation }: Transition<'cluster'>): void {
    switch (operation.kind) {
      case 'elapse':
        this.#elapsedMs += Math.max(0, Math.min(operation.ms, 60_000))
        return
      case 'settle':
      case 'poll':
        return
      case 'rot':
        this.#isRotten = true
        break
      case 'fillDisk':
        if (operation.bytes === null) this.#bounded.delete(placeOf(operation))
        else this.#bounded.add(placeOf(operation))
        break
      default:
    }
    this.#elapsedMs = 0
  }

  /** True when the run may be asked for progress. */
  isReached(last: ClusterObservation): boolean {
    return (
      this.#elapsedMs >= quietMs &&
      !this.#isRotten &&
      this.#bounded.size === 0 &&
      Object.values(last.brokers).every(({ status }) => status === 'running') &&
      Object.values(last.links).every(({ cut }) => !cut)
    )
  }
}

/** Longer than any time-out that a walker draws, several times over. */
const quietMs = 40_000

function placeOf({ broker, topic, partition }: Extract<ClusterOperation, { readonly kind: 'fillDisk' }>): string {
  return `${broker} ${topic} ${partition}`
}
