// The range assignor: of each topic by itself, every subscriber gets one run of partitions (`RangeAssignor`).
// Left out: rack awareness and co-partitioning across topics (KIP-881).
import { at, emptyPlacement, type Placement, type Roster, subscribersByTopic } from './roster.ts'

/** Cuts each topic into runs, in member order; the first subscribers get one more where it does not divide. */
export function placeInRanges(roster: Roster): Placement {
  const placement = emptyPlacement(roster)
  for (const [topic, subscribers] of subscribersByTopic(roster).entries()) {
    let start = at(roster.firstPartitions, topic)
    const partitionCount = at(roster.firstPartitions, topic + 1) - start
    const share = Math.floor(partitionCount / subscribers.length)
    let larger = partitionCount % subscribers.length
    for (const rank of subscribers) {
      const end = start + share + (larger-- > 0 ? 1 : 0)
      placement.fill(rank, start, end)
      start = end
    }
  }
  return placement
}
