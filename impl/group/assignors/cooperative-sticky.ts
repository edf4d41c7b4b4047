// The cooperative sticky assignor: sticky, but what changes hands is revoked first (`CooperativeStickyAssignor`, KIP-429).
import { at, nobody, type Placement, partitionNumber, type Roster } from './roster.ts'
import { placeSticky } from './sticky.ts'

/**
 * Places as sticky, then withholds every partition that is new to its owner while another member lists it, in any
 * generation. A member that lists it itself keeps it: nothing changes hands, and a stale list takes nothing away.
 */
export function placeCooperatively(roster: Roster, claims: Placement): Placement {
  const placement = placeSticky(roster, claims)
  const isListedByOwner = new Uint8Array(placement.length)
  const isListedByOther = new Uint8Array(placement.length)
  for (const [rank, { owned }] of roster.members.entries()) {
    for (const listed of owned) {
      const number = partitionNumber(roster, listed)
      if (number < 0) continue
      const lists = at(placement, number) === rank ? isListedByOwner : isListedByOther
      lists[number] = 1
    }
  }
  return placement.map((owner, number) => (isListedByOther[number] && !isListedByOwner[number] ? nobody : owner))
}
