// The cooperative sticky assignor: sticky, but what changes hands is revoked first (`CooperativeStickyAssignor`, KIP-429).
import { at, nobody, type Placement, partitionNumber, type Roster } from './roster.ts'
import { placeSticky } from './sticky.ts'

/**
 * Places as sticky, then withholds a partition from its new owner while another member lists it, in any generation.
 * A member that keeps what it claims rightly is no new owner: nothing changes hands, and a zombie's stale list takes
 * nothing away from it.
 */
export function placeCooperatively(roster: Roster, claims: Placement): Placement {
  const placement = placeSticky(roster, claims)
  for (const [rank, { owned }] of roster.members.entries()) {
    for (const listed of owned) {
      const number = partitionNumber(roster, listed)
      if (number < 0) continue
      const owner = at(placement, number)
      if (owner !== rank && owner !== at(claims, number)) placement[number] = nobody
    }
  }
  return placement
}
