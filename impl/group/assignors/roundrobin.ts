// The round robin assignor: all partitions of all topics are dealt in turn (`RoundRobinAssignor`).
import { at, emptyPlacement, type Placement, type Roster, subscribersByTopic } from './roster.ts'

/**
 * Deals the partitions in order, each to the next subscriber in member order behind the one who got the last.
 * Within a topic that is a walk around its subscribers, so only a topic's first partition needs a search.
 */
export function placeInTurn(roster: Roster): Placement {
  const placement = emptyPlacement(roster)
  let pointer = 0
  for (const [topic, subscribers] of subscribersByTopic(roster).entries()) {
    let turn = firstAtOrAfter(subscribers, pointer)
    const end = at(roster.firstPartitions, topic + 1)
    for (let number = at(roster.firstPartitions, topic); number < end; number++) {
      if (turn === subscribers.length) turn = 0
      const rank = at(subscribers, turn++)
      placement[number] = rank
      // Behind the last member nobody is found, which wraps to the first.
      pointer = rank + 1
    }
  }
  return placement
}

function firstAtOrAfter(ranks: readonly number[], pointer: number): number {
  let low = 0
  let high = ranks.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (at(ranks, middle) < pointer) low = middle + 1
    else high = middle
  }
  return low
}
