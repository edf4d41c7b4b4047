// Divides partitions among the members of a consumer group: what a group's leader runs between JoinGroup and SyncGroup.
import type { Assignment, AssignorMember, AssignorName } from '../../model/vocabulary/choosing.ts'
import { placeCooperatively } from './assignors/cooperative-sticky.ts'
import { placeInRanges } from './assignors/range.ts'
import { assignmentOf, type Placement, type Roster, rosterOf } from './assignors/roster.ts'
import { placeInTurn } from './assignors/roundrobin.ts'
import { countedClaims, placeSticky } from './assignors/sticky.ts'

/**
 * Runs one assignor. Every member appears in the answer, and the arguments decide it: their order does not matter.
 *
 * @param members - with distinct member ids.
 * @param topics - the partition count of each topic that exists.
 */
export function assign(
  name: AssignorName,
  members: readonly AssignorMember[],
  topics: ReadonlyMap<string, number>,
): Assignment {
  const roster = rosterOf(members, topics)
  return assignmentOf(roster, place(name, roster))
}

function place(name: AssignorName, roster: Roster): Placement {
  switch (name) {
    case 'range':
      return placeInRanges(roster)
    case 'roundrobin':
      return placeInTurn(roster)
    case 'sticky':
      return placeSticky(roster, countedClaims(roster))
    case 'cooperative-sticky':
      return placeCooperatively(roster, countedClaims(roster))
  }
}
