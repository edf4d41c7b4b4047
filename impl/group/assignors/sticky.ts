// The sticky assignor: members keep what they have as far as balance allows (`AbstractStickyAssignor`, KIP-54, KIP-341).
//
// Here: whose claims count, and the case of equal subscriptions; `sticky-unequal.ts` has the other case.
// Left out: rack awareness. Where Kafka iterates over hash maps, the member order decides.
import { KeyHeap } from './key-heap.ts'
import { at, emptyPlacement, nobody, type Placement, partitionNumber, type Roster } from './roster.ts'
import { placeUnequal } from './sticky-unequal.ts'

/** Places all partitions that have a subscriber, starting from the claims that count. */
export function placeSticky(roster: Roster, claims: Placement): Placement {
  const subscribed = roster.topics.length
  const equal = roster.subscriptions.every(topics => topics.length === subscribed)
  return equal ? placeEqual(roster, claims) : placeUnequal(roster, claims)
}

/**
 * By partition the member whose claim counts: it subscribes to the topic and its generation is higher than that of any
 * other such claim. Two claims of the same highest generation cancel out, for one of the two members must be wrong.
 */
export function countedClaims(roster: Roster): Placement {
  const claims = emptyPlacement(roster)
  const generations = new Float64Array(claims.length).fill(Number.NEGATIVE_INFINITY)
  // By topic the last member seen to subscribe to it: a set that is emptied by moving on to the next member.
  const subscriber = new Int32Array(roster.topics.length).fill(nobody)
  for (const [rank, { owned, generationId }] of roster.members.entries()) {
    for (const topic of at(roster.subscriptions, rank)) subscriber[topic] = rank
    for (const claim of owned) {
      const number = partitionNumber(roster, claim)
      if (number < 0 || subscriber[roster.topicIndexes.get(claim.topic) ?? -1] !== rank) continue
      const highest = at(generations, number)
      if (generationId > highest) {
        claims[number] = rank
        generations[number] = generationId
      } else if (generationId === highest && at(claims, number) !== rank) {
        claims[number] = nobody
      }
    }
  }
  return claims
}

/** Everybody subscribes to everything: each member gets ⌊N/C⌋ partitions, and N mod C members one more. */
function placeEqual(roster: Roster, claims: Placement): Placement {
  const placement = claims.slice()
  const memberCount = roster.members.length
  const minQuota = Math.floor(placement.length / memberCount)
  const counts = keepWithinQuota(placement, memberCount, minQuota)

  const below: number[] = []
  for (const [rank, count] of counts.entries()) if (count < minQuota) below.push(count * memberCount + rank)
  const unfilled = new KeyHeap(below)
  let nextAtMin = 0
  for (const [number, owner] of placement.entries()) {
    if (owner !== nobody) continue
    const key = unfilled.least
    if (key >= 0) {
      const rank = key % memberCount
      placement[number] = rank
      counts[rank] = at(counts, rank) + 1
      if (at(counts, rank) < minQuota) unfilled.replaceLeast(key + memberCount)
      else unfilled.takeLeast()
    } else {
      // Nobody is below the minimum any more, so one pass in member order hands out the rest.
      while (at(counts, nextAtMin) > minQuota) nextAtMin++
      placement[number] = nextAtMin++
    }
  }
  return placement
}

/** Takes from each member what it claims beyond its quota, its last partitions first; returns what each has left. */
function keepWithinQuota(placement: Placement, memberCount: number, minQuota: number): Int32Array {
  const claimed = new Int32Array(memberCount)
  for (const rank of placement) if (rank !== nobody) claimed[rank] = at(claimed, rank) + 1
  let extras = placement.length - minQuota * memberCount
  const quotas = claimed.map(count => (count > minQuota && extras-- > 0 ? minQuota + 1 : minQuota))

  const kept = new Int32Array(memberCount)
  for (const [number, rank] of placement.entries()) {
    if (rank === nobody) continue
    if (at(kept, rank) < at(quotas, rank)) kept[rank] = at(kept, rank) + 1
    else placement[number] = nobody
  }
  return kept
}
