// The four assignors by name: pure functions of the members and the topics.
import { unreachable } from '../unreachable.ts'
import type { Assignment, AssignorMember, AssignorName } from '../vocabulary/choosing.ts'
import { includesPartition, type TopicCount } from './members.ts'
import { assignRange } from './range.ts'
import { assignRoundRobin } from './roundRobin.ts'
import { assignSticky } from './sticky.ts'

/** Who gets what: every member is listed, by id, and its partitions by topic, then partition. */
export function assign(
  assignor: AssignorName,
  members: readonly AssignorMember[],
  topics: readonly TopicCount[],
): Assignment {
  switch (assignor) {
    case 'range':
      return assignRange(members, topics)
    case 'roundrobin':
      return assignRoundRobin(members, topics)
    case 'sticky':
      return assignSticky(members, topics)
    case 'cooperative-sticky':
      return withoutUnrevoked(assignSticky(members, topics), members)
    default:
      return unreachable(assignor)
  }
}

/**
 * A partition that is new to a member and that another still lists, in whatever generation, must be revoked there first:
 * it is left out now, and the next assignment gives it. A member that lists it itself goes on with it, whoever else does.
 * Source: KIP-429, `CooperativeStickyAssignor.adjustAssignment`.
 */
function withoutUnrevoked(assignment: Assignment, members: readonly AssignorMember[]): Assignment {
  return assignment.map(({ memberId, partitions }) => {
    const free = partitions.filter(partition => {
      const listing = members.filter(member => includesPartition(member.owned, partition))
      return listing.length === 0 || listing.some(member => member.memberId === memberId)
    })
    return free.length === partitions.length ? { memberId, partitions } : { memberId, partitions: free }
  })
}
