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
      return withoutOwnedByOthers(assignSticky(members, topics), members)
    default:
      return unreachable(assignor)
  }
}

/**
 * A partition that another member still lists, in whatever generation, must be revoked before it is given away: it is left
 * out now, and the next assignment gives it. Source: KIP-429, `CooperativeStickyAssignor.adjustAssignment`.
 */
function withoutOwnedByOthers(assignment: Assignment, members: readonly AssignorMember[]): Assignment {
  return assignment.map(({ memberId, partitions }) => {
    const others = members.filter(member => member.memberId !== memberId)
    const free = partitions.filter(partition => !others.some(other => includesPartition(other.owned, partition)))
    return free.length === partitions.length ? { memberId, partitions } : { memberId, partitions: free }
  })
}
