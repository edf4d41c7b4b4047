// Claim G4: what each assignor promises, as checks of one assignment. They look at what the assignor was given and what it
// gave, never at how, so that they hold for any implementation.
import type { Assignment, AssignorMember, AssignorName, TopicPartition } from '../vocabulary/choosing.ts'
import type { Violation } from '../vocabulary/claims.ts'
import { countedClaims } from './claims.ts'
import {
  comparePartitions,
  compareText,
  haveEqualSubscriptions,
  includesPartition,
  subscribedPartitions,
  subscribes,
  type TopicCount,
} from './members.ts'

/** One call of an assignor, and what came of it. */
export type Assigning = {
  readonly assignor: AssignorName
  readonly members: readonly AssignorMember[]
  readonly topics: readonly TopicCount[]
  readonly assignment: Assignment
}

/** Every promise, in the order in which they are checked. */
export const assignorInvariants: readonly ((assigning: Assigning) => Violation | null)[] = [
  everyMemberIsListed,
  eachPartitionHasOneSubscriber,
  rangesAreContiguous,
  sharesAreBalanced,
  balancedClaimsStay,
  nothingIsTakenUnrevoked,
  nothingIsHeldBackForNobody,
]

/** The first promise that an assignment broke, or null. */
export function checkAssignment(assigning: Assigning): Violation | null {
  for (const invariant of assignorInvariants) {
    const violation = invariant(assigning)
    if (violation !== null) return violation
  }
  return null
}

/** Every member is listed once, by id, with its partitions sorted. */
export function everyMemberIsListed({ members, assignment }: Assigning): Violation | null {
  const expected = members.map(({ memberId }) => memberId).toSorted(compareText)
  const listed = assignment.map(({ memberId }) => memberId)
  if (expected.length !== listed.length || expected.some((memberId, index) => memberId !== listed[index])) {
    return violated(`the members ${expected.join(', ')} are listed as ${listed.join(', ')}`)
  }
  for (const { memberId, partitions } of assignment) {
    const isSorted = partitions.every((partition, index) => {
      const previous = partitions[index - 1]
      return previous === undefined || comparePartitions(previous, partition) < 0
    })
    if (!isSorted) return violated(`the partitions of ${memberId} are not sorted, or not distinct`)
  }
  return null
}

/** Each partition of a subscribed topic goes to exactly one subscriber; cooperatively, to at most one (the last promise says when to none). */
export function eachPartitionHasOneSubscriber({ assignor, members, topics, assignment }: Assigning): Violation | null {
  const partitions = subscribedPartitions(members, topics)
  for (const { memberId, partitions: share } of assignment) {
    const member = members.find(candidate => candidate.memberId === memberId)
    for (const partition of share) {
      if (member === undefined || !subscribes(member, partition.topic)) {
        return violated(`${name(partition)} went to ${memberId}, which does not subscribe to its topic`)
      }
      if (!includesPartition(partitions, partition))
        return violated(`${name(partition)} went to ${memberId} and does not exist`)
    }
  }
  for (const partition of partitions) {
    const owners = assignment.filter(share => includesPartition(share.partitions, partition))
    if (owners.length > 1) {
      return violated(`${name(partition)} went to ${owners.map(({ memberId }) => memberId).join(' and ')}`)
    }
    if (owners.length === 0 && assignor !== 'cooperative-sticky') return violated(`${name(partition)} went to nobody`)
  }
  return null
}

/** Range: of each topic a member gets one run of neighbours, and two subscribers' runs differ by at most one. */
export function rangesAreContiguous({ assignor, members, topics, assignment }: Assigning): Violation | null {
  if (assignor !== 'range') return null
  for (const { topic } of topics) {
    const sizes: number[] = []
    for (const { memberId, partitions } of assignment) {
      const member = members.find(candidate => candidate.memberId === memberId)
      if (member === undefined || !subscribes(member, topic)) continue
      const run = partitions.filter(partition => partition.topic === topic)
      const first = run[0]
      if (first !== undefined && run.some((partition, index) => partition.partition !== first.partition + index)) {
        return violated(`the partitions of ${topic} that ${memberId} got are not neighbours`)
      }
      sizes.push(run.length)
    }
    if (!isEven(sizes)) return violated(`the ranges of ${topic} have sizes ${sizes.join(', ')}`)
  }
  return null
}

/**
 * Round robin and sticky: with equal subscriptions shares differ by at most one; sticky with different ones: nobody could
 * give a partition to a subscriber with at least two fewer. A cooperative share can be smaller until all is revoked.
 */
export function sharesAreBalanced({ assignor, members, topics, assignment }: Assigning): Violation | null {
  if (assignor === 'range' || assignor === 'cooperative-sticky') return null
  if (haveEqualSubscriptions(members, topics)) {
    const sizes = assignment.map(({ partitions }) => partitions.length)
    return isEven(sizes) ? null : violated(`equal subscriptions got shares of ${sizes.join(', ')}`)
  }
  return assignor === 'sticky' ? unbalanced(members, assignment) : null
}

/** Sticky: when the claims that count are a whole and balanced assignment, they are the answer. */
export function balancedClaimsStay({ assignor, members, topics, assignment }: Assigning): Violation | null {
  if (assignor !== 'sticky' && assignor !== 'cooperative-sticky') return null
  const claims = countedClaims(members, topics).map(({ member, partitions }) => ({
    memberId: member.memberId,
    partitions,
  }))
  const claimed = claims.flatMap(({ partitions }) => partitions)
  if (subscribedPartitions(members, topics).some(partition => !includesPartition(claimed, partition))) return null
  const sizes = claims.map(({ partitions }) => partitions.length)
  const isBalanced = haveEqualSubscriptions(members, topics) ? isEven(sizes) : unbalanced(members, claims) === null
  if (!isBalanced) return null
  for (const { memberId, partitions } of claims) {
    const share = assignment.find(candidate => candidate.memberId === memberId)?.partitions ?? []
    const moved = share.find(partition => !includesPartition(partitions, partition))
    if (moved !== undefined) return violated(`${name(moved)} moved to ${memberId}, and all was balanced`)
    const lost = partitions.find(partition => !includesPartition(share, partition))
    if (lost !== undefined) return violated(`${name(lost)} was taken from ${memberId}, and all was balanced`)
  }
  return null
}

/** Cooperative sticky: nobody gets a partition that it does not list itself and that another member still lists. */
export function nothingIsTakenUnrevoked({ assignor, members, assignment }: Assigning): Violation | null {
  if (assignor !== 'cooperative-sticky') return null
  for (const { memberId, partitions } of assignment) {
    for (const partition of partitions) {
      const listing = members.filter(member => includesPartition(member.owned, partition))
      if (listing.some(member => member.memberId === memberId)) continue
      const [owner] = listing
      if (owner !== undefined) return violated(`${name(partition)} went to ${memberId} while ${owner.memberId} owns it`)
    }
  }
  return null
}

/** Cooperative sticky: a partition goes to nobody only while somebody lists it, who has to give it up first (KIP-429). */
export function nothingIsHeldBackForNobody({ assignor, members, topics, assignment }: Assigning): Violation | null {
  if (assignor !== 'cooperative-sticky') return null
  const given = assignment.flatMap(({ partitions }) => partitions)
  const listed = members.flatMap(({ owned }) => owned)
  const heldBack = subscribedPartitions(members, topics).find(
    partition => !includesPartition(given, partition) && !includesPartition(listed, partition),
  )
  return heldBack === undefined ? null : violated(`${name(heldBack)} went to nobody, and nobody owns it`)
}

function unbalanced(members: readonly AssignorMember[], assignment: Assignment): Violation | null {
  for (const { memberId, partitions } of assignment) {
    for (const partition of partitions) {
      for (const poorer of assignment) {
        const member = members.find(candidate => candidate.memberId === poorer.memberId)
        if (member === undefined || !subscribes(member, partition.topic)) continue
        if (poorer.partitions.length <= partitions.length - 2) {
          return violated(
            `${memberId} has ${partitions.length} partitions and could give ${name(partition)} to ${poorer.memberId}, which has ${poorer.partitions.length}`,
          )
        }
      }
    }
  }
  return null
}

function isEven(sizes: readonly number[]): boolean {
  return sizes.length === 0 || Math.max(...sizes) - Math.min(...sizes) <= 1
}

function name({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`
}

function violated(sentence: string): Violation {
  return { claim: 'G4', sentence }
}
