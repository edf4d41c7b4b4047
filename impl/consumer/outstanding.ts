// The requests of a consumer that are not answered yet.
import type { BrokerId, CorrelationId, GenerationId, Offset } from '../../model/vocabulary/units.ts'
import type { WireResponse } from '../ports/network.ts'
import type { Place } from './positions.ts'

/** A request, with what was true when it was sent and decides what its answer means. */
export type Asked = { readonly broker: BrokerId } & (
  | { readonly kind: 'Metadata' | 'FindCoordinator' | 'JoinGroup' | 'SyncGroup' }
  | { readonly kind: 'Heartbeat' | 'OffsetCommit'; readonly generationId: GenerationId }
  /** `assignment` counts the assignments that there had been. */
  | { readonly kind: 'OffsetFetch'; readonly assignment: number; readonly places: readonly Place[] }
  | { readonly kind: 'ListOffsets'; readonly place: Place }
  | { readonly kind: 'Fetch'; readonly place: Place; readonly position: Offset }
)

/** Requests by correlation id, with a count of each kind. */
export class Outstanding {
  readonly #asked = new Map<CorrelationId, Asked>()
  readonly #counts = new Map<Asked['kind'], number>()

  has(kind: Asked['kind']): boolean {
    return (this.#counts.get(kind) ?? 0) > 0
  }

  add(correlationId: CorrelationId, asked: Asked): void {
    this.#asked.set(correlationId, asked)
    this.#count(asked, 1)
  }

  /** The request that a response answers, which is outstanding no more; undefined if nobody waits for it. */
  take({ kind, correlationId }: WireResponse): Asked | undefined {
    const asked = this.#asked.get(correlationId)
    if (asked === undefined || `${asked.kind}Response` !== kind) return undefined
    this.#asked.delete(correlationId)
    this.#count(asked, -1)
    return asked
  }

  /** The requests to a broker, oldest first, which are outstanding no more. */
  takeAllTo(broker: BrokerId): readonly Asked[] {
    const lost: Asked[] = []
    for (const [correlationId, asked] of this.#asked) {
      if (asked.broker !== broker) continue
      this.#asked.delete(correlationId)
      this.#count(asked, -1)
      lost.push(asked)
    }
    return lost
  }

  clear(): void {
    this.#asked.clear()
    this.#counts.clear()
  }

  #count(asked: Asked, change: 1 | -1): void {
    this.#counts.set(asked.kind, (this.#counts.get(asked.kind) ?? 0) + change)
    if (asked.kind === 'Fetch') asked.place.isFetching = change === 1
    if (asked.kind === 'ListOffsets') asked.place.isListing = change === 1
  }
}
