// Which of several messages is delivered next: evenly, or by priorities that a run gives to the links. With priorities a
// link may starve for as long as others have messages, which is how a request becomes a zombie's; now and then the first
// link becomes the last (probabilistic concurrency testing, Burckhardt and others, ASPLOS 2010).
import type { LinkObservation } from '../../model/vocabulary/cluster.ts'
import type { Random } from '../random.ts'

/** Picks among links that have something to deliver. */
export type PickLink = (links: readonly LinkObservation[]) => LinkObservation | null

/** Draws a run's way to pick; `priorityShare` of the runs have priorities. */
export function drawPickLink(random: Random, priorityShare: number): PickLink {
  if (priorityShare === 0 || !random.chance(priorityShare)) return links => random.pickOrNull(links)
  const priorities = new Map<string, number>()
  let last = 0
  const priorityOf = ({ from, to }: LinkObservation): number => {
    const name = `${from}>${to}`
    const known = priorities.get(name) ?? random.fraction()
    priorities.set(name, known)
    return known
  }
  return links => {
    let first: LinkObservation | null = null
    for (const link of links) if (first === null || priorityOf(link) > priorityOf(first)) first = link
    if (first !== null && random.chance(changeChance)) {
      last -= 1
      priorities.set(`${first.from}>${first.to}`, last)
    }
    return first
  }
}

const changeChance = 0.1
