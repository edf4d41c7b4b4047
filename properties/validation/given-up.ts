// Versions of APIs that a broker offers and does not answer: a few runs that end there are enough to say so, and the rest
// of the campaign is about what it does answer.
import type { ServiceGround } from '../generation/service.ts'
import type { Unanswered } from '../subject-gone.ts'
import type { ApisOf } from './tally.ts'

const enough = 4

/** What is not tried any more. */
export class GivenUp {
  readonly #apisOf: ApisOf
  readonly #counts = new Map<string, number>()

  constructor(apisOf: ApisOf) {
    this.#apisOf = apisOf
  }

  /** As `JoinGroup 6`, ascending. */
  get versions(): readonly string[] {
    return [...this.#counts]
      .filter(([, count]) => count >= enough)
      .map(([key]) => key)
      .sort()
  }

  note({ api, version }: Unanswered): void {
    const key = `${api} ${version}`
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
  }

  /** The ground without them. */
  groundOf(ground: ServiceGround): ServiceGround {
    const { versions } = this
    if (versions.length === 0) return ground
    const without = new Set<string>()
    const spoken = Object.fromEntries(
      Object.entries(ground.spoken).map(([api, range]) => {
        const left = versionsOf(range).filter(version => !versions.includes(`${api} ${version}`))
        if (left.length === 0) without.add(api)
        return [api, { ...range, without: versionsOf(range).filter(version => !left.includes(version)) }]
      }),
    )
    return {
      ...ground,
      spoken,
      isOffered: kind => ground.isOffered(kind) && this.#apisOf(kind).every(api => !without.has(api)),
    }
  }
}

function versionsOf({ from, to }: { readonly from: number; readonly to: number }): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}
