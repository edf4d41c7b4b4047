// The sticky assignor: as balanced as can be, and as much as can be stays where it is (KIP-54, KIP-341; Kafka's
// AbstractStickyAssignor). Leaves out racks. Where Kafka iterates over hash maps, an order is fixed here.
import type { Assignment, AssignorMember, TopicPartition } from '../vocabulary/choosing.ts'
import { countedClaims } from './claims.ts'
import {
  asAssignment,
  comparePartitions,
  haveEqualSubscriptions,
  includesPartition,
  isSamePartition,
  type Share,
  subscribedPartitions,
  subscribes,
  type TopicCount,
  withPartition,
} from './members.ts'

/** The shares of all members. Source: `AbstractStickyAssignor.assignPartitions`. */
export function assignSticky(members: readonly AssignorMember[], topics: readonly TopicCount[]): Assignment {
  const claims = countedClaims(members, topics)
  const partitions = subscribedPartitions(members, topics)
  return asAssignment(
    haveEqualSubscriptions(members, topics)
      ? dealEqually(claims, partitions)
      : balanced(dealFreely(claims, partitions)),
  )
}

/**
 * Equal subscriptions: every member ends with ⌊N/C⌋ partitions, and N mod C of them with one more
 * (`AbstractStickyAssignor.ConstrainedAssignmentBuilder`).
 */
function dealEqually(claims: readonly Share[], partitions: readonly TopicPartition[]): readonly Share[] {
  const smallest = Math.floor(partitions.length / claims.length)
  let shares = keptClaims(claims, partitions.length)
  for (const partition of unheld(shares, partitions)) {
    const isAnyBelow = shares.some(share => share.partitions.length < smallest)
    const next = fewest(shares, share =>
      isAnyBelow ? share.partitions.length < smallest : share.partitions.length === smallest,
    )
    if (next !== null) shares = withPartition(shares, next, partition)
  }
  return shares
}

/** What each member keeps of its claims: at most ⌊N/C⌋, and one more for the first N mod C members that claim as much. */
function keptClaims(claims: readonly Share[], partitionCount: number): readonly Share[] {
  const smallest = Math.floor(partitionCount / claims.length)
  const largest = Math.ceil(partitionCount / claims.length)
  let placesAboveSmallest = partitionCount % claims.length
  return claims.map(({ member, partitions }) => {
    if (partitions.length <= smallest) return { member, partitions }
    if (placesAboveSmallest === 0) return { member, partitions: partitions.slice(0, smallest) }
    placesAboveSmallest -= 1
    return { member, partitions: partitions.slice(0, largest) }
  })
}

/**
 * Different subscriptions: claims are kept, and the rest goes to whoever has the fewest, the partitions that few can take
 * first (`AbstractStickyAssignor.GeneralAssignmentBuilder`).
 */
function dealFreely(claims: readonly Share[], partitions: readonly TopicPartition[]): readonly Share[] {
  const subscriberCount = ({ topic }: TopicPartition) => claims.filter(({ member }) => subscribes(member, topic)).length
  const rest = unheld(claims, partitions).toSorted(
    (left, right) => subscriberCount(left) - subscriberCount(right) || comparePartitions(left, right),
  )
  let shares = claims
  for (const partition of rest) {
    const next = fewest(shares, ({ member }) => subscribes(member, partition.topic))
    if (next !== null) shares = withPartition(shares, next, partition)
  }
  return shares
}

/** Moves one partition at a time, from who has most, while that makes two shares more even. Each move does, so it ends. */
function balanced(shares: readonly Share[]): readonly Share[] {
  let moved = shares
  for (let move = nextMove(moved); move !== null; move = nextMove(moved)) moved = withMove(moved, move)
  return moved
}

function withMove(shares: readonly Share[], { from, to, partition }: Move): readonly Share[] {
  return withPartition(shares, to, partition).map((share, index) =>
    index === from
      ? { ...share, partitions: share.partitions.filter(other => !isSamePartition(other, partition)) }
      : share,
  )
}

type Move = { readonly from: number; readonly to: number; readonly partition: TopicPartition }

/**
 * The move that balances next: from the first member, by falling count then member order, that has a partition which
 * another subscriber with at least two fewer could have; the first such partition, to that subscriber with the fewest.
 */
function nextMove(shares: readonly Share[]): Move | null {
  const fromMost = [...shares.entries()].toSorted(
    ([leftIndex, left], [rightIndex, right]) =>
      right.partitions.length - left.partitions.length || leftIndex - rightIndex,
  )
  for (const [from, share] of fromMost) {
    for (const partition of share.partitions.toSorted(comparePartitions)) {
      const to = fewest(
        shares,
        other => subscribes(other.member, partition.topic) && other.partitions.length <= share.partitions.length - 2,
      )
      if (to !== null) return { from, to, partition }
    }
  }
  return null
}

function unheld(shares: readonly Share[], partitions: readonly TopicPartition[]): readonly TopicPartition[] {
  return partitions.filter(partition => !shares.some(share => includesPartition(share.partitions, partition)))
}

/** The index of the member with the fewest partitions among those that qualify, the first in member order of several. */
function fewest(shares: readonly Share[], qualifies: (share: Share) => boolean): number | null {
  let best: number | null = null
  let bestCount = Number.POSITIVE_INFINITY
  for (const [index, share] of shares.entries()) {
    if (!qualifies(share) || share.partitions.length >= bestCount) continue
    best = index
    bestCount = share.partitions.length
  }
  return best
}
