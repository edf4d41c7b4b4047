// The sticky assignor's general case: members with different subscriptions (`AbstractStickyAssignor.generalAssign`).
//
// Topics with the same subscribers form a cohort. Whether a partition can move to somebody depends only on its cohort,
// so the least loaded subscriber is kept once for each cohort and not once for each partition.
import { KeyHeap } from './key-heap.ts'
import { at, nobody, type Placement, type Roster } from './roster.ts'

type Cohorts = {
  /** By topic index. */
  readonly ofTopic: Int32Array
  /** By rank the cohorts that the member subscribes to. */
  readonly ofMember: readonly (readonly number[])[]
  /** By cohort the ranks of its subscribers, ascending. */
  readonly subscribers: readonly (readonly number[])[]
}

/** Keeps all claims, places what nobody holds where the fewest are, then moves partitions until no move helps. */
export function placeUnequal(roster: Roster, claims: Placement): Placement {
  const placement = claims.slice()
  const counts = new Int32Array(roster.members.length)
  for (const rank of placement) if (rank !== nobody) counts[rank] = at(counts, rank) + 1
  const cohorts = cohortsOf(roster)
  placeUnheld(roster, cohorts, placement, counts)
  level(roster, cohorts, placement, counts)
  return placement
}

/** Splits the topics member by member into those that it does and does not subscribe to. */
function cohortsOf(roster: Roster): Cohorts {
  const ofTopic = new Int32Array(roster.topics.length)
  let last = 0
  for (const topics of roster.subscriptions) {
    const split = new Map<number, number>()
    for (const topic of topics) {
      const before = at(ofTopic, topic)
      const after = split.get(before) ?? ++last
      split.set(before, after)
      ofTopic[topic] = after
    }
  }
  // Most numbers were given up by a later split: count the rest from 0.
  const renumbered = new Map<number, number>()
  for (const [topic, cohort] of ofTopic.entries()) {
    const number = renumbered.get(cohort) ?? renumbered.size
    renumbered.set(cohort, number)
    ofTopic[topic] = number
  }
  const ofMember = roster.subscriptions.map(topics => [...new Set(topics.map(topic => at(ofTopic, topic)))])
  const subscribers: number[][] = Array.from(renumbered, () => [])
  for (const [rank, own] of ofMember.entries()) for (const cohort of own) at(subscribers, cohort).push(rank)
  return { ofTopic, ofMember, subscribers }
}

/** Topics with few subscribers go first; each partition goes to the subscriber with the fewest. */
function placeUnheld(roster: Roster, cohorts: Cohorts, placement: Placement, counts: Int32Array): void {
  const memberCount = counts.length
  const subscribersOf = (topic: number) => at(cohorts.subscribers, at(cohorts.ofTopic, topic))
  const order = Array.from(roster.topics.keys())
  order.sort((a, b) => subscribersOf(a).length - subscribersOf(b).length || a - b)
  for (const topic of order) {
    const end = at(roster.firstPartitions, topic + 1)
    let heap: KeyHeap | null = null
    for (let number = at(roster.firstPartitions, topic); number < end; number++) {
      if (at(placement, number) !== nobody) continue
      heap ??= new KeyHeap(subscribersOf(topic).map(rank => at(counts, rank) * memberCount + rank))
      const key = heap.least
      const rank = key % memberCount
      placement[number] = rank
      counts[rank] = at(counts, rank) + 1
      heap.replaceLeast(key + memberCount)
    }
  }
}

/**
 * While somebody has a partition that another subscriber with at least two fewer could have, moves one: from the member
 * with the most, its first such partition, to the subscriber with the fewest.
 *
 * A member that can give nothing is parked. A giver's fall by one is all that can free it: while it was parked, whoever
 * it could give to had at least its count less one, so it is enough to look at those with exactly two more than the giver.
 */
function level(roster: Roster, cohorts: Cohorts, placement: Placement, counts: Int32Array): void {
  const memberCount = counts.length
  const topicOf = new Int32Array(placement.length)
  for (const topic of roster.topics.keys()) {
    topicOf.fill(topic, at(roster.firstPartitions, topic), at(roster.firstPartitions, topic + 1))
  }
  // Falling, because members give their first partitions away: what leaves the end of an array moves nothing else.
  const held: number[][] = roster.members.map(() => [])
  for (let number = placement.length - 1; number >= 0; number--) at(held, at(placement, number)).push(number)

  const parked = new Uint8Array(memberCount)
  const leasts = new Int32Array(cohorts.subscribers.length).fill(nobody)
  // Largest count first, then member order. A member's older keys stay in the heap and are passed over.
  const keyOf = (rank: number) => (placement.length - at(counts, rank)) * memberCount + rank
  const givers = new KeyHeap(Array.from(counts.keys(), keyOf))

  const leastOf = (cohort: number): number => {
    let least = at(leasts, cohort)
    if (least !== nobody) return least
    for (const rank of at(cohorts.subscribers, cohort)) {
      if (least === nobody || at(counts, rank) < at(counts, least)) least = rank
    }
    leasts[cohort] = least
    return least
  }
  const firstMovable = (giver: number): number => {
    const numbers = at(held, giver)
    for (let end = numbers.length; end > 0; ) {
      const topic = at(topicOf, at(numbers, end - 1))
      if (at(counts, leastOf(at(cohorts.ofTopic, topic))) <= at(counts, giver) - 2) return end - 1
      end = countNotBelow(numbers, at(roster.firstPartitions, topic + 1), end)
    }
    return -1
  }

  for (let key = givers.takeLeast(); key >= 0; key = givers.takeLeast()) {
    const giver = key % memberCount
    if (parked[giver] === 1 || key !== keyOf(giver)) continue
    const position = firstMovable(giver)
    if (position < 0) {
      parked[giver] = 1
      continue
    }
    const number = at(at(held, giver), position)
    const taker = leastOf(at(cohorts.ofTopic, at(topicOf, number)))
    placement[number] = taker
    at(held, giver).splice(position, 1)
    at(held, taker).splice(countNotBelow(at(held, taker), number), 0, number)
    counts[giver] = at(counts, giver) - 1
    counts[taker] = at(counts, taker) + 1

    for (const cohort of at(cohorts.ofMember, taker)) if (at(leasts, cohort) === taker) leasts[cohort] = nobody
    for (const cohort of at(cohorts.ofMember, giver)) {
      const least = at(leasts, cohort)
      if (least === nobody) continue
      const lead = at(counts, least) - at(counts, giver)
      if (lead > 0 || (lead === 0 && giver < least)) leasts[cohort] = giver
    }
    parked[taker] = 0
    givers.add(keyOf(taker))
    givers.add(keyOf(giver))
    for (let rank = 0; rank < memberCount; rank++) {
      if (parked[rank] !== 1 || at(counts, rank) !== at(counts, giver) + 2) continue
      parked[rank] = 0
      givers.add(keyOf(rank))
    }
  }
}

/** Of falling numbers, how many of the first `high` are not below `bound`. */
function countNotBelow(numbers: readonly number[], bound: number, high: number = numbers.length): number {
  let low = 0
  while (low < high) {
    const middle = (low + high) >>> 1
    if (at(numbers, middle) >= bound) low = middle + 1
    else high = middle
  }
  return low
}
